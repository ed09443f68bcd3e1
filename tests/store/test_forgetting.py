"""What is erased is nowhere any more: in no row, in no page of a file, and in no copy of one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.case import Override
from bot.core.identity import Identity
from bot.core.outgoing import Arrangement
from bot.store import copies
from bot.store.store import SqlStore, open_store
from tests.conftest import Postgres
from tests.store.made import KEY, NOW, add, answer, entry, task

#: Found in plain bytes wherever it is kept.
MARK = "zwiebelfisch-7731"
OTHERS = 40


@pytest.fixture
def url(request: pytest.FixtureRequest, durable_url: str) -> str:
    return durable_url


def bytes_of(url: str, request: pytest.FixtureRequest) -> bytes:
    """All that lies on the disk for a database, but for what PostgreSQL keeps in its own log."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))
    postgres: Postgres = request.getfixturevalue("postgres")
    postgres.run("CHECKPOINT")
    pages = (Path(postgres.server.pgdata) / "base").rglob("*")
    return b"".join(each.read_bytes() for each in pages if each.is_file())


@pytest.fixture
def marked(url: str) -> Iterator[SqlStore]:
    """A store full of marked words."""
    store = marked_in(url)
    yield store
    store.close()


def marked_in(url: str) -> SqlStore:
    """Cases with marked words in them, longer and longer ones: pages fill, and move."""
    store = open_store(url, history_key=KEY, identity_keys=[KEY])
    for number in range(OTHERS):
        code = f"C{number:03}"
        add(store, task(code=code), code=code)
        with store.writing() as work:
            work.identify(code, Identity(name=f"Sam {MARK}", born=NOW.date()), NOW)
            told = replace(work.case(code), facts={"said": f"{MARK} {number}" * 9}, closed=NOW)
            said = answer(note=f"{MARK} {number}" * 20, values={"said": MARK})
            work.answered(f"{code}:skin_exam:1:1", said)
            work.override(
                code, Override(session=1, gate="huddle", by="ali", at=NOW, reason=f"{MARK} {number}" * 30)
            )
            work.remember(f"click {number}", f"{code}: {MARK}", NOW)
            ended = replace(work.task(f"{code}:skin_exam:1:1"), answer=said)
            work.change(told, [ended], entry("answered", note=f"{MARK} {number}" * (number + 1)))
    return store


def erase_all(store: SqlStore) -> None:
    for number in range(OTHERS):
        code = f"C{number:03}"
        with store.writing() as work:
            work.forget_name(code)
            bare = replace(work.task(f"{code}:skin_exam:1:1"), answer=answer(values={}))
            work.change(replace(work.case(code), facts={}, said={}), [bare], entry("erased"))
            work.forget_said(code)


def test_the_pages_of_the_files_are_free_of_it(
    marked: SqlStore, url: str, request: pytest.FixtureRequest
) -> None:
    there = bytes_of(url, request).count(MARK.encode())

    erase_all(marked)
    marked.sweep_out()

    assert there > OTHERS
    assert bytes_of(url, request).count(MARK.encode()) == 0
    assert marked.verify() == []


def test_a_file_is_free_of_it_even_where_it_is_not_written_anew(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    with closing(marked_in(url)) as store:
        erase_all(store)
        store.sweep_out(thorough=False)

        assert bytes_of(url, request).count(MARK.encode()) == 0


def test_what_is_deleted_is_written_over_whatever_sqlite_was_built_with(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'bookend.db'}", history_key=KEY)

    with store._engines.writing() as connection:
        assert connection.scalar(text("PRAGMA secure_delete")) == 1
    store.close()


def test_a_copy_holds_nothing_of_what_an_older_bookend_deleted(tmp_path: Path, empty_file: Path) -> None:
    (tmp_path / "bookend.db").write_bytes(empty_file.read_bytes())
    with closing(sqlite3.connect(tmp_path / "bookend.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("INSERT INTO inbox VALUES ('click', ?, '2027-01-04 09:30:00.000000')", [MARK * 900])
        raw.execute("DELETE FROM inbox")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    copies.copy(tmp_path / "bookend.db", tmp_path / "copy.db")

    assert MARK.encode() in (tmp_path / "bookend.db").read_bytes()
    assert MARK.encode() not in (tmp_path / "copy.db").read_bytes()


def test_other_cases_keep_what_was_said(marked: SqlStore) -> None:
    with marked.writing() as work:
        work.forget_name("C001")
        work.forget_said("C001")

    with marked.reading() as look:
        assert look.identity("C001") is None
        assert look.identity("C002") is not None
        assert [each.detail for each in look.history("C001")] == [{}, {}]
        assert MARK in repr(
            (look.history("C002"), look.answers("C002:skin_exam:1:1"), look.overrides(["C002"]))
        )
        assert MARK not in repr((look.answers("C001:skin_exam:1:1"), look.overrides(["C001"])))
        assert [look.seen(f"click {number}") is None for number in (1, 2)] == [True, False]
    assert marked.verify() == []


def test_a_case_is_found_by_what_is_kept_of_it(marked: SqlStore) -> None:
    with marked.writing() as work:
        work.forget_name("C001")
        work.forget_said("C002")
        later = NOW.replace(year=2028)

        assert len(work.named("riverside", later)) == len(work.told("riverside", later)) == OTHERS - 1
        assert "C001" not in work.named("riverside", later)
        assert "C002" not in work.told("riverside", later)
        assert work.named("riverside", NOW) == work.named("seaside", later) == ()


@pytest.mark.parametrize(
    ("kind", "clinic", "ended", "stays"),
    [
        ("sheet", "riverside", False, False),
        ("outage", "riverside", True, False),
        ("shown", "", True, False),
        ("shown", "", False, True),
        ("sheet", "seaside", False, True),
        ("hold", "riverside", True, True),
    ],
)
def test_what_was_arranged_for_a_day_or_a_look_goes_and_what_lasts_stays(
    store: SqlStore, kind: str, clinic: str, ended: bool, stays: bool
) -> None:
    over = NOW if ended else None
    made = Arrangement(kind=kind, key="k", clinic=clinic, by="bookend", at=NOW, ended=over)
    with store.writing() as work:
        work.arrange(made)

    with store.writing() as work:
        work.forget_messages("riverside", NOW + timedelta(days=31))

    with store.reading() as look:
        assert (look.arrangement(kind, "k") is not None) is stays
