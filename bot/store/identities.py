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
from bot.store.batches import batches
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
#: Whoever corrects a name meanwhile waits: what they write must not be taken back.
_LOCKED = _ALL.with_for_update()
_RESEAL = update(identities).where(identities.c.code == bindparam("of"))


class Vault:
    """Encrypts with the first of the clinic's secrets and decrypts with any; without one, it refuses."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(secret)) for secret in secrets]) if secrets else None

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

    def renew(self, sealed: str) -> str:
        """Return the same, encrypted with the newest secret."""
        return self._keys().rotate(sealed.encode()).decode("ascii")

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise StoreTrouble("Names cannot be kept yet: set BOOKEND_IDENTITY_KEYS.")
        return self._fernet


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


def renew_all(connection: Connection, vault: Vault) -> int:
    """Encrypt everything with the newest secret; raise StoreTrouble, and change nothing, where none fits."""
    found = connection.execute(_LOCKED).all()
    for code, sealed in found:
        vault.open(code, sealed)
        connection.execute(_RESEAL.values(sealed=vault.renew(sealed)), {"of": code})
    return len(found)


def unreadable(connection: Connection, vault: Vault) -> int:
    """Return how many cannot be read with the secrets that are there."""
    return sum(not vault.opens(code, sealed) for code, sealed in connection.execute(_ALL))
