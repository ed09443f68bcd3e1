"""Without the libraries that Teams needs, a sentence says what to install, and nothing else breaks."""

import asyncio
import sys

import pytest

from bot.chat.teams.joining.examine import Examined, examine
from bot.chat.teams.joining.extra import NEEDED, lacking
from bot.clock import WallClock
from bot.core.errors import BookendError
from bot.platforms import Joining, Platforms
from bot.service.desk import ClinicDesk
from tests.chat.teams.joining.test_examine import Told
from tests.chat.teams.test_settings import SECRET
from tests.service.riverside import Riverside
from tests.test_config import WITH_SECRET, settings

TO_DO = "Teams needs more than is installed: pip install -c constraints.txt '.[teams]'"


def test_where_it_is_there_nothing_is_said() -> None:
    assert lacking() == ""


@pytest.mark.parametrize("name", NEEDED)
def test_whichever_is_missing_it_is_said_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)

    assert lacking() == TO_DO


@pytest.mark.anyio
async def test_the_doctor_says_it_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    what = Examined(settings=SECRET, clinics=[], clock=WallClock(), places=Told(), run=asyncio.to_thread)

    assert [each async for each in examine(what)] == [("wrong", TO_DO)]


@pytest.mark.anyio
async def test_serve_says_it_before_anything_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    for name, value in WITH_SECRET.items():
        monkeypatch.setenv(f"BOOKEND_TEAMS_{name}", value)
    clinic = Riverside("g.medicines")
    desk = ClinicDesk(practice=clinic.practice)
    joining = Joining(settings=settings(), practice=clinic.practice, staff=clinic.office.staff, desk=desk)

    with pytest.raises(BookendError, match="Teams needs more than is installed"):
        await Platforms(joining, clinic.office, [], lambda line: None).begin()
