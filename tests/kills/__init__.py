"""`bookend serve` as real processes that are killed while people press: nothing is lost, nothing said twice.

`python -m tests.kills --times 200 --store sqlite` does so for half an hour, on a file or on a PostgreSQL of
its own (`postgres`), and prints its figures as JSON; `--seed` draws the same buttons and moments again. The
tests here are a short slice of it, in which leases run out sooner (`hurried`).

Bookend is the program itself. It speaks to the invented Slack of `tests/chat/slack/fake` in the process of
the test, which also loses answers, breaks off and asks for pauses. The clinic's people press, fill in and
book all the time; what they were told is taken must be there afterwards, once, and whatever is due must
stand on a card (`afterwards`).

Measured on two busy cores (`--seed 11` on a file, `--times 40 --instances 3 --seed 22`): nothing that anybody
was told is taken was lost or kept twice, nothing due was not asked, no message came twice, history is whole.

- One program on a file, killed 200 times in 20 minutes: 164 cases, 267 messages, 554 answers, 835 deeds
  taken. It served again after 3.8 s (half of the starts); a message waited 2.3 s (half), at most 460 s.
- Three on one PostgreSQL, of which one was killed, paused or cut off for up to 75 s, or PostgreSQL restarted,
  each ten times: 89 cases, 290 messages, 552 answers, 770 deeds; a message waited 1.8 s (half), at most 76 s.
- One on PostgreSQL, killed 200 times beside much other work (`--store postgres --by socket --seed 31`):
  90 cases, 190 messages, 474 answers, 667 deeds; a message waited 2 minutes (half), at most 18.

What a program had in hand when it was killed waits for the end of its lease, a minute; on PostgreSQL so does
all that goes where it was sending, and one that is killed every few seconds there sends little.
"""
