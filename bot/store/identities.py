"""Who patients are, encrypted: the database alone, or a copy of it, names nobody.

Fernet (AES-128-CBC with HMAC-SHA256) under keys that are derived from the clinic's secrets. What is written
is encrypted with the newest secret, what is read with whichever fits: secrets can be changed one by one.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, bindparam, select, update

from bot.core.errors import StoreTrouble
from bot.core.identity import Identity
from bot.store.batches import SIZE, batches
from bot.store.tables import cases, identities
from bot.store.upserts import upsert_identity

#: What these keys are for: the same secret gives another key elsewhere.
_PURPOSE = b"bookend identity 1"
_SEALED = select(identities.c.sealed).where(identities.c.code == bindparam("of"))
_OPEN = (
    select(identities.c.code, identities.c.sealed)
    .join(cases, cases.c.code == identities.c.code)
    .where(cases.c.clinic == bindparam("of"), cases.c.closed_at.is_(None))
)
_ALL = select(identities.c.code, identities.c.sealed).order_by(identities.c.code)
_OF_MANY = _ALL.where(identities.c.code.in_(bindparam("codes", expanding=True)))
#: Whoever corrects one of these meanwhile waits, a moment: what they write must not be taken back.
_NEXT = _ALL.where(identities.c.code > bindparam("after")).limit(SIZE).with_for_update()
_RESEAL = update(identities).where(identities.c.code == bindparam("of"))


class Vault:
    """Encrypts with the first of the clinic's secrets and decrypts with any; without one, it refuses."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._single = [Fernet(_derived(secret)) for secret in secrets]

    def seal(self, code: str, identity: Identity) -> str:
        """Return what the database keeps; the code is sealed with it, so that no two can be exchanged."""
        told = [code, identity.name, identity.born.isoformat(), identity.record]
        return self._keys().encrypt(json.dumps(told, ensure_ascii=False).encode()).decode("ascii")

    def open(self, code: str, sealed: str) -> Identity:
        """Return whom it names; raise StoreTrouble where no key fits, or it was sealed for another case."""
        try:
            told, name, born, record = json.loads(self._keys().decrypt(sealed.encode()))
        except InvalidToken:
            raise StoreTrouble(
                f"Who {code} is cannot be read: put the key it was written with back into "
                "BOOKEND_IDENTITY_KEYS, behind the newest one."
            ) from None
        if told != code:
            raise StoreTrouble(f"Who {code} is was exchanged in the database. Ask whoever runs Bookend.")
        return Identity(name=name, born=date.fromisoformat(born), record=record)

    def opens(self, code: str, sealed: str) -> bool:
        """Say whether it can be read."""
        try:
            self.open(code, sealed)
        except StoreTrouble:
            return False
        return True

    def is_newest(self, sealed: str) -> bool:
        """Say whether it was encrypted with the newest secret."""
        self._keys()
        try:
            self._single[0].decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: str) -> str:
        """Return the same, encrypted with the newest secret."""
        return self._keys().rotate(sealed.encode()).decode("ascii")

    def _keys(self) -> MultiFernet:
        if not self._single:
            raise StoreTrouble("Names cannot be kept yet: set BOOKEND_IDENTITY_KEYS.")
        return MultiFernet(self._single)


def _derived(secret: bytes) -> bytes:
    return urlsafe_b64encode(HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret))


def identity(connection: Connection, vault: Vault, code: str) -> Identity | None:
    """Return who a case is of, if that was written down."""
    sealed: str | None = connection.scalar(_SEALED, {"of": code})
    return vault.open(code, sealed) if sealed is not None else None


def of_open_cases(connection: Connection, vault: Vault, clinic: str) -> Iterator[Identity]:
    """Yield who a clinic's open cases are of; one that no key fits is left out."""
    for code, sealed in connection.execute(_OPEN, {"of": clinic}).all():
        with suppress(StoreTrouble):
            yield vault.open(code, sealed)


def names(connection: Connection, vault: Vault, codes: Iterable[str]) -> dict[str, str]:
    """Return code -> name of those that are written down. What no key fits is left out: without its name a
    card still asks, and who looks for the name itself is told what is wrong.
    """
    found: dict[str, str] = {}
    for some in batches([*codes]):
        for code, sealed in connection.execute(_OF_MANY, {"codes": some}):
            with suppress(StoreTrouble):
                found[code] = vault.open(code, sealed).name
    return found


def identify(connection: Connection, vault: Vault, code: str, who: Identity, at: datetime) -> None:
    """Write down who a case is of, or correct it."""
    row = {"code": code, "sealed": vault.seal(code, who), "at": at}
    connection.execute(upsert_identity(connection.dialect.name), [row])


def renew_next(connection: Connection, vault: Vault, after: str) -> tuple[str, int]:
    """Encrypt the next ones behind a code with the newest secret, as many as nobody has to wait for; return
    the last one's code, "" where none is left, and how many had an older one. Raise StoreTrouble where no
    secret fits.
    """
    found = connection.execute(_NEXT, {"after": after}).all()
    older = [(code, sealed) for code, sealed in found if not vault.is_newest(sealed)]
    for code, sealed in older:
        vault.open(code, sealed)
        connection.execute(_RESEAL.values(sealed=vault.renew(sealed)), {"of": code})
    return (found[-1][0] if found else ""), len(older)


def older(connection: Connection, vault: Vault) -> int:
    """Return how many are encrypted with another secret than the newest."""
    return sum(not vault.is_newest(sealed) for _, sealed in connection.execute(_ALL))


def unreadable(connection: Connection, vault: Vault) -> int:
    """Return how many cannot be read with the secrets that are there."""
    return sum(not vault.opens(code, sealed) for code, sealed in connection.execute(_ALL))
