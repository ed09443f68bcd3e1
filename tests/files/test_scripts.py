"""Scripts: a booking and what people do with it, in the order of time."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.core.case import Choice, Moment, Outcome
from bot.core.errors import Mistakes
from bot.core.script import (
    Answer,
    AnswerWhenDue,
    Cancel,
    Decide,
    Event,
    Mark,
    Move,
    Nothing,
    Script,
    SetFact,
)
from bot.files.playbooks import parse_playbook
from bot.files.scripts import parse_script
from tests.files.samples import HEAD, STEP, TEXTS, place, pointed, step

FORM = """{got: yes_no, parts: {choose_many: [a, b]}, mg: number, kg: number,
      dose: {divide: [mg, kg]}, on: date, at: time, note: text}"""
TINY = HEAD + STEP + step(id="tiny.form", ask=FORM)
PLAYBOOKS = {"tiny": parse_playbook({**TEXTS, "tiny.yaml": TINY}, "tiny")}
BOOKING = {
    "playbook": "tiny",
    "clinic": {"timezone": "UTC"},
    "opened": "2027-01-12T13:45",
    "sessions": ["2027-02-18T09:30", "2027-03-18T09:30"],
}
NOON = "2027-02-01T12:00"


def play(*lines: dict[str, Any]) -> Script:
    """Return the script with these lines."""
    return parse_script(json.dumps({"booking": BOOKING, "script": lines}), "script.json", PLAYBOOKS)


def utc(*wall: int) -> datetime:
    """Return an instant in the clinic of these scripts, whose wall time is UTC."""
    return datetime(*wall, tzinfo=UTC)  # type: ignore[misc,arg-type]


LINES: list[tuple[dict[str, Any], object]] = [
    ({"do": "answer_when_due", "until": NOON}, AnswerWhenDue(until=utc(2027, 2, 1, 12))),
    ({"until": NOON, "do": "nothing"}, Nothing(until=utc(2027, 2, 1, 12))),
    (
        {"at": NOON, "do": "answer", "task": "tiny.hsv_started", "values": {"first_dose_taken": "no"}},
        Answer(at=utc(2027, 2, 1, 12), task="tiny.hsv_started", values={"first_dose_taken": "no"}),
    ),
    (
        {
            "at": NOON,
            "do": "answer",
            "task": "tiny.form",
            "session": 2,
            "occurrence": 3,
            "outcome": "caught",
            "note": "A new medicine",
            "values": {
                "got": "yes",
                "parts": ["b"],
                "mg": 4.5,
                "on": "2027-01-30",
                "at": "9:05",
                "note": "yes",
            },
        },
        Answer(
            at=utc(2027, 2, 1, 12),
            task="tiny.form",
            session=2,
            occurrence=3,
            outcome=Outcome.CAUGHT,
            note="A new medicine",
            values={
                "got": "yes",
                "parts": ("b",),
                "mg": 4.5,
                "on": date(2027, 1, 30),
                "at": time(9, 5),
                "note": "yes",
            },
        ),
    ),
    (
        {"at": NOON, "do": "decide", "task": "tiny.form", "choice": "proceed", "reason": "Seen"},
        Decide(at=utc(2027, 2, 1, 12), task="tiny.form", choice=Choice.PROCEED, reason="Seen"),
    ),
    (
        {"at": NOON, "do": "set_fact", "fact": "isotretinoin_last_dose", "value": "2026-08-31"},
        SetFact(at=utc(2027, 2, 1, 12), fact="isotretinoin_last_dose", value=date(2026, 8, 31)),
    ),
    (
        {"at": NOON, "do": "move", "start": "2027-02-19T10:00", "session": 1},
        Move(at=utc(2027, 2, 1, 12), start=utc(2027, 2, 19, 10), session=1),
    ),
    ({"at": NOON, "do": "cancel"}, Cancel(at=utc(2027, 2, 1, 12))),
    (
        {"at": NOON, "do": "cancel", "reason": "no-show", "session": 2},
        Cancel(at=utc(2027, 2, 1, 12), reason="no-show", session=2),
    ),
    (
        {"at": NOON, "do": "event", "urgency": "urgent", "symptoms": ["vesicles"]},
        Event(at=utc(2027, 2, 1, 12), urgency="urgent", symptoms=("vesicles",)),
    ),
    (
        {"at": NOON, "do": "mark", "moment": "arrived"},
        Mark(at=utc(2027, 2, 1, 12), moment=Moment.ARRIVED),
    ),
]


@pytest.mark.parametrize(("said", "line"), LINES, ids=[str(said["do"]) for said, _ in LINES])
def test_a_line_is_read_in_the_types_of_its_step(said: dict[str, Any], line: object) -> None:
    assert play(said).lines == (line,)


def test_lines_of_one_moment_stand_in_the_order_they_are_written() -> None:
    script = play(*(said for said, _ in LINES))

    assert script.lines == tuple(line for _, line in LINES)
    assert script.booking.playbook == "tiny"


WRONG = {
    "an unknown line": ({"do": "▸dance"}, "one of answer_when_due, nothing"),
    "a line without a time": ({"do": "cancel"}, "`at` is missing"),
    "a key of another line": ({"at": NOON, "do": "cancel", "▸until": NOON}, "no key 'until'"),
    "a line before the opening": (
        {"at": "2027-01-01T09:00", "do": "cancel"},
        "earlier than the case is opened",
    ),
    "an unknown task": (
        {"at": NOON, "do": "answer", "task": "▸tiny.hsv_strted"},
        "Did you mean 'tiny.hsv_started'",
    ),
    "an unknown field": (
        {"at": NOON, "do": "answer", "task": "tiny.form", "values": {"▸gott": "yes"}},
        "Did you mean 'got'",
    ),
    "a value that cannot be chosen": (
        {"at": NOON, "do": "answer", "task": "tiny.form", "values": {"got": "▸maybe"}},
        "one of yes, no",
    ),
    "a value that is worked out": (
        {"at": NOON, "do": "answer", "task": "tiny.form", "values": {"dose": "▸4"}},
        "worked out from mg and kg",
    ),
    "an unknown outcome": (
        {"at": NOON, "do": "answer", "task": "tiny.form", "outcome": "▸confirmd"},
        "Did you mean 'confirmed'?",
    ),
    "an unknown session": ({"at": NOON, "do": "cancel", "session": "▸3"}, "there is no session 3"),
    "an unknown fact": (
        {"at": NOON, "do": "set_fact", "fact": "▸smokr", "value": "yes"},
        "Did you mean 'smoker'?",
    ),
    "an unknown value": (
        {"at": NOON, "do": "set_fact", "fact": "smoker", "value": "▸often"},
        "one of no, yes",
    ),
    "an unknown urgency": ({"at": NOON, "do": "event", "urgency": "▸urgnt"}, "Did you mean 'urgent'?"),
    "an unknown moment": ({"at": NOON, "do": "mark", "moment": "▸arived"}, "Did you mean 'arrived'"),
    "an unknown choice": (
        {"at": NOON, "do": "decide", "task": "tiny.form", "choice": "▸procede", "reason": "Seen"},
        "Did you mean 'proceed'?",
    ),
    "a decision without a reason": (
        {"at": NOON, "do": "decide", "task": "tiny.form", "choice": "modify"},
        "`reason` is missing",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_found_in_its_place(name: str) -> None:
    said, words = WRONG[name]
    whole = json.dumps({"booking": BOOKING, "script": [said]}, ensure_ascii=False)
    # What stands in quotation marks begins with the first of them.
    marked = whole.replace('"▸', '▸"') if "▸" in whole else whole.replace('"script": [', '"script": [▸')
    text, where = pointed(marked, "script.json")

    with pytest.raises(Mistakes) as wrong:
        parse_script(text, "script.json", PLAYBOOKS)

    assert [place(mistake) for mistake in wrong.value.mistakes] == [where]
    assert words in str(wrong.value)


def test_a_line_that_is_earlier_than_the_one_before_it_is_a_mistake() -> None:
    with pytest.raises(Mistakes, match="earlier than the line before it"):
        play({"until": NOON, "do": "nothing"}, {"at": "2027-01-31T12:00", "do": "cancel"})


def test_mistakes_of_the_booking_and_of_the_script_come_out_together() -> None:
    booking = {**BOOKING, "facts": {"smoker": "often"}, "script": []}
    text = json.dumps({"booking": booking, "script": [{"do": "dance"}], "skript": []}, indent=1)

    with pytest.raises(Mistakes) as wrong:
        parse_script(text, "script.json", PLAYBOOKS)

    assert len(wrong.value.mistakes) == 4
