"""Whom a token may go to: Microsoft's own service addresses, or the one local test client that is set.

What people sign with their token names the address that takes our answers, and a forged one would be handed
Bookend's. So an address is held against this list where it is learned and again each time it is used. The
hosts are those that Microsoft lists for Teams of its public cloud and of GCC, which has the same sign-in
(https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages). GCC
High, DoD and China sign in elsewhere: Bookend does not work there.
"""

from __future__ import annotations

import re

#: The public cloud's, and that of GCC.
HOSTS = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
_PATH = r"(?:/(?!\.{1,2}(?:/|$))[a-z0-9._~-]+)*/?"
_FLAGS = re.ASCII | re.IGNORECASE
_MICROSOFT = re.compile(rf"https://(?:{'|'.join(map(re.escape, HOSTS))}){_PATH}", _FLAGS)
_LOCAL = re.compile(rf"https?://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{{1,5}})?{_PATH}", _FLAGS)


def allowed(service: str, own: str = "") -> bool:
    """Say whether a service address is one that may have our token; `own` is the local one that is set, and
    where there is one, no other is allowed.
    """
    if own:
        return bool(_LOCAL.fullmatch(own)) and service.rstrip("/") == own.rstrip("/")
    return bool(_MICROSOFT.fullmatch(service))
