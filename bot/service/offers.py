"""What a card offers beside answering: "I'm on it", a reminder later, and somebody else to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import Action, Button
from bot.core.asking import asked_role
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import LISTS
from bot.core.kinds import CardKind
from bot.core.messages import DecisionCard
from bot.core.outgoing import Posting
from bot.core.people import Clinic
from bot.service.claiming import SOON
from bot.service.handing import takers


def offers(
    posting: Posting, courses: Mapping[str, Course], left: Sequence[Task], clinic: Clinic, now: datetime
) -> Iterator[Button]:
    """Yield the buttons of a list or a stage card for what is asked on it and still open."""
    # nobody is "on" a time-out: it is said when everybody stands there
    if posting.kind == CardKind.TIMEOUT:
        return
    asked = [task for task in left if task.rung]
    roles = {task.key: asked_role(task, courses[task.case].step(task)) for task in asked}
    person = clinic.people.get(posting.person)
    own = [task for task in asked if person is not None and person.may(roles[task.key])]
    yield from _on_it(posting, own)
    first = tuple(task.key for task in asked[:1])
    may_wait = any(not task.snoozed and task.acknowledged is None for task in own)
    if posting.kind in (*LISTS, CardKind.CONSULT) and may_wait:
        yield Button(action=Action.LATER, label=f"In {SOON} min", tasks=first, value=posting.key)
    if any(takers(role, posting.person, clinic, now) for role in dict.fromkeys(roles.values())):
        yield Button(action=Action.HAND_OFF, label="Hand off", tasks=first, value=posting.key)


def _on_it(posting: Posting, asked: Sequence[Task]) -> Iterator[Button]:
    if any(task.acknowledged is None for task in asked):
        tasks = (asked[0].key,)
        yield Button(action=Action.ON_IT, label="I’m on it", tasks=tasks, value=posting.key)


def with_offer(card: DecisionCard, posting: Posting, task: Task) -> DecisionCard:
    """Return a decision card that, once it was reminded of, can be taken on without deciding at once."""
    if card.closed or not card.buttons or task.rung < 2:
        return card
    return replace(card, buttons=(*card.buttons, *_on_it(posting, [task])))
