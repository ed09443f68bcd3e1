"""auth.test, apps.connections.open, users.*, usergroups.*, conversations.*: who and what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.chat.slack.fake.names import APP, BOT, BOT_USER, TEAM, Json
from tests.chat.slack.fake.pages import cut_into_pages, true
from tests.chat.slack.fake.refusal import Refusal
from tests.chat.slack.fake.rights import kind_of
from tests.chat.slack.fake.workspace import FakeSlack

#: What a list of conversations may be asked for, and what is meant.
TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im"}


def ourselves(slack: FakeSlack, _: Json) -> Json:
    url = "https://clinic.slack.example/"
    return {
        "url": url,
        "team": "Clinic",
        "team_id": TEAM,
        "user": "bookend",
        "user_id": BOT_USER,
        "bot_id": BOT,
        **slack.ourselves,
    }


def connection(slack: FakeSlack, _: Json) -> Json:
    link = slack.url.replace("http:", "ws:").replace("/api/", "/link/")
    return {"url": f"{link}?ticket={slack.sockets.ticket()}&app_id={APP}"}


def bot(slack: FakeSlack, args: Json) -> Json:
    if args.get("bot") != BOT:
        raise Refusal("bot_not_found")
    return {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": "bookend", "deleted": False}}


def team(slack: FakeSlack, _: Json) -> Json:
    return {"team": {"id": TEAM, "name": "Clinic", "domain": "clinic"}}


def person(slack: FakeSlack, args: Json) -> Json:
    if args["user"] not in slack.users:
        raise Refusal("user_not_found")
    return {"user": _seen(slack, slack.users[args["user"]])}


def people(slack: FakeSlack, args: Json) -> Json:
    return cut_into_pages("members", [_seen(slack, each) for each in slack.users.values()], args)


def person_by_email(slack: FakeSlack, args: Json) -> Json:
    for each in slack.users.values():
        if each["profile"].get("email") == args["email"] and not each["deleted"]:
            return {"user": each}
    raise Refusal("users_not_found")


def groups(slack: FakeSlack, args: Json) -> Json:
    hidden = () if true(args.get("include_users")) else ("users",)
    # a group that was switched off is shown only to those who ask for it
    everyone = true(args.get("include_disabled"))
    found = [each for each in slack.groups.values() if everyone or not each.get("date_delete")]
    return {"usergroups": [{k: v for k, v in each.items() if k not in hidden} for each in found]}


def people_of_group(slack: FakeSlack, args: Json) -> Json:
    if args["usergroup"] not in slack.groups:
        raise Refusal("no_such_subteam")
    return {"users": list(slack.groups[args["usergroup"]].get("users", ()))}


def conversation(slack: FakeSlack, args: Json) -> Json:
    return {"channel": slack.conversation(args["channel"])}


def conversations(slack: FakeSlack, args: Json) -> Json:
    asked = {TYPES[each] for each in str(args.get("types") or "public_channel").split(",") if each in TYPES}
    found = [
        each
        for each in slack.channels.values()
        if kind_of(each) in asked
        and (each.get("is_im") or each.get("is_member") or not each.get("is_private"))
        and not (true(args.get("exclude_archived")) and each.get("is_archived"))
    ]
    return cut_into_pages("channels", found, args)


def people_inside(slack: FakeSlack, args: Json) -> Json:
    place = slack.conversation(args["channel"])
    return cut_into_pages("members", sorted(slack.people_of(place["id"])), args)


def direct_conversation(slack: FakeSlack, args: Json) -> Json:
    account = str(args["users"])
    if account not in slack.users:
        raise Refusal("user_not_found")
    if slack.users[account]["deleted"]:
        raise Refusal("user_disabled")
    if slack.users[account]["is_bot"]:
        raise Refusal("cannot_dm_bot")
    return {"channel": {"id": slack.conversation("D" + account[1:])["id"]}}


def _seen(slack: FakeSlack, who: Json) -> Json:
    # an address is shown only to who may see addresses
    hidden = () if "users:read.email" in slack.scopes.split(",") else ("email",)
    return who | {"profile": {k: v for k, v in who["profile"].items() if k not in hidden}}


METHODS: Mapping[str, Callable[[FakeSlack, Json], Json]] = {
    "auth.test": ourselves,
    "apps.connections.open": connection,
    "bots.info": bot,
    "team.info": team,
    "users.info": person,
    "users.list": people,
    "users.lookupByEmail": person_by_email,
    "usergroups.list": groups,
    "usergroups.users.list": people_of_group,
    "conversations.info": conversation,
    "conversations.list": conversations,
    "conversations.members": people_inside,
    "conversations.open": direct_conversation,
}
