"""The difference of two playbooks: nothing is left unsaid, and what is said can be read aloud."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import ALWAYS, AllOf, AnyOf, Condition, Within
from bot.core.difference.told import Change, difference
from bot.core.difference.touched import across, comparable, short_names
from bot.core.kinds import FieldKind, Level, Phase, Scope
from bot.core.people import Role
from bot.core.playbook import Field, Playbook, Step, Stops
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from tests.core import made
from tests.examples import some

SMOKES, FACE = made.is_("smoker", "yes"), made.is_("area_face", "yes")
PLAIN = made.step("g.exam", "CONSULT+60m", phase=Phase.CONSULT)
TAN = Field(name="tan", label="Tan", kind=FieldKind.CHOICE, choices=("no", "yes"), normal="no")


@pytest.fixture(scope="module")
def shipped() -> dict[str, Playbook]:
    return load_playbooks(shipped_playbooks())


def changed(old: Step, **attributes: Any) -> list[str]:
    """What is said when these attributes of a step change."""
    found = difference(made.playbook(old), made.playbook(replace(old, **attributes)))
    assert all(change.step == old.id for change in found)
    return [change.words for change in found]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"due": made.due("CONSULT+120m")}, "now due 2 hours after the consultation starts; was 1 hour"),
        (
            {"due": made.due("T0-1d@10:00 none")},
            "now due 1 day before the procedure at 10:00, even if closed; "
            "was 1 hour after the consultation starts",
        ),
        ({"role": Role.OPERATOR}, "now asked of the operator; was asked of a nurse"),
        ({"title": "Look at the skin"}, "was called “g.exam”"),
        ({"scope": Scope.COURSE}, "now asked once in a course"),
        ({"valid_days": 28}, "an answer is now good for 28 days; was good for as long as the case lasts"),
        ({"when": SMOKES}, "now only asked when “Smoker” is yes; was always asked"),
        (
            {"stops": Stops(level=Level.MD, md=SMOKES)},
            "now stops the procedure until a physician decides when “Smoker” is yes",
        ),
        ({"sources": ("S01",)}, "now also cites S01"),
        ({"double": True}, "now needs a second person"),
        ({"shared": True}, "now once for all cases in the room that day"),
        ({"why": "Look first."}, "its reason now reads “Look first.”; was none"),
        ({"ladder": "urgent"}, "now reminded of as urgent; was reminded of as routine"),
        ({"gate": "huddle"}, "its readiness moment is now Morning huddle; was no gate"),
        ({"ask": (TAN,)}, "now also asks “Tan”: no or yes (usually no)"),
    ],
)
def test_a_changed_step_says_what_is_now_and_what_was(attributes: dict[str, Any], said: str) -> None:
    assert changed(PLAIN, **attributes) == [said]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SMOKES, ALWAYS, ["now asked of everybody; was only asked when “Smoker” is yes"]),
        (SMOKES, made.is_("smoker", "yes", "unknown"), ["now also asked when “Smoker” is unknown"]),
        (made.is_("smoker", "yes", "unknown"), SMOKES, ["no longer asked when “Smoker” is unknown"]),
        (
            AllOf(parts=(FACE, SMOKES)),
            AllOf(parts=(FACE, made.is_("smoker", "no"))),
            ["now also asked when “Smoker” is no", "no longer asked when “Smoker” is yes"],
        ),
        (SMOKES, FACE, ["now asked when “area face” is yes; was asked when “Smoker” is yes"]),
        (SMOKES, AnyOf(parts=(SMOKES,)), ["its condition is written in another way"]),
        (
            made.is_("playbook", "abl"),
            made.is_("playbook", "abl", "naf"),
            ["now also asked of patients for naf"],
        ),
    ],
)
def test_a_changed_condition_says_who_is_asked_now(old: Condition, new: Condition, said: list[str]) -> None:
    assert changed(replace(PLAIN, when=old), when=new) == said


def sentences(changes: Iterable[Change]) -> list[str]:
    return [str(change) for change in changes]


def test_another_playbook_is_called_by_its_name() -> None:
    old = replace(PLAIN, title="The day-3 check", when=made.is_("playbook", "abl"))
    new = replace(old, when=made.is_("playbook", "abl", "naf"))

    (change,) = difference(made.playbook(old), made.playbook(new), {"naf": "non-ablative resurfacing"})

    assert str(change) == "The day-3 check: now also asked of patients for non-ablative resurfacing."


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"choices": ("no", "yes", "unsure")}, "“Tan” can now also be answered “unsure”"),
        ({"choices": ("no",)}, "“Tan” can no longer be answered “yes”"),
        ({"choices": ("yes", "no")}, "“Tan” shows its answers in another order"),
        ({"optional": True}, "“Tan” may now be left out"),
        ({"normal": None}, "“Tan” now has the usual answer none; was “no”"),
        ({"label": "Visible tan"}, "“Tan” now reads “Visible tan”"),
        ({"sets": {"tanned": {}}}, "“Tan” now sets “tanned” (as answered); set no fact"),
    ],
)
def test_a_changed_field_says_what_can_be_answered_now(attributes: dict[str, Any], said: str) -> None:
    assert changed(replace(PLAIN, ask=(TAN,)), ask=(replace(TAN, **attributes),)) == [said]


def test_a_stop_that_goes_says_what_it_was() -> None:
    old = replace(PLAIN, stops=Stops(level=Level.HARD, hard=SMOKES))

    assert changed(old, stops=Stops()) == [
        "no longer stops anything; before, it stops the procedure outright when “Smoker” is yes"
    ]


def test_a_stop_that_changes_says_what_it_was_and_what_it_is() -> None:
    old = replace(PLAIN, stops=Stops(level=Level.HARD, hard=SMOKES))

    assert changed(old, stops=Stops(level=Level.HARD, hard=FACE)) == [
        "now stops the procedure outright when “area face” is yes; "
        "before, it stops the procedure outright when “Smoker” is yes"
    ]


def test_a_stop_that_counts_for_less_is_said_though_it_stops_for_the_same() -> None:
    old = replace(PLAIN, stops=Stops(level=Level.HARD, md=SMOKES))

    assert changed(old, stops=Stops(level=Level.MD, md=SMOKES)) == [
        "its stop now counts as one that a physician decides; was a hard stop"
    ]


def test_a_step_that_is_new_is_said_whole_and_one_that_went_is_named() -> None:
    old, new = made.playbook(PLAIN), made.playbook(made.SMOKING)

    said = sentences(difference(old, new))

    assert said[0].startswith("smoking: is new. A nurse is asked 14 days before the procedure")
    assert said[1] == "g.exam: is no longer asked."


def test_a_playbook_against_itself_says_nothing(shipped: dict[str, Playbook]) -> None:
    for playbook in shipped.values():
        assert sentences(difference(playbook, playbook)) == []


#: For each kind of value another one of it; a tuple of fields is changed field by field.
OTHERS: dict[str, Any] = {
    "ask": (TAN,),
    "stops": Stops(level=Level.HARD, hard=Within(name="tan", days=3)),
    "when": Within(name="tan", days=3),
    "due": made.due("MOVE+7m"),
    "sets": {"tan": {"no": "yes"}},
    "of": ("tan", "tan"),
}


def others(name: str, value: Any) -> Any:
    """Some values of an attribute that differ from the one it has."""
    if name in OTHERS:
        found = [OTHERS[name]]
    elif hasattr(type(value), "__members__"):
        found = list(type(value))
    elif isinstance(value, bool):
        found = [not value]
    elif isinstance(value, tuple):
        found = [(*value, "x"), value[1:], value[::-1]]
    elif isinstance(value, str):
        found = [value + "x", ""]
    else:
        found = [1, None]
    return [each for each in found if each != value]


def single_changes(step: Step) -> Iterator[Step]:
    """The step with one attribute changed, of itself or of one of its fields."""
    for each in fields(Step):
        if each.name not in ("id", "line") and each.compare:
            for other in others(each.name, getattr(step, each.name)):
                yield replace(step, **{each.name: other})
    for place, asked in enumerate(step.ask):
        for each in fields(Field):
            for other in others(each.name, getattr(asked, each.name)):
                changed = replace(asked, **{each.name: other})
                yield replace(step, ask=(*step.ask[:place], changed, *step.ask[place + 1 :]))


def test_any_single_change_of_any_step_is_said_and_names_the_step(shipped: dict[str, Playbook]) -> None:
    # one playbook is enough: its steps and those of every procedure hold every kind of attribute
    steps = shipped["abl"].steps
    for step in steps[:: len(steps) // some(len(steps))]:
        old = made.playbook(step)
        for other in single_changes(step):
            found = difference(old, made.playbook(other))
            assert found, (step, other)
            assert all(other.title in str(change) and str(change).strip(".") for change in found)


@given(data=st.data())
def test_two_playbooks_can_be_compared_either_way(shipped: dict[str, Playbook], data: st.DataObject) -> None:
    steps = {step.id: step for book in shipped.values() for step in book.steps}
    some = st.lists(st.sampled_from(sorted(steps)), unique=True)
    one, two = ([steps[name] for name in data.draw(some)] for _ in range(2))
    old, new = made.playbook(made.SUN, *one), made.playbook(*two, replace(made.SUN, title="Tan"))

    there, back = difference(old, new), difference(new, old)

    assert {change.step for change in there} == {change.step for change in back}
    assert all(sentences(there)) and all(sentences(back))


def test_a_fact_that_changes_is_said_with_its_title() -> None:
    old = made.playbook()
    smoker = replace(old.facts["smoker"], words=("no", "yes"), title="Smokes")
    new = replace(old, facts={**{k: v for k, v in old.facts.items() if k != "mode"}, "smoker": smoker})

    assert sentences(difference(old, new)) == [
        "Fact “Smokes”: its list of values is now “no” and “yes”; was “no”, “yes” and “unknown”.",
        "Fact “Smokes”: was called “Smoker”.",
        "Fact “Mode”: is no longer known.",
    ]


def test_the_playbook_itself_is_looked_at_too() -> None:
    old = made.playbook()
    steps = (*old.steps[1:], old.steps[0])

    said = sentences(difference(old, replace(old, version=2, minutes=90, steps=steps)))

    assert said[:2] == [
        "Made by hand: the version is now 2; was 1.",
        "Made by hand: the planned minutes is now 90; was 60.",
    ]
    assert "another order" in said[2]


def test_what_every_procedure_shares_is_said_once_and_names_the_playbooks_it_touches() -> None:
    only_made = replace(PLAIN, id="g.plume", title="Plume", when=made.is_("playbook", "made"))
    made_one = made.playbook(PLAIN, only_made)
    old = {"made": made_one, "other": replace(made_one, id="other")}
    steps = (replace(PLAIN, role=Role.OPERATOR), replace(only_made, valid_days=3))
    new = {name: replace(book, steps=steps) for name, book in old.items()}

    said = [each.words(several=True) for each in across(old, new, short_names(new))]

    assert said == [
        "g.exam: now asked of the operator; was asked of a nurse. (touches made and other)",
        "Plume: an answer is now good for 3 days; was good for as long as the case lasts. (touches made)",
    ]


def test_a_playbook_that_came_or_went_is_said() -> None:
    one = made.playbook()

    assert [each.words(several=False) for each in across({"made": one}, {}, {"made": "Made by hand"})] == [
        "Made by hand: is no longer a playbook."
    ]
    assert [each.words(several=False) for each in across({}, {"made": one}, {"made": "Made by hand"})] == [
        "Made by hand: is a new playbook."
    ]


def test_a_fact_touches_the_playbooks_that_read_it() -> None:
    smokers, others = made.playbook(made.SMOKING), replace(made.playbook(PLAIN), id="other")
    old = {"made": smokers, "other": others}
    asked = {**smokers.facts, "smoker": replace(smokers.facts["smoker"], question="Does the patient smoke?")}
    new = {name: replace(book, facts=asked) for name, book in old.items()}

    (said,) = [each.words(several=True) for each in across(old, new, {})]

    assert said == ("Fact “Smoker”: its question is now “Does the patient smoke?”; was none. (touches made)")


def test_one_playbook_is_compared_with_its_like_in_a_folder() -> None:
    one, other = made.playbook(), replace(made.playbook(), id="other")
    folder = {"made": one, "other": other}

    assert comparable({"made": one}, folder) == ({"made": one}, {"made": one})
    assert comparable(folder, {"other": other}) == ({"other": other}, {"other": other})
    assert comparable({"made": one}, {"other": other}) == ({"other": one}, {"other": other})
    assert comparable(folder, folder) == (folder, folder)
