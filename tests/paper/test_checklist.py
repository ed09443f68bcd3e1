"""The checklist: what must never be missing from it, and what is dropped first when it gets long."""

from dataclasses import replace

import pytest

from bot.core.kinds import Level
from bot.paper import render
from bot.paper.boxes import boxes
from bot.paper.checklist import SIZES, Sheet, sheet
from bot.paper.moments import HAPPENING, Moment
from tests.paper.shown import SHIPPED, shown


def of(name: str, **facts: str) -> Sheet:
    what = shown(name, dict(facts) if facts else None)
    return sheet(what.parts, what.known)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_step_stands_on_the_sheet(name: str) -> None:
    printed = " ".join(
        text
        for group in of(name).groups
        for item in group.items
        for text in (item.title, *(box.text for box in item.boxes))
    )
    titles = [line.step.title for part in shown(name).parts for line in part.lines]

    assert [title for title in titles if title not in printed] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_what_stops_outright_is_never_dropped(name: str) -> None:
    what = shown(name)
    printed = {
        (item.title, box.text) for group in of(name).groups for item in group.items for box in item.boxes
    }

    for part in what.parts:
        for step in (line.step for line in part.lines if part.moment not in HAPPENING):
            hard = [box for box in boxes(step, what.known) if box.level is Level.HARD]
            missing = [box.text for box in hard if (step.title, box.text) not in printed]
            # one box alone may be the step's own
            assert missing == [] or (len(missing) == 1 and len(hard) == 1), step.id


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_playbook_fits_on_one_page(name: str) -> None:
    found = of(name)

    assert found.fits
    assert found.size in SIZES


def test_the_time_out_stands_below_all_that_comes_before_it() -> None:
    before_the_start = [group for group in of("abl").groups if group.moment is Moment.START]

    *_, last = [item.title for group in before_the_start for item in group.items]

    assert [group.role for group in before_the_start] == ["Nurse", "Physician", "Operator"]
    assert last == "Time-out"


def test_a_patient_with_less_to_ask_gets_more_of_it_or_larger_type() -> None:
    whole, one = of("naf"), of("naf", anaesthesia="none", sedation="none")

    def letters(found: Sheet) -> float:
        boxes = sum(len(box.text) for group in found.groups for item in group.items for box in item.boxes)
        return found.size * boxes

    assert letters(one) > letters(whole)


def test_the_day_itself_is_dropped_last() -> None:
    found = {item.title: item for group in of("abl").groups for item in group.items}

    assert found["Review after 3 months"].boxes == ()
    assert found["Call on day 1"].boxes == ()
    assert len(found["Same-day check"].boxes) > 3
    assert len(found["Time-out"].boxes) == 11


def test_a_playbook_too_long_for_a_page_says_so_and_loses_no_step() -> None:
    abl = SHIPPED["abl"]
    twice = replace(abl, steps=(*abl.steps, *(replace(step, id=f"{step.id}_again") for step in abl.steps)))
    what = shown(twice)

    found = sheet(what.parts, what.known)

    assert not found.fits
    printed = sum(len(group.items) for group in found.groups if group.role)
    planned = sum(len(part.lines) for part in what.parts if part.moment not in HAPPENING)
    assert printed == planned


def test_a_sheet_with_one_patients_steps_says_whom_alone_it_is_for() -> None:
    what = shown("abl", {"smoker": "yes"})

    page = render.page(what)

    assert 'class="for">Only for a patient with Smoker (nicotine vaping counts): yes.' in page
    assert 'class="for"' not in render.page(shown("abl"))


def test_the_line_that_says_whom_a_sheet_is_for_takes_its_room_from_the_list() -> None:
    what = shown("abl", {"smoker": "yes"})

    alone, told = sheet(what.parts, what.known), sheet(what.parts, what.known, "very " * 900)

    assert alone.fits
    assert told.size < alone.size or told.groups != alone.groups or not told.fits
