"""The article behind Bookend, sentence by sentence: nothing is missing, and every link leads to what says it.

`tests/data/article.json` is the second witness: which help texts and steps each sentence belongs to.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.core.playbook import Step
from bot.core.red_flags import RedFlag
from bot.paths import shipped_playbooks
from tests.playbooks.tables import shipped

SENTENCES = [f"A{number}" for number in range(1, 37)]
HELPS = [f"H{number:02}" for number in range(1, 16)]
LINK = re.compile(r"(flag )?`([\w.]+)`(?: “([^”]+)”)?")


class Row(NamedTuple):
    """A line of one of the two tables."""

    number: str
    said: str
    links: str
    remark: str = ""


@cache
def rows() -> Mapping[str, Row]:
    lines = (shipped_playbooks() / "article.md").read_text("utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if re.match(r"\| [AH]\d", line)
    ]
    assert len({each[0] for each in cells}) == len(cells), "a line stands there twice"
    return {each[0]: Row(*each) for each in cells}


@cache
def witness() -> Mapping[str, Any]:
    text = (Path(__file__).parent.parent / "data" / "article.json").read_text("utf-8")
    return {each["no"]: each for each in json.loads(text)}


def links(number: str) -> list[tuple[str, str, str]]:
    """Each link of a line as (flag, name, words quoted from it); what is no link may not stand there."""
    cell = rows()[number].links
    assert re.sub(r"[; ]", "", LINK.sub("", cell)) in ("", "none"), f"{number}: what is {cell!r}?"
    return LINK.findall(cell)


def step_named(name: str) -> Step:
    playbook = name.partition(".")[0]
    return shipped()[playbook if playbook in shipped() else "abl"].step(name)


def flag_named(name: str) -> RedFlag:
    return next(flag for flag in shipped()["abl"].red_flags if flag.id == name)


def words_of(step: Step) -> Iterator[str]:
    """All that a person reads of a step."""
    yield from (step.title, step.why)
    for field in step.ask:
        yield from (field.label, field.help, ", ".join(field.choices).replace("_", " "))


def test_no_sentence_of_the_article_is_missing_and_none_is_made_up() -> None:
    assert list(rows()) == SENTENCES + HELPS
    assert all(row.said for row in rows().values())


@pytest.mark.parametrize("number", SENTENCES)
def test_a_sentence_leads_to_the_help_texts_and_steps_it_belongs_to(number: str) -> None:
    wanted = witness()[number]

    led = links(number)

    helps = {name for flag, name, _ in led if name in HELPS}
    steps = {name for flag, name, _ in led if not flag and name not in HELPS}
    assert helps == set(wanted["helps"])
    assert steps >= set(wanted["steps"])
    assert any(flag for flag, _, _ in led) or not wanted["flags"]


@pytest.mark.parametrize("number", SENTENCES)
def test_where_the_article_is_wrong_or_unsupported_the_table_says_so(number: str) -> None:
    assert rows()[number].remark or not witness()[number]["remark"]


@pytest.mark.parametrize("number", SENTENCES + HELPS)
def test_every_link_leads_to_a_place_that_says_so(number: str) -> None:
    for flag, name, quoted in links(number):
        if name in HELPS:
            assert not flag and not quoted
        elif flag:
            found = flag_named(name)
            said = " | ".join([found.title, *found.signs, *found.worse, found.then]).replace("_", " ")
            assert quoted and quoted.lower() in said.lower(), f"{number} {name}"
        else:
            said = " | ".join(words_of(step_named(name)))
            assert quoted and quoted.lower() in said.lower(), f"{number} {name}"


@pytest.mark.parametrize("number", HELPS)
def test_a_help_text_is_read_where_somebody_is_asked(number: str) -> None:
    places = {name: quoted for _, name, quoted in links(number)}

    assert places
    for name, quoted in places.items():
        step = step_named(name)
        assert any(
            quoted in text for text in (step.why, *(field.help for field in step.ask), *_labels(step))
        ), name


def _labels(step: Step) -> list[str]:
    return [field.label for field in step.ask]


def test_every_help_text_serves_a_sentence_or_stands_for_itself() -> None:
    used = {name for number in SENTENCES for _, name, _ in links(number)}

    assert set(HELPS) - used == {"H15"}
