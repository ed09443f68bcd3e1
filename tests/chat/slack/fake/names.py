"""Who and what there is in the invented workspace, and how Slack writes a person and a channel."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEAM, BOT_USER, BOT, APP = "T0CLINIC", "U0BOT", "B0BOT", "A0BOOKEND"
TOKEN = "xoxb-invented"
APP_TOKEN = f"xapp-1-{APP}-1-invented"
SECRET = "the secret of a workspace that does not exist"
#: The person, the channel, and those who may not take part.
JO, BOARD, SHARED, PENDING = "U0JO", "C0BOARD", "C0SHARED", "C0PENDING"


def user(account: str, **more: object) -> Json:
    """A person as users.info shows them; a time zone and an address are there unless they are named."""
    return {
        "id": account,
        "team_id": TEAM,
        "name": account[2:].lower(),
        "deleted": False,
        "is_bot": False,
        "tz": "Europe/London",
        "profile": {"email": f"{account[2:].lower()}@clinic.example"},
        **more,
    }


def channel(name: str, **more: object) -> Json:
    """A public channel with Bookend in it; `is_member=False`, `is_private=True` and the like change that."""
    return {
        "id": name,
        "name": name[2:].lower(),
        "is_channel": True,
        "is_private": False,
        "is_archived": False,
        "is_member": True,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        **more,
    }


def direct(account: str) -> Json:
    """The conversation between one person and Bookend."""
    return {"id": "D" + account[1:], "is_im": True, "user": account, "is_archived": False}


PEOPLE = (
    user(JO),
    user("U0GUEST", is_restricted=True),
    user("U0ULTRA", is_ultra_restricted=True),
    user("U0GONE", deleted=True),
    user("U0ROBOT", is_bot=True),
    user("U0STRANGE", is_stranger=True),
    user("U0OTHER", team_id="T0OTHER"),
    user(BOT_USER, is_bot=True),
)
CHANNELS = (
    channel(BOARD),
    channel(SHARED, is_ext_shared=True),
    channel(PENDING, is_pending_ext_shared=True),
)
