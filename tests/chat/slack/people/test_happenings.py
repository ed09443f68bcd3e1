"""What Slack tells that no person said: of whom and what it is asked anew."""

import pytest

from bot.chat.slack.joining.scopes import EVENTS
from bot.chat.slack.people.happenings import ABOUT, Happenings

pytestmark = pytest.mark.anyio

BOT = "U0BOT"
#: Events that are somebody's words, or a look at Home.
SAID = {"app_home_opened", "app_mention", "message.im"}

HAPPENED = {
    "somebody left": (
        {"type": "user_change", "user": {"id": "U0SAM", "profile": {"email": "Sam@clinic.example"}}},
        ("U0SAM", "sam@clinic.example"),
    ),
    "somebody came": ({"type": "team_join", "user": {"id": "U0ZOE"}}, ("U0ZOE",)),
    "a channel is shared": (
        {"type": "channel_shared", "channel": "C0BOARD", "connected_team_id": "T0OTHER"},
        ("C0BOARD",),
    ),
    "a channel has another id": (
        {"type": "channel_id_changed", "old_channel_id": "C0BOARD", "new_channel_id": "C0NEW"},
        ("C0BOARD", "C0NEW"),
    ),
    "Bookend was removed": ({"type": "channel_left", "channel": "C0BOARD"}, ("C0BOARD",)),
    "Bookend was invited": ({"type": "member_joined_channel", "user": BOT, "channel": "G0ESC"}, ("G0ESC",)),
    "a group has other people": (
        {"type": "subteam_members_changed", "subteam_id": "S0NURSES"},
        ("S0NURSES",),
    ),
    "a group was switched off": ({"type": "subteam_updated", "subteam": {"id": "S0NURSES"}}, ("S0NURSES",)),
    "somebody else joined a channel": (
        {"type": "member_joined_channel", "user": "U0JO", "channel": "C0BOARD"},
        None,
    ),
    "something of no interest": ({"type": "emoji_changed"}, None),
    "a form that nobody knows": ({"type": "user_change"}, ()),
}


@pytest.mark.parametrize("case", HAPPENED)
async def test_slack_is_asked_anew_of_whom_or_what_an_event_speaks_and_of_nobody_else(case: str) -> None:
    event, names = HAPPENED[case]
    asked: list[tuple[str, ...]] = []

    await Happenings(lambda *names: asked.append(names), bot=BOT).heard(event)

    assert asked == ([] if names is None else [names])


def test_slack_is_asked_to_tell_just_what_is_understood() -> None:
    assert set(EVENTS) - SAID == set(ABOUT)
