"""Whom a token may go to: nobody who only looks like Microsoft."""

import pytest

from bot.chat.teams.calling.hosts import allowed

OWN = "http://127.0.0.1:56150/_connector"


@pytest.mark.parametrize(
    "service",
    [
        "https://smba.trafficmanager.net/emea/8f0e0000-0000-0000-0000-000000000001/",
        "https://smba.trafficmanager.net/teams",
        "https://smba.trafficmanager.net",
        "HTTPS://SMBA.TrafficManager.NET/uk/",
        "https://smba.infra.gcc.teams.microsoft.com/teams/",
    ],
)
def test_microsofts_own_addresses_may_have_our_token(service: str) -> None:
    assert allowed(service)


@pytest.mark.parametrize(
    "service",
    [
        "",
        "smba.trafficmanager.net/teams",
        "//smba.trafficmanager.net/teams",
        "http://smba.trafficmanager.net/teams",
        "https://smba.trafficmanager.net:443/teams",
        "https://smba.trafficmanager.net.:443/teams",
        "https://smba.trafficmanager.net./teams",
        "https://smba.trafficmanager.net.evil.example/teams",
        "https://evil.example/smba.trafficmanager.net",
        "https://evil.example#smba.trafficmanager.net",
        "https://evil-smba.trafficmanager.net/teams",
        "https://evil.trafficmanager.net/teams",
        "https://trafficmanager.net/teams",
        "https://smba@evil.example/teams",
        "https://smba.trafficmanager.net@evil.example/teams",
        "https://me:secret@smba.trafficmanager.net/teams",
        "https://smba.trafficmanager.net\\@evil.example/teams",
        "https://evil.example\\.smba.trafficmanager.net/teams",
        "https://smba.trafficmanager.net/../evil",
        "https://smba.trafficmanager.net/teams/..",
        "https://smba.trafficmanager.net/teams/./x",
        "https://smba.trafficmanager.net//evil.example",
        "https://smba.trafficmanager.net/%2e%2e/evil",
        "https://smba.trafficmanager.net/teams?to=https://evil.example",
        "https://smba.trafficmanager.net/teams#x",
        " https://smba.trafficmanager.net/teams",
        "https://smba.trafficmanager.net/teams\n",
        "https://smba.traffic\tmanager.net/teams",
        "https://smba.trafficmanager.net\x00/teams",
        # letters that only look the same, and a dot of another script
        "https://smb\u0430.trafficmanager.net/teams",
        "https://\u017fmba.trafficmanager.net/teams",
        "https://smba\u3002trafficmanager.net/teams",
        "https://xn--smb-8cd.trafficmanager.net/teams",
        # clouds with a sign-in of their own
        "https://smba.infra.gov.teams.microsoft.us/teams",
        "https://smba.infra.dod.teams.microsoft.us/teams",
        # where other channels of the Bot Framework are served
        "https://directline.botframework.com/",
        "https://webchat.botframework.com/",
        OWN,
    ],
)
def test_nothing_that_only_looks_like_it_does(service: str) -> None:
    assert not allowed(service)


@pytest.mark.parametrize("service", [OWN, f"{OWN}/"])
def test_a_local_test_client_is_believed_where_it_is_set(service: str) -> None:
    assert allowed(service, OWN)
    assert allowed(service, f"{OWN}/")


@pytest.mark.parametrize(
    "service",
    [
        "https://smba.trafficmanager.net/teams",
        "http://127.0.0.1:56150",
        "http://127.0.0.1:56150/_connector/more",
        "http://127.0.0.1:56151/_connector",
        "http://localhost:56150/_connector",
        "http://evil.example:56150/_connector",
    ],
)
def test_then_nobody_else_is_not_even_microsoft(service: str) -> None:
    assert not allowed(service, OWN)


@pytest.mark.parametrize(
    "own", ["http://10.0.0.7:3978", "https://evil.example", "http://127.0.0.1@evil.example", "localhost:3978"]
)
def test_what_is_set_must_be_on_this_machine(own: str) -> None:
    assert not allowed(own, own)
