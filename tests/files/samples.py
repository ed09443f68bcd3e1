"""A small clinic's files, as short as a test can have them."""

FACTS = """\
facts:
  age: {title: Age, number: whole years, default: 40, question: How old is the patient?}
  smoker: {title: Smoker, values: [no, yes, unknown], question: "Does the patient smoke or vape nicotine?"}
  hsv_history: {title: Cold sores, values: [no, yes, unknown]}
  immune: {title: Immune system, values: [no, immunosuppressed, diabetes_uncontrolled, unknown]}
  device_class: {title: Device, values: [laser, ipl, rf, needle, chemical]}
  area_face: {title: Face, values: [no, yes]}
  isotretinoin_last_dose: {title: Last dose of isotretinoin, date: past}
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

TINY = """\
playbook: tiny
title: A small peel
short: Peel
version: 3
minutes: 45
includes: [every]
narrows: {device_class: [chemical]}
steps:
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

TEXTS = {"facts.yaml": FACTS, "every.yaml": EVERY, "tiny.yaml": TINY}


def with_step(step: str) -> dict[str, str]:
    """Return the texts with one more step, whose lines begin at line 23 and column 5 of tiny.yaml."""
    return {**TEXTS, "tiny.yaml": TINY + step}
