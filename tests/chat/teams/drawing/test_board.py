"""The board in a channel: who needs somebody, whose it is, and who is well."""

from dataclasses import replace

from bot.chat.teams.drawing.render import SHORT, drawn
from tests.chat import boards
from tests.chat.teams.drawing.seen import elements, lines, words


def test_each_session_that_needs_somebody_has_its_line_with_what_and_whose_it_is() -> None:
    told = lines(drawn(boards.BOARD))

    assert "⚠️ 09:30 · K7Q2 · First antiviral dose taken: no answer yet · up to Jo Park" in told
    assert (
        "🛑 Stop · Wed 25 Feb 10:00 · V3HN · Isotretinoin: last dose 3 Nov 2025; first date allowed "
        "4 May 2026 · up to Dr Ali Reza"
    ) in told
    assert "since Sun 15 Feb 10:00 · next: asked again 09:00" in told
    assert "also: Day-3 check: due 09:00" in told


def test_what_stops_looks_like_a_stop_and_says_so() -> None:
    found = drawn(replace(boards.BOARD, notes=()))
    boxes = [each for each in elements(found.content) if each["type"] == "Container"]

    assert [each["style"] for each in boxes] == ["attention", "attention"]
    said = ["".join(run["text"] for run in each["items"][0]["inlines"]) for each in boxes]
    assert [text.split(" · ")[0] for text in said] == ["🚨 Complication", "🛑 Stop"]


def test_what_concerns_the_whole_clinic_stands_above_the_cases() -> None:
    told = words(drawn(boards.BOARD))

    assert told.index("checked 08:45") < told.index("no nurse on duty") < told.index("W9TR")


def test_who_needs_nobody_is_named_below_in_small() -> None:
    told = lines(drawn(boards.BOARD))

    assert told[-3:] == ["1 cleared: T8BA", "1 on track: M4XD", "2 in aftercare: Z5JM · X3GV"]


def test_a_board_without_exceptions_says_that_nothing_needs_anybody() -> None:
    assert "✅ Nothing needs you." in lines(drawn(boards.CLEAR))
    assert "Nothing needs you" not in words(drawn(boards.BOARD))


def test_a_board_that_is_over_says_since_when_and_praises_what_was_caught() -> None:
    told = words(drawn(boards.ENDED))

    assert "🔒 Closed 18:00" in told and "🌟 Good catches this week: 7." in told


def test_of_a_crowded_board_the_worst_come_first_and_the_rest_is_counted() -> None:
    crowd = boards.crowded(1000)
    told = words(drawn(crowd, channel=True))

    shown = [row.code for row in crowd.exceptions if boards.named(row) in told]
    assert shown == [row.code for row in crowd.exceptions[: len(shown)]]
    assert f"… and {len(crowd.exceptions) - len(shown)} more: write @Bookend status." in told


def test_a_stop_told_in_short_is_boxed_like_any_other() -> None:
    (stop,) = [row for row in boards.BOARD.exceptions if row.code == "V3HN"]
    told = replace(stop, blocks=tuple(f"Item {n}, {'to be answered ' * 20}" for n in range(9)))

    found = drawn(replace(boards.BOARD, notes=(), rows=(told,) * 25))

    boxes = [each for each in elements(found.content) if each["type"] == "Container"]
    assert SHORT in lines(found)
    assert [each["style"] for each in boxes] == ["attention"] * 25
