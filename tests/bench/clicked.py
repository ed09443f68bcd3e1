"""What is clicked: open cases whose lines stand on cards, and what Slack sends when one of them is confirmed.

Every case begins tomorrow. What was due before is answered as people usually answer, but for the lines that a
nurse confirms with one press: those are asked by the sweep and sent by the program's own delivery, to a chat
that takes everything, and so each stands on a card as in a clinic at work. Nothing else of them falls due
within half an hour: a bench of clicks is none of sweeps.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.app import off_loop, opened
from bot.chat.buttons import carried
from bot.chat.slack.drawing.render import drawn
from bot.config import Settings
from bot.core.actions import Action, Button
from bot.core.case import Answer, Booking, Outcome, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Phase
from bot.core.messages import Card, Line, TaskCard
from bot.core.outgoing import Entry
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.replies import Address, MessageRef
from bot.core.usual import as_read_aloud, usual_values
from bot.service.cases import ALPHABET
from bot.service.deliver import delivered
from bot.service.practice import Practice
from bot.service.tick import tick
from tests.bench.group import CASES_OF_A_NURSE, PLAYBOOK, Place
from tests.chat.slack.fake import BOT, BOT_USER, Json, payloads
from tests.chat.slack.fake.ways import letter

#: What is left to be confirmed of a case, each by one press.
LINES_OF_A_CASE = 3
#: From now until the procedures, and what is answered before its time, so that nothing falls due meanwhile.
AHEAD, BEFORE_TIME = timedelta(hours=23), timedelta(hours=12)
#: How large a press is, in bytes: it brings along the message on which its button stands.
LETTER = 6_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button that confirms one line, and the message on which it stands."""

    account: str
    channel: str
    message: Json
    button: Json
    at: str

    def letter(self) -> bytes:
        """Return the body that Slack sends when it is pressed."""
        place = {"type": "message", "message_ts": self.message["ts"], "channel_id": self.channel}
        pressed = payloads.action({"block_id": "line"}, self.button, self.at)
        deed = payloads.deed(
            "block_actions",
            self.account,
            container=place | {"is_ephemeral": False},
            channel={"id": self.channel, "name": "directmessage"},
            message=self.message,
            state={"values": {}},
            trigger_id=f"{self.at}.invented",
            response_url="https://hooks.slack.example/actions/invented",
            actions=[pressed],
        )
        return letter("interactive", deed)[0]


#: Each card that stands there: where, whose it is ("" for a channel), and how it looks.
Cards = Mapping[MessageRef, tuple[str, Card]]


@dataclass(kw_only=True)
class Taking:
    """A chat that takes every card at once, and knows which stand there."""

    platform: str = "slack"
    cards: dict[MessageRef, tuple[str, Card]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card."""
        channel, message = to.channel or f"D{to.account[1:]}", f"1800000000.{next(self._numbers):06}"
        ref = MessageRef(platform=self.platform, channel=channel, message=message)
        self.cards[ref] = to.account, card
        return ref

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Find nothing: no reply is lost here."""
        return None

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew."""
        self.cards[ref] = self.cards[ref][0], card

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add a line."""

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line."""
        del self.cards[ref]


def stock(settings: Settings, places: Sequence[Place]) -> Cards:
    """Open the cases of these clinics and ask what is due; return the cards that then stand there."""
    chat = Taking()
    with opened(settings) as (practice, _):
        for number, place in enumerate(places):
            _add_cases(practice, place, number * place.cases)
        tick(practice)
        asyncio.run(_sent(practice, chat))
    return chat.cards


async def _sent(practice: Practice, chat: Taking) -> None:
    await delivered(practice, {chat.platform: chat}, off_loop)


def _add_cases(practice: Practice, place: Place, first: int) -> None:
    clinic, now = practice.clinics[place.id], practice.clock.now()
    playbook = practice.shelf.current(PLAYBOOK, place.id)
    booked = Booking(
        playbook=PLAYBOOK,
        calendar=clinic.calendar,
        opened=now - timedelta(days=38),
        starts=(now + AHEAD,),
        facts={"age": 52, "area_face": "yes"},
    )
    case, planned = plan_case(playbook, booked, code="OPEN", clinic=place.id)
    course = Course(case=case, tasks=planned, playbook=playbook, calendar=booked.calendar)
    later = now + BEFORE_TIME
    tasks = [
        each if each.due > later or _asked(course, each, now) else _answered(course, each) for each in planned
    ]
    with practice.store.writing() as tx:
        for number in range(place.cases):
            code = _code(first + number)
            assigned = {Role.NURSE: place.nurses[number // CASES_OF_A_NURSE]}
            its = [replace(task, case=code) for task in tasks]
            entry = Entry(kind="opened", at=case.opened, by="everything")
            tx.add_case(replace(case, code=code, assigned=assigned), its, entry)
            for task in its:
                if task.answer is not None:
                    tx.answered(task.key, task.answer)


def _asked(course: Course, task: Task, now: datetime) -> bool:
    """Say whether it is one of the lines that a nurse confirms with one press, at least two days before."""
    step, day = course.step(task), course.calendar.day
    before = step.phase is Phase.PRE and day(task.due) <= day(now + AHEAD) - timedelta(days=2)
    return before and as_read_aloud(step, course.case) is not None


def _answered(course: Course, task: Task) -> Task:
    step, values = course.step(task), usual_values(course, task)
    answer = Answer(by="everything", role=step.role, at=task.due, outcome=Outcome.CONFIRMED, values=values)
    return replace(task, status=TaskStatus.DONE, answer=answer, rung=1, next_prompt_at=None)


def _code(number: int) -> str:
    letters = ""
    for _ in range(4):
        number, letter_ = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter_]
    return letters


def standing(cards: Cards) -> dict[str, list[Json]]:
    """Return the messages of each conversation, as an invented workspace keeps them."""
    found: dict[str, list[Json]] = defaultdict(list)
    for ref, (_, card) in cards.items():
        shown = drawn(card)
        said = {"type": "message", "user": BOT_USER, "bot_id": BOT, "ts": ref.message, "text": shown.text}
        found[ref.channel].append(said | {"blocks": shown.json()})
    return found


def presses(cards: Cards) -> list[Press]:
    """Return a press for each line that can be confirmed with one; two of one person lie far apart, and so do
    two of one case.
    """
    of_each = [
        _of_card(ref, account, card) for ref, (account, card) in cards.items() if isinstance(card, TaskCard)
    ]
    by_turns = itertools.zip_longest(*of_each)
    return [press for turn in by_turns for press in turn if press is not None]


def _of_card(ref: MessageRef, account: str, card: TaskCard) -> list[Press]:
    # the lines of a case stand one below the other
    lines = sorted(card.lines, key=lambda line: line.task.partition(":")[2])
    message = _message(ref, card)
    return [
        Press(
            account=account,
            channel=ref.channel,
            message=message,
            button=_button(line),
            at=f"{ref.message[:-3]}{number:03}",
        )
        for number, line in enumerate(lines)
    ]


def _button(line: Line) -> Json:
    """Return the button of a line that asks for nothing but its confirmation, as Slack reports it."""
    button = Button(action=Action.CONFIRM, label="Answer", tasks=(line.task,), revision=line.revision)
    text = {"type": "plain_text", "text": button.label, "emoji": True}
    return {"type": "button", "action_id": "confirm.0", "text": text, "value": carried(button)}


def _message(ref: MessageRef, card: TaskCard) -> Json:
    """Return a message with as many of its blocks as make a press of about LETTER bytes."""
    shown = drawn(card)
    said = {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "ts": ref.message,
        "text": shown.text,
        "blocks": [],
    }
    for number, block in enumerate(shown.json()):
        said["blocks"].append(block | {"block_id": f"b{number}"})
        press = Press(
            account="U0", channel=ref.channel, message=said, button=_button(card.lines[0]), at=ref.message
        )
        if len(press.letter()) >= LETTER:
            break
    return said
