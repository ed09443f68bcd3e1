"""Whether what Teams needs besides is installed: nobody else should have to carry it."""

from __future__ import annotations

from importlib.util import find_spec

#: What comes with the extra.
NEEDED = ("microsoft_teams", "msal", "jwt", "httpx")


def lacking() -> str:
    """Return what to do where it is not installed, "" where it is."""
    if all(map(find_spec, NEEDED)):
        return ""
    return "Teams needs more than is installed: pip install -c constraints.txt '.[teams]'"
