"""The shipped red flags against the table they come from, row by row.

`tests/data/red-flags.json` is the second witness: the table's own words beside what was made of them.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.core.conditions import holds
from bot.core.kinds import Phase
from bot.core.red_flags import RedFlag
from bot.files.facts import parse_facts
from bot.files.reader import read
from bot.files.red_flags import parse_red_flags, signs_of
from bot.paths import shipped_playbooks
from tests.playbooks.tables import shipped

ANY_DAY = date(2027, 2, 18)

Row = Mapping[str, Any]
#: These ask about something else on their day, or no window holds it.
NOT_ASKED = ("smoking_after", "next_session", "course_review", "pel.review_90", "vas.review_42")


def rows() -> list[Row]:
    text = (Path(__file__).parent.parent / "data" / "red-flags.json").read_text("utf-8")
    read_rows: list[Row] = json.loads(text)
    return read_rows


@cache
def flags() -> dict[str, RedFlag]:
    facts = parse_facts(read((shipped_playbooks() / "facts.yaml").read_text("utf-8"), "facts.yaml"))
    found = read((shipped_playbooks() / "red-flags.yaml").read_text("utf-8"), "red-flags.yaml")
    return {flag.id: flag for flag in parse_red_flags(found, facts)}


def numbers(text: str) -> set[str]:
    return set(re.findall(r"(?<!CO)\d+(?:\.\d+)?", text))


each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])


def test_no_row_of_the_table_is_missing_and_none_is_made_up() -> None:
    assert len(rows()) == 22
    assert flags().keys() == {row["id"] for row in rows()}


@each_row
def test_a_red_flag_is_of_the_playbooks_and_sources_of_its_row(row: Row) -> None:
    flag = flags()[row["id"]]

    assert (list(flag.playbooks), list(flag.sources)) == (row["playbooks"], row["sources"])


@each_row
def test_a_red_flag_is_as_urgent_as_its_row(row: Row) -> None:
    flag = flags()[row["id"]]

    assert flag.urgency == row["urgency"]
    worse = {sign.replace("_", " "): urgency for sign, urgency in flag.worse.items()}
    assert worse == dict(row["worse"].values())


@each_row
def test_a_red_flag_is_asked_for_on_the_days_of_its_row(row: Row) -> None:
    flag = flags()[row["id"]]
    days = {name or "all": list(span) for name, span in flag.days.items()}

    assert days == row["days"]
    assert flag.minutes == (tuple(row["minutes"]) if row["minutes"] else None)


@each_row
def test_the_window_says_every_number_of_its_row_and_what_is_only_a_policy(row: Row) -> None:
    window = flags()[row["id"]].window

    assert numbers(row["window"]) <= numbers(window)
    assert ("policy" in row["window"]) == ("choice of this list" in window)


@each_row
def test_a_red_flag_covers_each_sign_of_its_row_and_no_other(row: Row) -> None:
    flag = flags()[row["id"]]

    assert [sign.replace("_", " ") for sign in flag.signs] == list(row["signs"].values())
    assert all(words in flag.then for words in row["then"].values())


@each_row
def test_every_sign_that_the_table_names_is_accounted_for(row: Row) -> None:
    said = re.split(r"[;,] ", row["signs_said"])
    covered = " | ".join([*row["signs"], *row["worse"], *row["then"], row["id"]])

    assert [
        sign for sign in said if not set(re.findall(r"\w{3,}", sign)) & set(re.findall(r"\w+", covered))
    ] == []


@each_row
def test_a_red_flag_is_for_exactly_the_patients_of_its_row(row: Row) -> None:
    when = flags()[row["id"]].when

    assert all(holds(when, facts, ANY_DAY) for facts in [*row["patients"]] or [{}])
    assert not any(holds(when, facts, ANY_DAY) for facts in row["others"])


def test_every_playbook_keeps_the_red_flags_that_are_its_own() -> None:
    for name, playbook in shipped().items():
        wanted = {row["id"] for row in rows() if not row["playbooks"] or name in row["playbooks"]}

        assert {flag.id for flag in playbook.red_flags} == wanted


def test_the_first_call_offers_every_sign_of_the_table() -> None:
    symptoms = shipped()["abl"].step("e.triage").field("symptoms")

    assert symptoms.choices == (*signs_of(flags().values()), "other")


def test_every_call_and_check_after_the_day_shows_the_red_flags_of_its_day() -> None:
    lacking = [
        step.id
        for playbook in shipped().values()
        for step in playbook.steps
        if step.phase is Phase.FOLLOW_UP and not step.red_flags and not step.id.endswith(NOT_ASKED)
    ]

    assert lacking == []


def test_a_step_that_shows_red_flags_has_some_on_its_day() -> None:
    for name, playbook in shipped().items():
        spans = [span for flag in playbook.red_flags if (span := flag.span(name))]
        days = {
            step.id: step.due.days for step in playbook.steps if step.red_flags and step.due.days is not None
        }

        assert days
        empty = [step for step, day in days.items() if not any(first <= day <= last for first, last in spans)]
        assert empty == []
