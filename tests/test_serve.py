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
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.clock import VirtualClock, WallClock
from bot.paths import shipped_playbooks
from bot.serve import Notes
from tests.chat.slack.fake import BOARD, TOKEN, FakeSlack, channel, fake_slack, user
from tests.service.clinic import OPENED, WITH_BOARD, abl, practice, sign
from tests.signed import sign_all
from tests.store.memory import memory_store

BOOKING = f"""\
playbook: abl
start: {WallClock().now().date() + timedelta(days=120)}T09:30
facts: {{age: 52, area_face: yes, mode: fractional, area_periocular: no, anaesthesia: none, sedation: none}}
"""


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


#: How it fares, whether it runs on, and what it counts.
SEEN = ("health", "health/live", "metrics")


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
    always = always.replace("huddle: 07:45\n", "")
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """`bookend serve` at work, and where it answers."""

    process: Process
    port: int


@asynccontextmanager
async def serving(folder: Path, slack: FakeSlack) -> AsyncIterator[Serving]:
    running = await bookend(folder, slack, "serve")
    assert running.stdout is not None
    try:
        line = (await asyncio.wait_for(running.stdout.readline(), 20)).decode()
        assert line.startswith("Bookend serves riverside on slack, port "), line
        yield Serving(process=running, port=int(line.rstrip(".\n").rpartition(" ")[2]))
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def refused(serve: Process) -> str:
    """What a program says that does not serve, and ends."""
    try:
        _, err = await asyncio.wait_for(serve.communicate(), 20)
    finally:
        if serve.returncode is None:
            serve.kill()
    assert serve.returncode == 1
    return err.decode()


def furnish(slack: FakeSlack) -> None:
    """Let everybody and every channel of the clinic's file be there: then `serve` has nothing to note."""
    slack.users |= {each: user(each) for each in ("U0ALI", "U0ROBIN", "U0KIT", "U0MAX", "U0SAM")}
    slack.channels |= {each: channel(each) for each in ("C0ESC", "C0NURSES")}


async def board_says(slack: FakeSlack, words: str) -> None:
    while not any(words in json.dumps(each, ensure_ascii=False) for each in slack.messages[BOARD]):
        slack.said.clear()
        await slack.said.wait()


def test_a_case_that_the_command_line_opens_is_on_slack_within_five_seconds(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            furnish(slack)
            async with serving(folder, slack) as running:
                code = json.loads(await said(folder, slack, "new", "booking.yaml", "--json"))["case"]
                await asyncio.wait_for(board_says(slack, code), 5)
                running.process.send_signal(signal.SIGTERM)
                out, err = await asyncio.wait_for(running.process.communicate(), 10)
            assert (running.process.returncode, out, err) == (0, b"", b"")

    asyncio.run(story())


def test_how_it_fares_and_what_it_counts_is_seen_on_this_machine(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            furnish(slack)
            async with serving(folder, slack) as running:
                code = json.loads(await said(folder, slack, "new", "booking.yaml", "--json"))["case"]
                await asyncio.wait_for(board_says(slack, code), 5)
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as web:
                    ready, live, counts = [await web.get(f"/{path}") for path in SEEN]
        assert (ready.status_code, live.json()) == (200, {"status": "ok"})
        assert {each["part"]: each["state"] for each in ready.json()["parts"]} == dict.fromkeys(
            ("database", "slack", "rounds"), "good"
        )
        sent = r'bookend_sent_total\{clinic="riverside",platform="slack",why="draw"\} \d'
        assert re.search(sent, counts.text)
        assert 'bookend_platform_up{platform="slack"} 1.0' in counts.text
        assert code not in counts.text

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


def test_a_second_one_on_the_same_file_is_refused_with_a_sentence(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            furnish(slack)
            async with serving(folder, slack):
                second = await bookend(folder, slack, "serve")
                err = await refused(second)
                assert err.startswith("Another `bookend serve` works on bookend.db: end it first.")
                assert len(err.splitlines()) == 1
            # killed, it lets go of the file at once
            async with serving(folder, slack):
                pass

    asyncio.run(story())


def test_a_database_that_is_gone_is_not_begun_anew_in_silence(folder: Path) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            furnish(slack)
            (folder / "bookend.db").unlink()
            serve = await bookend(folder, slack, "serve")
            err = await refused(serve)
        assert "The database bookend.db is gone, but its key bookend.db.key is here." in err
        assert "`bookend restore`" in err
        assert not (folder / "bookend.db").exists()

    asyncio.run(story())


@pytest.mark.parametrize("only", ["web", "worker"])
def test_one_half_alone_on_a_file_is_refused_with_a_sentence(folder: Path, only: str) -> None:
    async def story() -> None:
        async with fake_slack() as slack:
            serve = await bookend(folder, slack, "serve", "--only", only)
            _, err = await serve.communicate()
        assert serve.returncode == 1
        assert f"`--only {only}` needs PostgreSQL" in err.decode()
        assert len(err.splitlines()) == 1

    asyncio.run(story())
