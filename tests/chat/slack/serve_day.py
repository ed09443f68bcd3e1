"""Run by test_whole_case.py where only loopback exists: a day with `bookend serve` itself, at the real time.

Nothing of it is ours but the staff's hands: the program is started as the README says, by Socket Mode and by
signed requests, and a patient comes in a few minutes.
"""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import WallClock
from tests.chat.slack.hands import BOARD, Hands
from tests.chat.slack.staff import CHANNELS, STAFF
from tests.serving import free_port, furnish, in_slack, serving, shipped
from tests.slack_standin import workspace

ALI, JO, MAX, ROBIN, KIT = "U0ALI", "U0JO", "U0MAX", "U0ROBIN", "U0KIT"
HERE = ZoneInfo("Europe/London")

#: An invented clinic that never closes: this test runs at any hour.
CLINIC = """\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {mon-sun: 00:00-23:59}
rooms: {room-2: {devices: [CO₂ laser]}}
people:
  ali: {name: Dr Ali Example, roles: [physician, medical_director], slack: U0ALI}
  jo: {name: Jo Sample, roles: [nurse], slack: U0JO}
  max: {name: Max Model, roles: [operator], slack: U0MAX}
  robin: {name: Robin Draft, roles: [front_desk], slack: U0ROBIN}
  kit: {name: Kit Pattern, roles: [manager], slack: U0KIT}
roster: {mon-sun: {physician: [ali], nurse: [jo], operator: [max], front_desk: [robin], manager: [kit]}}
channels: {slack: {board: C0BOARD, escalations: C0ESC}}
playbooks: [glow]
"""

#: A short day: what is due before it begins is due at once, since the patient comes in a few minutes. What
#: comes after can stop something, or it would wait a quarter of an hour after the card before.
PLAYBOOK = """\
playbook: glow
title: Light peel
short: Peel
version: 1
minutes: 30
narrows: {device_class: [chemical]}
review: {medical_director: null, reviewed_on: null, next_review: null}
steps:

  - id: glow.skin_exam
    phase: pre
    title: Skin exam
    why: A tan changes what the skin takes.
    role: nurse
    due: start - 2 days at 10:00, even if closed
    ask:
      tan: {choose: [no, yes], normal: no, label: Tan in the area}
      shade: {number: "", between: [1, 6], label: Skin type}
    stop: {md: {tan: yes}}
    grade: P

  - id: glow.medication
    phase: pre
    title: Medication disclosure
    why: What is taken decides whether the peel is safe.
    role: nurse
    due: start - 2 days at 10:00, even if closed
    ask:
      taking: {choose: [nothing, something], normal: nothing}
      since: {date: past, optional: yes}
    grade: P

  - id: glow.identity
    phase: day
    title: Identity at arrival
    role: front_desk
    due: arrive
    ask:
      both_match: yes_no
    stop: {hard: {both_match: no}}
    grade: P

  - id: glow.eyes
    phase: day
    title: Eye shields
    role: operator
    due: start - 15 min
    ask:
      on: {choose: [yes, no], normal: yes}
    stop: {hard: {on: no}}
    grade: P

  - id: glow.timeout
    phase: day
    gate: cleared_to_start
    title: Time-out
    why: Everybody stops and says it aloud.
    role: operator
    due: start - 5 min
    card: timeout
    ask:
      said: {choose: [yes, no]}
    stop: {hard: {said: no}}
    grade: P

  - id: glow.record
    phase: post
    title: Record
    role: operator
    due: end + 0 min
    ask:
      passes: {number: "", between: [1, 9]}
    stop: {md: {passes: {above: 8}}}
    grade: P

  - id: glow.aftercare
    phase: post
    title: Aftercare told
    role: nurse
    due: end + 0 min
    ask:
      told: {choose: [yes, no], normal: yes}
    stop: {md: {told: no}}
    grade: P

  - id: glow.followup
    phase: post
    title: Follow-up bookings
    role: front_desk
    due: end + 0 min
    ask:
      booked: {choose: [yes, no], normal: yes}
    stop: {md: {booked: no}}
    grade: P

  - id: glow.triage
    phase: event
    title: Complication, first call
    role: nurse
    due: event + 30 min
    ask:
      urgency: {choose: [emergency, urgent, routine], sets: event_urgency}
    shows: red_flags
    grade: P

  - id: glow.check_2
    phase: follow_up
    title: Check on day 2
    role: nurse
    due: start + 2 days at 10:00, even if closed
    ask:
      blisters: {choose: [no, yes], normal: no}
    stop: {md: {blisters: yes}}
    grade: P
"""


def furnished(folder: Path) -> dict[str, str]:
    """Write this clinic's files into a folder; return the environment that names them."""
    return furnish(folder, CLINIC, shipped("facts.yaml", "red-flags.yaml") | {"glow.yaml": PLAYBOOK})


@pytest.mark.parametrize("signed", [False, True], ids=["socket", "signed"])
def test_a_day(need_slack_standin: Path, tmp_path: Path, signed: bool) -> None:
    port = free_port() if signed else 0
    url = f"http://127.0.0.1:{port}/slack/events" if port else None
    with (
        workspace(need_slack_standin, people=STAFF, channels=CHANNELS, events_url=url) as slack,
        serving(tmp_path, furnished(tmp_path) | in_slack(slack.api_url, port=port)),
    ):
        hands = Hands(slack)
        code = a_patient_is_booked(hands)
        everybody_has_a_home(hands, code)
        a_form_is_mended(hands)
        a_stop_is_decided(hands)
        a_thread_answers(hands, code)
        she_is_treated(hands, code)
        she_goes_home(hands, code)
        people_look(hands, code)
        her_course_goes_on(hands, code)
        she_calls_at_night(hands, code)
        another_is_booked_in_a_form(hands)
        the_manager_asks_more(hands)


def a_patient_is_booked(hands: Hands) -> str:
    """Booked by a command, since she stands at the desk; return her code."""
    start = WallClock().now().astimezone(HERE) + timedelta(minutes=4)
    with hands.told(ROBIN, "into your appointment book") as heard:
        hands.slack.command(ROBIN, "/bookend", f"new glow {start:%Y-%m-%d %H:%M} room-2 max", channel=BOARD)
    hands.sees(BOARD, "1 today")
    return heard[-1].partition(". Write ")[0].rpartition(" ")[2]


def everybody_has_a_home(hands: Hands, code: str) -> None:
    """What waits for oneself; a manager's shows the board as well."""
    hands.sees(JO, "Skin exam")
    hands.home(JO, "Skin exam", "Medication disclosure", code, "Answer")
    hands.home(KIT, "Nothing waits for you", "1 today", code)


def a_form_is_mended(hands: Hands) -> None:
    """A number out of range stands at its field; what was right stays."""
    hands.press(JO, "Answer", "Skin exam")

    assert [*hands.fill(JO, tan="yes", shade="9")] == ["shade"]
    with hands.told(JO, "Skin exam", "physician"):
        assert hands.fill(JO, tan="yes", shade="3") == {}

    hands.sees(BOARD, "1 not ready", "Skin exam")


def a_stop_is_decided(hands: Hands) -> None:
    hands.sees(ALI, "Skin exam")
    hands.home(ALI, "Skin exam", "Proceed", "Postpone")
    hands.press(ALI, "Proceed")

    with hands.told(ALI, "Skin exam: proceed"):
        assert hands.fill(ALI, reason="A faint tan, outside the area.") == {}

    hands.sees(BOARD, "Nothing needs you.")


def a_thread_answers(hands: Hands, code: str) -> None:
    card, _ = hands.button(JO, "Answer", "Medication disclosure")

    with hands.told(JO, "Medication disclosure: not applicable", code):
        hands.slack.say(JO, "1 na takes nothing", thread=card)

    hands.sees(JO, "✅ 1. Medication disclosure")


def she_is_treated(hands: Hands, code: str) -> None:
    hands.press(ROBIN, "Arrived")
    hands.press(ROBIN, "Answer", "Identity")
    with hands.told(ROBIN, "Identity at arrival"):
        assert hands.fill(ROBIN, both_match="yes") == {}
    with hands.told(MAX, "Eye shields"):
        hands.press(MAX, "All as read aloud")
    hands.press(MAX, "Answer", "Time-out")
    with hands.told(MAX, "Time-out"):
        assert hands.fill(MAX, said="yes") == {}
    with hands.told(MAX, "Started", code):
        hands.press(MAX, "Started")


def she_goes_home(hands: Hands, code: str) -> None:
    with hands.told(MAX, "Finished", code):
        hands.press(MAX, "Finish")
    hands.press(MAX, "Answer", "Record")
    with hands.told(MAX, "Record"):
        assert hands.fill(MAX, passes="2") == {}
    with hands.told(JO, "Aftercare told"):
        hands.press(JO, "All as read aloud")
    hands.press(ROBIN, "Answer", "Follow-up bookings")
    with hands.told(ROBIN, "Follow-up bookings"):
        assert hands.fill(ROBIN, booked="yes") == {}


def said(hands: Hands, who: str, text: str, *words: str) -> None:
    """Type a command, and wait for these words of the answer."""
    with hands.told(who, *words):
        hands.slack.command(who, "/bookend", text, channel=BOARD)


def people_look(hands: Hands, code: str) -> None:
    said(hands, KIT, "help", "status", "overdue")
    said(hands, KIT, "status", "1 today · 1 done", "Nothing needs you.")
    said(hands, KIT, "today", code, "aftercare on track")
    said(hands, KIT, "overdue", "Nothing is overdue")
    said(hands, JO, "mine", "Check on day 2", code)
    said(hands, JO, f"case {code}", code, "Later: Check on day 2")
    said(hands, JO, f"who {code}", "BOOKEND_PUBLIC_URL")
    said(hands, JO, "staus", "status")


def her_course_goes_on(hands: Hands, code: str) -> None:
    """A second session is added, moved, held, let go, and cancelled; what was said of her is put right."""
    first, second = (WallClock().now().astimezone(HERE) + timedelta(days=days) for days in (40, 41))
    said(hands, ROBIN, f"session {code} {first:%Y-%m-%d} 10:00", "Session 2 added")
    said(hands, ROBIN, f"move {code}/2 {second:%Y-%m-%d} 11:00", "Moved to", "11:00")
    said(hands, JO, f"fact {code} smoker yes", "smoker is yes")
    said(hands, JO, f"assign {code} nurse me", "Jo Sample is its nurse now")
    said(hands, KIT, "rooms", "everybody has them all")
    said(hands, ALI, f"override {code}/2", "needs no override")
    said(hands, MAX, "hold room-2 fault reported", "1 case", code)
    whispered = hands.slack.messages(BOARD)[-1]
    with hands.told(MAX, "held"):
        hands.slack.press(MAX, whispered, "Hold this case")
    said(hands, ALI, f"case {code}", code)
    said(hands, ALI, "release room-2", "released")
    said(hands, JO, f"amend {code}", "Correct an answer", "Aftercare told")
    said(hands, ROBIN, f"cancel {code}/2 patient is ill", "cancelled")


def she_calls_at_night(hands: Hands, code: str) -> None:
    """A complication, by a form and by one line; it stands before everything else."""
    hands.slack.command(JO, "/bookend", f"event {code}", channel=BOARD)
    with hands.told(JO, "complication reported"):
        assert hands.fill(JO, urgency="urgent") == {}
    hands.sees(BOARD, "1 complication", "1 done", code, "Complication, first call")
    hands.sees(JO, "Complication, first call")


def another_is_booked_in_a_form(hands: Hands) -> None:
    day = WallClock().now().astimezone(HERE) + timedelta(days=3)
    hands.slack.command(ROBIN, "/bookend", "new", channel=BOARD)
    with hands.told(ROBIN, "into your appointment book") as heard:
        booked = {"procedure": "glow", "day": f"{day:%Y-%m-%d}", "at": "10:15", "room": "room-2"}
        assert hands.fill(ROBIN, operator="max", **booked) == {}
    code = heard[-1].partition(". Write ")[0].rpartition(" ")[2]
    said(hands, ROBIN, f"cancel {code} changed her mind", f"{code} is cancelled")


def the_manager_asks_more(hands: Hands) -> None:
    said(hands, KIT, "ask-all list", "Nothing is asked besides the playbooks")
    hands.slack.command(KIT, "/bookend", "ask-all glow", channel=BOARD)
    assert "title" in str(hands.form()["blocks"])
