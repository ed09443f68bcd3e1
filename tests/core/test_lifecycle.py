"""The life of a task: every state and every change, one line each."""

from itertools import product

import pytest

from bot.core.case import TaskStatus
from bot.core.errors import Settled
from bot.core.lifecycle import TRANSITIONS, Change, next_status

#: The table once more, as a person would draw it; "." is refused.
DRAWN = """
            open     done     blocked  void
answered    done     .        .        .
stopped     blocked  blocked  blocked  .
cleared     .        .        done     .
expired     .        open     open     .
undone      .        open     open     .
left        void     .        void     .
returned    .        .        .        open
cancelled   void     .        void     .
"""


def drawn() -> dict[tuple[TaskStatus, Change], str]:
    head, *rows = [line.split() for line in DRAWN.strip().splitlines()]
    return {
        (TaskStatus(status), Change(row[0])): result
        for row in rows
        for status, result in zip(head, row[1:], strict=True)
    }


def test_the_drawing_names_every_state_and_every_change() -> None:
    assert set(drawn()) == set(product(TaskStatus, Change))


@pytest.mark.parametrize(("status", "change"), list(product(TaskStatus, Change)))
def test_a_change_does_what_the_table_says_or_is_refused(status: TaskStatus, change: Change) -> None:
    expected = drawn()[status, change]

    if expected == ".":
        with pytest.raises(Settled, match=f"is {status.value} and cannot be {change.value}; nothing was"):
            next_status(status, change)
    else:
        assert next_status(status, change) is TaskStatus(expected)


def test_the_table_has_no_line_that_the_drawing_lacks() -> None:
    assert {key for key, result in drawn().items() if result != "."} == set(TRANSITIONS)


def test_every_state_can_be_reached_and_left() -> None:
    assert set(TRANSITIONS.values()) == set(TaskStatus)
    assert {before for before, _ in TRANSITIONS} == set(TaskStatus)
