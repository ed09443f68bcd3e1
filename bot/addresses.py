"""Addresses that somebody set: which are allowed, and in what words another one is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

#: Addresses that only this machine reaches.
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: What people paste along with their own address: where Teams calls us.
_MESSAGES = "/api/messages"


def on_this_machine(address: str) -> bool:
    """Say whether only this machine reaches an address."""
    parts = urlsplit(address.strip())
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK


def called_address(text: object) -> object:
    """Return an address that we call, over https or on this machine; raise ValueError with what it needs."""
    if text is None:
        return None
    told = str(text).strip()
    parts = urlsplit(told)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("give the address that is to be called, such as https://hc.our-clinic.example/4f1d")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("it may only be called over https")
    return told


def own_address(text: object) -> object:
    """Return where our own pages are, without a stroke at its end; raise ValueError with what it needs."""
    told = str(text).strip().rstrip("/")
    parts = urlsplit(told)
    plain = parts.hostname and not (parts.query or parts.fragment)
    if told and not (plain and parts.scheme in ("https", "http")):
        raise ValueError("give an address such as https://bookend.our-clinic.example")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("names may only be shown over https")
    if parts.path.endswith(_MESSAGES):
        raise ValueError(
            f"leave out {_MESSAGES}: that stands behind it in the bot's messaging endpoint alone"
        )
    return told
