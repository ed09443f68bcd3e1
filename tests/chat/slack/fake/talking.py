"""chat.*, conversations.history and .replies, pins.*: what is written, and what stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.chat.slack import limits
from tests.chat.slack.fake.names import APP, BOT, BOT_USER, TEAM, Json
from tests.chat.slack.fake.pages import cut_into_pages, true
from tests.chat.slack.fake.refusal import Refusal, refused
from tests.chat.slack.fake.workspace import FakeSlack

#: How long a message may be when it is new, and when it is edited.
LONGEST, LONGEST_EDIT = 40_000, 4_000


def post_message(slack: FakeSlack, args: Json) -> Json:
    place = slack.writable(_place(slack, args["channel"]))
    _fits(args, LONGEST)
    if args.get("thread_ts"):
        slack.message(place["id"], args["thread_ts"], missing="thread_not_found")
    kept = {name: args[name] for name in ("thread_ts", "metadata") if args.get(name)}
    sent = slack.keep(place["id"], _ours(slack, args) | kept)
    return {"channel": place["id"], "ts": sent["ts"], "message": shown(sent, metadata=False)}


def update(slack: FakeSlack, args: Json) -> Json:
    slack.writable(args["channel"])
    sent = slack.message(args["channel"], args["ts"])
    if sent.get("bot_id") != BOT:
        raise Refusal("cant_update_message")
    _fits(args, LONGEST_EDIT)
    # a text alone takes the blocks away; blocks alone keep the text
    blocks = slack.named(args["blocks"]) if args.get("blocks") else []
    sent |= {"text": args.get("text", sent["text"]), "blocks": blocks}
    sent |= {"metadata": args["metadata"]} if "metadata" in args else {}
    sent["edited"] = {"user": BOT_USER, "ts": f"1800000000.{slack.number():06}"}
    return {"channel": args["channel"], "ts": sent["ts"], "text": sent["text"]}


def delete(slack: FakeSlack, args: Json) -> Json:
    slack.inside(args["channel"])
    sent = slack.message(args["channel"], args["ts"])
    if sent.get("bot_id") != BOT:
        raise Refusal("cant_delete_message")
    slack.messages[args["channel"]].remove(sent)
    return {"channel": args["channel"], "ts": args["ts"]}


def post_ephemeral(slack: FakeSlack, args: Json) -> Json:
    place = slack.writable(args["channel"])
    if args["user"] not in slack.people_of(place["id"]):
        raise Refusal("user_not_in_channel")
    _fits(args, LONGEST)
    said = {"message_ts": f"1800000000.{slack.number():06}"}
    blocks = {"blocks": slack.named(args["blocks"])} if args.get("blocks") else {}
    slack.whispers.append(args | blocks | said)
    return said


def permalink(slack: FakeSlack, args: Json) -> Json:
    slack.conversation(args["channel"])
    slack.message(args["channel"], args["message_ts"])
    number = args["message_ts"].replace(".", "")
    where = f"https://clinic.slack.example/archives/{args['channel']}/p{number}"
    return {"channel": args["channel"], "permalink": where}


def history(slack: FakeSlack, args: Json) -> Json:
    place = slack.inside(args["channel"])
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = true(args.get("inclusive"))
    cards = [
        each
        for each in reversed(slack.messages[place["id"]])
        if "thread_ts" not in each
        and (oldest < float(each["ts"]) < latest or (inclusive and float(each["ts"]) in (oldest, latest)))
    ]
    return _messages(cards, args)


def replies(slack: FakeSlack, args: Json) -> Json:
    place = slack.inside(args["channel"])
    slack.message(place["id"], args["ts"], missing="thread_not_found")
    written = slack.messages[place["id"]]
    return _messages([m for m in written if args["ts"] in (m["ts"], m.get("thread_ts"))], args)


def pin(slack: FakeSlack, args: Json) -> Json:
    slack.writable(args["channel"])
    slack.message(args["channel"], args["timestamp"])
    if args["timestamp"] in slack.pins:
        raise Refusal("already_pinned")
    slack.pins.append(args["timestamp"])
    return {}


def unpin(slack: FakeSlack, args: Json) -> Json:
    slack.writable(args["channel"])
    if args["timestamp"] not in slack.pins:
        raise Refusal("no_pin")
    slack.pins.remove(args["timestamp"])
    return {}


def shown(message: Json, *, metadata: bool) -> Json:
    """A message as Slack tells of it: metadata only to those who ask."""
    return {name: value for name, value in message.items() if metadata or name != "metadata"}


def _messages(found: Sequence[Json], args: Json) -> Json:
    page = cut_into_pages("messages", found, args, most=999)
    metadata = true(args.get("include_all_metadata"))
    return page | {"messages": [shown(each, metadata=metadata) for each in page["messages"]]}


def _place(slack: FakeSlack, name: str) -> str:
    # a person's id stands for the conversation with them
    return "D" + name[1:] if name in slack.users else name


def _ours(slack: FakeSlack, args: Json) -> Json:
    blocks = {"blocks": slack.named(args["blocks"])} if args.get("blocks") else {}
    return {
        "text": args.get("text", ""),
        "user": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "team": TEAM,
        **blocks,
    }


def _fits(args: Json, longest: int) -> None:
    text, blocks = args.get("text", ""), args.get("blocks") or []
    if not (text or blocks):
        raise Refusal("no_text")
    if len(text) > longest:
        raise Refusal("msg_too_long")
    if blocks and limits.letters(blocks) > limits.WHOLE:
        raise Refusal("msg_blocks_too_long")
    refused("invalid_blocks", limits.of_message(text, blocks) if blocks else [])


METHODS: Mapping[str, Callable[[FakeSlack, Json], Json]] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
    "conversations.history": history,
    "conversations.replies": replies,
    "pins.add": pin,
    "pins.remove": unpin,
}
