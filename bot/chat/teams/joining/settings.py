"""What Teams is reached with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamsSettings:
    """The bot and its tenant, both ids in small letters, and one way to prove to Microsoft who we are.

    `service_url` is a local test client's, for one that is `unauthenticated`: whoever reaches it is believed.
    """

    client_id: str
    tenant_id: str
    secret: str = field(default="", repr=False)
    managed_identity: bool = False
    unauthenticated: bool = False
    service_url: str = ""
