"""Bookend knows no procedure by itself: one with a scalpel runs like those shipped, and `bot` names none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.app import planned, rehearsed
from bot.core.case import TaskStatus
from bot.core.facts import DERIVED, URGENCY
from bot.files.check import inspect
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from bot.service.rehearse import Played

HOME = Path(bot.__file__).parent
SURGERY = Path(__file__).parent / "data" / "minor-surgery"
BOOKING = """
playbook: mole-excision
clinic: {timezone: Europe/London}
opened: 2027-01-12T13:45
start: 2027-02-18T09:30
"""
#: What only a playbook may know: procedures, devices, and what is done to skin.
PROCEDURES = re.compile(
    r"laser|co₂|\bco2\b|\bipl\b|er:yag|intense pulsed|photothermo|fluence|joule|resurfac|\bpeel|tattoo"
    r"|hair remov|microneedl|goggle|eyewear|antiviral|sunscreen|fitzpatrick|numbing|\bcream\b|dermoscop"
    r"|mole\b|scalpel"
    r"|\b(abl|naf|lhr|vas|pig|pel|mnd)\b",
    re.IGNORECASE,
)
#: People are called Laser and Peel: whoever looks for names knows that these are words as well.
NAMES = "core/names.py"
#: Facts named by words that every program uses.
EVERYDAY = {"age", "mode", "target"}
#: What a sentence may take as its example, as in "Write it like `fact K7Q2 smoker yes`"; code may not.
EXAMPLES = re.compile(r"\b(smoker|abl)\b")


def played(*lines: str, facts: str = "") -> Played:
    """A rehearsal of the excision; the lines are those of a script."""
    booking = BOOKING + (f"facts: {{{facts}}}\n" if facts else "")
    told = "\n".join(f"  {line}" for line in booking.strip().splitlines())
    script = "\n".join(f"  - {line}" for line in lines)
    return rehearsed(f"booking:\n{told}\nscript:\n{script}\n", "story.yaml", SURGERY)


def test_a_playbook_with_a_scalpel_is_checked_without_mistakes_or_advice() -> None:
    found = inspect([SURGERY])

    assert (found.mistakes, found.advice, list(found.playbooks)) == ([], [], ["mole-excision"])


@pytest.mark.parametrize(("facts", "arrives"), [("", "09:10"), ("heart_device: yes", "08:40")])
def test_it_says_itself_when_its_patients_come(facts: str, arrives: str) -> None:
    course = planned(BOOKING + f"facts: {{{facts}}}\n", "booking.yaml", SURGERY)

    (arrival,) = (task for task in course.tasks if task.step == "mx.arrival")
    assert f"{arrival.due:%H:%M}" == arrives


def test_it_is_played_to_the_end() -> None:
    found = played("{do: answer_when_due, until: 2027-03-30T12:00}", facts="blood_thinner: yes, site: face")

    assert {task.status for task in found.course.tasks} == {TaskStatus.DONE}
    assert [ready.state.value for _, ready in found.gates] == ["ready"] * 5
    assert {"mx.thinner_plan", "mx.stitches_face"} <= {task.step for task in found.course.tasks}


def test_a_result_that_is_not_back_is_chased() -> None:
    found = played(
        "{do: answer_when_due, until: 2027-03-04T09:59}",
        "{at: 2027-03-04T10:05, do: answer, task: mx.histology, values: {result: not_back, told: no}}",
        "{until: 2027-03-09T12:00, do: nothing}",
    )

    (result,) = (task for task in found.course.tasks if task.step == "mx.histology")
    assert result.status is TaskStatus.BLOCKED
    assert any("Histology" in line for line in found.transcript[-2:])


def test_a_complication_and_a_cancellation_ask_what_its_own_list_says() -> None:
    found = played(
        "{do: answer_when_due, until: 2027-02-01T12:00}",
        "{at: 2027-02-02T09:00, do: event, urgency: urgent}",
        "{do: answer_when_due, until: 2027-02-02T09:30}",
        "{at: 2027-02-03T09:00, do: cancel}",
        "{do: answer_when_due, until: 2027-03-30T12:00}",
    )

    done = {task.step for task in found.course.tasks if task.status is TaskStatus.DONE}
    assert done == {"mx.history", "mx.dermoscopy", "mx.bleeding", "mx.pots_back"}


def _what_runs(text: str) -> str:
    """Every name and every text of a module but its docstrings, one a line."""
    tree = ast.parse(text)
    for node in list(ast.walk(tree)):
        told = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if told and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    fields = (value for node in ast.walk(tree) for _, value in ast.iter_fields(node))
    every = (each for value in fields for each in (value if isinstance(value, list) else (value,)))
    words = (word for word in every if isinstance(word, str))
    return "\n".join(EXAMPLES.sub("", word) if " " in word else word for word in words)


def _texts() -> Iterator[tuple[str, str]]:
    """What runs and what is shown; comments and docstrings may explain by example."""
    for path in sorted(HOME.rglob("*")):
        if path.suffix in (".py", ".html", ".js", ".css", ".svg", ".j2", ".txt", ".mako") and path.is_file():
            text = path.read_text("utf-8")
            name = path.relative_to(HOME).as_posix()
            yield name, _what_runs(text) if path.suffix == ".py" else text


def test_nothing_in_bot_knows_the_word_laser() -> None:
    facts = {name for book in load_playbooks(shipped_playbooks()).values() for name in book.facts}
    facts -= {*DERIVED, URGENCY, *EVERYDAY}
    named = re.compile(rf"\b({'|'.join(sorted(facts))})\b")
    texts = dict(_texts())

    found = {
        (name, match[0].lower())
        for name, text in texts.items()
        if name != NAMES
        for pattern in (PROCEDURES, named)
        for match in pattern.finditer(text)
    }

    assert len(texts) > 100 and len(facts) > 20 and NAMES in texts
    assert found == set()
