"""A small hand-made playbook and cases of it: each step stands for one rule; nothing is read from a file."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.case import Answer, Booking, Case, Choice, Decision, Outcome, Task
from bot.core.conditions import ALWAYS, AllOf, AnyOf, Bounds, Condition, Is, Not, Value, Within
from bot.core.course import Course
from bot.core.facts import Fact, FactKind
from bot.core.kinds import Anchor, CardKind, FieldKind, Level, Phase, Scope
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.playbook import Arrival, Due, Field, Playbook, Step, Stops
from bot.core.times import Calendar, Closed

LONDON = Calendar(zone=ZoneInfo("Europe/London"))
ANCHORS = {"T0": Anchor.START} | {anchor.value.upper(): anchor for anchor in Anchor if anchor != Anchor.START}


def due(text: str) -> Due:
    """Read "T0-14d@09:00 prev" or "END+15m", as the tables write it."""
    if elapsed := re.fullmatch(r"([A-Z0-9]+?)([+-]\d+)m", text):
        return Due(anchor=ANCHORS[elapsed[1]], minutes=int(elapsed[2]))
    found = re.fullmatch(r"([A-Z0-9]+?)([+-]\d+)d@(\d\d:\d\d) (prev|next|none)", text)
    assert found, text
    at = time.fromisoformat(found[3])
    return Due(anchor=ANCHORS[found[1]], days=int(found[2]), at=at, closed=Closed(found[4]))


def word(name: str, *choices: str, sets: str = "", decides: tuple[str, ...] = ()) -> Field:
    """A field that takes one of its choices and may set a fact."""
    return Field(
        name=name,
        label=name,
        kind=FieldKind.CHOICE,
        choices=choices,
        sets={sets: {}} if sets else {},
        decides=decides,
    )


def day_of(name: str, *, sets: str = "") -> Field:
    """A field that takes a date."""
    return Field(name=name, label=name, kind=FieldKind.DATE, sets={sets: {}} if sets else {})


def number(name: str) -> Field:
    """A field that takes a number."""
    return Field(name=name, label=name, kind=FieldKind.NUMBER)


def step(
    id: str,
    when_due: str,
    *,
    phase: Phase = Phase.PRE,
    role: Role = Role.NURSE,
    scope: Scope = Scope.SESSION,
    valid: int | None = None,
    when: Condition = ALWAYS,
    ask: tuple[Field, ...] = (),
    stops: Stops | None = None,
) -> Step:
    """A step with what matters here; the card is never looked at."""
    return Step(
        id=id,
        phase=phase,
        title=id,
        role=role,
        due=due(when_due),
        card=CardKind.WORKLIST,
        scope=scope,
        valid_days=valid,
        when=when,
        ask=ask,
        stops=stops or Stops(),
    )


def is_(name: str, *words: str) -> Is:
    return Is(name=name, words=words)


FULL_FIELD = is_("mode", "full_field")
RECENT_DOSE = AnyOf(parts=(is_("isotretinoin", "current"), Within(name="last_dose", months=6)))
NUMBED = is_("anaesthesia", "injected", "topical_and_injected")

#: Judged: each of these carries one of the stops that are worked out.
ISOTRETINOIN = step(
    "isotretinoin",
    "CONSULT+60m",
    phase=Phase.CONSULT,
    role=Role.PHYSICIAN,
    scope=Scope.COURSE,
    valid=180,
    when=Not(part=is_("isotretinoin", "never")),
    ask=(
        word("isotretinoin", "past", "current", "unknown", sets="isotretinoin"),
        day_of("last_dose", sets="last_dose"),
        word("decision", "proceed", "modify", "wait", decides=("proceed", "modify")),
    ),
    stops=Stops(
        level=Level.HARD,
        hard=AllOf(parts=(FULL_FIELD, RECENT_DOSE)),
        md=AnyOf(parts=(is_("decision", "wait"), AllOf(parts=(Not(part=FULL_FIELD), RECENT_DOSE)))),
    ),
)
CONSENT = step(
    "consent",
    "CONSULT+60m",
    phase=Phase.CONSULT,
    role=Role.PHYSICIAN,
    scope=Scope.COURSE,
    valid=180,
    ask=(day_of("informed_on"),),
    stops=Stops(
        level=Level.MD,
        md=AnyOf(
            parts=(
                Within(name="informed_on", days=1),
                AllOf(parts=(Bounds(name="age", below=18), Within(name="informed_on", days=7))),
            )
        ),
    ),
)
SMOKING = step(
    "smoking",
    "T0-14d@09:00 prev",
    valid=28,
    when=is_("smoker", "yes", "unknown"),
    ask=(word("still_smoking", "no", "yes"),),
    stops=Stops(level=Level.MD, md=is_("still_smoking", "yes")),
)
SUN = step(
    "sun",
    "ARRIVE+10m",
    phase=Phase.DAY,
    ask=(word("sunburn", "no", "yes"), day_of("last_sun")),
    stops=Stops(level=Level.HARD, hard=is_("sunburn", "yes"), md=Within(name="last_sun", days=28)),
)
LIDOCAINE = step(
    "lidocaine",
    "T0-20m",
    phase=Phase.DAY,
    role=Role.PHYSICIAN,
    when=NUMBED,
    ask=(
        word("adrenaline", "with", "without"),
        number("total_mg"),
        number("weight_kg"),
        Field(name="mg_per_kg", label="", kind=FieldKind.RATIO, of=("total_mg", "weight_kg")),
    ),
    stops=Stops(
        level=Level.HARD,
        hard=AnyOf(
            parts=(
                Bounds(name="mg_per_kg", above=7),
                AllOf(parts=(is_("adrenaline", "without"), Bounds(name="mg_per_kg", above=4.5))),
            )
        ),
    ),
)
HISTORY = step(
    "history",
    "CONSULT+60m",
    phase=Phase.CONSULT,
    scope=Scope.COURSE,
    valid=180,
    ask=(word("smoker", "no", "yes", "unknown", sets="smoker"), word("fever", "no", "yes")),
    stops=Stops(level=Level.MD, md=AnyOf(parts=(is_("smoker", "yes", "unknown"), is_("fever", "yes")))),
)
RX = is_("prep_rx_issued", "yes")

STEPS = (
    step("booking", "BOOKED+0m", phase=Phase.BOOKING, role=Role.FRONT_DESK),
    HISTORY,
    ISOTRETINOIN,
    CONSENT,
    SMOKING,
    step("followups", "T0-7d@10:00 prev", role=Role.FRONT_DESK, valid=21),
    step("test_spot", "T0-14d@09:00 prev", scope=Scope.COURSE, valid=180),
    step("first_dose", "T0-1d@10:00 none", valid=1, when=RX),
    step("arrival", "ARRIVE+0m", phase=Phase.DAY, role=Role.FRONT_DESK),
    SUN,
    LIDOCAINE,
    step("numbing", "T0-60m", phase=Phase.DAY, when=is_("anaesthesia", "topical", "topical_and_injected")),
    step("record", "END+0m", phase=Phase.POST, role=Role.OPERATOR),
    step("aftercare", "END+20m", phase=Phase.POST),
    step("call_1", "T0+1d@10:00 none", phase=Phase.FOLLOW_UP),
    step("visit_7", "T0+7d@10:00 next", phase=Phase.FOLLOW_UP, role=Role.PHYSICIAN),
    step("next_session", "T0+14d@10:00 next", phase=Phase.FOLLOW_UP, when=is_("last_session", "no")),
    step("e.triage", "EVENT+30m", phase=Phase.EVENT),
    step("e.review", "EVENT+240m", phase=Phase.EVENT, when=is_("event_urgency", "urgent")),
    step("e.recontact", "EVENT+1d@09:00 none", phase=Phase.EVENT),
    step("c.notify", "CANCEL+0m", phase=Phase.CANCEL),
    step("c.medicines", "CANCEL+60m", phase=Phase.CANCEL, when=RX),
    step("c.close", "CANCEL+7d@10:00 next", phase=Phase.CANCEL),
    step("x.new_date", "MOVE+0m", phase=Phase.MOVE),
    step("x.medicines", "MOVE+60m", phase=Phase.MOVE, when=RX),
)
FACTS = {
    fact.name: fact
    for fact in (
        Fact(name="age", title="Age", kind=FactKind.NUMBER, default=40),
        Fact(name="smoker", title="Smoker", words=("no", "yes", "unknown")),
        Fact(name="isotretinoin", title="Isotretinoin", words=("never", "past", "current", "unknown")),
        Fact(name="last_dose", title="Last dose", kind=FactKind.DATE),
        Fact(name="mode", title="Mode", words=("fractional", "full_field")),
        Fact(
            name="anaesthesia", title="Numbing", words=("none", "topical", "injected", "topical_and_injected")
        ),
        Fact(name="sedation", title="Sedation", words=("none", "oral", "iv")),
        Fact(name="prep_rx_issued", title="Medicine", words=("no", "yes"), changes=True),
        Fact(name="event_urgency", title="Urgency", words=("none", "routine", "urgent", "emergency")),
        Fact(name="session_no", title="Session", kind=FactKind.NUMBER, default=1),
        Fact(name="last_session", title="Last session", words=("yes", "no")),
    )
}


#: Cream and sedation need their time (rule 1.1).
ARRIVES = Arrival(
    earlier=(
        (
            90,
            AnyOf(
                parts=(
                    Is(name="anaesthesia", words=("topical", "topical_and_injected")),
                    Is(name="sedation", words=("oral", "iv")),
                )
            ),
        ),
    )
)


def playbook(*steps: Step) -> Playbook:
    """The hand-made playbook, or one of these steps alone."""
    return Playbook(
        id="made",
        title="Made by hand",
        version=1,
        digest="made",
        steps=steps or STEPS,
        facts=FACTS,
        arrives=ARRIVES,
    )


#: A Thursday, as every start in these tests unless it says otherwise; opened five weeks before.
START = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)
OPENED = datetime(2027, 1, 12, 13, 45, tzinfo=UTC)


def booking(*starts: datetime, facts: dict[str, Value] | None = None, calendar: Calendar = LONDON) -> Booking:
    """A booking opened on Tuesday 12 January 2027, with a consultation a quarter of an hour later."""
    return Booking(
        playbook="made",
        calendar=calendar,
        opened=OPENED,
        starts=starts or (START,),
        consult=OPENED + timedelta(minutes=15),
        booked=OPENED + timedelta(minutes=85),
        minutes=60,
        facts=facts or {},
    )


def course(*starts: datetime, steps: tuple[Step, ...] = (), **facts: Value) -> Course:
    """A case of the hand-made playbook, just planned."""
    return course_of(playbook(*steps), *starts, **facts)


def course_of(made: Playbook, *starts: datetime, **facts: Value) -> Course:
    """A case of any playbook, just planned."""
    wanted = booking(*starts, facts=facts)
    case, tasks = plan_case(made, wanted, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=made, calendar=wanted.calendar)


def get(course: Course, step_id: str, session: int = 1, occurrence: int = 1) -> Task:
    """The task of a step; it must be there."""
    task = course.task(step_id, session, occurrence)
    assert task is not None, f"no {step_id} in {[t.key for t in course.tasks]}"
    return task


def has(course: Course, step_id: str, session: int = 1, occurrence: int = 1) -> bool:
    """Whether there is a task of a step at all."""
    return course.task(step_id, session, occurrence) is not None


def answer(
    *,
    at: datetime = OPENED,
    role: Role = Role.NURSE,
    outcome: Outcome = Outcome.CONFIRMED,
    note: str = "",
    **values: Value,
) -> Answer:
    """Jo's answer."""
    return Answer(by="jo", role=role, at=at, outcome=outcome, values=values, note=note)


def decision(choice: Choice = Choice.PROCEED, *covers: str, at: datetime = OPENED) -> Decision:
    """Dr Ali's word on a stop."""
    return Decision(by="ali", at=at, choice=choice, reason="seen and discussed", covers=covers)


def with_case(course: Course, **changes: object) -> Course:
    """The course with some of its case replaced."""
    case: Case = replace(course.case, **changes)  # type: ignore[arg-type]
    return replace(course, case=case)


def london(text: str) -> datetime:
    """A moment written as London's wall time: "2027-02-18 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON.zone).astimezone(UTC)


def wall(moment: datetime) -> str:
    """A moment as London's wall time."""
    return f"{LONDON.local(moment):%Y-%m-%d %H:%M}"


def day(text: str) -> date:
    return date.fromisoformat(text)
