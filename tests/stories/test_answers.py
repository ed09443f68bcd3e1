"""What people answer and correct, and the moments they press: by the service, through the page, in Slack."""

from contextlib import suppress

from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.messages import Form, Notice, Response, TaskCard
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, SAM
from tests.service.riverside import Riverside
from tests.stories.test_stories import told

ROOM = ("g.site_marked", "g.device_check", "g.laser_area", "g.eyewear", "g.fire")


def shown(clinic: Riverside, what: Response) -> Response:
    """Write into the story what stood below an answer, and what could be pressed."""
    lines = what.lines if isinstance(what, Notice | TaskCard) else ()
    for line in lines:
        words = line if isinstance(line, str) else f"{line.title} [{line.buttons[0].label}]"
        clinic.lines.append(f"           {words}")
    if isinstance(what, Notice):
        clinic.lines += [f"           [{button.label}]" for button in what.buttons]
    return what


def question(clinic: Riverside, who: str) -> Notice:
    """The newest question about a moment that stands with a person."""
    found = [m.card for m in clinic.workspace.of(who) if isinstance(m.card, Notice)]
    assert found
    shown(clinic, found[-1])
    return found[-1]


def asks(clinic: Riverside, who: str, label: str) -> Form:
    """The form behind a button of that question."""
    button = next(each for each in question(clinic, who).buttons if each.label == label)
    form = clinic.desk.reply(clinic.pressed(who, button))
    assert isinstance(form, Form)
    return form


def test_the_patient_is_late(opened: type[Riverside]) -> None:
    clinic = opened("g.identity_arrival", "g.same_day_check", "g.site_marked").book()
    clinic.until("2027-02-18 08:56")

    clinic.send(FRAN, asks(clinic, FRAN, "Later"), minutes="25")
    clinic.until("2027-02-18 09:31").press_on(FRAN, question(clinic, FRAN), "Here")
    clinic.until("2027-02-18 09:32").answer(JO, "Same-day check")
    clinic.until("2027-02-18 09:52").type(MAX, "done")

    assert clinic.story == told("the_patient_is_late")


def test_the_desk_says_no_show(opened: type[Riverside]) -> None:
    clinic = opened("g.same_day_check", "g.site_marked", "c.notify").book().until("2027-02-18 09:11")

    clinic.send(FRAN, asks(clinic, FRAN, "No-show"), note="nobody at the telephone")
    clinic.until("2027-02-18 10:30")

    assert clinic.story == told("the_desk_says_no_show")


def test_nobody_pressed_started(opened: type[Riverside]) -> None:
    clinic = opened("g.same_day_check", "g.timeout", "g.treatment_record", "g.aftercare").book()
    clinic.until("2027-02-18 08:45").mark("arrived")
    clinic.until("2027-02-18 08:50").answer(JO, "Same-day check")
    clinic.until("2027-02-18 09:26").answer(MAX, "Time-out")
    clinic.until("2027-02-18 10:50")
    clinic.press_on(FRAN, question(clinic, FRAN), "Started")
    clinic.until("2027-02-18 12:05")
    clinic.press(MAX, "Finish")
    clinic.until("2027-02-18 12:26")

    assert clinic.story == told("nobody_pressed_started")


def test_something_differs_in_the_room(opened: type[Riverside]) -> None:
    clinic = opened(*ROOM).book().until("2027-02-18 08:45")
    clinic.mark("arrived")
    clinic.until("2027-02-18 09:21")

    asked = shown(clinic, clinic.press(MAX, "Something differs"))
    assert isinstance(asked, TaskCard)
    (button,) = asked.lines[1].buttons
    form = clinic.desk.reply(clinic.pressed(MAX, button))
    assert isinstance(form, Form)
    shown(clinic, clinic.fill(MAX, form, "sign was missing, put up", how=Outcome.CAUGHT))
    clinic.speak()
    shown(clinic, clinic.press(MAX, "All as read aloud"))

    assert clinic.story == told("something_differs_in_the_room")


def test_max_types(opened: type[Riverside]) -> None:
    clinic = opened(*ROOM).book().until("2027-02-18 08:45")
    clinic.mark("arrived")
    clinic.until("2027-02-18 09:21")

    for words in (
        "done",
        "2",
        "1 done but the mark is faint",
        "1 done 2 na no laser",
        "problem 1, 2 lenses cracked",
        "no",
        "1 and 2 done",
        "undo 2",
        "2 n/a treated in another room",
        "caught 3 wrong side, marked anew",
        "all but 5",
        "👍",
        "ok",
    ):
        with suppress(Refused):
            shown(clinic, clinic.type(MAX, words))

    assert clinic.story == told("max_types")


def test_corrected_the_next_day(opened: type[Riverside]) -> None:
    clinic = opened("g.medical_history", "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history")
    clinic.until("2027-01-13 09:00")

    answers = shown(clinic, clinic.command(SAM, "amend K7Q2"))
    assert isinstance(answers, TaskCard)
    form = clinic.desk.reply(clinic.pressed(SAM, answers.lines[0].buttons[0]))
    assert isinstance(form, Form)
    with suppress(Refused):
        clinic.reply(clinic.filled(SAM, form, because=" ", smoker="yes"), "corrects Medical history")
    clinic.reply(
        clinic.filled(SAM, form, because="told at the door", smoker="yes"), "corrects Medical history"
    )
    clinic.until("2027-01-13 09:01")
    view = clinic.command(KIT, "case K7Q2")
    clinic.lines += [f"           {line.title}: {line.said}" for line in view.lines]  # type: ignore[union-attr]

    assert clinic.decision(ALI).title == "Medical history"
    assert clinic.story == told("corrected_the_next_day")
