"""A morning with two patients in one room: what Max and Jo hear, by service, page and Slack alike."""

from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.people import Role
from tests.service.clinic import FRAN, JO, MAX, RIVERSIDE
from tests.service.riverside import Riverside
from tests.stories.test_stories import nothing_was_said_twice, told

ONE_NURSE = replace(
    RIVERSIDE, roster={day: {**duty, Role.NURSE: (JO,)} for day, duty in RIVERSIDE.roster.items()}
)
STEPS = ("g.change_check", "g.same_day_check", "g.laser_area", "g.site_marked", "g.timeout")


def test_one_patient_after_the_other(opened: type[Riverside]) -> None:
    clinic = opened(*STEPS, clinic=ONE_NURSE)
    clinic.book("2027-02-18 09:30", code="AAAA", room="Room 2")
    clinic.book("2027-02-18 10:30", code="BBBB", room="Room 2")
    clinic.until("2027-02-16 11:10").answer(JO, "Anything new?")
    answers(clinic, JO, "BBBB", "g.change_check")
    mark(clinic.until("2027-02-18 08:45"), "AAAA", "arrived", FRAN)
    answers(clinic.until("2027-02-18 08:56"), JO, "AAAA", "g.same_day_check")
    for step in ("g.laser_area", "g.site_marked"):
        answers(clinic.until("2027-02-18 09:19"), MAX, "AAAA", step)
    answers(clinic.until("2027-02-18 09:26"), MAX, "AAAA", "g.timeout")
    mark(clinic.until("2027-02-18 09:32"), "AAAA", "started", MAX)
    mark(clinic.until("2027-02-18 09:46"), "BBBB", "arrived", FRAN)
    answers(clinic.until("2027-02-18 09:58"), JO, "BBBB", "g.same_day_check")
    mark(clinic.until("2027-02-18 10:41"), "AAAA", "finished", MAX)
    answers(clinic.until("2027-02-18 10:43"), MAX, "BBBB", "g.site_marked")
    answers(clinic, MAX, "BBBB", "g.timeout")
    clinic.until("2027-02-18 10:45")

    assert clinic.story == told("one_patient_after_the_other")
    assert nothing_was_said_twice(clinic)


def answers(clinic: Riverside, who: str, code: str, step: str) -> None:
    button = Button(action=Action.FORM, label="", tasks=(f"{code}:{step}:1:1",))
    clinic.said(who, f"answers {step} of {code}", lambda: clinic.answer_with(who, button))


def mark(clinic: Riverside, code: str, moment: str, who: str) -> None:
    button = Button(action=Action.MARK, label="", tasks=(f"{code}:1",), value=moment)
    clinic.said(who, f"presses {moment.capitalize()}", lambda: clinic.answer_with(who, button))
