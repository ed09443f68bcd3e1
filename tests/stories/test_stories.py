"""Whole days at Riverside, as everybody saw them: the transcripts stand beside this file, one each.

An arrow is something that made a telephone buzz: a first message, or a line in its thread. Edits are silent.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bot.core.case import Choice
from bot.core.errors import Refused, Settled
from bot.core.kinds import Gate
from bot.core.messages import Notice
from bot.core.readiness import Ready
from bot.service.desk import ClinicDesk
from bot.store.store import open_store
from tests.service.clinic import ALI, FRAN, JO, KEY, KIT, MAX, SAM, practice
from tests.service.riverside import Riverside

HERE = Path(__file__).parent


def told(name: str) -> str:
    """What the clinic should have seen."""
    return (HERE / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def nothing_was_said_twice(clinic: Riverside) -> bool:
    """Whether nobody got the same words on the same card at the same moment, or the same card again."""
    said = Counter((at, to, text) for at, to, text in clinic.buzzes)
    return max(said.values(), default=1) == 1 and len({m.once for m in clinic.workspace.messages}) == len(
        clinic.workspace.messages
    )


def test_nobody_answers(opened: type[Riverside]) -> None:
    clinic = opened("g.skin_exam", "g.medicines").book()

    clinic.until("2027-01-14 18:00")

    assert clinic.story == told("nobody_answers")
    assert nothing_was_said_twice(clinic)


def test_the_procedure_moves_earlier(opened: type[Riverside]) -> None:
    steps = (
        "g.consent_info",
        "abl.isotretinoin",
        "g.skin_exam",
        "abl.sun_advice",
        "g.confirm_contact",
        "x.new_date",
    )
    clinic = opened(*steps).book(
        "2027-04-15 09:30",
        mode="full_field",
        isotretinoin="past",
        isotretinoin_last_dose=date(2026, 9, 14),
    )
    clinic.until("2027-01-12 15:00")
    clinic.answer(ALI, "Risks and benefits explained", consent_info_date=date(2027, 1, 12))
    clinic.answer(ALI, "Isotretinoin", decision="proceed")
    clinic.answer(ALI, "Skin exam")

    clinic.until("2027-01-13 10:00").command(FRAN, "move K7Q2 2027-01-18 09:30")
    late = clinic.late()
    clinic.until("2027-01-13 10:15").command(KIT, "case K7Q2")
    clinic.command(FRAN, "move K7Q2 2027-03-15 09:30")
    clinic.until("2027-01-13 10:20")

    assert clinic.story == told("the_procedure_moves_earlier")
    assert clinic.statuses("g.consent_info", "abl.isotretinoin") == {
        "g.consent_info": "done",
        "abl.isotretinoin": "done",
    }
    assert (late, clinic.late()) == ({"abl.sun_advice"}, set())


def test_the_procedure_moves_to_the_summer_and_old_answers_are_asked_again(opened: type[Riverside]) -> None:
    clinic = opened("g.skin_exam", "g.change_check", "g.followups_booked", "x.new_date").book()
    clinic.until("2027-01-12 15:00").answer(ALI, "Skin exam")
    clinic.until("2027-02-11 10:00").answer(FRAN, "Follow-up bookings")
    clinic.until("2027-02-16 11:00").answer(JO, "Anything new?")

    clinic.command(FRAN, "move K7Q2 2027-07-15 09:30")
    clinic.until("2027-02-16 11:10")

    reopened = {task.step: task.reopened for task in clinic.course().tasks}
    assert clinic.story == told("the_procedure_moves_to_the_summer")
    assert reopened == {
        "g.skin_exam": True,
        "g.change_check": True,
        "g.followups_booked": True,
        "x.new_date": False,
    }


def test_she_said_no_to_the_antiviral(opened: type[Riverside]) -> None:
    clinic = opened("abl.hsv_prescribed", "abl.hsv_started", "g.timeout").book(area_face="yes")
    clinic.until("2027-02-11 10:00").answer(ALI, "Antiviral prescribed", prescribed="yes")
    clinic.until("2027-02-17 10:20").answer(JO, "First antiviral dose taken", first_dose_taken="no")
    before = clinic.until("2027-02-17 10:21").ready(Gate.START)
    clinic.until("2027-02-17 10:40").decide(
        ALI, Choice.PROCEED, "No history of cold sores, she knows the signs."
    )
    clinic.until("2027-02-17 23:00")

    assert clinic.story == told("she_said_no_to_the_antiviral")
    assert before is Ready.NOT_READY
    assert clinic.statuses("abl.hsv_started") == {"abl.hsv_started": "done"}


def test_cancelled_the_day_before(opened: type[Riverside]) -> None:
    steps = ("abl.hsv_prescribed", "g.identity_arrival", "g.timeout", "abl.visit_7")
    clinic = opened(*steps, "c.notify", "c.med_instructions", "c.close").book(area_face="yes")
    clinic.until("2027-02-11 10:00").answer(ALI, "Antiviral prescribed", prescribed="yes")
    clinic.until("2027-02-17 16:00").command(FRAN, "cancel K7Q2 patient has the flu")
    clinic.until("2027-02-17 16:05").answer(FRAN, "Cancellation told", reason="patient")
    clinic.until("2027-02-17 17:10").answer(JO, "Prepared medicines after cancelling", instruction=("keep",))
    clinic.until("2027-02-24 10:30").answer(FRAN, "Rebook or close", outcome="rebook")
    clinic.until("2027-12-31 23:00")

    assert clinic.story == told("cancelled_the_day_before")
    assert clinic.next_moment() is None
    assert clinic.course().case.closed is not None


def test_a_complication_on_day_two(opened: type[Riverside]) -> None:
    steps = ("abl.check_3", "e.triage", "e.physician", "e.same_day_review", "e.recontact", "e.report")
    clinic = opened(*steps).book().visited().until("2027-02-18 11:00")
    clinic.until("2027-02-19 09:00").command(JO, "event K7Q2 urgent")
    clinic.until("2027-02-19 09:07").press(ALI, "I’m on it")
    clinic.until("2027-02-19 09:31")
    clinic.answer(JO, "Complication, first call", urgency="urgent", symptoms=("rising_pain", "fever"))
    clinic.until("2027-02-19 10:05").answer(ALI, "Complication, physician decides", decision="see_today")
    clinic.until("2027-02-19 13:20").answer(ALI, "Seen the same day")
    clinic.until("2027-02-20 09:10").answer(SAM, "Call again the next day", condition="better")
    clinic.until("2027-02-21 10:10").answer(SAM, "Check on day 3")
    clinic.until("2027-02-26 10:30").answer(ALI, "Incident report")
    clinic.until("2027-03-31 10:00")

    assert clinic.story == told("a_complication_on_day_two")
    assert set(clinic.statuses().values()) == {"done"}


def test_she_smokes(opened: type[Riverside]) -> None:
    clinic = opened("g.medical_history", "abl.smoking_stop", "abl.smoking_after").book()
    clinic.until("2027-01-12 15:05").answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:06")
    news = clinic.card(JO, "Consultation").news
    clinic.until("2027-01-12 15:10").decide(ALI, Choice.MODIFY, "Stops for two weeks before and after.")
    clinic.until("2027-02-04 09:00").answer(JO, "Smoking stopped", still_smoking="no")
    clinic.until("2027-02-04 09:05")

    assert clinic.story == told("she_smokes")
    assert news == ("Smoker (nicotine vaping counts): 2 items added.",)


def test_taken_back_within_ten_minutes_and_not_after(opened: type[Riverside]) -> None:
    clinic = opened("g.medical_history", "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:08")
    clinic.undo(JO, "g.medical_history")
    clinic.until("2027-01-12 15:09").answer(JO, "Medical history")
    clinic.until("2027-01-12 15:20")
    with pytest.raises(Settled):
        clinic.undo(JO, "g.medical_history")

    assert clinic.story == told("taken_back")
    assert clinic.course().case.facts["smoker"] == "no"


def test_a_hard_stop_waits_for_its_date(opened: type[Riverside]) -> None:
    clinic = opened("abl.isotretinoin", "g.readiness", "x.new_date").book(
        mode="full_field", isotretinoin="past", isotretinoin_last_dose=date(2026, 11, 30)
    )
    clinic.until("2027-01-12 15:10").answer(ALI, "Isotretinoin", decision="proceed")
    clinic.until("2027-01-12 15:11")
    offered = [button.label for button in clinic.decision().buttons]
    first = clinic.decision().first_allowed
    with pytest.raises(Refused):
        clinic.command(KIT, "override K7Q2 risk @fran she has a wedding")
    clinic.decide(ALI, Choice.POSTPONE, "Six months for full-field.")
    clinic.until("2027-01-12 15:30").command(FRAN, "move K7Q2 2027-05-31 09:30")
    clinic.until("2027-01-12 15:35")

    assert clinic.story == told("a_hard_stop_waits_for_its_date")
    assert (offered, first) == (["Postpone", "Correct a fact", "Who is this?"], "30 May 2027")
    assert clinic.statuses("abl.isotretinoin") == {"abl.isotretinoin": "done"}


DAY = (
    "g.identity_arrival",
    "g.same_day_check",
    "g.consent_signed",
    "g.site_marked",
    "g.eyewear",
    "g.timeout",
    "g.treatment_record",
    "abl.after_dressing",
    "g.aftercare",
    "g.followups_confirmed",
)


def test_the_day_itself(opened: type[Riverside]) -> None:
    clinic = opened(*DAY).book().until("2027-02-18 08:45")
    clinic.press(FRAN, "Arrived")
    clinic.until("2027-02-18 08:46").answer(FRAN, "Identity at arrival")
    clinic.until("2027-02-18 08:52").answer(JO, "Same-day check")
    clinic.until("2027-02-18 09:16").type(MAX, "1 done")
    with pytest.raises(Refused):
        clinic.early(MAX, "g.timeout")
    with pytest.raises(Refused):
        clinic.mark("started", MAX)
    clinic.until("2027-02-18 09:17").answer(ALI, "Consent signed")
    clinic.until("2027-02-18 09:20").type(MAX, "all ok")
    clinic.until("2027-02-18 09:26").answer(MAX, "Time-out")
    clinic.until("2027-02-18 09:32").press(MAX, "Started")
    clinic.until("2027-02-18 10:20").press(MAX, "Finish")
    clinic.until("2027-02-18 10:21").answer(MAX, "Treatment record")
    clinic.until("2027-02-18 10:41").press(JO, "All as read aloud")
    clinic.until("2027-02-18 10:52").answer(FRAN, "Follow-up dates handed over")
    clinic.until("2027-02-18 18:00")

    assert clinic.story == told("the_day_itself")
    assert set(clinic.statuses().values()) == {"done"}


def test_a_whole_case_as_usual_is_few_messages() -> None:
    clinic = Riverside().book(area_face="yes", anaesthesia="topical")

    clinic.everything_as_usual("2027-02-25 18:00")

    firsts = Counter(message.to for message in clinic.workspace.messages)
    nudged = [message for message in clinic.workspace.messages if message.thread]
    due = [task for task in clinic.course().tasks if task.due <= clinic.clock.now()]
    assert {task.status.value for task in due} == {"done"}
    assert nudged == []
    assert sum(firsts.values()) <= len(due) / 2


@pytest.mark.parametrize("question", ["g.medicines", "g.allergies", "g.photo_consent"])
def test_two_nurses_press_at_once(tmp_path: Path, question: str) -> None:
    address = f"sqlite:///{tmp_path / 'bookend.db'}"
    clinic = Riverside(question, store=open_store(address, history_key=KEY)).book().until("2027-01-12 15:00")
    forms = {who: clinic.filled(who, clinic.form_of(who, question)) for who in (JO, SAM)}
    stores = {who: open_store(address, history_key=KEY) for who in forms}
    at_once = Barrier(len(forms))
    said: dict[str, object] = {}

    def press(who: str) -> None:
        desk = ClinicDesk(practice=practice(stores[who], clinic.clock, *clinic.practice.shelf.books))
        at_once.wait()
        try:
            said[who] = desk.reply(forms[who])
        except Settled as refusal:
            said[who] = refusal

    threads = [Thread(target=press, args=(who,)) for who in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = clinic.task(question).answer
    (first,) = [who for who, words in said.items() if isinstance(words, Notice)]
    (second,) = [words for words in said.values() if isinstance(words, Settled)]
    assert winner is not None and winner.by == first
    assert f"Confirmed by {clinic.clinic.person(first).name} 15:00. Nothing was changed." in str(second)
    assert [entry.kind for entry in clinic.history()].count("answered") == 1
    for store in (*stores.values(), clinic.store):
        store.close()
