"""Forms as modals: inside Slack's limits, nothing preselected, and what was filled in comes back as it is."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings

from bot.chat.buttons import carried, pressed
from bot.chat.forms import with_next
from bot.chat.slack.drawing.carried import CAUGHT, NOTE, place_of
from bot.chat.slack.drawing.modal import modal, otherwise
from bot.chat.slack.drawing.returned import at_inputs, filled, left_out
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.kinds import Catch, FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from tests.chat import samples
from tests.chat.cards import forms
from tests.chat.slack import limits
from tests.examples import some

CHECK, SUN = "K7Q2:g.same_day_check:1:1", "K7Q2:abl.sun_day:1:1"
#: What Slack sends for a form that nobody touched.
EMPTY = {
    "radio_buttons": {"selected_option": None},
    "static_select": {"selected_option": None},
    "checkboxes": {"selected_options": []},
    "multi_static_select": {"selected_options": []},
    "plain_text_input": {"value": None},
    "number_input": {"value": None},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
}

Json = dict[str, Any]


def inputs(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def sent(view: Json, **answers: Json) -> Json:
    """A modal as it comes back, with Slack's state for each answer; the others untouched."""
    state = {key: {"value": EMPTY[block["element"]["type"]]} for key, block in inputs(view).items()}
    state |= {
        next(key for key in state if key.endswith(name)): {"value": each} for name, each in answers.items()
    }
    return view | {"id": "V1", "state": {"values": state}}


def form_of(*fields: FormField, **more: object) -> Form:
    part = FormPart(task=CHECK, revision=3, title="Same-day check", fields=fields)
    return Form(heading="Prep", label=samples.K7Q2, parts=(part,), **more)  # type: ignore[arg-type]


@settings(max_examples=some(30))
@given(forms())
def test_slack_takes_every_form_whatever_it_is_answered_with(form: Form) -> None:
    view = modal(form, channel="D0JO")

    assert limits.of_view(view) == []
    for outcome in (Outcome.CAUGHT, Outcome.NOT_APPLICABLE, Outcome.PROBLEM):
        assert limits.of_view(otherwise(view, outcome)) == []


@settings(max_examples=some(30))
@given(forms())
def test_an_untouched_form_comes_back_with_the_tasks_that_were_drawn(form: Form) -> None:
    view = modal(form, channel="D0JO")

    back = filled(sent(view), "U0JO")

    drawn = form.parts[: len(back.entries)]
    assert back.revisions == {part.task: part.revision for part in drawn}
    assert all(answer in ("", ()) for fields in back.entries.values() for answer in fields.values())
    assert {task: set(fields) for task, fields in back.entries.items()} == {
        part.task: {field.name for field in part.fields if field.kind is not FieldKind.RATIO}
        for part in drawn
    }


def test_nothing_is_preselected() -> None:
    for block in inputs(modal(samples.FORM, channel="D0JO")).values():
        assert not any(name.startswith("initial") for name in block["element"])


def test_every_kind_of_answer_comes_back_as_it_was_given() -> None:
    view = sent(
        modal(samples.FORM, channel="D0JO"),
        temperature={"value": "36.8"},
        unwell={"selected_option": {"value": "no"}},
        in_area={"selected_options": [{"value": "pus"}, {"value": "wound"}]},
        visible_tan={"selected_option": {"value": "yes"}},
        last_sun={"selected_date": "2027-01-02"},
        seen_at={"selected_time": "09:05"},
        remark={"value": "fine & <well>"},
    )

    back = filled(view, "U0JO")

    assert back.entries == {
        CHECK: {"temperature": "36.8", "unwell": "no", "in_area": ("pus", "wound")},
        SUN: {"visible_tan": "yes", "last_sun": "2027-01-02", "seen_at": "09:05", "remark": "fine & <well>"},
    }
    assert (back.revisions, back.action, back.outcome) == ({CHECK: 3, SUN: 1}, Action.FORM, Outcome.CONFIRMED)
    assert (back.platform, back.account) == ("slack", "U0JO")


def test_what_was_given_before_is_filled_in() -> None:
    choices = (("no", "No"), ("yes", "Yes"))
    form = form_of(
        FormField(name="a", label="A", kind=FieldKind.CHOICE, options=choices, value="yes"),
        FormField(name="b", label="B", kind=FieldKind.SEVERAL, options=choices, value=("no",)),
        FormField(name="c", label="C", kind=FieldKind.NUMBER, value=1234567.5),
        FormField(name="d", label="D", kind=FieldKind.DATE, value=date(2027, 1, 2)),
        FormField(name="e", label="E", kind=FieldKind.TIME, value=time(9, 5)),
        FormField(name="f", label="F", kind=FieldKind.TEXT, value="as before"),
    )

    found = [block["element"] for block in inputs(modal(form, channel="D0JO")).values()]

    assert found[0]["initial_option"]["value"] == "yes"
    assert [option["value"] for option in found[1]["initial_options"]] == ["no"]
    assert found[2]["initial_value"] == "1234567.5"
    assert (found[3]["initial_date"], found[4]["initial_time"]) == ("2027-01-02", "09:05")
    assert found[5]["initial_value"] == "as before"


def test_a_menu_longer_than_slacks_is_a_menu_in_hundreds() -> None:
    many = tuple((f"c{number}", f"Choice {number}") for number in range(230))
    form = form_of(FormField(name="a", label="A", kind=FieldKind.CHOICE, options=many, value="c150"))

    (block,) = inputs(modal(form, channel="D0JO")).values()

    groups = block["element"]["option_groups"]
    assert [group["label"]["text"] for group in groups] == ["1 to 100", "101 to 200", "201 to 230"]
    assert [option["value"] for group in groups for option in group["options"]] == [
        value for value, _ in many
    ]
    assert block["element"]["initial_option"] in groups[1]["options"]


def test_a_choice_longer_than_slacks_is_typed_and_its_choices_stand_above() -> None:
    options = (("v" * 151, "Long"), ("short", "Short"))

    view = modal(
        form_of(FormField(name="a", label="A", kind=FieldKind.CHOICE, options=options)), channel="D0JO"
    )

    (block,) = inputs(view).values()
    assert block["element"]["type"] == "plain_text_input"
    assert f"Write one of: {'v' * 151}, short." in limits.words(view["blocks"])


def test_words_of_a_choice_that_are_longer_than_its_entry_stand_whole_above() -> None:
    long = (
        "Seen again tomorrow, by whoever is on duty, in the room in which it was done, with the photographs"
    )
    field = FormField(name="a", label="A", kind=FieldKind.CHOICE, options=(("a", long), ("b", "Short")))

    view = modal(form_of(field), channel="D0JO")

    (block,) = inputs(view).values()
    assert block["element"]["options"][0]["text"]["text"].endswith("…")
    assert f"*A*, in full:\n• {long}" in limits.words(view["blocks"])


def test_a_title_is_cut_at_a_word_and_stands_whole_below() -> None:
    form = replace(form_of(), heading="Second check: Numbing cream")

    view = modal(form, channel="D0JO")

    assert view["title"]["text"] == "Second check: Numbing…"
    assert view["blocks"][0]["text"]["text"].startswith("*Second check: Numbing cream*")


def test_a_title_that_fits_is_not_said_again() -> None:
    view = modal(replace(form_of(), heading="Same-day check"), channel="D0JO")

    assert "Same-day check" not in limits.words(view["blocks"])
    assert view["title"]["text"] == "Same-day check"


def test_red_flags_stand_above_the_fields_and_each_sign_says_how_soon_to_act() -> None:
    view = modal(samples.TRIAGE, channel="D0JO")

    symptoms, urgency = inputs(view).values()
    options = symptoms["element"]["options"]
    assert [block["type"] for block in view["blocks"][:3]] == ["section", "section", "input"]
    assert view["blocks"][1]["text"]["text"].splitlines() == [
        "*Red flags on day 3*",
        "🚨 *Emergency now*",
        "• *Toxic shock:* high fever, faint.",
        "🔴 *Physician within 1 hour, seen today*",
        "• *Herpes simplex:* grouped blisters. _Also in somebody who never had a cold sore._",
    ]
    assert [each.get("description", {}).get("text") for each in options] == [
        *(
            "🚨 Emergency now",
            "🔴 Physician within 1 hour, seen today",
            "🟡 Physician within 24 to 48 hours",
            None,
        )
    ]
    assert "how soon to act; you choose" in urgency["hint"]["text"]


def test_the_unit_and_the_rule_stand_beside_the_field() -> None:
    text = "\n".join(limits.words(modal(samples.FORM, channel="D0JO")["blocks"]))

    assert "Temperature (°C)" in text
    assert text.index("Same-day check") < text.index("Fever, or infection") < text.index("Temperature")
    assert "Hard stop" in text
    assert "Dose for the weight (mg/kg): worked out when you save" in text


def test_red_flags_take_their_room_in_a_form_too() -> None:
    (part,) = samples.TRIAGE.parts
    parts = tuple(replace(part, task=f"K7Q2:a.s{number}:1:1") for number in range(30))

    view = modal(replace(samples.TRIAGE, parts=parts), channel="D0JO")

    assert limits.of_view(view) == []
    assert len(inputs(view)) == 2 * 23


def test_parts_that_find_no_room_come_next_by_a_button_below_the_answer() -> None:
    fields = tuple(FormField(name=f"f{n}", label="F", kind=FieldKind.TEXT) for n in range(9))
    parts = tuple(FormPart(task=f"K7Q2:a.s{n}:1:1", revision=1, title="T", fields=fields) for n in range(12))

    view = modal(Form(heading="Consultation", label="", parts=parts), channel="D0JO")

    assert len(inputs(view)) == 81
    assert "3 more come next" in "\n".join(limits.words(view["blocks"]))
    assert len(filled(sent(view), "U0JO").entries) == 9
    said = with_next(Notice(text="Noted."), left_out(sent(view)))
    assert isinstance(said, Notice)
    (button,) = said.buttons
    assert (button.label, button.tasks) == ("Answer the next 3", tuple(part.task for part in parts[9:]))
    assert pressed(carried(button)).action is Action.FORM


def test_the_answer_to_a_form_that_held_everything_has_no_other() -> None:
    view = sent(modal(samples.FORM, channel="D0JO"))

    assert with_next(Notice(text="Noted."), left_out(view)) == Notice(text="Noted.")


def test_a_next_form_that_no_button_could_carry_is_opened_as_far_as_one_can() -> None:
    parts = tuple(
        FormPart(task=f"K7Q2:every.step_with_a_long_name_{n:03}:{n}:1", revision=1, title="T", fields=())
        for n in range(400)
    )

    view = modal(Form(heading="Consultation", label="", parts=parts), channel="D0JO")

    said = with_next(Notice(text="Noted."), left_out(sent(view)))
    assert isinstance(said, Notice)
    assert len(view["private_metadata"]) <= 3000
    assert len(carried(said.buttons[0])) <= 2000 if said.buttons else True


def test_a_part_longer_than_a_modal_is_refused_in_plain_words() -> None:
    fields = tuple(FormField(name=f"f{n}", label="F", kind=FieldKind.TEXT) for n in range(120))

    with pytest.raises(Refused, match="longer than Slack"):
        modal(form_of(*fields), channel="D0JO")


@pytest.mark.parametrize("outcome", [Outcome.NOT_APPLICABLE, Outcome.PROBLEM])
def test_what_does_not_apply_is_answered_with_a_note_alone(outcome: Outcome) -> None:
    view = otherwise(modal(samples.FORM, channel="D0JO"), outcome)

    back = filled(sent(view, note={"value": "no medicines"}), "U0JO")

    assert list(inputs(view)) == [NOTE]
    assert (back.outcome, back.note) == (outcome, "no medicines")
    assert back.entries == {CHECK: {}, SUN: {}}
    assert back.revisions == {CHECK: 3, SUN: 1}
    assert view["submit"]["text"] == dict(samples.FORM.outcomes)[outcome]


def test_what_was_caught_keeps_its_fields_and_their_ids_and_asks_for_a_note() -> None:
    view = modal(samples.FORM, channel="D0JO")

    caught = otherwise(view, Outcome.CAUGHT)

    assert list(inputs(caught)) == [*inputs(view), CAUGHT, NOTE]


def test_what_was_caught_comes_back_with_its_kind() -> None:
    view = otherwise(modal(samples.FORM, channel="D0JO"), Outcome.CAUGHT)

    back = filled(
        sent(view, note={"value": "lens"}, caught={"selected_option": {"value": "device"}}),
        "U0JO",
    )

    assert (back.outcome, back.note, back.caught) == (Outcome.CAUGHT, "lens", Catch.DEVICE)


def test_a_form_with_one_outcome_offers_no_other() -> None:
    view = modal(replace(samples.FORM, outcomes=()), channel="D0JO")

    assert [block for block in view["blocks"] if block["type"] == "actions"] == []


def test_a_decision_comes_back_with_its_choice_and_where_it_was_asked() -> None:
    reason = FormField(name="reason", label="Reason", kind=FieldKind.TEXT)
    view = modal(form_of(reason, action=Action.DECIDE, value="proceed"), channel="D0ALI")

    back = filled(sent(view, reason={"value": "low dose"}), "U0ALI")

    assert (back.action, back.value, back.entries) == (
        Action.DECIDE,
        "proceed",
        {CHECK: {"reason": "low dose"}},
    )
    assert place_of(view) == "D0ALI"


def test_the_same_answers_are_one_delivery_and_others_another() -> None:
    view = modal(samples.FORM, channel="D0JO")
    first = sent(view, remark={"value": "a"})

    again = filled(first, "U0JO")
    other = filled(sent(view, remark={"value": "b"}), "U0JO")

    assert filled(first, "U0JO").once == again.once != other.once
    assert filled(first | {"id": "V2"}, "U0JO").once != again.once


def test_of_what_was_filled_in_only_what_is_seen_comes_back() -> None:
    view = modal(samples.FORM, channel="D0JO")

    found = filled(sent(view, remark={"value": "no \u202epain\u2067\x00 \ud83d\u200bat\nall 😀"}), "U0JO")

    assert "no pain at\nall 😀" in str(found.entries.values()).replace("\\n", "\n")


def test_each_mistake_stands_at_its_field() -> None:
    view = modal(samples.FORM, channel="D0JO")

    found = at_inputs(view, {f"{CHECK}/temperature": "Too hot.", f"{SUN}/last_sun": "In the future."})

    assert found == {f"{CHECK}/temperature": "Too hot.", f"{SUN}/last_sun": "In the future."}


def test_in_a_form_of_one_task_a_mistake_is_named_by_its_field() -> None:
    fields = (FormField(name=name, label=name, kind=FieldKind.NUMBER) for name in ("weight", "dose"))
    view = modal(form_of(*fields), channel="D0JO")

    assert at_inputs(view, {"dose": "Too much."}) == {f"{CHECK}/dose": "Too much."}


def test_what_belongs_to_no_field_stands_at_the_first() -> None:
    view = modal(samples.FORM, channel="D0JO")

    assert at_inputs(view, {"": "Answered already.", "elsewhere": "Odd."}) == {
        f"{CHECK}/temperature": "Answered already. Odd."
    }


@pytest.mark.parametrize(
    "metadata", ["", "{}", "[]", "null", '{"do":"form"}', '{"do":"dance","tasks":[],"revisions":[]}']
)
def test_a_form_of_another_version_is_refused(metadata: str) -> None:
    view = sent(modal(samples.FORM, channel="D0JO")) | {"private_metadata": metadata}

    with pytest.raises(Refused, match="another version"):
        filled(view, "U0JO")


@pytest.mark.parametrize("state", ["no", 3, ["value"], {"selected_option": "no"}, {"selected_options": 3}])
def test_an_input_in_which_nothing_of_ours_was_filled_in_is_refused(state: object) -> None:
    view = sent(modal(samples.FORM, channel="D0JO")) | {"state": {"values": {"note": {"value": state}}}}

    with pytest.raises(Refused, match="another version"):
        filled(view, "U0JO")


def test_a_form_carries_words_of_ours_and_task_keys_only() -> None:
    view = modal(samples.FORM, channel="D0JO")

    assert view["private_metadata"] == (
        '{"do":"form","tasks":["K7Q2:g.same_day_check:1:1",":abl.sun_day"],"revisions":[3,1],"channel":"D0JO"}'
    )


def test_an_input_that_is_heard_alone_says_what_it_is_about() -> None:
    blocks = modal(samples.SHARED, channel="D1")["blocks"]

    called = [block["label"]["text"] for block in blocks if block["type"] == "input"]
    assert called == samples.CALLED


def test_a_time_is_asked_for_by_the_clinics_clock_wherever_it_is_typed() -> None:
    part = replace(samples.FORM.parts[0], fields=(FormField(name="at", label="At", kind=FieldKind.TIME),))
    blocks = modal(replace(samples.FORM, parts=(part,)), channel="D1")["blocks"]

    assert [each["hint"]["text"] for each in blocks if each["type"] == "input"] == ["By the clinic’s clock."]
