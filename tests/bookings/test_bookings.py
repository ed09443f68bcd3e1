"""Bookings composed by hand, one YAML file each: Bookend lists what a second reading of the rules lists.

Every id, session, phase, role, stop, local and UTC time, on-call and late flag is compared; of a played
script its status and whether it was reopened, too. Some lists are also written down and were checked by hand
against the tables, so that the second reading has a witness of its own.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import run
from tests import oracle
from tests.bookings import bookend, playing
from tests.bookings.composed import Composed, composed
from tests.bookings.random_bookings import bookings, scripts

THOROUGH = bool(os.environ.get("BOOKEND_TEST_REQUIRE"))
ALL = composed()
PLAYBOOKS = ("abl", "naf", "lhr", "vas", "pig", "pel", "mnd")
#: Drawing and playing are slow; the thorough run draws a hundred and more, and plays whole playbooks.
FEW = settings(max_examples=300 if THOROUGH else 8)
FEWER = settings(max_examples=60 if THOROUGH else 3)
SOME_STEPS = (
    *("g.skin_exam", "g.medical_history", "g.medicines", "g.consent_info", "g.allergies", "g.expectations"),
    *("g.prior_procedures", "g.immune", "g.change_check", "g.readiness", "g.escort", "g.same_day_check"),
    *("g.treatment_record", "e.same_day_review", "e.recontact", "c.notify", "c.close", "x.new_date"),
    *(f"{name}.{step}" for name in PLAYBOOKS for step in ("isotretinoin", "call_1", "test_spot")),
)


def by_name(*chosen: Composed) -> Any:
    return pytest.mark.parametrize("each", [pytest.param(each, id=each.name) for each in chosen])


def lines(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as lines of text: a difference is then one line that somebody can read."""
    return [" ".join(f"{name}={value}" for name, value in row.items()) for row in rows]


# --- composed by hand


@by_name(*ALL)
def test_a_booking_is_planned_as_the_tables_say(each: Composed) -> None:
    assert lines(bookend.planned(each.booking)) == lines(oracle.plan(each.booking))


@by_name(*(each for each in ALL if each.script and (THOROUGH or not each.long)))
def test_a_script_is_played_as_the_rules_say(each: Composed) -> None:
    played = bookend.played(each.booking, each.script)

    assert lines(played) == lines(playing.played(each.booking, each.script))


@by_name(*(each for each in ALL if each.rows))
def test_the_second_reading_agrees_with_what_was_checked_by_hand(each: Composed) -> None:
    read = playing.played(each.booking, each.script) if each.script else oracle.plan(each.booking)

    assert lines(read) == lines(each.rows)


def test_the_bookings_leave_nothing_out() -> None:
    zones = {each.booking["clinic"]["timezone"] for each in ALL}
    done = {line["do"] for each in ALL for line in each.script}

    assert {each.booking["playbook"] for each in ALL} == set(PLAYBOOKS)
    assert len(ALL) >= 40 and len(zones) >= 6 and len([each for each in ALL if each.rows]) >= 12
    told = "answer_when_due nothing answer decide set_fact move session mark cancel event"
    assert done == set(told.split())


# --- through the command line


def test_the_command_line_prints_the_same_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    each = ALL[0]
    given = tmp_path / "booking.json"
    given.write_text(json.dumps(each.booking), "utf-8")

    code = run(("plan", str(given), "--json"))

    printed = json.loads(capsys.readouterr().out)
    assert (code, lines(printed["tasks"])) == (0, lines(each.rows))


def test_the_command_line_plays_the_same_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (each,) = (each for each in ALL if each.name == "abl-17-no-show")
    given = tmp_path / "script.json"
    given.write_text(json.dumps({"booking": each.booking, "script": each.script}), "utf-8")

    code = run(("rehearse", str(given), "--json"))

    printed = json.loads(capsys.readouterr().out)
    assert (code, lines(printed["tasks"])) == (0, lines(each.rows))
    assert printed.keys() == {"tasks", "transcript", "readiness"}


# --- drawn at random


@FEW
@given(bookings(PLAYBOOKS))
def test_any_booking_is_planned_as_the_tables_say(booking: dict[str, Any]) -> None:
    assert lines(bookend.planned(booking)) == lines(oracle.plan(booking))


@FEWER
@given(st.data())
def test_any_script_is_played_as_the_rules_say(data: st.DataObject) -> None:
    booking = data.draw(bookings(PLAYBOOKS))
    script = data.draw(scripts(booking, longest=6 if THOROUGH else 3))
    only = () if THOROUGH else SOME_STEPS

    assert lines(bookend.played(booking, script, only)) == lines(playing.played(booking, script, only))
