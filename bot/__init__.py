"""Bookend bookends every procedure of a clinic: staff confirm what must be true before it and after it.

```
playbooks/*.yaml
  files.playbooks          a clinic's own words           -> Playbook, every mistake with file:line:column
  core.plan                a playbook and a booking       -> Case with Tasks, each dated and owned
  service.tick             what is due now                -> words in the outbox, in one transaction:
    core.asking            a task, its case, the clinic   -> who is asked
    core.due               a task and that person         -> on which card, and when the next word is due
    core.hush              the words of this moment       -> which are said now, until when the others wait
  service.deliver          the outbox                     -> Chat.send, then where the message stands (async)
    service.draw           a card's lines as they stand   -> Card
  chat.<platform>.render   a Card                         -> Block Kit, Adaptive Card or HTML
  chat.<platform>.listen   a button, form, reply, command -> Reply or Command, in no platform's terms
  service.desk             a Reply or Command             -> who that is, whether they may, and what does it
  service.answer           what somebody says of a task   -> Answer and next state, in one transaction
  store.together           what comes at the same time    -> one commit to a file, then each is answered
  core.readiness           a case's tasks and the time    -> ready or not for a gate, and what blocks it
  core.board               open cases and the time        -> Board: what a manager sees, edited in place
```
"""
