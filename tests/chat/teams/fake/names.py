"""Who and what there is in the invented tenant, and how Teams writes a person and a conversation."""

from __future__ import annotations

import uuid
from typing import Any

Json = dict[str, Any]

TENANT = "7e4a1111-0000-4000-8000-000000000001"
#: The bot's client id; in Teams its account has a "28:" before it.
BOT = "b00cb00c-0000-4000-8000-000000000002"
BOT_MEMBER = f"28:{BOT}"
ISSUER = "https://api.botframework.com"
#: The team, its first channel, which has the team's own id, and those of the clinic.
TEAM = GENERAL = "19:general@thread.tacv2"
BOARD = "19:board@thread.tacv2"
_PEOPLE = uuid.UUID("9e091e00-0000-4000-8000-000000000003")


def account(name: str) -> str:
    """The object id of one of the invented people."""
    return str(uuid.uuid5(_PEOPLE, name))


def member(name: str, **more: object) -> Json:
    """A person as the connector shows them; a guest has `userRole="guest"`, a stranger another `tenantId`."""
    mail = f"{name}@clinic.example"
    return {
        "id": f"29:{name}",
        "name": name.capitalize(),
        "objectId": account(name),
        "aadObjectId": account(name),
        "email": mail,
        "userPrincipalName": mail,
        "tenantId": TENANT,
        "userRole": "user",
        **more,
    }


def direct(name: str) -> str:
    """The conversation between one person and Bookend."""
    return f"a:1-{name}"


JO = account("jo")
