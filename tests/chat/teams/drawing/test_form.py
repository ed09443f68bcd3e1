"""Forms as cards: inside Teams' limits, nothing preselected, and each part where it is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings

from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.form import form
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart
from bot.core.replies import MessageRef
from bot.core.wording import OUTCOMES
from tests.chat import samples
from tests.chat.cards import forms
from tests.chat.teams import limits
from tests.chat.teams.client import Json, buttons, elements, inputs, sent, words
from tests.examples import some

CHECK, SUN = "K7Q2:g.same_day_check:1:1", "K7Q2:abl.sun_day:1:1"
CHOICES = (("no", "No"), ("yes", "Yes"))
#: A form in the place of the card on which it was opened.
HERE = Opening(at=MessageRef(platform="teams", channel="a:jo", message="1700000000001"), once="f:1")


def form_of(*fields: FormField, **more: object) -> Form:
    part = FormPart(task=CHECK, revision=3, title="Same-day check", fields=fields)
    return Form(heading="Prep", label=samples.K7Q2, parts=(part,), **more)  # type: ignore[arg-type]


def asked_of(button: Json) -> Asked:
    asked = Asked.of(button["data"])
    assert asked is not None
    return asked


def every_outcome(what: Form) -> Iterator[Json]:
    for outcome in Outcome:
        for dialog in (False, True):
            try:
                yield form(what, opening=HERE, outcome=outcome, dialog=dialog).activity()
            except Refused:
                # one part that fills more than a card
                assert len(repr(what.parts[0])) > 10_000


@settings(max_examples=some(30))
@given(forms())
def test_teams_takes_every_form_whatever_it_is_answered_with(what: Form) -> None:
    assert [wrong for each in every_outcome(what) if (wrong := limits.of_message(each))] == []


def test_nothing_is_preselected() -> None:
    assert not any("value" in each for each in inputs(form(samples.FORM)).values())


def test_what_was_given_before_is_filled_in() -> None:
    drawn = form(
        form_of(
            FormField(name="a", label="A", kind=FieldKind.CHOICE, options=CHOICES, value="yes"),
            FormField(name="b", label="B", kind=FieldKind.SEVERAL, options=CHOICES, value=("no", "yes")),
            FormField(name="c", label="C", kind=FieldKind.NUMBER, value=1234567.5),
            FormField(name="d", label="D", kind=FieldKind.DATE, value=date(2027, 1, 2)),
            FormField(name="e", label="E", kind=FieldKind.TIME, value=time(9, 5)),
            FormField(name="f", label="F", kind=FieldKind.TEXT, value="as before, 50%"),
        )
    )

    found = [each["value"] for each in inputs(drawn).values()]

    assert found == ["yes", "no,yes", 1234567.5, "2027-01-02", "09:05", "as before, 50%"]


def test_what_is_no_choice_any_more_is_not_filled_in() -> None:
    field = FormField(name="a", label="A", kind=FieldKind.CHOICE, options=CHOICES, value="maybe")

    assert "value" not in inputs(form(form_of(field)))["p0.one.a"]


@pytest.mark.parametrize(
    ("count", "words", "style"),
    [
        *(
            (6, "Short", "expanded"),
            (7, "Short", "compact"),
            (15, "Short", "compact"),
            (16, "Short", "filtered"),
        ),
        (12, "Longer than anybody reads in a menu, to its end", "expanded"),
    ],
)
def test_few_choices_are_seen_at_once_and_of_many_the_first_letters_are_typed(
    count: int, words: str, style: str
) -> None:
    options = tuple((f"c{number}", f"{words} {number}") for number in range(count))

    drawn = form(form_of(FormField(name="a", label="A", kind=FieldKind.CHOICE, options=options)))

    assert inputs(drawn)["p0.one.a"]["style"] == style


def test_required_is_what_the_field_says_and_the_client_says_which() -> None:
    found = inputs(form(samples.FORM))

    assert found["p0.one.unwell"]["isRequired"]
    assert found["p0.one.unwell"]["errorMessage"] == "Please choose: Unwell today?"
    assert "isRequired" not in found["p1.words.last_sun"]


def test_the_unit_and_the_rule_stand_beside_the_field() -> None:
    text = "\n".join(str(each) for each in form(samples.FORM).content["body"])

    assert "Temperature (°C)" in text
    assert text.index("Same-day check") < text.index("Fever, or infection") < text.index("Temperature")
    assert "Hard stop" in text
    assert "Dose for the weight (mg/kg): worked out when you save" in text


def test_a_title_that_is_the_heading_is_not_said_again() -> None:
    drawn = form(replace(form_of(), heading="Same-day check"))

    assert words(drawn.content).count("Same-day check") == 1


def test_an_input_that_is_heard_alone_says_what_it_is_about() -> None:
    called = [each["label"] for each in inputs(form(samples.SHARED)).values()]

    assert called == samples.CALLED


def test_a_menu_says_what_to_do_with_it() -> None:
    options = tuple((f"c{number}", f"Device {number}") for number in range(20))
    fields = [
        FormField(name=f"a{n}", label="A", kind=FieldKind.CHOICE, options=options[:n]) for n in (2, 7, 20)
    ]

    found = [each.get("placeholder") for each in inputs(form(form_of(*fields))).values()]

    assert found == [None, "Choose one", "Type the first letters"]


def test_a_time_is_asked_for_by_the_clinics_clock() -> None:
    drawn = form(form_of(FormField(name="at", label="At", kind=FieldKind.TIME)))

    assert "By the clinic’s clock." in words(drawn.content)


def test_red_flags_stand_above_the_fields_and_each_sign_says_how_soon_to_act() -> None:
    drawn = form(samples.TRIAGE)

    flags = next(each for each in elements(drawn.content) if each["type"] == "Container")
    assert ["".join(run["text"] for run in each["inlines"]) for each in flags["items"]] == [
        "Red flags on day 3",
        "🚨 Emergency now",
        "• Toxic shock: high fever, faint.",
        "🔴 Physician within 1 hour, seen today",
        "• Herpes simplex: grouped blisters. Also in somebody who never had a cold sore.",
    ]
    choices = inputs(drawn)["p0.several.symptoms"]["choices"]
    assert [choice["title"] for choice in choices] == [
        "High fever · 🚨 Emergency now",
        "Grouped blisters · 🔴 Physician within 1 hour, seen today",
        "Other",
    ]
    assert any("how soon to act; you choose" in each for each in words(drawn.content))


def test_rare_choices_stand_behind_a_button_and_in_sight_once_one_is_chosen() -> None:
    closed = form(samples.TRIAGE, opening=HERE)
    kept = sent(closed, "Save", **{"p0.more.symptoms": "brown_patches"})

    opened = form(samples.TRIAGE, opening=HERE, kept=kept)

    fold = buttons(closed)["Show or hide 1 rarer ones"]
    hidden = {
        each["id"]: "isVisible" in each
        for each in elements(closed.content)
        if "items" in each and "id" in each
    }
    assert hidden == {fold["targetElements"][0]: True}
    assert not any("isVisible" in each for each in elements(opened.content))


def test_where_six_buttons_stand_already_nothing_is_folded() -> None:
    drawn = form(replace(samples.TRIAGE, outcomes=tuple(OUTCOMES.items())), opening=HERE)

    assert list(buttons(drawn)) == [
        *("Save", "Caught & fixed", "Not applicable", "Problem", "Not reached"),
        "Back",
    ]
    assert len(inputs(drawn)["p0.several.symptoms"]["choices"]) == 4


def test_the_buttons_of_a_form_are_six_at_most_and_each_says_what_it_takes() -> None:
    drawn = form(samples.FORM, opening=HERE)

    takes = {title: each["associatedInputs"] == "auto" for title, each in buttons(drawn).items()}

    assert takes == {
        "Save": True,
        "Caught & fixed": True,
        "Not applicable": False,
        "Problem": False,
        "Back": False,
        "Open in a window": False,
    }


def test_each_button_says_what_it_does_and_what_opens_the_form_again() -> None:
    drawn = form(samples.FORM, opening=HERE)

    found = {title: asked_of(each) for title, each in buttons(drawn).items()}

    assert [each.does for each in found.values()] == [
        *(Does.SAVE, Does.DIFFERS, Does.DIFFERS, Does.DIFFERS),
        *(Does.BACK, Does.WINDOW),
    ]
    assert {each.opening for each in found.values()} == {HERE}
    assert found["Problem"].outcome is Outcome.PROBLEM
    assert found["Open in a window"].again == (
        '{"do":"form","tasks":["K7Q2:g.same_day_check:1:1",":abl.sun_day"]}'
    )


def test_the_window_is_opened_by_the_one_button_that_can() -> None:
    window = buttons(form(samples.FORM, opening=HERE))["Open in a window"]

    assert window["type"] == "Action.Submit"
    assert window["data"]["msteams"] == {"type": "task/fetch"}


def test_a_form_that_nothing_opens_again_can_only_be_saved_or_closed() -> None:
    drawn = form(replace(samples.FORM, action=Action.NEW))

    assert list(buttons(drawn)) == ["Save", "Close"]


def test_in_a_dialog_each_button_is_one_that_a_dialog_takes() -> None:
    drawn = form(samples.FORM, opening=HERE, dialog=True)

    found = buttons(drawn)

    assert list(found) == ["Save", "Caught & fixed", "Not applicable", "Problem"]
    assert {each["type"] for each in found.values()} == {"Action.Submit"}


@pytest.mark.parametrize("outcome", [Outcome.NOT_APPLICABLE, Outcome.PROBLEM])
def test_what_does_not_apply_asks_for_a_note_alone(outcome: Outcome) -> None:
    drawn = form(samples.FORM, opening=HERE, outcome=outcome)

    assert list(inputs(drawn)) == ["note"]
    assert list(buttons(drawn)) == [OUTCOMES[outcome], "Back to the form"]
    assert "Fever, or infection" in str(drawn.content)


def test_what_was_caught_keeps_what_was_filled_in_and_insists_on_nothing() -> None:
    plain = form(samples.FORM, opening=HERE)
    kept = sent(plain, "Caught & fixed", unwell="no", remark="left cheek")

    caught = form(samples.FORM, opening=HERE, outcome=Outcome.CAUGHT, kept=kept)

    assert list(inputs(caught)) == [*inputs(plain), "caught", "note"]
    filled = {key: each["value"] for key, each in inputs(caught).items() if "value" in each}
    assert filled == {"p0.one.unwell": "no", "p1.words.remark": "left cheek"}
    assert not any("isRequired" in each for each in inputs(caught).values())


def test_what_the_client_does_not_insist_on_says_in_words_that_it_is_needed() -> None:
    caught = inputs(form(samples.FORM, opening=HERE, outcome=Outcome.CAUGHT))
    wanted = {key for key, each in inputs(form(samples.FORM)).items() if "isRequired" in each}

    assert {key for key, each in caught.items() if each["label"].endswith(" (needed)")} == {
        *wanted,
        *("caught", "note"),
    }


def test_what_is_required_and_has_a_fold_says_so_in_words() -> None:
    (part,) = samples.TRIAGE.parts
    fields = tuple(replace(field, required=True) for field in part.fields)

    found = inputs(form(replace(samples.TRIAGE, parts=(replace(part, fields=fields),))))

    assert found["p0.several.symptoms"]["label"].endswith(" (needed)")
    assert "needed" not in found["p0.more.symptoms"]["label"]


def test_of_many_mistakes_the_first_are_named_and_the_others_counted() -> None:
    fields = [FormField(name=f"f{n}", label=f"Item {n}", kind=FieldKind.TEXT) for n in range(9)]

    drawn = form(form_of(*fields), problems={field.name: "Please look." for field in fields})

    named = ", ".join(f"Item {n}" for n in range(6))
    assert f"⚠️ Please look again at: {named} and 3 more." in words(drawn.content)


def test_each_mistake_stands_below_its_field_with_what_was_typed() -> None:
    kept = sent(form(samples.FORM), "Save", temperature="99", unwell="no")

    drawn = form(samples.FORM, kept=kept, problems={f"{CHECK}/temperature": "Too hot."})

    body = drawn.content["body"]
    place = next(n for n, each in enumerate(body) if each.get("id") == "p0.words.temperature")
    assert body[place]["value"] == 99
    assert words(body[place + 1]) == ["⚠️ Too hot."]
    assert body[place]["label"] == "⚠️ Same-day check: Temperature (°C)"
    assert "⚠️ Please look again at: Same-day check: Temperature." in words(drawn.content)


def test_in_a_form_of_one_task_a_mistake_is_named_by_its_field() -> None:
    fields = (FormField(name=name, label=name, kind=FieldKind.NUMBER) for name in ("weight", "dose"))

    body = form(form_of(*fields), problems={"dose": "Too much."}).content["body"]

    place = next(n for n, each in enumerate(body) if each.get("id") == "p0.words.dose")
    assert words(body[place + 1]) == ["⚠️ Too much."]


def test_what_belongs_to_no_field_stands_on_top() -> None:
    drawn = form(samples.FORM, problems={"": "Answered already.", "elsewhere": "Odd."})

    assert words(drawn.content)[2:4] == ["⚠️ Answered already.", "⚠️ Odd."]


def test_what_was_cleared_stays_empty_when_the_form_is_drawn_again() -> None:
    fields = (
        FormField(name="a", label="A", kind=FieldKind.TEXT, value="as before"),
        FormField(name="b", label="B", kind=FieldKind.TEXT),
    )
    kept = sent(form(form_of(*fields)), "Save", a="", b="new")

    found = inputs(form(form_of(*fields), kept=kept))

    assert "value" not in found["p0.words.a"] and found["p0.words.b"]["value"] == "new"


def test_parts_that_find_no_room_come_next_by_a_button_below_the_answer() -> None:
    fields = tuple(FormField(name=f"f{n}", label="F", kind=FieldKind.TEXT) for n in range(30))
    parts = tuple(
        FormPart(task=f"K7Q2:a.s{n:02}:1:1", revision=1, title=f"Step {n}", fields=fields) for n in range(12)
    )

    drawn = form(Form(heading="Consultation", label="", parts=parts))

    save = asked_of(buttons(drawn)["Save"])
    assert 0 < len(save.tasks) < 12
    assert [*save.tasks, *save.rest] == [part.task for part in parts]
    assert f"{len(save.rest)} more come next" in "\n".join(words(drawn.content))


def test_what_no_button_opens_stays_on_the_card_and_the_form_says_so() -> None:
    fields = tuple(FormField(name=f"f{n}", label="F", kind=FieldKind.TEXT) for n in range(60))
    parts = tuple(FormPart(task=f"K7Q2:a.s{n}:1:1", revision=1, title="", fields=fields) for n in range(9))

    drawn = form(Form(heading="Plan", label="", parts=parts, action=Action.PLAN))

    assert "more stay on the card." in "\n".join(words(drawn.content))
    assert asked_of(buttons(drawn)["Save"]).rest == ()


def test_a_next_form_that_no_button_could_carry_is_opened_as_far_as_one_can() -> None:
    parts = tuple(
        FormPart(task=f"K7Q2:every.step_with_a_long_name_{n:03}:{n}:1", revision=1, title="T", fields=())
        for n in range(400)
    )

    drawn = form(Form(heading="Consultation", label="", parts=parts))

    assert limits.of_message(drawn.activity()) == []


def test_a_part_that_fills_a_card_is_asked_although_a_hundred_and_eighty_wait_behind_it() -> None:
    options = tuple((f"choice_{n}", f"choice_{n}") for n in range(82))
    fields = [FormField(name=f"f{n}", label="F", kind=FieldKind.CHOICE, options=options) for n in range(4)]
    alone = form_of(*fields, outcomes=tuple(OUTCOMES.items()))
    others = [replace(alone.parts[0], task=f"K7Q2:a.s{n:03}:{n}:1", fields=()) for n in range(179)]

    drawn = form(replace(alone, parts=(*alone.parts, *others)), opening=HERE)

    asked = asked_of(buttons(drawn)["Save"]).tasks
    assert asked[0] == CHECK
    assert f"{180 - len(asked)} more stay on the card." in "\n".join(words(drawn.content))
    assert limits.of_message(drawn.activity()) == []


def test_a_part_longer_than_a_card_is_refused_in_plain_words() -> None:
    fields = tuple(FormField(name=f"f{n}", label="F" * 40, kind=FieldKind.TEXT) for n in range(200))

    with pytest.raises(Refused, match="longer than Teams"):
        form(form_of(*fields))


def test_a_form_carries_words_of_ours_and_task_keys_only() -> None:
    save = buttons(form(samples.FORM))["Save"]

    assert save["data"] == {
        "b": {
            "form": {
                "does": "save",
                "do": "form",
                "tasks": [CHECK, ":abl.sun_day"],
                "revisions": [3, 1],
            }
        }
    }
