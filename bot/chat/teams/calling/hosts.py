"""Which addresses are Microsoft's own: only they get a token."""

from __future__ import annotations

from urllib.parse import urlsplit

#: The Bot Connector in each of Microsoft's clouds.
HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
)


def allowed(service: str, own: str = "") -> bool:
    """Say whether a service address may be spoken to; `own` is the only one where it is set."""
    if own:
        return service.rstrip("/") == own.rstrip("/")
    try:
        parts = urlsplit(service)
        return parts.scheme == "https" and parts.netloc.lower() in HOSTS
    except ValueError:
        return False
