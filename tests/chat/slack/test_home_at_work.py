"""A nurse and a manager at Home, with the real desk and its database, in a workspace over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.slack.drawing.carried import carried_by
from bot.clock import VirtualClock
from bot.core.case import Booking, TaskStatus
from bot.service.cases import open_case
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from tests.chat.slack import limits
from tests.chat.slack.clinic_bot import OPENED, START, practice_in
from tests.chat.slack.fake import SECRET, FakeSlack, Json, Person, ToDoor, fake_slack
from tests.chat.slack.fake.names import user
from tests.chat.slack.front import reached

pytestmark = pytest.mark.anyio

JO, KIT = "U0JO", "U0KIT"
CODES = ("K7Q2", "M4XD", "P6CE")


@dataclass(kw_only=True)
class Clinic:
    """Three cases, the day before the first of them."""

    practice: Practice
    slack: FakeSlack
    jo: Person
    kit: Person

    async def seen(self, so: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not so():
                self.slack.said.clear()
                await self.slack.said.wait()

    async def home_of(self, who: Person) -> str:
        await who.open_home()
        await self.seen(lambda: who.account in self.slack.homes)
        return self.home(who)

    def home(self, who: Person) -> str:
        return read(self.slack.homes[who.account])

    def answered(self) -> list[str]:
        with self.practice.store.reading() as reading:
            tasks = [task for code in CODES for task in reading.tasks(code)]
        return [task.key for task in tasks if task.status is TaskStatus.DONE]


def read(view: Json) -> str:
    return "\n".join(limits.words(view["blocks"]))


def book(practice: Practice, code: str, day: int) -> None:
    (clinic,) = practice.clinics.values()
    booking = Booking(
        playbook="abl",
        calendar=clinic.calendar,
        opened=OPENED,
        starts=(START + timedelta(days=day),),
        consult=OPENED + timedelta(minutes=15),
        booked=OPENED + timedelta(minutes=85),
        minutes=60,
        facts={"age": 52, "area_face": "yes"},
        room="room-2",
    )
    with practice.store.writing() as tx:
        open_case(practice, tx, booking, clinic=clinic.id, by="robin", code=code)


@asynccontextmanager
async def clinic(folder: Path) -> AsyncIterator[Clinic]:
    practice = practice_in(folder, VirtualClock(START - timedelta(days=1)))
    for day, code in enumerate(CODES):
        book(practice, code, day)
    try:
        async with (
            fake_slack() as slack,
            reached(slack, ClinicDesk(practice=practice), socket=False) as (_, door),
        ):
            slack.users[KIT] = user(KIT)
            way = ToDoor(door=door, secret=SECRET)
            people = {name: Person(slack=slack, account=name, way=way) for name in (JO, KIT)}
            yield Clinic(practice=practice, slack=slack, jo=people[JO], kit=people[KIT])
    finally:
        practice.store.close()


def first_choices(form: Json) -> dict[str, str | list[str]]:
    """The first choice of every field, and a word for what is written."""
    inputs = [block for block in form["blocks"] if block["type"] == "input"]
    return {block["block_id"]: first_of(block["element"]) for block in inputs}


def first_of(element: Json) -> str | list[str]:
    values = [option["value"] for option in element.get("options", [])]
    several = element["type"] in ("checkboxes", "multi_static_select")
    return values[:1] if several else next(iter(values), "none")


async def test_a_nurse_answers_at_home_and_home_follows(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        before = await at.home_of(at.jo)
        assert "25 items" in before and "Allergies" in before and "K7Q2" in before

        await at.jo.press_at_home("Answer")
        await at.seen(lambda: at.slack.stacks[JO])
        await at.jo.submit(first_choices(at.jo.form))
        await at.seen(lambda: "24 items" in at.home(at.jo))

        assert len(at.answered()) == 1
        assert "✅" in at.home(at.jo) and at.slack.whispers == []


async def test_a_manager_reads_the_board_at_home_opens_a_case_and_its_history(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        home = await at.home_of(at.kit)
        assert all(code in home for code in CODES) and "Nothing waits for you." in home

        await at.kit.press_at_home("K7Q2")
        await at.seen(lambda: at.slack.stacks[KIT])
        assert carried_by(at.kit.form) == {"screen": "case", "about": "K7Q2"}
        await at.kit.press_in_form("History")
        await at.seen(lambda: len(at.slack.stacks[KIT]) == 2)

        assert "opened" in read(at.kit.form)


async def test_every_line_of_a_long_list_is_read_by_turning_its_pages(tmp_path: Path) -> None:
    async with clinic(tmp_path) as at:
        await at.home_of(at.kit)
        await at.kit.press_at_home("Overdue")
        await at.seen(lambda: at.slack.stacks[KIT])
        pages = [read(at.kit.form)]

        while "Next" in pages[-1]:
            turned = at.slack.count("views.update")
            await at.kit.press_in_form("Next")
            await at.seen(lambda turned=turned: at.slack.count("views.update") > turned)
            pages.append(read(at.kit.form))

        told = "\n".join(pages).split("\n")
        numbers = [
            line.split("*")[1].partition(".")[0] for line in told if line[:1] in "⬜⚠️🛑" and ". " in line
        ]
        assert sorted(map(int, numbers)) == list(range(1, len(numbers) + 1)) and len(numbers) > 30
        assert f"{len(numbers)} items" in pages[0]
