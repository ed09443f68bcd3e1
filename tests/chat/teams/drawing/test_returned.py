"""What comes back of a form is what was meant, and garbage is refused in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.forms import with_next
from bot.chat.slack.drawing.modal import modal
from bot.chat.slack.drawing.returned import filled as filled_in_slack
from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.inputs import as_value, of_value
from bot.chat.teams.drawing.returned import filled
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.kinds import Catch, FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.replies import Filled, MessageRef
from tests.chat import samples
from tests.chat.cards import forms
from tests.chat.teams.client import inputs, sent
from tests.examples import some

JO, ONCE = "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "a:jo/1700000000001"
CHECK, SUN = "K7Q2:g.same_day_check:1:1", "K7Q2:abl.sun_day:1:1"


def back(what: Form, title: str = "", outcome: Outcome = Outcome.CONFIRMED, **answers: str) -> Filled:
    drawn = form(what, outcome=outcome)
    submit = what.submit if outcome is Outcome.CONFIRMED else dict(what.outcomes)[outcome]
    return filled(sent(drawn, title or submit, **answers), JO, ONCE)


def test_every_kind_of_answer_comes_back_as_it_was_given() -> None:
    found = back(
        samples.FORM,
        temperature="36.8",
        unwell="no",
        in_area="pus,wound",
        visible_tan="yes",
        last_sun="2027-01-02",
        seen_at="09:05",
        remark="fine & <well>, all",
    )

    assert found.entries == {
        CHECK: {"temperature": "36.8", "unwell": "no", "in_area": ("pus", "wound")},
        SUN: {
            "visible_tan": "yes",
            "last_sun": "2027-01-02",
            "seen_at": "09:05",
            "remark": "fine & <well>, all",
        },
    }
    assert (found.revisions, found.action, found.outcome) == (
        {CHECK: 3, SUN: 1},
        Action.FORM,
        Outcome.CONFIRMED,
    )
    assert (found.platform, found.account) == ("teams", JO)


def test_an_untouched_form_comes_back_with_its_tasks_and_nothing_in_them() -> None:
    assert back(samples.FORM).entries == {CHECK: {}, SUN: {}}


def test_what_was_chosen_in_sight_and_behind_the_fold_is_one_answer() -> None:
    answers = {"p0.several.symptoms": "high_fever,other", "p0.more.symptoms": "brown_patches"}

    found = back(samples.TRIAGE, **answers, urgency="urgent")

    (entry,) = found.entries.values()
    assert entry == {"symptoms": ("high_fever", "other", "brown_patches"), "urgency": "urgent"}


def test_of_rare_ones_alone_nothing_else_comes_back() -> None:
    (entry,) = back(samples.TRIAGE, **{"p0.more.symptoms": "brown_patches"}).entries.values()

    assert entry == {"symptoms": ("brown_patches",)}


@given(st.text())
def test_a_choice_comes_back_whatever_its_letters_are(choice: str) -> None:
    assert of_value(as_value(choice)) == choice
    assert "," not in as_value(choice)


#: What may be typed where words are asked for.
written = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


def answers_to(data: st.DataObject, what: Form) -> dict[str, dict[str, str | tuple[str, ...]]]:
    """Any answers that a form takes: part by part, field by field, some left empty."""
    return {
        part.task: {
            field.name: data.draw(answer_to(field))
            for field in part.fields
            if field.kind is not FieldKind.RATIO and data.draw(st.booleans())
        }
        for part in what.parts
    }


def answer_to(field: FormField) -> st.SearchStrategy[str | tuple[str, ...]]:
    values = [value for value, _ in field.options]
    match field.kind:
        case FieldKind.CHOICE if values:
            return st.sampled_from(values)
        case FieldKind.SEVERAL if values:
            chosen = st.lists(st.sampled_from(values), min_size=1, unique=True)
            return chosen.map(lambda some: tuple(sorted(some, key=values.index)))
        case FieldKind.NUMBER:
            return st.integers(-99, 999).map(str)
        case FieldKind.DATE:
            return st.dates().map(str)
        case FieldKind.TIME:
            return st.times().map(lambda at: f"{at:%H:%M}")
    return written


def in_teams(what: Form, answers: dict[str, dict[str, str | tuple[str, ...]]]) -> Filled:
    """The form as a card, filled in input by input."""
    drawn = form(what)
    data = sent(drawn, what.submit)
    asked = Asked.of(data)
    assert asked is not None
    fields = {(place, field.name): field for place, part in enumerate(what.parts) for field in part.fields}
    for key, element in inputs(drawn).items():
        place, _, name = key.removeprefix("p").split(".", 2)
        answer = answers[what.parts[int(place)].task].get(name, "")
        if fields[int(place), name].kind is FieldKind.SEVERAL and "choices" in element:
            offered = {choice["value"] for choice in element["choices"]}
            answer = ",".join(value for each in answer if (value := as_value(each)) in offered)
        elif "choices" in element:
            answer = as_value(str(answer))
        data |= {key: str(answer)} if answer else {}
    return filled(data, JO, ONCE)


def in_slack(what: Form, answers: dict[str, dict[str, str | tuple[str, ...]]]) -> Filled:
    """The same as a modal of Slack's."""
    view = modal(what, channel="D0JO")
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        task, _, name = block["block_id"].rpartition("/")
        answer = answers[task].get(name, "")
        if isinstance(answer, tuple):
            values[block["block_id"]] = {"value": {"selected_options": [{"value": each} for each in answer]}}
        else:
            values[block["block_id"]] = {"value": {"value": answer}}
    return filled_in_slack(view | {"id": "V1", "state": {"values": values}}, "U0JO")


@settings(max_examples=some(40))
@given(forms(), st.data())
def test_any_form_filled_in_anyhow_comes_back_as_what_slack_gives_for_it(
    what: Form, data: st.DataObject
) -> None:
    try:
        form(what)
    except Refused:
        # one part that fills more than a card
        return
    answers = answers_to(data, what)

    here, there = in_teams(what, answers), in_slack(what, answers)

    asked = {task: set(fields) for task, fields in here.entries.items() if task in there.entries}
    given_there = {
        task: {name: answer for name, answer in fields.items() if answer not in ("", ())}
        for task, fields in there.entries.items()
        if task in asked
    }
    assert {task: _in_order(here.entries[task]) for task in asked} == {
        task: _in_order(fields) for task, fields in given_there.items()
    }
    assert all(here.revisions[task] == there.revisions[task] for task in asked)
    assert (here.action, here.outcome, here.value) == (there.action, there.outcome, there.value)


def _in_order(fields: Any) -> dict[str, str | tuple[str, ...]]:
    """The same without the order in which several were chosen: the rare ones stand last."""
    return {
        name: tuple(sorted(answer)) if isinstance(answer, tuple) else answer
        for name, answer in fields.items()
    }


@pytest.mark.parametrize("outcome", [Outcome.NOT_APPLICABLE, Outcome.PROBLEM])
def test_what_does_not_apply_comes_back_with_its_note_and_no_answers(outcome: Outcome) -> None:
    found = back(samples.FORM, outcome=outcome, note="no medicines")

    assert (found.outcome, found.note) == (outcome, "no medicines")
    assert found.entries == {CHECK: {}, SUN: {}}


def test_what_was_caught_comes_back_with_its_kind() -> None:
    found = back(samples.FORM, outcome=Outcome.CAUGHT, note="lens", caught="device", unwell="no")

    assert (found.outcome, found.note, found.caught) == (Outcome.CAUGHT, "lens", Catch.DEVICE)
    assert found.entries[CHECK] == {"unwell": "no"}


def test_a_decision_comes_back_with_its_choice() -> None:
    reason = FormField(name="reason", label="Reason", kind=FieldKind.TEXT)
    part = FormPart(task=CHECK, revision=2, title="Isotretinoin", fields=(reason,))
    what = Form(heading="Proceed", label="", parts=(part,), action=Action.DECIDE, value="proceed")

    found = back(what, reason="low dose")

    assert (found.action, found.value, found.entries) == (
        Action.DECIDE,
        "proceed",
        {CHECK: {"reason": "low dose"}},
    )


def test_the_same_answers_are_one_delivery_and_others_another() -> None:
    first = sent(form(samples.FORM), "Save", remark="a")
    other = sent(form(samples.FORM), "Save", remark="b")

    assert filled(first, JO, ONCE).once == filled(dict(first), JO, ONCE).once
    assert filled(first, JO, ONCE).once != filled(other, JO, ONCE).once
    assert filled(first, JO, ONCE).once != filled(first, JO, "a:jo/1700000000002").once
    assert filled(first, JO, ONCE).once != filled(first, "another", ONCE).once


def test_the_same_answers_to_a_form_that_was_opened_once_more_are_another_delivery() -> None:
    one, two = (sent(form(samples.FORM, opening=Opening(once=f"f:{n}")), "Save") for n in (1, 2))

    assert filled(one, JO, ONCE).once != filled(two, JO, ONCE).once


def test_of_what_was_filled_in_only_what_is_seen_comes_back() -> None:
    found = back(samples.FORM, remark="no \u202epain\u2067\x00 \ud83d\u200bat\nall 😀")

    assert found.entries[SUN] == {"remark": "no pain at\nall 😀"}


@pytest.mark.parametrize(("held", "came"), [(36.8, "36.8"), (37.0, "37"), (4, "4"), (True, "true")])
def test_what_a_client_sends_as_no_text_is_read_as_text(held: object, came: str) -> None:
    data = sent(form(samples.FORM), "Save") | {"p0.words.temperature": held}

    assert filled(data, JO, ONCE).entries[CHECK] == {"temperature": came}


def test_what_belongs_to_no_part_of_this_form_is_left_out() -> None:
    data = sent(form(samples.FORM), "Save") | {"p7.words.remark": "a", "elsewhere": "b", "p0.one": "c"}

    assert filled(data, JO, ONCE).entries == {CHECK: {}, SUN: {}}


def test_the_answer_to_a_form_that_held_everything_has_no_other() -> None:
    asked = Asked.of(sent(form(samples.FORM), "Save"))

    assert asked is not None
    assert with_next(Notice(text="Noted."), asked.rest) == Notice(text="Noted.")


def test_the_answer_to_a_form_without_room_for_all_opens_the_next() -> None:
    asked = Asked(does=Does.SAVE, tasks=(CHECK,), revisions=(3,), rest=(SUN,))

    said = with_next(Notice(text="Noted."), asked.rest)

    assert isinstance(said, Notice)
    (button,) = said.buttons
    assert (button.label, button.action, button.tasks) == ("Answer the next 1", Action.FORM, (SUN,))


def test_what_a_button_carries_is_read_as_it_was_meant() -> None:
    at = MessageRef(platform="teams", channel="a:jo", message="1")
    asked = Asked(
        does=Does.DIFFERS,
        opening=Opening(at=at, again="new", once="f:1"),
        outcome=Outcome.CAUGHT,
        action=Action.AMEND,
        tasks=(CHECK, SUN),
        revisions=(3, 0),
        value="proceed",
        rest=("M4XD:g.a:1:1",),
    )

    assert Asked.of(asked.carried()) == asked
    assert asked.again == "new"


def test_another_button_is_no_form() -> None:
    assert Asked.of({"b": {"press": "{}"}}) is None


GARBAGE = [
    *({}, {"b": None}, {"b": {}}, {"b": {"form": None}}, {"b": {"form": {}}}, {"b": {"press": "{}"}}),
    {"b": {"form": {"does": "dance", "do": "form"}}},
    {"b": {"form": {"does": "save", "do": "form", "tasks": ["K7Q2:a.b:1:1"], "revisions": []}}},
    {"b": {"form": {"does": "save", "do": "form", "tasks": [3], "revisions": [1]}}},
    {"b": {"form": {"does": "save", "do": "form", "tasks": ["K7Q2:a.b:1:1"], "revisions": [float("inf")]}}},
]


@pytest.mark.parametrize("data", GARBAGE)
def test_what_no_form_of_ours_sent_is_refused_in_words(data: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="another version"):
        filled(data, JO, ONCE)


@pytest.mark.parametrize("held", [["a"], {"a": 1}, [], {}])
def test_an_input_that_holds_no_words_is_refused(held: object) -> None:
    data = sent(form(samples.FORM), "Save") | {"p0.words.temperature": held}

    with pytest.raises(Refused, match="another version"):
        filled(data, JO, ONCE)


def test_a_kind_of_catch_that_there_is_not_is_refused() -> None:
    with pytest.raises(Refused, match="another version"):
        back(samples.FORM, outcome=Outcome.CAUGHT, note="a", caught="luck")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
#: A form's own keys, with anything behind them.
garbled = st.fixed_dictionaries(
    {},
    optional={
        name: anything | st.sampled_from(["save", "form", "confirmed", ["K7Q2:a.b:1:1"], [1], ["a:jo", "1"]])
        for name in ("does", "do", "tasks", "revisions", "value", "rest", "outcome", "at", "again", "once")
    },
)


@settings(max_examples=some(200))
@given(garbled, st.dictionaries(st.sampled_from(["note", "caught", "p0.words.a", "p0.more.b"]), anything))
def test_garbage_is_refused_in_words_or_read_and_nothing_else_happens(
    carried: dict[str, Any], held: dict[str, Any]
) -> None:
    data = {"b": {"form": carried}, **held}

    try:
        found = filled(data, JO, ONCE)
    except Refused as refused:
        assert "Please open it again." in str(refused)
    else:
        assert {*found.entries} == {*found.revisions}


def test_what_was_filled_in_is_kept_by_the_form_that_is_drawn_for_it() -> None:
    given_ = {"temperature": "36.8", "unwell": "no", "in_area": "pus", "last_sun": "2027-01-02"}
    data = sent(form(samples.FORM), "Save", **given_)

    again = sent(form(samples.FORM, kept=data), "Save")

    assert filled(again, JO, ONCE) == filled(data, JO, ONCE)


def test_a_choice_with_a_comma_is_one_choice() -> None:
    options = (("left, right", "Left, right"), ("50%2C", "Half"), ("none", "None"))
    field = FormField(name="side", label="Side", kind=FieldKind.SEVERAL, options=options)
    part = replace(samples.FORM.parts[0], fields=(field,))
    what = replace(samples.FORM, parts=(part,))

    values = [choice["value"] for choice in inputs(form(what))["p0.several.side"]["choices"]]

    assert back(what, side=",".join(values[:2])).entries == {CHECK: {"side": ("left, right", "50%2C")}}
