"""What Teams sends, as its documentation and the playground have it, by invented people; and what is odd."""

from __future__ import annotations

from typing import Any

from tests.chat.teams.fake.names import BOARD, BOT_MEMBER, JO, TEAM, TENANT, Json

SERVICE = "https://smba.trafficmanager.net/emea/"
GONE = object()


def told(**changes: Any) -> Json:
    """An activity of Jo's in the personal chat; a field that is `GONE` is left out."""
    body: Json = {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-02-16T09:30:00.1234567Z",
        "localTimestamp": "2026-02-16T10:30:00.1234567+01:00",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": "29:jo", "name": "Jo Park", "aadObjectId": JO},
        "recipient": {"id": BOT_MEMBER, "name": "Bookend"},
        "conversation": {"id": "a:jo", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [{"type": "clientInfo", "locale": "en-GB", "platform": "iOS", "country": "GB"}],
        "text": "done",
        "textFormat": "plain",
        "locale": "en-GB",
    }
    return {name: value for name, value in (body | changes).items() if value is not GONE}


def in_channel(**changes: Any) -> Json:
    """A line in a thread of the channel, which mentions Bookend."""
    mention = {
        "type": "mention",
        "text": "<at>Bookend</at>",
        "mentioned": {"id": BOT_MEMBER, "name": "Bookend"},
    }
    place = {
        "id": f"{BOARD};messageid=1699999999999",
        "conversationType": "channel",
        "tenantId": TENANT,
        "isGroup": True,
    }
    where = {"tenant": {"id": TENANT}, "channel": {"id": BOARD}, "team": {"id": TEAM}}
    words = {"text": "<at>Bookend</at> status\n", "entities": [mention]}
    return told(**({"conversation": place, "channelData": where} | words | changes))


def invoked(name: object = "adaptiveCard/action", value: object = GONE, **changes: Any) -> Json:
    """An invoke from Jo's chat, about the message with the card."""
    what = {"type": "invoke", "name": name, "value": value, "id": "f:0f1e", "replyToId": "1700000000000"}
    return told(**(what | {"text": GONE, "textFormat": GONE} | changes))


def pressed(data: object = GONE, trigger: object = "manual", **action: Any) -> Json:
    """Jo presses a button of a card."""
    what = {"type": "Action.Execute", "verb": "b", "data": data} | action
    button = {name: value for name, value in what.items() if value is not GONE}
    return invoked(value={"action": button} | ({} if trigger is GONE else {"trigger": trigger}))


def installed(action: object) -> Json:
    return told(type="installationUpdate", action=action, text=GONE, textFormat=GONE, entities=GONE)


def updated(event: object = GONE, **changes: Any) -> Json:
    """Something of the team changed."""
    where = {"tenant": {"id": TENANT}, "team": {"id": TEAM}}
    data = where if event is GONE else where | {"eventType": event}
    return in_channel(
        **({"type": "conversationUpdate", "channelData": data, "text": GONE, "entities": GONE} | changes)
    )


#: What Teams, an old client or somebody else may send; each is answered, and none with an accident.
ODD: dict[str, object] = {
    "a message with a button's value": told(text=GONE, value={"b": 1}),
    "a message of rich text": told(textFormat="xml"),
    "a message with an html attachment": told(
        attachments=[{"contentType": "text/html", "content": "<p>done</p>"}]
    ),
    "a message with an attachment of no kind": told(attachments=[{"content": "x"}]),
    "a message with entities of the future": told(entities=[{"type": "ProductInfo", "id": "COPILOT"}, 5]),
    "a mention of nobody": told(entities=[{"type": "mention"}]),
    "a mention without its text": told(entities=[{"type": "mention", "mentioned": {"id": BOT_MEMBER}}]),
    "a conversation of a new type": told(conversation={"id": "a:jo", "conversationType": "canvas"}),
    "a message from nobody": told(**{"from": GONE}),
    "a message from nobody with an id": told(**{"from": {"aadObjectId": "jo"}}),
    "a message in no conversation": told(conversation=GONE),
    "a message to nobody": told(recipient=GONE),
    "a message without an id": told(id=GONE),
    "an id that is a number": told(id=1),
    "an id that leads elsewhere": told(id="../../evil?x=1#"),
    "no text": told(text=None),
    "a text that is a number": told(text=3),
    "half a letter": told(text="\ud800"),
    "an importance of its own": told(importance="veryhigh"),
    "a channel's data that is a list": told(channelData=[1]),
    "a timestamp that is none": told(timestamp="yesterday"),
    "a timestamp without a zone": told(timestamp="2026-02-16T09:30:00"),
    "a timestamp before all time": told(timestamp="0001-01-01T00:00:00+14:00"),
    "an edited message": told(type="messageUpdate", channelData={"eventType": "editMessage"}),
    "an edited message that does not say so": told(type="messageUpdate"),
    "a deleted message": told(type="messageDelete", text=GONE),
    "a reaction": told(type="messageReaction", reactionsAdded=[{"type": "1f44d_thumbsup"}]),
    "installed": installed("add"),
    "upgraded": installed("add-upgrade"),
    "removed": installed("remove"),
    "removed for an upgrade": installed("remove-upgrade"),
    "upgraded, as it is also said": installed("upgrade"),
    "installed in a way of its own": installed({"add": 1}),
    "somebody came": updated(membersAdded=[{"id": "29:sam"}]),
    "a channel was made": updated("channelCreated"),
    "a channel went to another place": updated("channelMoved"),
    "an event that is a list": updated(["channelDeleted"]),
    "members that are none": updated(membersAdded={"id": BOT_MEMBER}),
    "a read receipt": told(type="event", name="application/vnd.microsoft.readReceipt", text=GONE),
    "an event of the future": told(type="event", name="application/vnd.microsoft.future", value={}),
    "typing": told(type="typing", text=GONE),
    "the end of a conversation": told(type="endOfConversation"),
    "a trace": told(type="trace"),
    "no type": told(type=GONE),
    "a type that is null": told(type=None),
    "a type that is a number": told(type=5),
    "a type that is a list": told(type=["invoke"]),
    "a press": pressed({"b": 1}),
    "a press without data": pressed(),
    "a press with null": pressed(None),
    "a press with a string": pressed("x"),
    "a press with a list": pressed([{"b": 1}]),
    "a refresh": pressed({"b": 1}, "automatic"),
    "a refresh without data": pressed(trigger="automatic"),
    "a press with a trigger that is null": pressed({"b": 1}, None),
    "a press without a trigger": pressed({"b": 1}, GONE),
    "a press without a verb": pressed({"b": 1}, verb=GONE),
    "a press of another action": pressed({"b": 1}, type="Action.Future"),
    "a press without a value": invoked(),
    "a press with a value that is a list": invoked(value=[]),
    "a press of nothing": invoked(value={}),
    "a press of an action that is a string": invoked(value={"action": "x"}),
    "a press by nobody": invoked(**{"from": GONE}),
    "an invoke without a name": invoked(GONE),
    "an invoke whose name is a number": invoked(7),
    "an invoke of the future": invoked("foo/bar", {}),
    "a dialog to open": invoked("task/fetch", {"data": {"b": 1}, "context": {"theme": "default"}}),
    "a dialog of nothing": invoked("task/submit", None),
    "a thumb up": invoked("message/submitAction", {"actionName": "feedback", "actionValue": {}}),
    "another submit": invoked("message/submitAction", {"actionName": "other", "actionValue": {}}),
    "a sign-in that nobody asked for": invoked("signin/verifyState", {"state": "1"}),
    "a token that nobody asked for": invoked("signin/tokenExchange", {"id": "1", "token": "x"}),
    "a query": invoked("composeExtension/query", {"commandId": "x"}),
    "a configuration": invoked("config/fetch", {}),
    "an agreement to a file": invoked("fileConsent/invoke", {"action": "accept"}),
}
