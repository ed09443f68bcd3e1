"""`bookend serve` as real processes that are killed while people press: nothing is lost, nothing said twice.

`python -m tests.kills --times 200 --store sqlite` does so for half an hour, on a file or on a PostgreSQL of
its own (`postgres`), and prints its figures as JSON; `--seed` draws the same buttons and moments again. The
tests here are a short slice of it, in which leases run out sooner (`hurried`).

Bookend is the program itself. It speaks to the invented Slack of `tests/chat/slack/fake` in the process of
the test, which also loses answers, breaks off and asks for pauses. The clinic's people press, fill in and
book all the time; what they were told is taken must be there afterwards, once (`afterwards`). They answer
whatever they are asked, so what is due and open in the end was never asked.
"""
