"""The page and the timeline as files: complete in themselves, and nothing runs over anything."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bot.paper import render, timeline
from bot.paper.measure import width, wrapped
from tests.core import made
from tests.paper.shown import SHIPPED, shown


@pytest.mark.parametrize("name", ["abl", "mnd"])
def test_the_page_needs_no_network_and_no_script(name: str) -> None:
    page = render.page(shown(name)).replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert not re.search(r"https?://|<script|<link|url\(|@import|src=", page)


def test_the_page_tells_every_step_with_its_reason_and_sources() -> None:
    page = render.page(shown("abl"))

    assert page.count("<code>") == sum(len(part.lines) for part in shown("abl").parts)
    assert "A nurse is asked 28 days before the procedure at 09:00" in page
    assert "Stops the procedure until a physician decides when" in page
    assert "S01, S09, S71 · evidence T" in page


def test_the_page_tells_the_red_flags_of_its_playbook() -> None:
    page = render.page(shown("abl"))

    assert "<h2>Red flags</h2>" in page
    assert all(flag.title in page for flag in SHIPPED["abl"].red_flags)
    assert {flag.id for flag in SHIPPED["abl"].red_flags} != {flag.id for flag in SHIPPED["mnd"].red_flags}


def test_what_a_playbook_says_is_never_markup() -> None:
    step = replace(made.SMOKING, title="<b>Smoking</b>", why="a < b & c")
    book = replace(made.playbook(step), title="<script>alert(1)</script>")

    drawn = render.page(shown(book)) + render.svg(shown(book))

    assert "<b>Smoking" not in drawn and "<script" not in drawn
    assert "a &lt; b &amp; c" in drawn


@pytest.mark.parametrize("name", SHIPPED)
def test_the_timeline_is_a_picture_of_its_own(name: str) -> None:
    root = ElementTree.fromstring(render.svg(shown(name)))

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    chips = root.findall(".//{*}g/{*}title")
    assert len(chips) == sum(len(part.lines) for part in shown(name).parts)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_chip_covers_another_or_leaves_its_row(name: str) -> None:
    figure = timeline.figure(shown(name).parts)

    for grid in filter(None, (figure.case, figure.happening)):
        for column in grid.columns:
            for row in grid.rows:
                chips = column.cells[row.role]
                for half in (0, 1):
                    mine = [chip for chip in chips if chip.half == half]
                    ends = [chip.y + chip.height + (timeline.SLOT_LINE if chip.label else 0) for chip in mine]
                    assert all(after.y >= end for end, after in zip(ends, mine[1:], strict=False))
                    assert max(ends, default=0) + timeline.PAD <= row.height
        assert grid.width <= figure.width


def test_the_moments_of_readiness_stand_between_the_parts() -> None:
    figure = timeline.figure(shown("abl").parts)

    gates = [name for column in figure.case.columns for name, _ in column.gates]

    assert gates == ["A week before", "Cleared to come", "Morning huddle", "Arrival", "Cleared to start"]


def test_with_facts_the_page_names_them_and_drops_the_rest() -> None:
    page = render.page(shown("abl", {"smoker": "no", "age": 52.0}))

    assert "Only what this patient would be asked" in page
    assert "Age: <b>52</b>" in page
    assert "Smoking stopped" not in page


def test_words_are_broken_where_they_no_longer_fit() -> None:
    lines = wrapped("Fillers, botulinum, flap surgery", 90, 12, bold=True)

    assert " ".join(lines) == "Fillers, botulinum, flap surgery"
    assert len(lines) > 1
    assert all(width(line, 12, bold=True) <= 90 for line in lines)
    assert wrapped("Pneumonoultramicroscopicsilicovolcanoconiosis", 20, 12) == [
        "Pneumonoultramicroscopicsilicovolcanoconiosis"
    ]
