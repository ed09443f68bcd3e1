"""Who patients are: encrypted from the start, bound to their case, and readable under old and new secrets."""

import threading
from datetime import date
from pathlib import Path

import pytest

from bot.core.errors import NotFound, StoreTrouble
from bot.core.identity import Identity
from bot.store import identities
from bot.store.identities import Vault
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, NOW, add

ADA = Identity(name="Ada Invented", born=date(1968, 3, 9), record="EX-1001")
BEN = Identity(name="Ben Imaginary", born=date(1979, 11, 23))
OLD, NEW = b"an old secret, long enough", b"a new secret, long enough"


def test_who_a_case_is_of_is_read_back_and_can_be_corrected(store: SqlStore) -> None:
    add(store)
    with store.writing() as tx:
        tx.identify("K7Q2", BEN, NOW)
        tx.identify("K7Q2", ADA, NOW)

    with store.reading() as reading:
        assert reading.identity("K7Q2") == ADA


def test_a_case_that_nobody_wrote_down_has_no_name(store: SqlStore) -> None:
    add(store)
    with store.reading() as reading:
        assert reading.identity("K7Q2") is None


def test_the_file_of_the_database_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "bookend.db"
    store = open_store(f"sqlite:///{file}", history_key=KEY, identity_keys=[NEW])
    add(store)
    with store.writing() as tx:
        tx.identify("K7Q2", ADA, NOW)
    store.close()

    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())

    assert not any(word in kept for word in (b"Ada", b"Invented", b"1968", b"EX-1001"))


def test_two_names_that_were_exchanged_in_the_database_are_not_shown() -> None:
    vault = Vault([NEW])

    with pytest.raises(StoreTrouble, match="exchanged"):
        vault.open("R5JU", vault.seal("K7Q2", ADA))


def test_an_older_secret_still_opens_and_a_lost_one_says_what_to_do() -> None:
    sealed = Vault([OLD]).seal("K7Q2", ADA)

    assert Vault([NEW, OLD]).open("K7Q2", sealed) == ADA
    with pytest.raises(StoreTrouble, match="BOOKEND_IDENTITY_KEYS"):
        Vault([NEW]).open("K7Q2", sealed)


def test_after_a_rekey_the_old_secret_is_needed_no_more(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    before = open_store(url, history_key=KEY, identity_keys=[OLD])
    add(before)
    with before.writing() as tx:
        tx.identify("K7Q2", ADA, NOW)
    before.close()
    between = open_store(url, history_key=KEY, identity_keys=[NEW, OLD])

    assert between.renew_identities() == 1

    between.close()
    after = open_store(url, history_key=KEY, identity_keys=[NEW])
    with after.reading() as reading:
        assert reading.identity("K7Q2") == ADA
    after.close()


def test_a_rekey_without_the_old_secret_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    before = open_store(url, history_key=KEY, identity_keys=[OLD])
    add(before)
    with before.writing() as tx:
        tx.identify("K7Q2", ADA, NOW)
    before.close()
    wrong = open_store(url, history_key=KEY, identity_keys=[NEW])

    with pytest.raises(StoreTrouble):
        wrong.renew_identities()

    wrong.close()
    again = open_store(url, history_key=KEY, identity_keys=[OLD])
    with again.reading() as reading:
        assert reading.identity("K7Q2") == ADA
    again.close()


def test_a_rekey_goes_on_in_portions_and_says_how_many_had_an_older_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    before = open_store(url, history_key=KEY, identity_keys=[OLD])
    codes = [f"K7Q{number}" for number in range(2, 9)]
    for code in codes:
        add(before, code=code)
    with before.writing() as tx:
        for code in codes:
            tx.identify(code, ADA, NOW)
    before.close()
    between = open_store(url, history_key=KEY, identity_keys=[NEW, OLD])
    monkeypatch.setattr(identities, "_NEXT", identities._NEXT.limit(3))

    first = between.older_names(), between.renew_identities(), between.older_names()

    assert first == (7, 7, 0)
    assert between.renew_identities() == 0
    between.close()


class Interrupted(Vault):
    """Before it encrypts anew, somebody else tries to write: who must wait, waits longer than this does."""

    def __init__(self, somebody: threading.Thread) -> None:
        super().__init__([NEW, OLD])
        self.somebody = somebody

    def renew(self, sealed: str) -> str:
        self.somebody.start()
        self.somebody.join(timeout=0.3)
        return super().renew(sealed)


def test_a_name_that_is_corrected_during_a_rekey_stays_corrected(store: SqlStore) -> None:
    def correct() -> None:
        with store.writing() as tx:
            tx.identify("K7Q2", BEN, NOW)

    add(store)
    store._vault = Vault([OLD])
    with store.writing() as tx:
        tx.identify("K7Q2", ADA, NOW)
    store._vault = interrupted = Interrupted(threading.Thread(target=correct))

    assert store.renew_identities() == 1

    interrupted.somebody.join(timeout=10)
    with store.reading() as reading:
        assert reading.identity("K7Q2") == BEN
    assert store.older_names() == 0


def test_names_are_counted_that_no_secret_opens(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    before = open_store(url, history_key=KEY, identity_keys=[OLD])
    add(before)
    with before.writing() as tx:
        tx.identify("K7Q2", ADA, NOW)
    before.close()
    after = open_store(url, history_key=KEY, identity_keys=[NEW])

    with after.reading() as reading:
        assert reading.names(["K7Q2", "M4XD"]) == {}
    assert after.unreadable_names() == 1
    after.close()


def test_names_of_many_cases_are_read_at_once(store: SqlStore) -> None:
    for code, who in (("K7Q2", ADA), ("M4XD", BEN)):
        add(store, code=code)
        with store.writing() as tx:
            tx.identify(code, who, NOW)

    with store.reading() as reading:
        assert reading.names(["K7Q2", "M4XD", "W9TR"]) == {"K7Q2": ADA.name, "M4XD": BEN.name}


def test_without_a_secret_no_name_can_be_kept(tmp_path: Path) -> None:
    store = open_store("sqlite://", history_key=KEY)
    add(store)
    with store.writing() as tx, pytest.raises(StoreTrouble, match="set BOOKEND_IDENTITY_KEYS"):
        tx.identify("K7Q2", ADA, NOW)
    store.close()


def test_a_name_needs_a_case(store: SqlStore) -> None:
    with pytest.raises(NotFound), store.writing() as tx:
        tx.identify("ZZZZ", ADA, NOW)
