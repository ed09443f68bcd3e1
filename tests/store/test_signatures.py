"""Signatures: kept as they were given, numbered without a gap, and proof against whoever has no key."""

import hmac

import pytest

from bot.core.errors import Conflict
from bot.core.signing import Signature
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, MINUTE, NOW, signature
from tests.store.tampering import tamper
from tests.store.test_races import at_once

DIGEST = "0f" * 32


def sign(store: SqlStore, *signatures: Signature) -> None:
    for each in signatures:
        with store.writing() as work:
            work.keep_playbook(each.digest, each.playbook, {"abl.yaml": "playbook: abl"})
            work.sign(each)


def test_signatures_come_back_as_they_were_given(store: SqlStore) -> None:
    second = signature(2, name="Dr Álvarez\0", at=NOW + MINUTE, digest="1e" * 32)
    other = signature(clinic="hillside")

    sign(store, signature(), second, other, signature(playbook="naf"))

    with store.reading() as look:
        found = look.signatures("riverside")
    assert [(each.playbook, each.number) for each in found] == [("abl", 1), ("abl", 2), ("naf", 1)]
    assert found[0] == signature()
    assert found[1].name == "Dr Álvarez?"
    assert store.verify() == []


def test_what_nobody_signed_has_no_signature(store: SqlStore) -> None:
    with store.reading() as look:
        assert look.signatures("riverside") == ()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_only_the_next_number_is_taken(store: SqlStore, number: int) -> None:
    sign(store, signature())

    with pytest.raises(Conflict):
        sign(store, signature(number))

    with store.reading() as look:
        assert look.signatures("riverside") == (signature(),)


def test_of_two_who_sign_at_once_one_is_told(durable: SqlStore, durable_url: str) -> None:
    other = open_store(durable_url, history_key=KEY)
    mine, theirs = signature(), signature(by="pia", name="Dr Pia")

    ends = at_once(lambda: sign(durable, mine), lambda: sign(other, theirs))
    other.close()

    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "NoneType"]
    with durable.reading() as look:
        (kept,) = look.signatures("riverside")
    assert kept in (mine, theirs)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signatures SET next_review = '2099-01-01' WHERE number = 1",
        "UPDATE signatures SET name = 'Dr Nobody' WHERE number = 2",
        "UPDATE signatures SET playbook = 'naf' WHERE number = 2",
        "DELETE FROM signatures WHERE number = 1",
        "INSERT INTO signatures SELECT clinic, 'naf', number, digest, by_person, name, at, next_review, link "
        "FROM signatures WHERE number = 1",
    ],
)
def test_what_somebody_without_the_key_does_to_a_signature_shows(
    durable: SqlStore, durable_url: str, statement: str
) -> None:
    sign(durable, signature(), signature(2))

    tamper(durable_url, statement)

    assert any("signature" in problem for problem in durable.verify())


@pytest.mark.parametrize(
    "statement", ["DELETE FROM signatures", "DELETE FROM signatures WHERE number = 2"], ids=["all", "last"]
)
def test_a_sealed_signature_that_is_gone_shows(durable: SqlStore, durable_url: str, statement: str) -> None:
    sign(durable, signature(), signature(2))
    durable.seal(NOW + MINUTE)

    tamper(durable_url, statement)

    assert "signature 2 of riverside/abl was sealed and is gone." in durable.verify()


def test_a_signature_given_anew_in_the_place_of_a_sealed_one_shows(
    durable: SqlStore, durable_url: str
) -> None:
    sign(durable, signature())
    durable.seal(NOW + MINUTE)

    tamper(durable_url, "DELETE FROM signatures")
    sign(durable, signature(name="Dr Nobody"))
    durable.seal(NOW + 2 * MINUTE)

    assert durable.verify() == ["signature 1 of riverside/abl is not the one that was sealed."]


def test_a_signature_is_sealed_once(store: SqlStore) -> None:
    sign(store, signature())

    assert [store.seal(NOW + minutes * MINUTE) for minutes in (1, 2)] == [True, False]
    sign(store, signature(2))
    assert [store.seal(NOW + minutes * MINUTE) for minutes in (3, 200)] == [True, False]
    assert store.verify() == []


def test_a_signatures_link_is_the_one_that_its_notation_says(store: SqlStore) -> None:
    sign(store, signature(), signature(2))

    with store._engines.reading() as connection:
        links = connection.exec_driver_sql("SELECT link FROM signatures ORDER BY number").scalars().all()

    given = (
        "riverside",
        "abl",
        "{}",
        DIGEST,
        "ali",
        "Dr Ali",
        "2027-01-04T09:30:00.000000+00:00",
        "2028-01-04",
    )
    before = b""
    for number, link in enumerate(links, start=1):
        parts = [b"bookend signature 1", before, *(word.format(number).encode() for word in given)]
        packed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        assert link == hmac.new(KEY, packed, "sha256").hexdigest()
        before = bytes.fromhex(link)
