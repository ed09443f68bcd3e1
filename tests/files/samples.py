"""A small clinic's files, as short as a test can have them, and a sign that points at a place in them."""

from bot.core.errors import Mistake

#: Stands in a sample directly before what is wrong; `pointed` takes it out again.
SIGN = "▸"

FACTS = """\
facts:
  age: {title: Age, number: whole years, default: 40, question: "How old is the patient?"}
  smoker: {title: Smoker, values: [no, yes, unknown], question: "Does the patient smoke or vape nicotine?"}
  hsv_history: {title: Cold sores, values: [no, yes, unknown]}
  immune: {title: Immune system, values: [no, immunosuppressed, diabetes_uncontrolled, unknown]}
  device_class: {title: Device, values: [laser, ipl, rf, needle, chemical]}
  area_face: {title: Face, values: [no, yes]}
  isotretinoin_last_dose: {title: Last dose of isotretinoin, date: past}
  event_urgency: {title: Urgency, values: [none, routine, urgent, emergency]}
  session_no: {title: Session, number: "", default: 1}
  last_session: {title: Last session, values: [yes, no]}
"""

EVERY = """\
include: every
steps:
  - id: g.skin_exam
    phase: consult
    title: Skin exam
    role: physician
    due: consult + 60 min
    scope: course
    valid_for: 180 days
    ask: {exam_done: yes_no}
    stop: {hard: {exam_done: no}}
    sources: [S01]
"""

HEAD = """\
playbook: tiny
title: A small peel
short: Peel
version: 3
minutes: 45
includes: [every]
narrows: {device_class: [chemical]}
steps:
"""

STEP = """\
  - id: tiny.hsv_started
    phase: pre
    title: First antiviral dose taken
    why: It works as well on the morning of the treatment.
    role: nurse
    due: start - 1 day at 10:00, even if closed
    valid_for: 1 day
    when: {any: [{area_face: yes}, {hsv_history: [yes, unknown]}]}
    ask:
      first_dose_taken: {choose: [yes, will_take_today, no], normal: yes}
    stop: {md: {first_dose_taken: no}}
    sources: [S06]
"""

TINY = HEAD + STEP
TEXTS = {"facts.yaml": FACTS, "every.yaml": EVERY, "tiny.yaml": TINY}

CLINIC = """\
clinic: riverside
timezone: Europe/London
open: {mon-fri: 08:00-18:00}
holidays: {country: GB, region: ENG, also: [2027-12-24], except: [2027-01-01]}
rooms: {room-2: {devices: [CO₂ laser]}}
people:
  jo: {name: Jo Park, roles: [nurse, front_desk], slack: U0JO, quiet: 19:00-07:00}
  ali: {name: Dr Ali, roles: [physician, medical_director], slack: U0ALI}
roster: {mon-fri: {nurse: [jo], physician: [ali]}}
roster_changes: {2027-02-15: {physician: []}}
on_call: {nurse: [jo], physician: [ali]}
channels: {slack: {board: C0BOARD, escalations: C0ESC}}
ladders: {routine: [2 h, 4 h, 8 h]}
privacy: strict
go_live: 2027-01-04
playbooks: [tiny]
"""


def step(**lines: str) -> str:
    """Return a plain step; each line given replaces one or adds one."""
    plain = {
        "id": "tiny.one",
        "phase": "pre",
        "title": "One",
        "role": "nurse",
        "due": "start - 1 day at 10:00, even if closed",
    }
    said = [f"{name}: {value}" for name, value in {**plain, **lines}.items()]
    return "  - " + "\n    ".join(said) + "\n"


def pointed(text: str, file: str) -> tuple[str, str]:
    """Return the text without its sign, and the place where the sign stood as file:line:column."""
    before, sign, after = text.partition(SIGN)
    assert sign and SIGN not in after
    return before + after, f"{file}:{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"


def place(mistake: Mistake) -> str:
    """Return where a mistake is."""
    return f"{mistake.file}:{mistake.line}:{mistake.column}"
