"""Sentences: what a director reads aloud of a moment, a condition, a stop and a whole step."""

from dataclasses import replace

import pytest

from bot.core.conditions import ALWAYS, AllOf, AnyOf, Bounds, Condition, Is, Missing, Not, Within
from bot.core.kinds import FieldKind, Level, Phase
from bot.core.playbook import Field, Stops
from bot.core.sentences import (
    Glossary,
    condition_words,
    due_words,
    field_words,
    glossary,
    listed,
    span,
    step_words,
    stop_words,
)
from tests.core import made

KNOWN = Glossary(
    titles={"age": "Age", "smoker": "Smoker", "a": "A", "b": "B"}, playbooks={"naf": "Non-ablative"}
)
TAN = Field(name="tan", label="Tan", kind=FieldKind.CHOICE, choices=("no", "yes"), normal="no")
SEEN = Field(name="seen", label="Seen on", kind=FieldKind.DATE, tense="past", optional=True)
A, B = Is(name="a", words=("no",)), Is(name="b", words=("no",))
SMOKES = Is(name="smoker", words=("yes", "unknown"))
YOUNG = Bounds(name="age", below=18)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("T0+0m", "at the start"),
        ("CONSULT+60m", "1 hour after the consultation starts"),
        ("T0-15m", "15 minutes before the start"),
        ("END+90m", "90 minutes after the end"),
        ("ARRIVE+0m", "when the patient arrives"),
        ("T0-14d@09:00 prev", "14 days before the procedure at 09:00, or on the last open day before"),
        ("T0+1d@10:00 none", "1 day after the procedure at 10:00, even if closed"),
        ("T0+0d@07:00 next", "on the day of the procedure at 07:00, or on the next open day"),
        ("EVENT+30m", "30 minutes after a complication is reported"),
    ],
)
def test_a_moment_is_said_as_the_clinic_says_it(written: str, said: str) -> None:
    assert due_words(made.due(written)) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (ALWAYS, "always"),
        (AnyOf(parts=()), "never"),
        (SMOKES, "“Smoker” is yes or unknown"),
        (YOUNG, "“Age” is below 18"),
        (Bounds(name="age", at_least=10, at_most=20), "“Age” is at least 10 and at most 20"),
        (Within(name="a", days=0), "“A” is after the day of the procedure or not known"),
        (Within(name="a", months=6), "“A” is less than 6 calendar months before the procedure or not known"),
        (Missing(name="reason_for_none"), "“reason for none” is not recorded"),
        (Not(part=Missing(name="a")), "“A” is recorded"),
        (Not(part=SMOKES), "“Smoker” is not yes or unknown"),
        (Not(part=Not(part=A)), "“A” is no"),
        (Not(part=AllOf(parts=(A, YOUNG))), "it is not so that (“A” is no and “Age” is below 18)"),
        (AnyOf(parts=(A, YOUNG, B)), "“A” or “B” is no, or “Age” is below 18"),
        (AllOf(parts=(A, B)), "“A” and “B” are no"),
        (
            AllOf(parts=(SMOKES, AnyOf(parts=(A, YOUNG)))),
            "“Smoker” is yes or unknown, and either “A” is no or “Age” is below 18",
        ),
        (
            AnyOf(parts=(B, AllOf(parts=(SMOKES, AnyOf(parts=(A, YOUNG)))))),
            "“B” is no, or “Smoker” is yes or unknown and (“A” is no or “Age” is below 18)",
        ),
        (Is(name="playbook", words=("abl", "naf")), "the procedure is abl or Non-ablative"),
    ],
)
def test_a_condition_is_said_in_words_that_cannot_be_misread(condition: Condition, said: str) -> None:
    assert condition_words(condition, KNOWN) == said


def test_a_stop_says_how_hard_it_is_and_on_what() -> None:
    step = made.step("sun", "ARRIVE+10m", phase=Phase.DAY, stops=Stops(level=Level.HARD, hard=A, md=YOUNG))

    assert stop_words(step, KNOWN) == [
        "stops the procedure outright when “A” is no",
        "stops the procedure until a physician decides when “Age” is below 18",
    ]


def test_after_the_procedure_a_stop_is_a_call_for_the_physician() -> None:
    step = made.step("call", "T0+1d@10:00 none", phase=Phase.FOLLOW_UP, stops=Stops(level=Level.MD, md=A))

    assert stop_words(step, KNOWN) == ["goes to a physician when “A” is no"]


def test_a_step_that_stops_only_unanswered_says_so() -> None:
    step = made.step("readiness", "T0-2d@15:00 prev", stops=Stops(level=Level.HARD))

    assert stop_words(step, KNOWN) == ["stops the procedure outright while it is not answered"]


def test_a_field_of_the_step_comes_before_a_fact_of_the_same_name() -> None:
    smoker = Field(name="smoker", label="Smokes or vapes", kind=FieldKind.CHOICE, choices=("no", "yes"))
    step = made.step("history", "T0-1d@10:00 none", ask=(smoker,), stops=Stops(level=Level.MD, md=SMOKES))

    (said,) = stop_words(step, KNOWN)

    assert "“Smokes or vapes” is yes or unknown" in said


def test_a_step_is_said_whole() -> None:
    known = glossary(made.playbook())

    assert step_words(made.SMOKING, known) == (
        "A nurse is asked 14 days before the procedure at 09:00, or on the last open day before, "
        "when “Smoker” is yes or unknown. Good for 28 days. "
        "Stops the procedure until a physician decides when “still_smoking” is yes."
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (TAN, "“Tan”: no or yes (usually no)"),
        (Field(name="pain", label="Pain", kind=FieldKind.NUMBER, least=0, most=10), "“Pain”: 0 to 10"),
        (Field(name="dose", label="Dose", kind=FieldKind.NUMBER, unit="mg"), "“Dose”: a number mg"),
        (SEEN, "“Seen on”: a date in the past (optional)"),
        (
            Field(name="tip", label="Tip", kind=FieldKind.TEXT, chart=True),
            "“Tip”: words (in the patient's record)",
        ),
    ],
)
def test_a_field_says_what_it_takes(asked: Field, said: str) -> None:
    assert field_words(asked) == said


def test_lists_and_spans_read_as_speech() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]
    assert [span(1), span(45), span(60), span(90), span(240)] == [
        "1 minute",
        "45 minutes",
        "1 hour",
        "90 minutes",
        "4 hours",
    ]


def test_what_is_not_acted_on_yet_is_not_promised_to_whoever_signs() -> None:
    said = step_words(replace(made.SMOKING, shared=True, double=True), Glossary())

    assert "once for all cases in the room that day (so far asked in each)" in said
    assert "by two people, each on their own" in said


def test_when_somebody_not_reached_is_tried_again_is_said() -> None:
    said = step_words(replace(made.SMOKING, attempts=(0, 1, 3)), Glossary())

    assert "tried again the same evening and 1 day and 3 days later if the patient is not reached" in said
