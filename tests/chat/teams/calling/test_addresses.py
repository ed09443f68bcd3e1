"""Where things are asked for: ids as Teams has them go in, quoted."""

import pytest

from bot.chat.teams.calling.addresses import channels, conversations, in_thread, is_id

SERVICE = "https://smba.trafficmanager.net/emea/"


@pytest.mark.parametrize(
    "told",
    [
        "a:1pL6i0oY3C0K8oAj8_-x",
        "19:board@thread.tacv2",
        "19:board@thread.tacv2;messageid=1700000000001",
        "19:9e091e00-0000-4000-8000-000000000003_b00cb00c-0000-4000-8000-000000000002@unq.gbl.spaces",
        "29:1bSnHZ7Js2STWrgk6ScEErLk1Lp2zQuD5H2qQ960rtvstKp8tKLl",
        "28:b00cb00c-0000-4000-8000-000000000002",
        "f:9e091e00-0000-4000-8000-000000000003",
        "1700000000001",
    ],
)
def test_every_id_that_teams_has_is_one(told: str) -> None:
    assert is_id(told)


def test_an_id_goes_into_an_address_as_one_part_of_it() -> None:
    thread = in_thread("19:board@thread.tacv2", "1700000000001")

    found = conversations(SERVICE, thread, "activities", "1")

    assert found == (
        "https://smba.trafficmanager.net/emea/v3/conversations/"
        "19%3Aboard%40thread.tacv2%3Bmessageid%3D1700000000001/activities/1"
    )
    assert conversations(SERVICE) == "https://smba.trafficmanager.net/emea/v3/conversations"
    assert (
        channels(SERVICE, "19:a@x")
        == "https://smba.trafficmanager.net/emea/v3/teams/19%3Aa%40x/conversations"
    )


def test_no_thread_is_the_channel_itself() -> None:
    assert in_thread("19:board@thread.tacv2", "") == "19:board@thread.tacv2"
