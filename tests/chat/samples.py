"""An invented morning in an invented clinic: one card of every kind, with every state on it."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.actions import Action, Button
from bot.core.case import Moment, Outcome
from bot.core.kinds import CardKind, FieldKind, Level
from bot.core.messages import (
    CaseView,
    DecisionCard,
    Form,
    FormField,
    FormPart,
    Home,
    Line,
    LineState,
    Notice,
    TaskCard,
    Watch,
)
from bot.core.people import Clinic, Person, Role
from bot.core.red_flags import Urgency
from bot.core.times import Calendar

K7Q2 = "CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2"
M4XD = "CO₂ · Wed 18 Feb 11:00 · Room 1 · M4XD"
W9TR = "Er:YAG · Fri 13 Feb 14:00 · Room 1 · W9TR"


def person(name: str, who: str, *roles: Role) -> Person:
    return Person(id=who, name=name, roles=frozenset(roles), accounts={"local": who})


CLINIC = Clinic(
    id="riverside",
    title="Riverside Skin & Laser",
    calendar=Calendar(zone=ZoneInfo("Europe/London")),
    people={
        each.id: each
        for each in (
            person("Dr Ali Reza", "ali", Role.PHYSICIAN, Role.MEDICAL_DIRECTOR),
            person("Jo Park", "jo", Role.NURSE),
            person("Sam Reed", "sam", Role.NURSE),
            person("Max Lee", "max", Role.OPERATOR),
            person("Kim Novak", "kim", Role.FRONT_DESK),
            person("Rae Wood", "rae", Role.MANAGER),
        )
    },
    channels={"local": {"board": "procedures"}},
)


def button(action: Action, label: str, *tasks: str, style: str = "", value: str = "") -> Button:
    revision = 3 if len(tasks) == 1 else 0
    return Button(action=action, label=label, tasks=tasks, revision=revision, value=value, style=style)


def line(number: int, step: str, title: str, state: LineState, *buttons: Button, **more: object) -> Line:
    task = f"K7Q2:{step}:1:1"
    return Line(number=number, task=task, revision=3, title=title, state=state, buttons=buttons, **more)  # type: ignore[arg-type]


def answer(step: str, label: str = "Answer") -> Button:
    return button(Action.FORM, label, f"K7Q2:{step}:1:1", style="primary")


def confirm(step: str) -> Button:
    return button(Action.CONFIRM, "Confirm", f"K7Q2:{step}:1:1", style="primary")


REVIEW = Notice(heading="Review of abl", text="abl: its review is due on 16 Mar 2027. Nothing stops.")
HELD = Notice(
    heading="Held: Laser B",
    text="Laser B: fault reported, Max Lee 08:10. 2 cases wait until it is released.",
    tone="bad",
    lines=("Mon 16 Feb (1): 09:30 K7Q2", "Wed 18 Feb (1): 11:00 M4XD (maybe)"),
)
OFFER = Notice(
    heading="Jo Park hands you 2 items",
    text="Jo Park asks: will you take them?",
    lines=(
        "“I am in room 2 all morning.”",
        f"First antiviral dose taken · {K7Q2}",
        f"Home kit ready · {M4XD}",
    ),
    telling=True,
    buttons=(
        Button(action=Action.ACCEPT, label="Accept", value="a1b2c3d4", style="primary"),
        Button(action=Action.DECLINE, label="Decline", value="a1b2c3d4"),
    ),
)
HERE = Notice(
    heading="Is the patient here?",
    text=f"{K7Q2}: expected at 08:45, and nobody pressed Arrived.",
    buttons=(
        Button(
            action=Action.MARK, label="Here", tasks=("K7Q2:1",), value=Moment.ARRIVED.value, style="primary"
        ),
        Button(action=Action.LATE, label="Later", tasks=("K7Q2:1",), value="arrival"),
        Button(action=Action.NO_SHOW, label="No-show", tasks=("K7Q2:1",), style="danger"),
    ),
)
LATE = Notice(
    heading="Comes later", text=f"{K7Q2}: about 25 minutes late, the start is expected about 09:55."
)
UNCOVERED = Notice(
    heading="Nobody on duty for booked patients",
    text="Change the roster, or move them. Until then their items go to the role’s channel.",
    tone="bad",
    lines=("Tomorrow 14:00-17:00: 3 CO₂ cases, no nurse on duty (K7Q2, M4XD, H8LA).",),
)
BOOKED = Notice(
    text="CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2. Write K7Q2 into your appointment book.",
    tone="good",
    code="K7Q2",
    lines=("Room 2 is taken then: CO₂ · Mon 16 Feb 09:00 · Room 2 · M4XD.",),
    buttons=(button(Action.WRITTEN, "I wrote the code down", "K7Q2:1", style="primary"),),
)
CLAIM = TaskCard(
    kind=CardKind.CONSULT,
    heading="Who takes this, for a nurse?",
    text="Nobody is on duty for a nurse: 2 items, CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2.",
    label=K7Q2,
    lines=(
        line(1, "g.allergies", "Allergies", LineState.OPEN, level=Level.MD, due="due 15:00"),
        line(2, "g.medicines", "Medication disclosure", LineState.OPEN, due="due 15:00"),
    ),
    buttons=(
        Button(
            action=Action.CLAIM,
            label="Claim",
            tasks=("K7Q2:g.allergies:1:1",),
            value="claim:K7Q2:1:1:nurse:20260216T1500",
            style="primary",
        ),
    ),
)
WORKLIST = TaskCard(
    kind=CardKind.WORKLIST,
    heading="Your list · Mon 16 Feb",
    text="Your list for Mon 16 Feb: five lines, two are open and one is overdue.",
    news=("Smoker: two items added",),
    lines=(
        line(
            *(
                1,
                "abl.hsv_started",
                "First antiviral dose taken",
                LineState.OVERDUE,
                answer("abl.hsv_started"),
            ),
            level=Level.MD,
            label=K7Q2,
            due="overdue since Sun 15 Feb 10:00",
            why="Starting on the morning of treatment worked as well as the day before in the one trial.",
        ),
        line(
            *(2, "abl.home_kit", "Home kit ready", LineState.OPEN, confirm("abl.home_kit")),
            label=M4XD,
            due="due 09:00",
            why="The skin is open for days: ointment, cleanser and sun cream must be at home before.",
        ),
        line(
            *(3, "abl.check_3", "Day-3 check", LineState.OPEN, answer("abl.check_3")),
            label=W9TR,
            due="due 09:00",
            level=Level.MD,
        ),
        line(
            4,
            "g.change_check",
            "Anything new since the last contact",
            LineState.LATER,
            label=M4XD,
            due="from 11:00",
        ),
        line(
            *(5, "abl.smoking_after", "Smoke-free since treatment", LineState.DONE),
            label=W9TR,
            said="Confirmed by Jo Park 08:12",
        ),
    ),
    buttons=(button(Action.FORM, "Answer both", "K7Q2:abl.hsv_started:1:1", "M4XD:abl.home_kit:1:1"),),
)

PREP = TaskCard(
    kind=CardKind.PREP,
    heading="Prep",
    label=K7Q2,
    text="Prep for K7Q2 at 09:30: four lines to answer in one form.",
    lines=(
        line(1, "g.same_day_check", "Same-day check", LineState.OPEN, level=Level.HARD, due="due 08:55"),
        line(2, "g.pregnancy_day", "Pregnancy question", LineState.OPEN, level=Level.HARD, due="due 08:55"),
        line(3, "abl.sun_day", "Skin exam: sun and tan", LineState.OPEN, level=Level.HARD, due="due 08:55"),
        line(4, "g.baseline_photos", "Baseline photographs", LineState.LATER, due="from 09:05"),
        line(5, "g.escort", "Escort", LineState.VOID, said="no sedation planned"),
    ),
    buttons=(
        answer("g.same_day_check", "Open the form"),
        button(Action.CASE, "Case", "K7Q2"),
    ),
)

TIMEOUT = TaskCard(
    kind=CardKind.TIMEOUT,
    heading="Time-out",
    text=f"Time-out, {K7Q2}: not yet, Consent signed first.",
    label=K7Q2,
    lines=PREP.lines[:1],
    buttons=(button(Action.CASE, "Show the case", "K7Q2:1"),),
    aloud=("Allergies said: latex", "Everybody in the room is named: Jo Park"),
    sources=("Allergies: Confirmed by Jo Park 14:55",),
    waits=("Consent signed: no answer yet (Dr Ali Reza)",),
)

DECISION = DecisionCard(
    heading="Your decision",
    text="A hard stop for V3HN: isotretinoin, last dose 3 Nov 2025.",
    label="CO₂ full-field · Wed 25 Feb 10:00 · Room 2 · V3HN",
    title="Isotretinoin within six months",
    level=Level.HARD,
    reasons=("last dose: 3 Nov 2025", "mode: full-field"),
    said="Answered by Jo Park 08:40",
    why="Wounds heal badly for months after isotretinoin; full-field resurfacing waits six calendar months.",
    first_allowed="Mon 4 May 2026",
    buttons=(
        button(Action.DECIDE, "Postpone", "V3HN:abl.isotretinoin:1:1", value="postpone", style="primary"),
        button(Action.CASE, "Case", "V3HN"),
    ),
)

FORM = Form(
    heading="Prep",
    label=K7Q2,
    parts=(
        FormPart(
            task="K7Q2:g.same_day_check:1:1",
            revision=3,
            title="Same-day check",
            level=Level.HARD,
            rule="Fever, or infection, a cold sore or an open wound in or near the area stops the procedure.",
            why="An active cold sore can spread over the whole treated face.",
            fields=(
                FormField(name="temperature", label="Temperature", kind=FieldKind.NUMBER, unit="°C"),
                FormField(
                    name="unwell",
                    label="Unwell today?",
                    kind=FieldKind.CHOICE,
                    options=(("no", "No"), ("yes", "Yes")),
                ),
                FormField(
                    name="in_area",
                    label="In or near the area",
                    kind=FieldKind.SEVERAL,
                    options=(
                        ("cold_sore", "Cold sore"),
                        ("pus", "Pus or infection"),
                        ("wound", "Open wound"),
                    ),
                    required=False,
                ),
            ),
        ),
        FormPart(
            task="K7Q2:abl.sun_day:1:1",
            revision=1,
            title="Skin exam: sun and tan",
            level=Level.HARD,
            fields=(
                FormField(
                    name="visible_tan",
                    label="Visible tan?",
                    kind=FieldKind.CHOICE,
                    options=(("no", "No"), ("yes", "Yes")),
                ),
                FormField(name="last_sun", label="Last unprotected sun", kind=FieldKind.DATE, required=False),
                FormField(name="seen_at", label="Looked at", kind=FieldKind.TIME, required=False),
                FormField(name="dose", label="Dose for the weight", kind=FieldKind.RATIO, unit="mg/kg"),
                FormField(
                    name="remark",
                    label="Remark",
                    kind=FieldKind.TEXT,
                    required=False,
                    help="One line; no names.",
                ),
            ),
        ),
    ),
    outcomes=(
        (Outcome.CONFIRMED, "Confirmed"),
        (Outcome.CAUGHT, "Caught & fixed"),
        (Outcome.NOT_APPLICABLE, "Not applicable"),
        (Outcome.PROBLEM, "Problem"),
    ),
)

NOW, HOUR = "Emergency now", "Physician within 1 hour, seen today"

#: Two parts that ask partly the same, and how their inputs are called.
SHARED = Form(
    heading="Prep",
    label=K7Q2,
    parts=tuple(
        FormPart(
            task=f"K7Q2:g.{title.lower()}:1:1",
            revision=1,
            title=title,
            fields=tuple(FormField(name=label, label=label, kind=kind) for label, kind in asked),
        )
        for title, asked in {
            "Numbing": [("At", FieldKind.TIME), ("Time off", FieldKind.TIME), ("Remark", FieldKind.TEXT)],
            "Exam": [
                ("Skin type", FieldKind.NUMBER),
                ("Exam date", FieldKind.DATE),
                ("Remark", FieldKind.TEXT),
            ],
        }.items()
    ),
)
CALLED = ["Numbing: At", "Time off", "Numbing: Remark", "Skin type", "Exam date", "Exam: Remark"]
TRIAGE = Form(
    heading="Complication, first call",
    label=K7Q2,
    parts=(
        FormPart(
            task="K7Q2:e.triage:1:1",
            revision=1,
            title="Complication, first call",
            watching="Red flags on day 3",
            watch=(
                Watch(urgency=Urgency.EMERGENCY, title="Toxic shock", signs="high fever, faint", act=NOW),
                Watch(
                    urgency=Urgency.URGENT,
                    title="Herpes simplex",
                    signs="grouped blisters",
                    act=HOUR,
                    then="Also in somebody who never had a cold sore.",
                ),
            ),
            fields=(
                FormField(
                    name="symptoms",
                    label="Symptoms",
                    kind=FieldKind.SEVERAL,
                    options=(
                        ("high_fever", "High fever"),
                        ("grouped_blisters", "Grouped blisters"),
                        ("brown_patches", "Brown patches"),
                        ("other", "Other"),
                    ),
                    speaks={
                        "high_fever": (Urgency.EMERGENCY, NOW),
                        "grouped_blisters": (Urgency.URGENT, HOUR),
                        "brown_patches": (Urgency.SOON, "Physician within 24 to 48 hours"),
                    },
                    rare=("brown_patches",),
                ),
                FormField(
                    name="urgency",
                    label="Urgency",
                    kind=FieldKind.CHOICE,
                    options=(("emergency", "Emergency"), ("urgent", "Urgent"), ("routine", "Routine")),
                    proposed=True,
                ),
            ),
        ),
    ),
)

CASE = CaseView(
    code="K7Q2",
    heading="K7Q2",
    text="K7Q2 is not ready: the first antiviral dose is not confirmed.",
    label=K7Q2,
    gates=(
        ("A week before", "ready"),
        ("Cleared to come", "ready with override"),
        ("Morning huddle", "not ready: first antiviral dose"),
    ),
    lines=PREP.lines[:3],
    history=(
        "Mon 12 Jan 13:45 opened by Kim Novak",
        "Mon 12 Jan 14:52 Skin exam: Confirmed by Dr Ali Reza",
        "Mon 12 Jan 14:55 Medication disclosure: Confirmed by Jo Park",
    ),
    buttons=(button(Action.MARK, "Arrived", "K7Q2:1", value="arrived", style="primary"),),
    notes=("Session 2 is 26 days after session 1; the playbook wants 42: first allowed date 2027-03-31.",),
)


#: Every word that a person or a file may bring along, made as hostile as it can be.
HOSTILE = "<script>alert('1')</script>\"><img src=x onerror=alert(2)>&amp;{{7*7}}"


def hostile() -> TaskCard:
    first = replace(WORKLIST.lines[0], title=HOSTILE, said=HOSTILE, why=HOSTILE, label=HOSTILE, due=HOSTILE)
    bad = replace(WORKLIST.buttons[0], label=HOSTILE, tasks=(HOSTILE,), value=HOSTILE)
    return replace(
        WORKLIST,
        heading=HOSTILE,
        text=HOSTILE,
        news=(HOSTILE,),
        lines=(replace(first, buttons=(bad,)),),
        buttons=(bad,),
    )


#: What a nurse sees first, in the middle of the morning.
HOME = Home(
    heading="Jo Park · Mon 16 Feb",
    mine=WORKLIST,
    later=("14:30 · M4XD: Same-day check, Photos", "16:00 · P6CE: Call on the day before"),
    doors=(("today", "Today"), ("overdue", "Overdue"), ("help", "Help")),
)
