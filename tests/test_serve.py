"""`bookend serve`: it looks often and works seldom, and acts within seconds on what another program wrote."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock, WallClock
from bot.core.boards import Board
from bot.core.replies import Command
from bot.paths import shipped_playbooks
from bot.serve import THOROUGH, Notes, Work, health
from bot.service import cases
from bot.service.desk import ClinicDesk
from bot.service.here import take_in
from bot.service.practice import Practice
from bot.service.staff import Staff
from tests.chat.slack.fake import BOARD, TOKEN, FakeSlack, channel, fake_slack, user
from tests.service.clinic import CODE, FRAN, KIT, OPENED, WITH_BOARD, abl, booking, practice, sign
from tests.service.workspace import PLATFORM, Workspace, WorkspaceChat
from tests.signed import sign_all
from tests.store.memory import memory_store

BOOKING = f"""\
playbook: abl
start: {WallClock().now().date() + timedelta(days=120)}T09:30
facts: {{age: 52, area_face: yes, mode: fractional, area_periocular: no, anaesthesia: none, sedation: none}}
"""


class Turning:
    """The work of a clinic on a clock that the test moves."""

    def __init__(self) -> None:
        self.clock = VirtualClock(OPENED)
        self.store = memory_store()
        self.practice: Practice = practice(self.store, self.clock, clinic=WITH_BOARD)
        self.workspace = Workspace()
        self.chats = {PLATFORM: WorkspaceChat(self.workspace, self.clock)}
        self.work = Work(self.practice, self.store, self.chats)

    def turn(self, *, after: timedelta = timedelta(0)) -> int:
        """One turn; how many messages stand there then."""
        self.clock.advance(self.clock.now() + after)
        asyncio.run(self.work.turn())
        return len(self.workspace.messages)

    def book(self) -> None:
        """What another program writes."""
        with self.store.writing() as tx:
            soon = booking(OPENED + timedelta(days=9))
            cases.open_case(self.practice, tx, soon, clinic=WITH_BOARD.id, by=FRAN, code=CODE)


def test_a_quiet_turn_only_looks() -> None:
    clinic = Turning()
    clinic.turn()
    checked = clinic.workspace.messages[0].drawings

    before = len(checked)
    for _ in range(10):
        clinic.turn(after=timedelta(seconds=4))

    assert len(checked) == before


def test_what_another_program_wrote_is_acted_on_at_the_next_turn() -> None:
    clinic = Turning()
    clinic.turn()
    clinic.book()

    clinic.turn(after=timedelta(seconds=4))

    board = clinic.workspace.of("#procedures")[-1].card
    assert isinstance(board, Board)
    assert [row.code for row in board.rows] == [CODE]


def test_history_is_sealed_once_a_minute_and_only_if_it_grew() -> None:
    clinic = Turning()
    clinic.book()
    clinic.turn()
    first = clinic.store.export_seal()

    clinic.turn(after=THOROUGH * 5)
    clinic.turn(after=THOROUGH * 5)
    grown = clinic.store.export_seal()
    clinic.turn(after=timedelta(seconds=4))

    assert first is not None and grown is not None
    assert clinic.store.verify(first) == []
    assert clinic.store.export_seal() == grown


def test_it_says_when_it_wants_to_turn_again() -> None:
    clinic = Turning()
    clinic.book()

    wished = asyncio.run(clinic.work.turn())

    assert wished is not None
    assert OPENED < wished <= OPENED + timedelta(hours=2)
    assert health(clinic.practice) == {"next": wished.isoformat()}


def test_a_playbook_that_nobody_signed_is_named() -> None:
    clinic = replace(WITH_BOARD, playbooks=("abl",))
    said: list[str] = []
    unsigned = practice(memory_store(), VirtualClock(OPENED), clinic=clinic, signed=False)
    notes = Notes(unsigned, said.append)

    notes.speak()
    notes.speak()
    sign(unsigned, clinic, abl())
    notes.speak()

    assert len(said) == 1
    assert "abl runs in shadow mode" in said[0]


# The command itself, against a Slack of our own


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clinic whose medical director signed."""
    home = tmp_path_factory.mktemp("signed")
    playbooks = home / "playbooks"
    playbooks.mkdir()
    for file in shipped_playbooks().glob("*.yaml"):
        (playbooks / file.name).write_text(file.read_text("utf-8"), "utf-8")
    # it never closes, so that its board is there at whatever hour this runs
    example = (playbooks / "clinic-example.yaml").read_text("utf-8")
    always = re.sub(r"(?m)^open: .*\nholidays: .*$", "open: {mon-sun: 00:00-23:59}", example)
    (home / "clinic.yaml").write_text(always, "utf-8")
    (playbooks / "clinic-example.yaml").unlink()
    (home / "booking.yaml").write_text(BOOKING, "utf-8")
    database = f"sqlite:///{home / 'bookend.db'}"
    files = {"BOOKEND_CLINIC": str(home / "clinic.yaml"), "BOOKEND_PLAYBOOKS": str(playbooks)}
    sign_all({**files, "BOOKEND_DATABASE_URL": database})
    return home


@pytest.fixture
def folder(signed: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return shutil.copytree(signed, tmp_path, dirs_exist_ok=True)


def environment(slack: FakeSlack) -> Mapping[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BOOKEND_")}
    return ours | {
        "PORT": "0",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "BOOKEND_CLINIC": "clinic.yaml",
        "BOOKEND_PLAYBOOKS": "playbooks",
        "BOOKEND_SLACK_BOT_TOKEN": TOKEN,
        "BOOKEND_SLACK_SIGNING_SECRET": "0" * 32,
        "BOOKEND_SLACK_API_URL": slack.url,
    }


async def bookend(folder: Path, slack: FakeSlack, *words: str) -> Process:
    command = (sys.executable, "-u", "-m", "bot", *words)
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(slack), stdout=PIPE, stderr=PIPE
    )


async def said(folder: Path, slack: FakeSlack, *words: str) -> str:
    out, err = await (await bookend(folder, slack, *words)).communicate()
    assert err == b""
    return out.decode()


@asynccontextmanager
async def serving(folder: Path, slack: FakeSlack) -> AsyncIterator[Process]:
    running = await bookend(folder, slack, "serve")
    assert running.stdout is not None and running.stderr is not None
    try:
        line = (await asyncio.wait_for(running.stdout.readline(), 20)).decode()
        assert line.startswith("Bookend serves riverside on slack, port "), await running.stderr.read()
        yield running
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def board_says(slack: FakeSlack, words: str) -> None:
    while not any(words in json.dumps(each, ensure_ascii=False) for each in slack.messages[BOARD]):
        slack.said.clear()
        await slack.said.wait()


def test_a_case_that_the_command_line_opens_is_on_slack_within_five_seconds(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            slack.users |= {each: user(each) for each in ("U0ALI", "U0ROBIN", "U0KIT", "U0MAX", "U0SAM")}
            slack.channels |= {each: channel(each) for each in ("C0ESC", "C0NURSES")}
            async with serving(folder, slack) as running:
                code = json.loads(await said(folder, slack, "new", "booking.yaml", "--json"))["case"]
                await asyncio.wait_for(board_says(slack, code), 5)
                running.send_signal(signal.SIGTERM)
                out, err = await asyncio.wait_for(running.communicate(), 10)
            assert (running.returncode, out, err) == (0, b"", b"")

    asyncio.run(story())


def test_a_slack_that_does_not_let_us_in_is_a_sentence(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            slack.troubles["auth.test"].append("refuse:invalid_auth")
            serve = await bookend(folder, slack, "serve")
            _, err = await serve.communicate()
        assert serve.returncode == 1
        assert b"does not let Bookend in" in err
        assert len(err.splitlines()) == 1

    asyncio.run(story())


def test_the_doctor_greets_slack(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            out, _ = await (await bookend(folder, slack, "doctor")).communicate()
        assert b"Slack lets us in" in out
        assert b"abl: Dr Ali Example signed it on" in out
        assert slack.count("auth.test") == 1

    asyncio.run(story())


def test_a_channel_that_was_chosen_in_another_program_is_taken_in_before_anything_goes_out() -> None:
    clinic = Turning()
    staff = Staff(clinic.practice.clinics)
    seen: list[int] = []

    async def first() -> None:
        seen.append(len(clinic.workspace.messages))
        take_in(clinic.practice, staff)

    clinic.practice = replace(clinic.practice, clinics=staff)
    clinic.work = Work(clinic.practice, clinic.store, clinic.chats, first=first)
    other = ClinicDesk(practice=replace(clinic.practice, clinics={WITH_BOARD.id: WITH_BOARD}))
    other.command(Command(platform=PLATFORM, account=KIT, once="1", words=("here",), channel="#treatment"))

    clinic.turn()

    assert seen[0] == 0
    assert staff[WITH_BOARD.id].channels[PLATFORM]["board"] == "#treatment"
    assert {each.to for each in clinic.workspace.messages} == {"#treatment"}
