"""What this program drew last: an edit that would change nothing is not made, and Slack not asked for it.

Only where no other program draws the same cards: else what stands there may be another's. Where a reply was
lost nobody knows what stands there, and it is drawn again.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.chat.newest import Newest
from bot.core.replies import MessageRef

#: A message as the platform gets it.
Json = Any
#: Messages that are remembered: a few days' of a large clinic.
MOST = 1000


class Standing:
    """Remembers digests, never words; nothing at all unless it is `alone`."""

    def __init__(self, *, alone: bool) -> None:
        self._alone = alone
        self._digests = Newest[MessageRef, bytes](MOST)

    def has(self, ref: MessageRef, what: Json) -> bool:
        """Say whether exactly this is known to stand there."""
        return self._digests.get(ref) == _digest(what)

    def keep(self, ref: MessageRef, what: Json) -> None:
        """Remember what stands there now."""
        if self._alone:
            self._digests.keep(ref, _digest(what))

    def forget(self, ref: MessageRef) -> None:
        """Know no more of what stands there."""
        self._digests.forget(ref)


def _digest(what: Json) -> bytes:
    said = json.dumps(what, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).digest()
