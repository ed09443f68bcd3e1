"""The table of rights is whole: it asks for what its events and methods need, and for nothing else."""

import re
from pathlib import Path

import pytest

from bot.chat.slack.joining.scopes import EVENTS, SCOPES, Use, asked_for, heard, lacking
from bot.chat.slack.people.happenings import ABOUT

#: One of these rights brings the event, by Slack's page of each (docs.slack.dev/reference/events).
DOCUMENTED: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
#: What brings a right to use besides events: methods (docs.slack.dev/reference/methods) and features.
USED_BY = {
    "channels:history": r"conversations_history|conversations_replies",
    "channels:read": r"conversations_info",
    "chat:write": r"chat_postMessage",
    "commands": r"face\.commanded",
    "groups:history": r"conversations_history|conversations_replies",
    "groups:read": r"conversations_info",
    "im:write": r"conversations_open",
    "pins:write": r"pins_add",
    "users:read": r"users_info",
    "users:read.email": r"users_lookupByEmail",
}
SOURCE = "".join(file.read_text("utf-8") for file in Path("bot/chat/slack").rglob("*.py"))


@pytest.mark.parametrize("event", EVENTS)
def test_whoever_hears_an_event_has_the_right_that_slack_wants_for_it(event: str) -> None:
    use = EVENTS[event].use
    wanted = DOCUMENTED[event]

    assert event in heard([use])
    assert not wanted or set(wanted) & set(asked_for([use]))


@pytest.mark.parametrize("scope", SCOPES)
def test_no_right_is_asked_for_that_nothing_uses(scope: str) -> None:
    by_events = {right for event in EVENTS for right in DOCUMENTED[event]}

    assert scope in by_events or re.search(USED_BY[scope], SOURCE)


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_is_asked_for_that_nobody_hears(event: str) -> None:
    by_name = {"message.im": "message"}.get(event, event)

    assert event in ABOUT or re.search(rf'case .*"{by_name}"', SOURCE)


def test_messages_in_channels_are_not_delivered_to_bookend() -> None:
    assert not {"message.channels", "message.groups", "message.mpim"} & set(EVENTS)


def test_what_only_some_clinics_use_is_asked_of_them_alone() -> None:
    assert "users:read.email" not in asked_for()
    assert "users:read.email" in asked_for([Use.EMAILS])
    assert "usergroups:read" not in asked_for([Use.EMAILS])
    assert "subteam_updated" not in heard()
    assert "subteam_updated" in heard([Use.USER_GROUPS])


def test_a_right_that_was_not_granted_is_missing_only_where_it_is_used() -> None:
    granted = set(asked_for()) - {"commands"}

    assert lacking(granted) == ("commands",)
    assert lacking(granted, [Use.EMAILS]) == ("commands", "users:read.email")
    assert lacking([*granted, "commands", "more:than.needed"]) == ()


@pytest.mark.parametrize("table", [SCOPES, EVENTS], ids=["scopes", "events"])
def test_the_table_is_in_order(table: dict[str, object]) -> None:
    assert [*table] == sorted(table)
