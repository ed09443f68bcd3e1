"""The bench: what Bookend costs, measured side by side with what else one could do, as ratios in one run.

What is measured: `stores`, `lateness`, `processes`, `door`, `rehearsed`, `clicks` and `memory`. What is there
before: `stocked`, `clicked`, and the clinics of `group`. What it is held against: `theirs` (APScheduler),
`queued` (pgqueuer), `plainly` (the rows by hand) and `bolt`. `bolt`, `load` (who presses) and `workspace` (an
invented Slack) are programs of their own; `programs` begins and ends them, and `bookend serve`.

Where a click's time goes, in percent of what the interpreter did (`py-spy record --gil` of `bookend serve`
under the load of `clicks`: 32 connections, SQLite, four clinics of 80 patients, two cores that were shared):

    28  the desk's transaction: SQLAlchemy, SQLite and turning rows into a case and back
     6  the desk: core and service, from the button to the echo
    23  the event loop itself, and threads handing on what is done
    14  the echo to whoever pressed, drawn and sent as an ephemeral message
    11  uvicorn, h11 and Starlette
    12  cards and boards that changed: claimed, drawn, sent
     5  the door: signature, percent-decoding, JSON
     1  Bolt

A click costs about 3.5 ms of a processor with all that follows from it, of which the desk is a third; an
empty Bolt handler costs 0.5 ms. As many in a second are out of reach for a rule engine in one Python process,
and so is the p99 while 32 people press without a pause. On one connection a click is answered before Bolt
looks whether its handler has acknowledged. Where a machine is shared, `CPU each` is the steadiest figure.

Memory, in megabytes, of the row that asks for it (eight clinics of 215 patients a day): 157 are there before
anybody presses; then 13 are cases that were read lately, 12 SQLite's pages and statements, and the rest is
room that boards of 215 cases took and gave back. 1.5 times of empty apps leave 13 for all of that.
"""
