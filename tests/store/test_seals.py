"""Seals note what grew, once."""

import json

from bot.store.store import SqlStore
from tests.store.made import MINUTE, NOW, add, press, task


def test_nothing_new_is_not_sealed(store: SqlStore) -> None:
    assert store.export_seal() is None
    assert store.seal(NOW) is False

    add(store, task())

    assert store.seal(NOW) is True
    assert store.seal(NOW + MINUTE) is False


def test_a_seal_counts_every_line_sealed_so_far(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    add(store, code="M4XD")
    store.seal(NOW)
    press(store, "K7Q2:skin_exam:1:1")
    press(store, "K7Q2:consent:1:1")
    store.seal(NOW + MINUTE)

    seal = store.export_seal()

    assert seal is not None
    assert (seal["seal"], seal["at"], seal["lines"]) == (2, "2027-01-04T09:31:00.000000+00:00", 4)


def test_an_exported_seal_is_plain_json_and_names_no_case(store: SqlStore) -> None:
    add(store, task())
    store.seal(NOW)

    exported = store.export_seal()

    assert json.loads(json.dumps(exported)) == exported
    assert "K7Q2" not in json.dumps(exported)


def test_a_seal_covers_only_what_grew_since_the_last_one(store: SqlStore) -> None:
    add(store, task())
    add(store, code="M4XD")
    store.seal(NOW)
    press(store, "K7Q2:skin_exam:1:1")
    store.seal(NOW + MINUTE)

    with store._engines.reading() as connection:
        heads = connection.exec_driver_sql("SELECT heads FROM seals ORDER BY seq").scalars().all()

    covered = [[(code, count) for code, count, _ in json.loads(each)] for each in heads]
    assert covered == [[("K7Q2", 1), ("M4XD", 1)], [("K7Q2", 2)]]
