"""Invented cases, tasks and answers to put into a store."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.core.case import Answer, Case, Outcome, Session, Task, TaskStatus
from bot.core.outgoing import Entry, Posting
from bot.core.people import Role
from bot.core.replies import Address, MessageRef
from bot.core.said import Said
from bot.core.signing import Signature
from bot.store.store import SqlStore

KEY = b"an invented key, long enough"
NOW = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def case(code: str = "K7Q2", **changes: Any) -> Case:
    """A case of one session, with a fact of every type."""
    made = Case(
        code=code,
        clinic="riverside",
        playbook="abl",
        digest="0f" * 32,
        opened=NOW,
        booked=NOW - timedelta(days=3),
        consult=NOW - timedelta(days=10),
        sessions=(Session(number=1, start=NOW + timedelta(days=30), minutes=60, room="room-2"),),
        facts={
            "age": 52,
            "weight": 61.5,
            "last_dose": date(2026, 7, 1),
            "slot": time(9, 5),
            "areas": ("face",),
        },
        assigned={Role.NURSE: "jo"},
        said={
            "last_dose": (
                Said(value=date(2026, 7, 1), by="", at=NOW, where="booking"),
                Said(value=date(2026, 8, 1), by="jo", at=NOW, where="abl.isotretinoin", settles=True),
            )
        },
    )
    return replace(made, **changes)


def task(step: str = "skin_exam", code: str = "K7Q2", **changes: Any) -> Task:
    """An open task, due now and to be prompted for now."""
    made = Task(case=code, step=step, session=1, due=NOW, floor=NOW, next_prompt_at=NOW)
    return replace(made, **changes)


def entry(kind: str = "answered", **detail: Any) -> Entry:
    """A line of history."""
    return Entry(kind=kind, at=NOW, by="jo", detail=detail)


def answer(**changes: Any) -> Answer:
    """A nurse's answer."""
    made = Answer(by="jo", role=Role.NURSE, at=NOW, outcome=Outcome.CONFIRMED, values={"tan": "no"})
    return replace(made, **changes)


def posting(key: str = "prep:K7Q2:1:jo", **changes: Any) -> Posting:
    """A card that is not posted yet."""
    to = Address(platform="local", account="jo")
    return replace(
        Posting(key=key, clinic="riverside", kind="prep", to=to, person="jo", case="K7Q2"), **changes
    )


def signature(number: int = 1, **changes: Any) -> Signature:
    """Dr Ali's signature under a playbook, for a year."""
    made = Signature(
        clinic="riverside",
        playbook="abl",
        number=number,
        digest="0f" * 32,
        by="ali",
        name="Dr Ali",
        at=NOW,
        next_review=date(2028, 1, 4),
    )
    return replace(made, **changes)


def ref(message: str = "m1") -> MessageRef:
    """Where a message stands."""
    return MessageRef(platform="local", channel="dm-jo", message=message)


def add(store: SqlStore, *tasks: Task, **changes: Any) -> Case:
    """Put a case with these tasks into a store."""
    added = case(**changes)
    with store.writing() as work:
        work.add_case(added, tasks, entry("opened"))
    return added


def press(store: SqlStore, key: str, now: datetime = NOW) -> None:
    """Answer a task as a person would: look, then write what was seen, changed."""
    with store.writing() as work:
        seen = work.task(key)
        done = replace(seen, status=TaskStatus.DONE, answer=answer(at=now), next_prompt_at=None)
        work.answered(key, answer(at=now))
        work.change(work.case(seen.case), [done], Entry(kind="answered", at=now, by="jo"))
