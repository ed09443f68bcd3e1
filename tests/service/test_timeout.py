"""The time-out card: what is to be said aloud stands on it, and what is still open with who owns it."""

from dataclasses import replace

import pytest

from bot.core.aloud import lines_aloud
from bot.core.case import Choice
from bot.core.kinds import CardKind
from bot.core.messages import FormField, TaskCard
from tests.service.clinic import ALI, FRAN, JO, MAX, RIVERSIDE
from tests.service.riverside import Riverside

STEPS = (
    "g.allergies",
    "g.consent_signed",
    "g.site_marked",
    "g.topical_anaesthetic",
    "g.eyewear",
    "g.timeout",
)
AT = "2027-02-18 09:25"


def just_before(*leave: str, steps: tuple[str, ...] = STEPS, **facts: str) -> Riverside:
    """Five minutes before the start, everything answered but what is left open."""
    clinic = Riverside(*steps).book(anaesthesia="topical", area_face="yes", **facts).until("2027-01-12 15:00")
    if "g.allergies" in steps:
        clinic.early(JO, "g.allergies", lidocaine_allergy="no", allergies=("latex",))
    clinic.until("2027-02-18 09:20")
    for who, step in ((ALI, "g.consent_signed"), (MAX, "g.site_marked"), (MAX, "g.eyewear")):
        if step not in leave and step in steps:
            clinic.early(who, step)
    if "g.topical_anaesthetic" not in leave and "g.topical_anaesthetic" in steps:
        clinic.early(JO, "g.topical_anaesthetic")
    return clinic.until(AT)


def card(clinic: Riverside) -> TaskCard:
    found = clinic.card(MAX, "Time-out")
    assert found.kind is CardKind.TIMEOUT
    return found


def said(clinic: Riverside, about: str) -> str:
    return next(line for line in card(clinic).aloud if line.startswith(about))


def test_every_line_of_the_time_out_is_said_with_what_is_known_of_it() -> None:
    clinic = just_before()

    assert said(clinic, "Patient said") == (
        "Patient said name and date of birth. Compare them with the patient's record, never with this screen."
    )
    assert said(clinic, "Procedure, area").startswith(
        "Procedure, area and side agreed: CO₂ / Er:YAG resurfacing · Thu 18 Feb 09:30 · K7Q2; "
        "On the face: yes"
    )
    assert said(clinic, "Allergies said").startswith("Allergies said: Allergies: Anything else: latex; ")
    assert said(clinic, "Consent seen") == "Consent seen: Consent signed: as usual"
    assert said(clinic, "Everybody in the room").endswith(": Dr Ali, Jo Sample, Max Model")


def test_who_answered_stands_apart_from_what_is_said() -> None:
    clinic = just_before()

    shown = card(clinic)

    assert not any("Confirmed by" in line for line in shown.aloud)
    assert "Allergies: Confirmed by Jo Sample Tue 12 Jan 15:00" in shown.sources
    assert "Consent signed: Confirmed by Dr Ali 09:20" in shown.sources
    assert len(shown.sources) == len(set(shown.sources)) == 5


def test_what_was_said_not_to_apply_is_not_said_to_be_as_usual() -> None:
    clinic = Riverside("g.topical_anaesthetic", "g.timeout").book(anaesthesia="topical")
    clinic.until("2027-02-18 08:40").type(JO, "1 na took none")

    clinic.until(AT)

    assert said(clinic, "Anaesthetic dose").endswith("Numbing cream: not applicable. took none")


def test_who_answers_at_the_front_desk_is_not_said_to_be_in_the_room() -> None:
    clinic = just_before(steps=(*STEPS, "g.identity_arrival"))

    clinic.early(FRAN, "g.identity_arrival")
    clinic.speak()

    assert said(clinic, "Everybody in the room").endswith(": Dr Ali, Jo Sample, Max Model")


def after_a_rash(choice: Choice, reason: str) -> Riverside:
    clinic = just_before(steps=(*STEPS, "g.same_day_check"))
    clinic.early(JO, "g.same_day_check", rash="yes")
    clinic.speak()
    clinic.decide(ALI, choice, reason)
    clinic.speak()
    return clinic


def test_what_the_physician_changed_in_the_plan_is_said_with_the_procedure() -> None:
    clinic = after_a_rash(Choice.MODIFY, "leave out the left cheek")

    assert "Changed plan (Same-day check): leave out the left cheek (Dr Ali)" in said(clinic, "Procedure")
    assert "leave out" not in said(clinic, "Last-minute changes")


def test_a_go_ahead_is_said_with_what_made_it_necessary() -> None:
    clinic = after_a_rash(Choice.PROCEED, "old eczema")

    assert said(clinic, "Last-minute changes").endswith("Proceed, Dr Ali: old eczema")
    assert "Changed plan" not in said(clinic, "Procedure")


def test_every_field_has_its_line_in_order() -> None:
    clinic = just_before()
    labels = [field.label for field in clinic.course().playbook.step("g.timeout").ask]

    assert [line[: len(label)] for line, label in zip(card(clinic).aloud, labels, strict=True)] == labels


def test_what_nobody_asked_this_patient_is_said_so() -> None:
    assert said(just_before(), "Antiviral taken") == "Antiviral taken: not asked of this patient"


def test_a_playbooks_own_step_is_found_by_the_end_of_its_name() -> None:
    clinic = just_before(steps=(*STEPS, "abl.hsv_started"))

    assert said(clinic, "Antiviral taken") == "Antiviral taken: First antiviral dose taken: no answer yet"


def test_what_people_contradict_each_other_in_is_said_twice() -> None:
    clinic = just_before()
    clinic.command(JO, "fact K7Q2 lidocaine_allergy yes")
    clinic.command(MAX, "fact K7Q2 lidocaine_allergy no")
    clinic.speak()

    assert "(not settled)" in said(clinic, "Allergies said")


def test_what_is_open_is_named_with_who_owns_it_and_nobody_can_go_on() -> None:
    clinic = just_before("g.consent_signed", "g.eyewear")

    assert card(clinic).waits == (
        "Consent signed: no answer yet (Dr Ali)",
        "Eyewear: no answer yet (Max Model)",
    )
    assert card(clinic).text.endswith("not yet, Consent signed, Eyewear first.")
    with pytest.raises(Exception, match="Not yet: Consent signed, Eyewear first"):
        clinic.early(MAX, "g.timeout")


def test_the_card_follows_what_is_answered_meanwhile() -> None:
    clinic = just_before("g.eyewear")

    clinic.early(MAX, "g.eyewear")
    clinic.speak()

    assert card(clinic).waits == ()
    assert "Eyewear: as usual" in said(clinic, "Eye protection")


def test_a_passed_time_out_is_not_said_again() -> None:
    clinic = just_before()

    clinic.early(MAX, "g.timeout")
    clinic.speak()

    assert (card(clinic).aloud, card(clinic).waits) == ((), ())
    assert [button.label for button in card(clinic).buttons][:1] == ["Started"]


def test_the_form_shows_beside_each_field_what_is_known() -> None:
    clinic = just_before()

    (part,) = clinic.form_of(MAX, "g.timeout").parts

    fields: dict[str, FormField] = {field.name: field for field in part.fields}
    assert "latex" in fields["allergies"].help
    assert fields["antiviral_taken"].help == "Not asked of this patient"


def test_nothing_that_names_the_patient_is_said_on_the_card() -> None:
    clinic = just_before()
    task = clinic.task("g.timeout")
    full = replace(RIVERSIDE, names_on=frozenset({"slack", "teams"}))

    for where in (RIVERSIDE, full):
        lines = lines_aloud(clinic.course(), task, where, clinic.clock.now())
        assert not any(word in " ".join(lines).lower() for word in ("as usual stated", "full name", "1987"))
