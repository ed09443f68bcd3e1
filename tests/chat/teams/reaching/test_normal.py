"""Whatever Teams sends is understood, or known not to be: nothing that JSON can be makes an accident."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.reaching.activity import Activity, Kind
from bot.chat.teams.reaching.normal import activity, tenants
from tests.chat.teams.fake.names import BOARD, BOT_MEMBER, JO, TEAM, TENANT, account
from tests.chat.teams.reaching.told import (
    GONE,
    ODD,
    in_channel,
    installed,
    invoked,
    pressed,
    told,
    updated,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BODIES = [
    told(),
    in_channel(),
    pressed({"b": 1}),
    installed("add"),
    updated(membersAdded=[{"id": BOT_MEMBER}]),
]


def test_a_line_in_the_personal_chat_says_who_wrote_what_and_where() -> None:
    assert activity(told()) == Activity(
        kind=Kind.MESSAGE,
        name="message",
        id="1700000000001",
        service="https://smba.trafficmanager.net/emea",
        conversation="a:jo",
        personal=True,
        account=JO,
        member="29:jo",
        text="done",
        at=datetime(2026, 2, 16, 9, 30, 0, 123456, tzinfo=UTC),
    )


def test_a_line_in_a_channel_says_the_thread_apart_and_is_without_the_mention() -> None:
    found = activity(in_channel())

    assert (found.conversation, found.thread) == (BOARD, "1699999999999")
    assert (found.channel, found.team, found.personal) == (BOARD, TEAM, False)
    assert (found.text.strip(), found.mentions_bot) == ("status", True)


def mention(whom: str, text: object = GONE, name: str = "Bookend") -> dict[str, Any]:
    said = {"type": "mention", "mentioned": {"id": whom, "name": name}, "text": text}
    return {key: value for key, value in said.items() if value is not GONE}


def test_a_mention_is_known_by_its_id_and_not_by_its_name() -> None:
    namesake = [mention("29:sam", "<at>Bookend</at>")]
    renamed = [mention(BOT_MEMBER, "<at>Bookend (Riverside)</at>")]

    other = activity(told(text="<at>Bookend</at> status", entities=namesake))
    ours = activity(told(text="<at>Bookend (Riverside)</at> status", entities=renamed))
    unsaid = activity(told(text="<at>Bookend</at> status", entities=[mention(BOT_MEMBER)]))

    assert (other.text, other.mentions_bot) == ("<at>Bookend</at> status", False)
    assert (ours.text.strip(), ours.mentions_bot) == ("status", True)
    assert (unsaid.text.strip(), unsaid.mentions_bot) == ("status", True)


def test_other_people_who_are_mentioned_keep_their_place_in_the_words() -> None:
    entities = [mention(BOT_MEMBER, "<at>Bookend</at>"), mention("29:sam", "<at>Sam Roe</at>")]

    found = activity(told(text="<at>Bookend</at> to <at>Sam Roe</at>", entities=entities))

    assert found.text.strip() == "to <at>Sam Roe</at>"
    assert found.mentioned == {"<at>Sam Roe</at>": "29:sam"}


def test_a_press_names_its_message_and_brings_what_the_button_and_the_inputs_carried() -> None:
    found = activity(pressed({"b": {"do": "confirm"}, "p0.f1": "na"}))

    assert (found.kind, found.invoke, found.reply_to) == (Kind.PRESS, True, "1700000000000")
    assert found.data == {"b": {"do": "confirm"}, "p0.f1": "na"}
    assert (found.id, found.name) == ("f:0f1e", "invoke adaptiveCard/action")


def test_a_press_on_an_older_client_comes_as_a_message_and_is_a_press() -> None:
    found = activity(told(text=GONE, value={"b": 1}, replyToId="1700000000000"))

    assert (found.kind, found.invoke, found.data) == (Kind.PRESS, False, {"b": 1})


def test_a_line_with_a_value_beside_it_is_a_line() -> None:
    assert activity(told(value={"b": 1})).kind is Kind.MESSAGE


def test_a_dialog_brings_its_data() -> None:
    opened = activity(invoked("task/fetch", {"data": {"b": 1}}))
    sent = activity(invoked("task/submit", {"data": {"b": 1, "p0.f1": "x"}}))

    assert (opened.kind, opened.data) == (Kind.OPEN, {"b": 1})
    assert (sent.kind, sent.data) == (Kind.SUBMIT, {"b": 1, "p0.f1": "x"})


def test_a_quoted_line_keeps_its_html() -> None:
    html = {"contentType": "text/html", "content": '<blockquote itemid="1700000000000"></blockquote>'}

    assert activity(told(attachments=[{"contentType": "image/png"}, html])).html == html["content"]


def test_the_channel_that_was_chosen_at_the_installation_is_known() -> None:
    chosen = {"team": {"id": TEAM}, "settings": {"selectedChannel": {"id": BOARD}}}
    general = {"id": TEAM, "conversationType": "channel"}

    assert activity(installed("add") | {"channelData": chosen, "conversation": general}).channel == BOARD
    assert activity(installed("add") | {"conversation": general}).channel == TEAM


def test_a_personal_chat_is_no_channel_though_the_playground_says_that_it_was_chosen() -> None:
    chosen = {"settings": {"selectedChannel": {"id": "a:jo"}}}

    assert activity(installed("add") | {"channelData": chosen}).channel == ""


def test_whoever_came_or_left_is_named() -> None:
    came = updated(membersAdded=[{"id": "29:sam", "aadObjectId": account("sam").upper()}, {"id": "29:x"}])

    assert (activity(came).kind, activity(came).others) == (Kind.CHANGED, (account("sam"),))


KINDS = {
    "a message with a button's value": Kind.PRESS,
    "a message from nobody": Kind.OTHER,
    "a message from nobody with an id": Kind.OTHER,
    "a message in no conversation": Kind.OTHER,
    "a message to nobody": Kind.MESSAGE,
    "a message without an id": Kind.MESSAGE,
    "no text": Kind.MESSAGE,
    "a text that is a number": Kind.MESSAGE,
    "an edited message": Kind.OTHER,
    "a reaction": Kind.OTHER,
    "installed": Kind.JOINED,
    "upgraded": Kind.JOINED,
    "removed": Kind.LEFT,
    "removed for an upgrade": Kind.LEFT,
    "upgraded, as it is also said": Kind.JOINED,
    "installed in a way of its own": Kind.OTHER,
    "somebody came": Kind.CHANGED,
    "a channel was made": Kind.CHANGED,
    "a channel went to another place": Kind.CHANGED,
    "a read receipt": Kind.OTHER,
    "no type": Kind.OTHER,
    "a type that is a list": Kind.OTHER,
    "a press": Kind.PRESS,
    "a press without data": Kind.PRESS,
    "a press with null": Kind.PRESS,
    "a press with a string": Kind.PRESS,
    "a refresh": Kind.REFRESH,
    "a refresh without data": Kind.REFRESH,
    "a press with a trigger that is null": Kind.PRESS,
    "a press without a trigger": Kind.PRESS,
    "a press without a verb": Kind.PRESS,
    "a press of another action": Kind.PRESS,
    "a press without a value": Kind.INVOKE,
    "a press of nothing": Kind.INVOKE,
    "a press by nobody": Kind.INVOKE,
    "an invoke without a name": Kind.INVOKE,
    "an invoke of the future": Kind.INVOKE,
    "a dialog to open": Kind.OPEN,
    "a dialog of nothing": Kind.SUBMIT,
    "a sign-in that nobody asked for": Kind.INVOKE,
}


@pytest.mark.parametrize(("odd", "kind"), KINDS.items(), ids=KINDS)
def test_what_is_odd_is_what_it_still_can_be(odd: str, kind: Kind) -> None:
    assert activity(ODD[odd]).kind is kind


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_whatever_is_odd_an_invoke_is_known_to_wait_for_an_answer(body: dict[str, Any]) -> None:
    assert activity(body).invoke is (body.get("type") == "invoke")


@pytest.mark.parametrize(("change", "kind"), [("membersAdded", Kind.JOINED), ("membersRemoved", Kind.LEFT)])
def test_bookend_itself_came_or_went(change: str, kind: Kind) -> None:
    among_others = [{"id": "29:sam"}, {"id": BOT_MEMBER}]

    assert activity(updated(**{change: among_others})).kind is kind
    assert activity(updated(recipient=GONE, **{change: [{}]})).kind is Kind.CHANGED


@pytest.mark.parametrize("odd", ["../../evil?x=1#", "a..b", "a/b", "a b", "a\n", "ä", "x" * 513, "", 5, None])
def test_an_id_that_can_be_none_is_not_said(odd: object) -> None:
    found = activity(told(id=odd, replyToId=odd, **{"from": {"id": odd, "aadObjectId": odd}}))

    assert (found.id, found.reply_to, found.member, found.account) == ("", "", "", "")
    assert activity(told(conversation={"id": odd})).conversation == ""
    assert activity(in_channel(conversation={"id": f"{BOARD};messageid={odd}/"})).thread == ""


def test_ids_as_teams_makes_them_are_kept() -> None:
    ids = [
        "19:meeting_MjdhNjM4@thread.v2",
        "19:8ea0_b0e5@unq.gbl.spaces",
        "29:1bSnHZ7Js2STWrgk6ScEErLk1Lp2-zQ",
        "1:1kCz_K",
        "a:1p==",
    ]

    assert [activity(told(conversation={"id": each})).conversation for each in ids] == ids


def test_every_tenant_that_is_named_counts() -> None:
    foreign = told(conversation={"id": "a:jo", "tenantId": "Other"})

    assert tenants(told()) == {TENANT}
    assert tenants(foreign) == {TENANT, "other"}
    assert tenants(told(channelData={"tenant": {"id": 5}}, conversation={"id": "a:jo"})) == {""}
    assert tenants(told(channelData=GONE, conversation=GONE)) == frozenset()


def test_an_account_is_told_in_small_letters() -> None:
    loud = told(**{"from": {"id": "29:jo", "aadObjectId": JO.upper()}})

    assert activity(loud).account == JO


def test_what_is_nested_deeper_than_any_card_carries_nothing() -> None:
    deep: Any = "bottom"
    for _ in range(900):
        deep = {"b": deep}

    assert activity(pressed(deep)).data == {}


@pytest.mark.parametrize("said", ["yesterday", "2026-02-16T09:30:00", "0001-01-01T00:00:00+14:00", 5, None])
def test_a_moment_that_nobody_can_place_is_none(said: object) -> None:
    assert activity(told(timestamp=said)).at is None


def test_words_that_a_person_wrote_are_not_part_of_the_name_for_the_log() -> None:
    said = invoked("Erika Muster, born 1970")

    assert activity(said).name == "invoke"


@given(body=JSON)
def test_nothing_that_json_can_be_makes_an_accident(body: object) -> None:
    assert activity(body).kind in Kind


def paths(value: object, so_far: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inner: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [so_far, *(path for key, each in inner for path in paths(each, (*so_far, key)))]


def put(body: Any, path: tuple[object, ...], what: object) -> Any:
    if not path:
        return what
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = put(body[path[0]], path[1:], what)
    return copy


@given(data=st.data())
def test_a_real_body_of_which_anything_was_replaced_makes_no_accident(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([*BODIES, *ODD.values()]))
    for _ in range(data.draw(st.integers(1, 3))):
        body = put(body, data.draw(st.sampled_from(paths(body))), data.draw(JSON))

    found = activity(body)

    assert found.invoke is (isinstance(body, dict) and body.get("type") == "invoke")
    assert found.kind in (Kind.OTHER, Kind.INVOKE) or found.conversation
