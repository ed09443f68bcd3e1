"""Web and worker as programs of their own, and several of them: real processes on one PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.chat.slack.fake import BOARD, JO, FakeSlack, Json, fake_slack
from tests.chat.slack.serve_case import all_yes
from tests.conftest import Postgres
from tests.several import Several, furnished, heading

pytestmark = pytest.mark.anyio

JOS = "D" + JO[1:]
#: More than one sweep asks, so that two workers could each take a part.
MANY = 6
#: What is due for days is one to a worker that looks while another is asking; one alone has asked by then.
OUTAGE = "After an outage"

#: The connections on which programs hear each other.
LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as slack:
        yield slack


@pytest.fixture
def several(postgres_url: str, tmp_path: Path, slack: FakeSlack) -> Several:
    """A clinic on an empty database."""
    return furnished(tmp_path, slack, postgres_url)


def is_list(message: Json) -> bool:
    return heading(message).startswith("Your list")


async def test_what_one_hears_another_draws(several: Several) -> None:
    several.sign()
    several.book(1)

    async with several.running("web", "worker") as (web, worker), several.jo(web) as jo:
        await several.until(lambda slack: any(map(is_list, slack.messages[JOS])), "a list")
        await jo.press(next(filter(is_list, several.slack.messages[JOS])), "Answer")
        said = await jo.submit(all_yes(jo.form))
        await several.until(lambda slack: "✅" in str(slack.messages[JOS]), "the answer on the list")
        ended = [await each.told_to_end() for each in (worker, web)]

    assert said.taken
    assert ended == [0, 0]


async def test_a_home_that_stands_open_follows_what_other_programs_do(several: Several) -> None:
    several.sign()

    async with several.running("web", "worker") as (web, _), several.jo(web) as jo:
        await jo.open_home()
        await several.until(lambda slack: JO in slack.homes, "a Home")
        (code,) = several.book(1)
        await several.until(lambda slack: code in str(slack.homes[JO]), "the new case at Home")


async def test_whoever_only_hears_sends_nothing(several: Several) -> None:
    several.sign()

    async with several.running("web") as (web,), several.jo(web) as jo:
        several.book(1)
        await jo.command("mine")
        waiting = several.count("FROM tasks WHERE next_prompt_at < now()")

    assert waiting > 0
    assert several.headings() == []


async def test_whoever_only_works_is_reached_by_nobody_and_says_that_it_is_well(several: Several) -> None:
    async with several.running("worker") as (worker,), httpx.AsyncClient() as anybody:
        at = f"http://127.0.0.1:{worker.port}"
        well = await anybody.get(f"{at}/health")
        refused = [await anybody.post(f"{at}/slack/events"), await anybody.get(f"{at}/about")]

    assert well.status_code == 200
    assert [each.status_code for each in refused] == [404, 404]


async def test_four_that_start_at_once_on_an_empty_database_make_it_once_and_greet_once(
    several: Several,
) -> None:
    async with several.running("both", "worker", "worker", "web"):
        await several.until(lambda slack: len(slack.messages[BOARD]) >= 2, "a first word and a board")
        await several.settled()
        versions = several.count("FROM alembic_version")
        await several.until_there_are(4, LISTENING)

    assert versions == 1
    first, board = several.headings(BOARD)
    assert (first, board.partition(" · ")[0]) == ("Hello, I am Bookend", "Riverside Skin Clinic")


async def test_several_workers_split_no_list_and_say_what_one_would_say(
    several: Several, slack: FakeSlack, postgres: Postgres, tmp_path: Path
) -> None:
    alone = furnished(tmp_path / "alone", slack, postgres.url(postgres.fresh()))
    said = [await said_by(each, *only) for each, only in ((alone, ["worker"]), (several, ["worker"] * 3))]

    assert said[0].count("Consultation") > MANY
    assert said[1] in (said[0], [OUTAGE, *said[0]])


async def said_by(clinic: Several, *only: str) -> list[str]:
    """What stands in an empty Slack after a clinic's backlog was worked through."""
    clinic.slack.messages.clear()
    clinic.sign()
    clinic.book(MANY)
    async with clinic.running(*only):
        await clinic.until(lambda slack: any(map(is_list, slack.messages[JOS])), "a list")
        await clinic.settled()
    return clinic.headings()
