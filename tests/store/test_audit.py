"""Whatever somebody does to history behind Bookend's back, the audit names it."""

from dataclasses import replace

import pytest

from bot.core.errors import StoreTrouble
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, MINUTE, NOW, add, entry, press, task
from tests.store.tampering import tamper

LINE_3 = "code = 'K7Q2' AND seq = 3"
COPY = (
    "INSERT INTO history SELECT code, {seq}, at, kind, by_person, detail, salt, content_digest, link "
    "FROM history WHERE code = 'K7Q2' AND seq = 2"
)
SHORTER = (
    "DELETE FROM history WHERE code = 'K7Q2' AND seq = 5",
    "UPDATE cases SET history_count = 4 WHERE code = 'K7Q2'",
)

TAMPERINGS = {
    "another person": ([f"UPDATE history SET by_person = 'max' WHERE {LINE_3}"], "K7Q2: line 3"),
    "another kind": ([f"UPDATE history SET kind = 'moved' WHERE {LINE_3}"], "K7Q2: line 3"),
    "another time": (
        [f"UPDATE history SET at = '2027-01-05 09:30:00.000000' WHERE {LINE_3}"],
        "K7Q2: line 3",
    ),
    "another digest": (
        [f"UPDATE history SET content_digest = '{'00' * 32}' WHERE {LINE_3}"],
        "K7Q2: line 3",
    ),
    "another link": ([f"UPDATE history SET link = '{'00' * 32}' WHERE {LINE_3}"], "K7Q2: line 3"),
    "no link at all": ([f"UPDATE history SET link = 'nonsense' WHERE {LINE_3}"], "K7Q2: something cannot be"),
    "another detail": ([f"UPDATE history SET detail = '{{}}' WHERE {LINE_3}"], "K7Q2: the detail of line 3"),
    "another salt": (
        [f"UPDATE history SET salt = '{'00' * 16}' WHERE {LINE_3}"],
        "K7Q2: the detail of line 3",
    ),
    "half erased": ([f"UPDATE history SET salt = NULL WHERE {LINE_3}"], "K7Q2: the detail of line 3"),
    "removed": ([f"DELETE FROM history WHERE {LINE_3}"], "K7Q2: line 3 is gone."),
    "first removed": (["DELETE FROM history WHERE code = 'K7Q2' AND seq = 1"], "K7Q2: line 1 is gone."),
    "some removed": (
        ["DELETE FROM history WHERE code = 'K7Q2' AND seq IN (2, 3)"],
        "K7Q2: line 2 to 3 are gone.",
    ),
    "last removed": ([SHORTER[0]], "K7Q2: line 5 is gone from the end."),
    "last removed and not counted": ([*SHORTER], "K7Q2: the last lines are gone"),
    "last sealed removed and not counted": (
        [
            "DELETE FROM history WHERE code = 'K7Q2' AND seq >= 3",
            "UPDATE cases SET history_count = 2 WHERE code = 'K7Q2'",
        ],
        "K7Q2: line 4 was sealed and is gone.",
    ),
    "all removed": (["DELETE FROM history WHERE code = 'K7Q2'"], "K7Q2: line 1 to 5 are gone from the end."),
    "added": ([COPY.format(seq=6)], "K7Q2: line 6 is too many"),
    "added and counted": (
        [COPY.format(seq=6), "UPDATE cases SET history_count = 6 WHERE code = 'K7Q2'"],
        "K7Q2: line 6 (answered by jo",
    ),
    "added before the first": ([COPY.format(seq=0)], "K7Q2: line 0"),
    "two swapped": (
        [
            f"UPDATE history SET seq = 99 WHERE {LINE_3}",
            "UPDATE history SET seq = 3 WHERE code = 'K7Q2' AND seq = 2",
            "UPDATE history SET seq = 2 WHERE seq = 99",
        ],
        "K7Q2: line 2",
    ),
    "given to another case": (
        ["UPDATE history SET code = 'M4XD', seq = 2 WHERE code = 'K7Q2' AND seq = 5"],
        "M4XD: line 2 is too many",
    ),
    "case removed": (
        [
            "DELETE FROM answers",
            "DELETE FROM tasks WHERE code = 'K7Q2'",
            "DELETE FROM history WHERE code = 'K7Q2'",
            "DELETE FROM cases WHERE code = 'K7Q2'",
        ],
        "K7Q2: the case is gone",
    ),
    "case renamed": (["UPDATE cases SET code = 'K7Q9' WHERE code = 'K7Q2'"], "K7Q9: line 1 to 5 are gone"),
    "head changed": (
        [f"UPDATE cases SET history_head = '{'00' * 32}' WHERE code = 'K7Q2'"],
        "K7Q2: the last lines are gone, or the case's own row was changed.",
    ),
    "seal changed": (["UPDATE seals SET lines = 7 WHERE seq = 1"], "seal 1 was changed"),
    "seal covers less": (["UPDATE seals SET heads = '[]' WHERE seq = 2"], "seal 2 was changed"),
    "seal removed": (["DELETE FROM seals WHERE seq = 1"], "seal 1 is gone."),
    "seal added": (
        ["INSERT INTO seals SELECT 3, at, lines, heads, heads_digest, link FROM seals WHERE seq = 2"],
        "seal 3 was changed or put there by somebody else.",
    ),
    "seal unreadable": (["UPDATE seals SET heads = 'nonsense' WHERE seq = 2"], "the seals: something cannot"),
}


@pytest.fixture
def written(durable: SqlStore) -> SqlStore:
    """Two cases, sealed twice, and a line that is not sealed yet."""
    add(durable, *(task(step) for step in "abcd"))
    add(durable, code="M4XD")
    press(durable, "K7Q2:a:1:1", NOW + MINUTE)
    durable.seal(NOW + MINUTE)
    press(durable, "K7Q2:b:1:1", NOW + 2 * MINUTE)
    press(durable, "K7Q2:c:1:1", NOW + 3 * MINUTE)
    durable.seal(NOW + 3 * MINUTE)
    press(durable, "K7Q2:d:1:1", NOW + 4 * MINUTE)
    return durable


def test_what_nobody_touched_is_whole(written: SqlStore) -> None:
    assert written.verify() == []
    assert written.verify(written.export_seal()) == []


def test_an_empty_store_is_whole(store: SqlStore) -> None:
    assert store.verify() == []


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(written: SqlStore, durable_url: str, name: str) -> None:
    statements, sentence = TAMPERINGS[name]

    tamper(durable_url, *statements)

    problems = written.verify()
    assert any(problem.startswith(sentence) for problem in problems), problems
    assert not any("M4XD" in problem for problem in problems) or "M4XD" in sentence


def test_one_change_is_one_problem(written: SqlStore, durable_url: str) -> None:
    tamper(durable_url, f"UPDATE history SET by_person = 'max' WHERE {LINE_3}")

    assert written.verify() == [
        "K7Q2: line 3 (answered by max, 2027-01-04 09:32 UTC) "
        "was changed, moved or put there by somebody else."
    ]


def test_erased_details_leave_the_chain_whole(written: SqlStore, durable_url: str) -> None:
    with written._engines.writing() as connection:
        connection.exec_driver_sql("UPDATE history SET detail = NULL, salt = NULL WHERE code = 'K7Q2'")

    assert written.verify() == []
    with written.reading() as look:
        assert [line.detail for line in look.history("K7Q2")] == [{}] * 5
        assert [line.kind for line in look.history("K7Q2")] == ["opened"] + ["answered"] * 4


def test_cut_lines_show_though_bookend_went_on_writing(written: SqlStore, durable_url: str) -> None:
    tamper(durable_url, *SHORTER, "UPDATE cases SET revision = 3 WHERE code = 'K7Q2'")

    with written.writing() as work:
        work.change(work.case("K7Q2"), [], entry("marked"))

    assert "K7Q2: the last lines are gone, or the case's own row was changed." in written.verify()


def test_a_case_written_anew_with_the_key_shows_by_the_seals(written: SqlStore, durable_url: str) -> None:
    tamper(
        durable_url,
        "DELETE FROM history WHERE code = 'M4XD'",
        "DELETE FROM cases WHERE code = 'M4XD'",
    )
    add(written, code="M4XD")

    assert written.verify() == ["M4XD: line 1 is not the one that was sealed."]


def test_a_case_that_is_gone_shows_by_the_history_it_left(written: SqlStore, durable_url: str) -> None:
    add(written, code="T3HN")
    tamper(durable_url, "DELETE FROM cases WHERE code = 'T3HN'")

    assert written.verify() == ["T3HN: the case is gone, but its history was written."]


def test_an_older_copy_put_back_shows_by_the_seal_kept_outside(written: SqlStore, durable_url: str) -> None:
    outside = written.export_seal()
    assert outside is not None

    tamper(
        durable_url,
        "DELETE FROM seals WHERE seq = 2",
        "DELETE FROM history WHERE code = 'K7Q2' AND seq > 2",
        "UPDATE cases SET history_count = 2 WHERE code = 'K7Q2'",
    )

    assert written.verify(outside)[0] == (
        "seal 2 of 2027-01-04T09:33:00.000000+00:00, kept outside, is not here: "
        "lines were removed, or an older copy was put back."
    )


def test_a_history_written_anew_with_the_key_shows_by_the_seal_kept_outside(
    written: SqlStore, durable_url: str
) -> None:
    outside = written.export_seal()
    tamper(durable_url, "DELETE FROM seals", "UPDATE cases SET sealed_count = 0")

    written.seal(NOW)
    written.seal(NOW + MINUTE)
    press_again = replace(task("e"), rung=1)
    with written.writing() as work:
        work.change(work.case("K7Q2"), [press_again], entry("asked"))
    written.seal(NOW + MINUTE)

    assert written.verify() == []
    assert any("differs from the one here" in problem for problem in written.verify(outside))


@pytest.mark.parametrize("nonsense", [{}, {"seal": "2", "link": "00"}, {"seal": 2}])
def test_what_is_no_seal_is_said_to_be_none(written: SqlStore, nonsense: dict[str, object]) -> None:
    assert written.verify(nonsense) == ["the seal that was kept outside is not one that Bookend wrote."]


def test_another_key_is_refused_before_it_breaks_the_chain(written: SqlStore, durable_url: str) -> None:
    with pytest.raises(StoreTrouble, match="begun with another history key"):
        open_store(durable_url, history_key=KEY[::-1])

    assert written.verify() == []


def test_a_key_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(StoreTrouble, match="too short: it needs 16 bytes"):
        open_store("sqlite://", history_key=b"short")


def test_a_time_that_is_none_is_found(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/bookend.db"
    store = open_store(url, history_key=KEY)
    add(store)

    tamper(url, "UPDATE history SET at = 'noon'")

    assert store.verify() == ["K7Q2: something cannot be read: it was changed by hand."]
    store.close()
