"""The usual answers: what one press may say, and when it takes a form."""

from dataclasses import replace

from bot.core.case import Case
from bot.core.playbook import Step
from bot.core.said import Said
from bot.core.usual import as_read_aloud
from tests.core import made

PRESSED = {"smoker": "no"}


def asked() -> Step:
    field = replace(made.word("smoker", "no", "yes", sets="smoker"), normal="no")
    return made.step("smoking", "T0-7d@10:00 prev", ask=(field,))


def told(*values: str) -> Case:
    case = made.course(steps=(asked(),)).case
    said = [Said(value=each, by=f"jo{n}", at=made.OPENED, where="fact") for n, each in enumerate(values)]
    return replace(case, said={"smoker": tuple(said)}, facts={**case.facts, "smoker": (*values, "no")[0]})


def test_one_press_gives_the_usual_answers() -> None:
    assert as_read_aloud(asked(), made.course(steps=(asked(),)).case) == PRESSED
    assert as_read_aloud(asked(), told("no")) == PRESSED
    assert as_read_aloud(asked(), told("unknown")) == PRESSED


def test_one_press_contradicts_nobody() -> None:
    assert as_read_aloud(asked(), told("yes")) is None
    assert as_read_aloud(asked(), told("no", "yes")) is None
