"""What Microsoft's library reads of the environment switches nothing: settings of ours alone count."""

import pytest

from tests.chat.teams.fake import BOARD
from tests.chat.teams.front import front

pytestmark = pytest.mark.anyio

#: What the library would take where it is not told otherwise.
THEIRS = {
    "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": "true",
    "CLIENT_ID": "invented",
    "CLIENT_SECRET": "invented",
    "TENANT_ID": "invented",
    "MANAGED_IDENTITY_CLIENT_ID": "invented",
    "SERVICE_URL": "http://127.0.0.1:1",
    "CLOUD": "invented",
}


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer invented", "Basic invented"])
async def test_the_door_stays_shut_to_whoever_is_not_microsoft(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in THEIRS.items():
        monkeypatch.setenv(name, value)
    async with front() as on:
        headers = {"Authorization": token} if token else {}

        answer = await on.door.door.post("/api/messages", json={"type": "message"}, headers=headers)

    assert (answer.status_code, on.desk.heard) == (401, [])


async def test_what_microsoft_signed_is_heard_and_answered_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in THEIRS.items():
        monkeypatch.setenv(name, value)
    async with front() as on:
        await on.jo.mention("help", channel=BOARD)
        await on.settled()

    assert len(on.desk.heard) == 1
    assert on.teams.count("post") > 0
