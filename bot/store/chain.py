"""The history chain: what makes a changed, removed, added or moved line of a case's history show.

This format cannot change: what is written today must verify for as long as a clinic keeps its records.
`tests` pin it.

Notation: hex() is lower-case hexadecimal; pack(a, b, ...) is, for each part, its length in bytes as 8 bytes
big-endian and then the part; text is UTF-8; a number is its decimal digits; a moment is UTC with six
decimals, `2027-01-04T09:30:00.000000+00:00`. HMAC is HMAC-SHA-256 under the clinic's history key. Digests,
links and heads stand in the tables as hex() and go into pack() as their 32 bytes.

- *detail*: the text of the `detail` column, canonical JSON (`bot.store.plain`).
- *salt*: 16 random bytes, hex() in the column.
- *content digest* = SHA-256(salt bytes, then the detail). It stays when detail and salt are erased.
- *link* of line `seq` (counted from 1) of a case
  = HMAC(pack("bookend history 1", link of line seq-1, case code, seq, at, kind, by, content digest));
  for line 1 the link before it is the empty string.
- *head* of a case after line `seq`, kept in the case's own row and nowhere else
  = HMAC(pack("bookend head 1", head after line seq-1, link of line seq));
  before line 1 it is the empty string.
  Nobody without the key can cut lines off the end and then write the head that the shorter history had.
- *heads* of a seal: canonical JSON of [[case code, seq of its last line, link of that line], ...], sorted by
  code, for the cases that got lines since the seal before, and after them [clinic/playbook, number, link] of
  each signature given since; *heads digest* = SHA-256(heads).
- *link* of seal `seq` (counted from 1)
  = HMAC(pack("bookend seal 1", link of seal seq-1, seq, at, lines sealed so far in all cases, heads digest));
  for seal 1 the link before it is the empty string.
- *link* of signature `number` (counted from 1) of a clinic under a playbook
  = HMAC(pack("bookend signature 1", link of signature number-1, clinic, playbook, number, digest, by, name,
  at, next review as 2027-01-04)); for signature 1 the link before it is the empty string.
- *proof* of a key = HMAC(pack("bookend key 1")): says whether a database was begun with this key.

Beside the chain, *parcel name* = the first 16 digits of HMAC(pack("bookend parcel 1", parcel key)).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.core.signing import Signature
from bot.core.times import aware

#: The link before the first line, and the head of a case without lines.
NOTHING = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of history as it is chained; detail and salt are `None` once they are erased."""

    code: str
    seq: int
    at: datetime
    kind: str
    by: str
    content_digest: str
    detail: str | None = None
    salt: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """A seal as it is chained: `lines` counts all sealed lines of all cases."""

    seq: int
    at: datetime
    lines: int
    heads_digest: str


def content_digest(salt: str, detail: str) -> str:
    """Return the digest that stays when a detail is erased."""
    return sha256(bytes.fromhex(salt) + detail.encode()).hexdigest()


def heads_digest(heads: str) -> str:
    """Return the digest of what a seal covers."""
    return sha256(heads.encode()).hexdigest()


def link(key: bytes, before: str, line: Line) -> str:
    """Return the link of a line, given the link of the line before it."""
    return _mac(
        key,
        b"bookend history 1",
        bytes.fromhex(before),
        line.code.encode(),
        str(line.seq).encode(),
        moment(line.at).encode(),
        line.kind.encode(),
        line.by.encode(),
        bytes.fromhex(line.content_digest),
    )


def head(key: bytes, before: str, last_link: str) -> str:
    """Return the head of a case after a line, given the head before it."""
    return _mac(key, b"bookend head 1", bytes.fromhex(before), bytes.fromhex(last_link))


def seal_link(key: bytes, before: str, seal: Seal) -> str:
    """Return the link of a seal, given the link of the seal before it."""
    return _mac(
        key,
        b"bookend seal 1",
        bytes.fromhex(before),
        str(seal.seq).encode(),
        moment(seal.at).encode(),
        str(seal.lines).encode(),
        bytes.fromhex(seal.heads_digest),
    )


def signature_link(key: bytes, before: str, signed: Signature) -> str:
    """Return the link of a signature, given the link of the one before it under the same playbook."""
    words = (signed.clinic, signed.playbook, str(signed.number), signed.digest, signed.by, signed.name)
    ends = (moment(signed.at), signed.next_review.isoformat())
    return _mac(
        key,
        b"bookend signature 1",
        bytes.fromhex(before),
        *(word.encode() for word in (*words, *ends)),
    )


def proof(key: bytes) -> str:
    """Return what tells this key from another without giving it away."""
    return _mac(key, b"bookend key 1")


def parcel_name(key: bytes, parcel: str) -> str:
    """Return what a parcel is called outside: opaque, and the same whenever it is queued again."""
    return _mac(key, b"bookend parcel 1", parcel.encode())[:16]


def moment(at: datetime) -> str:
    """Write an instant as the chain does."""
    return aware(at).isoformat(timespec="microseconds")


def same(one: str, other: str) -> bool:
    """Compare two links without telling by the time it takes how far they agree."""
    return hmac.compare_digest(one.encode(), other.encode())


def _mac(key: bytes, *parts: bytes) -> str:
    packed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(key, packed, "sha256").hex()
