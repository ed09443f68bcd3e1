"""Where people and channels are: learned from what Teams tells, kept, and never believed blindly."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.teams.people.places import EVERYWHERE, KnownPlaces
from bot.chat.teams.reaching.activity import Kind
from bot.chat.teams.reaching.normal import activity
from bot.clock import VirtualClock
from bot.core.places import Place
from bot.service.places import KeptPlaces
from tests.chat.teams.fake.names import BOARD, JO, TEAM
from tests.chat.teams.reaching.told import SERVICE, in_channel, installed, pressed, told
from tests.service.clinic import OPENED, here, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

OURS = SERVICE.rstrip("/")
HERS = Place(platform="teams", name=JO, conversation="a:jo", service=OURS, member="29:jo")


def kept() -> KeptPlaces:
    return KeptPlaces(practice=practice(memory_store(), VirtualClock(OPENED)))


async def learned(*bodies: dict[str, Any], port: KeptPlaces | None = None) -> KnownPlaces:
    places = KnownPlaces(port or kept(), here)
    for body in bodies:
        await places.learn(activity(body))
    return places


@pytest.mark.parametrize("body", [told(), pressed({}), installed("add"), installed("add-upgrade")])
async def test_whoever_writes_presses_or_installs_is_reached_from_then_on(body: dict[str, Any]) -> None:
    places = await learned(body)

    assert places.person(JO) == HERS
    assert places.at("a:jo") == HERS


async def test_what_was_learned_is_known_after_a_restart() -> None:
    port = kept()
    await learned(told(), in_channel(), port=port)

    again = KnownPlaces(port, here)
    await again.load()

    assert again.person(JO) == HERS
    assert again.channel(BOARD) == Place(
        platform="teams", name=BOARD, conversation=BOARD, service=OURS, team=TEAM
    )
    assert [each.name for each in again.teams()] == [TEAM]


async def test_a_line_in_a_channel_tells_who_somebody_is_but_not_where_they_are_alone() -> None:
    places = await learned(in_channel())

    assert places.person(JO) == replace(HERS, conversation="")
    assert places.met() == ()


async def test_a_line_in_a_channel_leaves_somebodys_own_conversation_as_it_is() -> None:
    assert (await learned(told(), in_channel())).person(JO) == HERS


async def test_a_group_chat_is_no_channel() -> None:
    group = told(conversation={"id": "19:group@thread.v2", "conversationType": "groupChat"})

    places = await learned(group)

    assert (places.channel("19:group@thread.v2"), places.at("19:group@thread.v2")) == (None, None)


async def test_whoever_took_bookend_out_is_not_learned_of() -> None:
    places = await learned(installed("remove"))

    assert places.person(JO) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "https://evil.example/emea"},
        {"service": "http://smba.trafficmanager.net/emea"},
        {"service": "https://smba.trafficmanager.net@evil.example"},
        {"service": ""},
        {"conversation": "../../evil?x=1#"},
        {"conversation": "a:..jo"},
        {"member": "29:jo/activities"},
    ],
)
async def test_what_leads_elsewhere_is_neither_kept_nor_believed_when_it_was(wrong: dict[str, str]) -> None:
    port = kept()
    await (await learned(port=port)).keep(replace(HERS, **wrong))
    assert port.all("teams") == []

    port.keep(replace(HERS, **wrong))
    places = KnownPlaces(port, here)
    await places.load()

    assert (places.person(JO), places.at("a:jo"), places.met()) == (None, None, ())
    assert places.service() == EVERYWHERE


async def test_with_a_test_client_of_ones_own_nothing_else_is_believed() -> None:
    own = "http://127.0.0.1:56150/_connector"
    places = KnownPlaces(kept(), here, own_service=own)

    await places.learn(activity(told()))
    assert (places.person(JO), places.service()) == (None, own)

    await places.learn(activity(told(serviceUrl=f"{own}/")))
    assert places.person(JO) == replace(HERS, service=own)


async def test_the_same_again_is_not_written_again() -> None:
    port = kept()
    await learned(told(), told(), in_channel(), in_channel(), port=port)

    with port.practice.store.reading() as reading:
        assert {made.revision for made in reading.arrangements("", "place")} == {1}


async def test_a_refusal_stays_over_a_restart_until_it_is_lifted() -> None:
    port = kept()
    places = await learned(told(), in_channel(), port=port)
    await places.refuse(JO, "blocked Bookend")
    await places.refuse(TEAM, "was deleted")

    again = KnownPlaces(port, here)
    await again.load()
    assert (again.refused(JO), again.refused(TEAM)) == ("blocked Bookend", "was deleted")
    assert (again.met(), again.teams()) == ((), ())

    await again.allowed(JO)
    await again.allowed("nobody")
    assert again.person(JO) == HERS
    assert {each.name: each.refused for each in port.all("teams")}[JO] == ""


async def test_learning_more_of_somebody_lifts_no_refusal() -> None:
    places = await learned(told())
    await places.refuse(JO, "blocked Bookend")

    await places.learn(activity(told(conversation={"id": "a:newer", "conversationType": "personal"})))

    assert places.person(JO) == replace(HERS, conversation="a:newer", refused="blocked Bookend")


async def test_somebody_who_was_never_met_can_be_refused_as_well() -> None:
    places = await learned()

    await places.refuse(JO, "has not opened Bookend yet")

    assert places.refused(JO) == "has not opened Bookend yet"


async def test_nothing_is_learned_of_what_is_nobodys_doing() -> None:
    odd = activity(told(type="event"))
    assert odd.kind is Kind.OTHER

    places = KnownPlaces(kept(), here)
    await places.learn(odd)

    assert places.person(JO) is None
