"""Bookend bookends every procedure of a clinic: staff confirm what must be true before it and after it.

```
playbooks/*.yaml
  files.playbooks          a clinic's own words           -> Playbook, every mistake with file:line:column
  core.plan                a playbook and a booking       -> Case with Tasks, each dated and owned
  core.due                 open tasks and the time now    -> Prompts that must go out, bundled into few cards
  service.tick             those prompts                  -> the outbox, in one transaction
  service.deliver          the outbox                     -> Chat.send, then where the message stands (async)
  chat.<platform>.render   a Card                         -> Block Kit, Adaptive Card or HTML
  chat.<platform>.listen   a button, form, reply, command -> Reply or Command, in no platform's terms
  service.answer           a Reply                        -> Attestation and next state, in one transaction
  core.readiness           a case's tasks and the time    -> ready or not for a gate, and what blocks it
  core.board               open cases and the time        -> Board: what a manager sees, edited in place
```
"""
