"""The database itself refuses to change what only grows."""

import pytest
from sqlalchemy.exc import DBAPIError

from bot.core.case import Override
from bot.store.store import SqlStore
from tests.store.made import NOW, add, answer, signature, task

KEY = "K7Q2:skin_exam:1:1"
REFUSED = [
    "UPDATE history SET by_person = 'max'",
    "UPDATE history SET detail = '[]'",
    "UPDATE history SET seq = seq + 1, detail = NULL",
    "UPDATE history SET link = content_digest, detail = NULL, salt = NULL",
    "DELETE FROM history",
    "UPDATE answers SET outcome = 'problem'",
    "UPDATE answers SET note = 'better'",
    "UPDATE answers SET caught = 'skin'",
    "UPDATE answers SET amends = at",
    "DELETE FROM answers",
    "UPDATE overrides SET reason = 'better'",
    "DELETE FROM overrides",
    "UPDATE seals SET lines = 0",
    "DELETE FROM seals",
    "UPDATE signatures SET next_review = '2099-01-01'",
    "UPDATE signatures SET by_person = 'max'",
    "DELETE FROM signatures",
    "UPDATE kept_playbooks SET texts = '{}'",
    "DELETE FROM kept_playbooks",
]
ERASED = [
    "UPDATE history SET detail = NULL, salt = NULL",
    "UPDATE answers SET given = NULL, note = NULL",
    "UPDATE overrides SET reason = NULL",
]


@pytest.fixture
def written(store: SqlStore) -> SqlStore:
    """One row in each table that only grows."""
    add(store, task())
    with store.writing() as work:
        work.answered(KEY, answer(note="looked twice"))
        work.override("K7Q2", Override(session=1, gate="huddle", by="ali", at=NOW, reason="second look"))
        work.keep_playbook("0f" * 32, "abl", {"abl.yaml": "playbook: abl"})
        work.sign(signature())
    store.seal(NOW)
    return store


@pytest.mark.parametrize("statement", REFUSED)
def test_what_only_grows_is_not_changed(written: SqlStore, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"), written._engines.writing() as connection:
        connection.exec_driver_sql(statement)

    assert written.verify() == []
    with written.reading() as look:
        assert look.answers(KEY) == (answer(note="looked twice"),)


@pytest.mark.parametrize("statement", ERASED)
def test_what_only_grows_may_be_erased(written: SqlStore, statement: str) -> None:
    with written._engines.writing() as connection:
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql(statement)

    assert written.verify() == []


def test_erased_answers_and_overrides_keep_who_when_and_what(written: SqlStore) -> None:
    with written._engines.writing() as connection:
        for statement in ERASED:
            connection.exec_driver_sql(statement)

    with written.reading() as look:
        assert look.answers(KEY) == (answer(values={}),)
        assert look.overrides(["K7Q2"])["K7Q2"] == (
            Override(session=1, gate="huddle", by="ali", at=NOW, reason=""),
        )


def test_a_table_that_only_grows_is_not_emptied_either(durable: SqlStore, durable_url: str) -> None:
    add(durable, task())
    emptied = (
        "TRUNCATE history CASCADE"
        if "postgres" in durable_url
        else "REPLACE INTO history SELECT * FROM history"
    )

    with pytest.raises(DBAPIError, match="only grows"), durable._engines.writing() as connection:
        connection.exec_driver_sql(emptied)
