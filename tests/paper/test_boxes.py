"""Boxes: an empty one may only say "stop" where the field stops by itself."""

from dataclasses import replace

from bot.core.conditions import AllOf, AnyOf, Bounds, Condition, Is, Not
from bot.core.kinds import FieldKind, Level
from bot.core.playbook import Field, Step, Stops
from bot.core.sentences import Glossary
from bot.paper.boxes import Box, Kind, boxes, says_no_more
from tests.core import made

FEVER = Field(name="fever", label="Fever", kind=FieldKind.CHOICE, choices=("no", "yes"), normal="no")
SEEN = Field(name="seen", label="Consent seen", kind=FieldKind.CHOICE, choices=("yes", "no"))


def asks(*fields: Field, hard: Condition | None = None, md: Condition | None = None) -> Step:
    level = Level.HARD if hard else Level.MD if md else Level.NONE
    return made.step("g.check", "T0-5m", ask=fields, stops=Stops(level=level, hard=hard, md=md))


def drawn(step: Step) -> list[tuple[str, str, str]]:
    return [(box.kind.value, box.text, box.level.value) for box in boxes(step, Glossary())]


def test_what_must_be_so_is_ticked_and_what_must_not_is_said_after_no() -> None:
    stop = AnyOf(parts=(made.is_("fever", "yes"), made.is_("seen", "no")))

    assert drawn(asks(FEVER, SEEN, hard=stop)) == [
        ("so", "Consent seen", "hard"),
        ("not_so", "Fever", "hard"),
    ]


def test_each_box_says_how_hard_its_own_field_stops() -> None:
    step = asks(FEVER, SEEN, hard=made.is_("fever", "yes"), md=made.is_("seen", "no"))

    assert drawn(step) == [("so", "Consent seen", "md"), ("not_so", "Fever", "hard")]


def test_what_stops_only_together_with_something_else_is_a_sentence_and_no_tick() -> None:
    step = asks(FEVER, SEEN, hard=AllOf(parts=(made.is_("sedation", "iv"), made.is_("seen", "no"))))

    assert drawn(step) == [
        ("not_so", "Fever", "no"),
        ("write", "Consent seen: yes / no", "hard"),
        ("rule", "if sedation iv and Consent seen no.", "hard"),
    ]


def test_what_becomes_a_fact_is_written_down_and_not_ticked_away() -> None:
    smoking = replace(FEVER, name="smoker", label="Smokes", sets={"smoker": {}})

    assert drawn(asks(smoking)) == [("write", "Smokes: no / yes", "no")]


def test_boxes_that_stop_alone_are_not_told_again_in_the_sentence() -> None:
    missing = AnyOf(parts=(made.is_("seen", "no"), made.is_("fever", "yes")))
    step = asks(FEVER, SEEN, md=missing, hard=AllOf(parts=(made.is_("sedation", "iv"), missing)))

    assert drawn(step) == [
        ("so", "Consent seen", "md"),
        ("not_so", "Fever", "md"),
        ("rule", "if sedation iv and a box is empty.", "hard"),
    ]


def test_an_answer_that_stops_is_in_capitals_and_a_limit_is_told_as_what_is_allowed() -> None:
    test = Field(name="test", label="Test", kind=FieldKind.CHOICE, choices=("none", "negative", "positive"))
    heat = Field(name="heat", label="Temperature", kind=FieldKind.NUMBER, unit="°C")
    step = asks(
        test, heat, hard=AnyOf(parts=(made.is_("test", "positive"), Bounds(name="heat", at_least=38)))
    )

    assert [text for _, text, _ in drawn(step)] == [
        "Test: none / negative / POSITIVE",
        "Temperature ____ °C (below 38)",
    ]


def test_a_long_list_of_answers_becomes_a_line_that_says_which_of_them_stop() -> None:
    answers = ("none", "a_long_answer", "another_long_answer", "unknown")
    drug = Field(name="drug", label="Drug", kind=FieldKind.CHOICE, choices=answers)
    step = asks(drug, hard=made.is_("drug", "another_long_answer", "unknown"))

    assert drawn(step) == [("write", "Drug ____ (not ANOTHER LONG ANSWER or UNKNOWN)", "hard")]


def test_a_denied_answer_stops_as_well() -> None:
    step = asks(SEEN, hard=Not(part=Is(name="seen", words=("yes",))))

    assert drawn(step) == [("so", "Consent seen", "hard")]


def test_what_names_a_person_or_belongs_in_the_record_is_not_printed() -> None:
    name = Field(name="name", label="Name", kind=FieldKind.TEXT, identity=True)
    tip = Field(name="tip", label="Tip", kind=FieldKind.TEXT, chart=True)

    assert drawn(asks(name, tip)) == []


def test_a_box_that_repeats_its_title_is_known_as_such() -> None:
    step = made.step("Skin exam", "T0-5m")

    assert says_no_more(Box(text="Exam done", kind=Kind.SO), step)
    assert not says_no_more(Box(text="Both match", kind=Kind.SO), step)
