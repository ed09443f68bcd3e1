"""What is clicked: open cases whose lines stand on cards, and what Slack sends when one of them is confirmed.

Every patient has just left, and nobody has confirmed yet what takes one press: a nurse's lines of the days
before and of the care afterwards, an operator's of the room. Those are asked by the sweep and sent by the
program's own delivery, to a chat that takes everything, and so each stands on a card as in a clinic at work.
All else is answered as people usually answer, and nothing falls due meanwhile: a bench of clicks is no sweep.
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
from bot.core.case import Booking, Task
from bot.core.course import Course
from bot.core.messages import Card, Line, TaskCard
from bot.core.outgoing import Entry
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.replies import Address, MessageRef
from bot.core.usual import as_read_aloud
from bot.service.cases import ALPHABET
from bot.service.deliver import delivered
from bot.service.practice import Practice
from bot.service.tick import tick
from tests.bench.group import PLAYBOOK, Group, Place
from tests.bench.stocked import answered
from tests.chat.slack.fake import BOT, BOT_USER, Json, payloads
from tests.chat.slack.fake.ways import letter

#: What is left to be confirmed of a case, each by one press.
LINES_OF_A_CASE = 12
#: How long ago the procedures began, and until when all is answered, so that nothing falls due meanwhile.
SINCE, BEFORE_TIME = timedelta(hours=3), timedelta(hours=12)
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


def lines_of(group: Group) -> int:
    """Return how many lines there are to be pressed in a group."""
    return group.clinics * group.cases * LINES_OF_A_CASE


def stock(settings: Settings, places: Sequence[Place]) -> Cards:
    """Open the cases of these clinics and ask what is due; return the cards that then stand there."""
    chat = Taking()
    with opened(settings) as (practice, store):
        for number, place in enumerate(places):
            _add_cases(practice, place, number * place.cases)
        # all in one sweep: who was told much by one is spared by the next
        tick(practice, limit=sum(place.cases for place in places) * LINES_OF_A_CASE)
        asyncio.run(_sent(practice, chat))
        # as each minute does: only what grows from now on is left to seal
        store.seal(practice.clock.now())
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
        starts=(now - SINCE,),
        facts={"age": 52, "area_face": "yes"},
    )
    case, planned = plan_case(playbook, booked, code="OPEN", clinic=place.id)
    (session,) = case.sessions
    came = dict.fromkeys(("arrived", "started"), session.start) | {"finished": session.end}
    case = replace(case, sessions=(replace(session, **came),))
    course = Course(case=case, tasks=planned, playbook=playbook, calendar=booked.calendar)
    later = now + BEFORE_TIME
    tasks = [
        each if each.due > later or _asked(course, each, now) else answered(course, each, by="manager")
        for each in planned
    ]
    with practice.store.writing() as tx:
        for number in range(place.cases):
            code = _code(first + number)
            pair = number // place.pair
            assigned = {Role.NURSE: place.nurses[pair], Role.OPERATOR: place.operators[pair]}
            its = [replace(task, case=code) for task in tasks]
            entry = Entry(kind="opened", at=case.opened, by="manager")
            tx.add_case(replace(case, code=code, assigned=assigned), its, entry)
            for task in its:
                if task.answer is not None:
                    tx.answered(task.key, task.answer)


def _asked(course: Course, task: Task, now: datetime) -> bool:
    """Say whether it is due and can be confirmed with one press."""
    return task.due <= now and as_read_aloud(course.step(task), course.case) is not None


def _code(number: int) -> str:
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, len(ALPHABET))
        letters += ALPHABET[rest]
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
    """Return a press for each line that one confirms: those of a case, and of a person, lie far apart."""
    of_cases: dict[str, list[Press]] = defaultdict(list)
    for ref, (account, card) in cards.items():
        if isinstance(card, TaskCard):
            message = _message(ref, card)
            for line in card.lines:
                at = f"{ref.message}{line.number:03}"
                press = Press(
                    account=account, channel=ref.channel, message=message, button=_button(line), at=at
                )
                of_cases[line.task.partition(":")[0]].append(press)
    # two cases with codes that follow each other here are two people's
    by_turns = itertools.zip_longest(*(of_cases[code] for code in sorted(of_cases)))
    return [press for turn in by_turns for press in turn if press is not None]


def firsts(some: Sequence[Press]) -> list[Press]:
    """Return the first press of each person."""
    return [*{press.account: press for press in reversed(some)}.values()]


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
