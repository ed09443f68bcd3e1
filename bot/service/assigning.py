"""Assigning: somebody becomes the nurse, the physician or the operator of a case; what is open moves."""

from __future__ import annotations

from dataclasses import replace

from bot.core import wording
from bot.core.asking import asked_person, asked_role
from bot.core.case import Task
from bot.core.course import Course
from bot.core.errors import NotAllowed, Settled, Unclear
from bot.core.lifecycle import asked_anew
from bot.core.messages import Notice
from bot.core.naming import person_meant
from bot.core.outgoing import Entry
from bot.core.people import ASKED_ROLES, Person, Role
from bot.core.permissions import Deed, require, who_is_there
from bot.core.rooms import RoomDuties
from bot.service.practice import keep
from bot.service.requests import Asked
from bot.service.rooms import duties_of


def assign(asked: Asked) -> Notice:
    """Make somebody responsible for a case in a role; who takes it themselves needs no manager."""
    role, person = _role(asked), _person(asked)
    clinic, tx, now = asked.clinic, asked.tx, asked.now
    require(asked.person, Deed.ANSWER if person.id == asked.person.id else Deed.ASSIGN, clinic, now)
    if not person.may(role):
        there = who_is_there((role,), clinic, now)
        what = wording.plain(role.value)
        raise NotAllowed(f"{person.name} is no {what} of {clinic.title}: {there}. Nothing was changed.")
    before = asked.practice.course(tx, asked.code)
    if before.case.cancelled:
        raise Settled(f"{asked.code} is cancelled; nothing was changed.")
    was = before.case.assigned.get(role)
    if was == person.id:
        raise Settled(f"{asked.code} is {person.name}'s already; nothing was changed.")
    case = replace(before.case, assigned={**before.case.assigned, role: person.id})
    moving = _moving(asked, replace(before, case=case), role, person)
    after = replace(before, case=case).with_tasks(moving)
    detail = {"role": role.value, "person": person.id, "was": was or ""}
    entry = Entry(kind="assigned", at=now, by=asked.person.id, detail=detail)
    keep(asked.practice, tx, before, after, entry, also=moving)
    return Notice(text=" ".join(_said(asked, role, person, moving)), tone="good")


def _role(asked: Asked) -> Role:
    word = asked.words[0].lower().replace("-", "_") if asked.words else ""
    if len(asked.words) < 2 or word not in ASKED_ROLES:
        roles = ", ".join(role.value for role in ASKED_ROLES)
        raise Unclear(f"Who becomes what? Write it like `assign {asked.code} nurse @sam` ({roles}).")
    return Role(word)


def _person(asked: Asked) -> Person:
    name = " ".join(asked.words[1:])
    return asked.person if name.lower() == "me" else person_meant(asked.clinic, name)


def _moving(asked: Asked, course: Course, role: Role, person: Person) -> list[Task]:
    """Return what is asked of somebody else now, and is asked of this person from now on."""
    its = [t for t in course.tasks if t.waits and t.rung and asked_role(t, course.step(t)) is role]
    last = asked.tx.asked_on(task.key for task in its)
    others = [task for task in its if task.key in last and last[task.key].person != person.id]
    anew = [asked_anew(replace(task, holder=""), asked.now) for task in others if task.next_prompt_at]
    rooms = duties_of(asked.tx, asked.clinic, asked.clinic.calendar.day(asked.now))
    return [task for task in anew if _asked_person(asked, course, task, rooms) == person.id]


def _asked_person(asked: Asked, course: Course, task: Task, rooms: RoomDuties) -> str | None:
    step = course.step(task)
    return asked_person(task, step, course.case, asked.clinic, asked.now, course.tasks, rooms)


def _said(asked: Asked, role: Role, person: Person, moving: list[Task]) -> list[str]:
    what = wording.plain(role.value)
    said = [f"{asked.code}: {person.name} is its {what} now."]
    if moving:
        said.append(f"{wording.count(len(moving), 'open item')} moved along.")
    elif person.id not in asked.clinic.on_duty(role, asked.now):
        said.append("Not on duty at this moment: until then whoever is there is asked.")
    return said
