"""Bookings and scripts that nobody thought of: any playbook, zone and patient, near the clock changes."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.bookings.stops import facts_set
from tests.oracle import TABLES

#: Each zone with the days on which its clocks change in 2027, or where they never do, some days of it.
ZONES: Mapping[str, tuple[date, date]] = {
    "America/Chicago": (date(2027, 3, 14), date(2027, 11, 7)),
    "Europe/London": (date(2027, 3, 28), date(2027, 10, 31)),
    "Australia/Adelaide": (date(2027, 4, 4), date(2027, 10, 3)),
    "Australia/Lord_Howe": (date(2027, 4, 4), date(2027, 10, 3)),
    "Pacific/Auckland": (date(2027, 4, 4), date(2027, 9, 26)),
    "America/St_Johns": (date(2027, 3, 14), date(2027, 11, 7)),
    "America/Santiago": (date(2027, 4, 3), date(2027, 9, 5)),
    "Africa/Cairo": (date(2027, 4, 30), date(2027, 10, 29)),
    "Asia/Kathmandu": (date(2028, 2, 29), date(2027, 12, 31)),
}
WEEKS = (
    ["mon", "tue", "wed", "thu", "fri"],
    ["tue", "wed", "thu", "fri", "sat"],
    ["sat", "sun"],
    ["wed"],
    ["sun", "mon", "tue", "wed", "thu"],
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
)
DEVICES = {"lhr": ["laser", "ipl"], "vas": ["laser", "ipl"], "pel": ["chemical"], "mnd": ["rf", "needle"]}
HOURS = st.one_of(
    st.sampled_from(
        ["00:00", "00:30", "01:00", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "23:45"]
    ),
    st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(7, 19), st.sampled_from([0, 5, 30])),
)
#: Follow from the booking, or are no fact of a patient.
NOT_DRAWN = ("playbook", "session_no", "last_session", "event_urgency", "device_class")
NAMES = sorted(name for name in TABLES["facts"] if name not in NOT_DRAWN)
#: Answers to items that every booking has: some stop, some set facts, some are taken for none.
ANSWERS = (
    {"task": "g.medical_history", "values": {"smoker": "yes", "hsv_history": "unknown"}},
    {"task": "g.medical_history", "values": {"diabetes": "yes"}},
    {"task": "g.medicines", "values": {"isotretinoin": "past", "isotretinoin_last_dose": "2026-10-31"}},
    {"task": "g.medicines", "values": {"immunosuppressant": "yes", "photosensitiser": "pdt_drug"}},
    {"task": "g.skin_exam", "values": {"fitzpatrick": "VI"}},
    {"task": "g.skin_exam", "values": {"exam_done": "no"}},
    {"task": "g.consent_info", "values": {"consent_info_date": "2027-03-20"}},
    {"task": "g.allergies", "values": {"lidocaine_allergy": "yes"}},
    {"task": "g.allergies", "outcome": "not_applicable", "note": "asked elsewhere"},
    {"task": "g.expectations", "outcome": "problem", "note": "wants to think it over"},
    {"task": "g.prior_procedures", "values": {"prior_cosmetic_12m": "yes", "gold_exposure": "yes"}},
    {"task": "g.change_check", "values": {"new_medicine": "yes"}},
    {"task": "g.change_check", "outcome": "caught", "note": "stopped the cream"},
    {"task": "g.same_day_check", "values": {"temperature": 38.2}},
    {"task": "g.readiness", "values": {"decision": "postpone"}},
)

#: What these answers say of the patient.
SAID = frozenset(fact for each in ANSWERS for fact in facts_set(each["task"], each.get("values", {})))


def agreeing(booking: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the answers that agree with a booking, and so with each other wherever it names the fact."""
    known = booking["facts"]
    return [
        each
        for each in ANSWERS
        if all(
            known.get(fact, value) == value
            for fact, value in facts_set(each["task"], each.get("values", {})).items()
        )
    ]


def values_of(name: str, today: date) -> st.SearchStrategy[Any]:
    """Draw a value of a fact, as it can be known on a day."""
    known = TABLES["facts"][name]
    if known == "number":
        return st.sampled_from([17, 18, 21, 22, 40])
    if known == "date":
        return st.integers(0, 400).map(lambda days: str(today - timedelta(days=days)))
    return st.sampled_from(known)


@st.composite
def bookings(draw: st.DrawFn, playbooks: tuple[str, ...]) -> dict[str, Any]:
    """Draw a booking whose first session lies within a week of a clock change."""
    playbook = draw(st.sampled_from(playbooks))
    zone = draw(st.sampled_from(sorted(ZONES)))
    day = draw(st.sampled_from(ZONES[zone])) + timedelta(days=draw(st.integers(-7, 7)))
    consult = day - timedelta(days=draw(st.sampled_from([0, 0, 1, 3, 8, 20, 45, 170, 200])))
    holidays = [day + timedelta(days=draw(st.integers(-30, 30))) for _ in range(draw(st.integers(0, 3)))]
    facts = draw(st.fixed_dictionaries({}, optional={name: values_of(name, consult) for name in NAMES}))
    if playbook in DEVICES:
        facts["device_class"] = draw(st.sampled_from(DEVICES[playbook]))
    booking = {
        "playbook": playbook,
        "clinic": {
            "timezone": zone,
            "working_days": draw(st.sampled_from(WEEKS)),
            "holidays": sorted({str(each) for each in holidays}),
        },
        "opened": f"{consult}T{draw(HOURS)}",
        "consult": f"{consult}T{draw(HOURS)}",
        "booked": f"{consult}T{draw(HOURS)}",
        "minutes": draw(st.sampled_from([15, 45, 60, 95])),
        "facts": facts,
    }
    return booking | {"sessions": draw(courses(day))}


def courses(first: date) -> st.SearchStrategy[list[str]]:
    """Draw one to four sessions, one after the other."""
    gaps = st.lists(st.sampled_from([28, 42, 100, 185]), max_size=3)
    hours = st.lists(HOURS, min_size=4, max_size=4)
    return st.builds(
        lambda gaps, hours: [
            f"{first + timedelta(days=sum(gaps[:number]))}T{hours[number]}" for number in range(len(gaps) + 1)
        ],
        gaps,
        hours,
    )


#: What people do, the commoner the oftener.
DOING = (
    *(
        "answer_when_due",
        "answer_when_due",
        "answer_when_due",
        "move",
        "move",
        "move",
        "set_fact",
        "set_fact",
    ),
    *("answer", "answer", "decide", "event", "cancel", "nothing", "session"),
)
SESSION = st.sampled_from([None, 1, None, 2])
URGENCY = st.sampled_from(["routine", "urgent", "emergency"])


@st.composite
def scripts(draw: st.DrawFn, booking: Mapping[str, Any], longest: int = 6) -> list[dict[str, Any]]:
    """Draw what people do with a booking, in the order of time."""
    opened = date.fromisoformat(booking["opened"][:10])
    first = date.fromisoformat(booking["sessions"][0][:10])
    last = date.fromisoformat(booking["sessions"][-1][:10])
    near = [first + timedelta(days=days) for days in (-20, -8, -3, -2, -1, -1, 0, 0, 1, 2, 4, 9, 30)]
    days = st.one_of(st.sampled_from(near), st.dates(opened, last + timedelta(days=30)))
    hours = sorted(
        datetime.combine(max(draw(days), opened + timedelta(days=1)), time(draw(st.integers(4, 22))))
        for _ in range(draw(st.integers(2, longest)))
    )
    moments = [hour.replace(minute=number) for number, hour in enumerate(hours)]
    answers = draw(st.booleans())
    begun = draw(st.sampled_from([DOING, *[("answer_when_due",)] * 4]))
    return [
        draw(line(booking, moment, DOING if number else begun, answers=answers))
        for number, moment in enumerate(moments)
    ]


@st.composite
def line(
    draw: st.DrawFn, booking: Mapping[str, Any], moment: datetime, doing: tuple[str, ...], *, answers: bool
) -> dict[str, Any]:
    """Draw one line of a script for a moment; either `answers` tell of the patient, or set facts do."""
    do = draw(st.sampled_from(doing))
    told: dict[str, Any] = {"do": do, "at": f"{moment:%Y-%m-%dT%H:%M}"}
    session = draw(SESSION)
    there = {"session": session} if session and session <= len(booking["sessions"]) else {}
    match do:
        case "answer_when_due" | "nothing":
            return {"do": do, "until": told["at"]}
        case "set_fact":
            fact = draw(st.sampled_from([name for name in NAMES if name not in SAID or not answers]))
            return told | {"fact": fact, "value": draw(values_of(fact, moment.date()))}
        case "move":
            day = moment.date() + timedelta(days=draw(st.sampled_from([1, 2, 5, 16, 30, 43, 100, 200])))
            return told | {"start": f"{day}T{draw(HOURS)}", **there}
        case "answer":
            plain = [each for each in ANSWERS if not facts_set(each["task"], each.get("values", {}))]
            return told | draw(st.sampled_from(agreeing(booking) if answers else plain))
        case "decide":
            task = draw(st.sampled_from(["g.change_check", "g.medical_history", "g.expectations"]))
            choice = draw(st.sampled_from(["proceed", "modify", "postpone"]))
            return told | {"task": task, "choice": choice, "reason": "thought it over"}
        case "session":
            # so late that no move has brought another session behind it
            last = date.fromisoformat(booking["sessions"][-1][:10])
            return told | {"start": f"{last + timedelta(days=500 + moment.minute)}T{draw(HOURS)}"}
        case "event":
            return told | {"urgency": draw(URGENCY), **there}
    return told | there
