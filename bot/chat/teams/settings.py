"""What Teams is reached with, and what is wrong with it before Microsoft is asked; no secret is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.core.errors import Mistake

BOT = "BOOKEND_TEAMS_CLIENT_ID"
TENANT = "BOOKEND_TEAMS_TENANT_ID"
SECRET = "BOOKEND_TEAMS_CLIENT_SECRET"
IDENTITY = "BOOKEND_TEAMS_MANAGED_IDENTITY"
UNAUTHENTICATED = "BOOKEND_TEAMS_UNAUTHENTICATED"
SERVICE = "BOOKEND_TEAMS_SERVICE_URL"
#: Where Microsoft's public cloud signs in.
LOGIN = "https://login.microsoftonline.com"
#: The one other address that may ever be believed: this machine's own.
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamsSettings:
    """The bot and its tenant, both ids in small letters, and one way to prove to Microsoft who we are.

    `service_url` is a local test client's; one that is `unauthenticated` believes whoever reaches it.
    """

    client_id: str
    tenant_id: str
    secret: str = field(default="", repr=False)
    managed_identity: bool = False
    unauthenticated: bool = False
    service_url: str = ""


def mistakes(given: TeamsSettings) -> Iterator[Mistake]:
    """Yield everything because of which Microsoft would not let us in, or anybody else might be, with what to
    do.
    """
    for name, id in ((BOT, given.client_id), (TENANT, given.tenant_id)):
        if not _GUID.fullmatch(id):
            yield Mistake(file=name, what="this is no id such as 8f0e0000-0000-0000-0000-000000000001.")
    if given.client_id == given.tenant_id:
        yield Mistake(
            file=BOT,
            what=f"it holds the same as {TENANT}. Both stand on the app registration's page: take its "
            "Application (client) ID.",
        )
    yield from _proofs(given)
    if given.service_url and urlsplit(given.service_url).hostname not in _LOOPBACK:
        yield Mistake(file=SERVICE, what="only a test client on this machine is reached so. Leave it out.")


def _proofs(given: TeamsSettings) -> Iterator[Mistake]:
    proofs = {SECRET: given.secret, IDENTITY: given.managed_identity, UNAUTHENTICATED: given.unauthenticated}
    found = [name for name, is_set in proofs.items() if is_set]
    if not found:
        yield Mistake(file=SECRET, what=f"set it, or {IDENTITY} where Bookend runs in Azure with one.")
    if len(found) > 1:
        yield Mistake(file=found[0], what=f"{' and '.join(found[1:])} cannot stand beside it: keep one.")
    if _GUID.fullmatch(given.secret.lower()):
        yield Mistake(
            file=SECRET,
            what="this is the secret's id. Its Value is shown once, when it is made: make a new one and copy "
            "that.",
        )
    if given.unauthenticated and not given.service_url:
        yield Mistake(file=UNAUTHENTICATED, what=f"it is for a test client on this machine: set {SERVICE}.")
