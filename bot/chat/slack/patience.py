"""How long things may take while somebody waits: Slack gives up after three seconds, and says so to them.

That counts for the acknowledgement of whatever arrived, and for the trigger by which a window opens. So each
wait on the way is shorter than the one around it, and all that is not done by then is done after.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long is waited for the desk, in seconds."""

    #: for a form, before a modal is opened in its place
    form: float = 1.0
    #: for anything else, before Slack is told that it was taken
    taken: float = 2.0
    #: for Slack to draw what an acknowledgement carried, before that is drawn over
    drawn: float = 0.5


#: What people are used to.
PATIENT = Patience()
#: How long Slack itself is kept waiting, in seconds: the way there and back takes time as well.
LONGEST = 2.8
