"""A script as text: what is written down is read again as the same script."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from bot.core.case import Choice, Moment, Outcome
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
    Undo,
)
from bot.files.folders import load_playbooks
from bot.files.scripts import parse_script
from bot.files.told import script_data, script_text
from bot.paths import shipped_playbooks

BOOKS = load_playbooks(shipped_playbooks())
BOOKING = """\
booking:
  playbook: abl
  clinic: {timezone: Europe/London, open: {mon-thu: 08:00-18:00, sat: 09:00-13:00}, holidays: [2027-03-26]}
  opened: 2027-01-12T13:45:30
  consult: 2027-01-12T14:00
  booked: 2027-01-12T15:10
  sessions: [2027-02-18T09:30, 2027-04-15T09:30]
  minutes: 45
  room: room-2
  operator: max
  facts: {age: 52.5, area_face: yes, isotretinoin: past, isotretinoin_last_dose: 2026-07-20, smoker: unknown}
script: []
"""


def at(wall: str) -> datetime:
    empty = parse_script(BOOKING, "b.yaml", BOOKS).booking.calendar
    moment = datetime.fromisoformat(wall)
    return empty.instant(moment.date(), moment.time())


def written(*lines: object) -> Script:
    return replace(parse_script(BOOKING, "b.yaml", BOOKS), lines=lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        AnswerWhenDue(until=at("2027-02-01T10:00")),
        Nothing(until=at("2027-02-01T10:00:07")),
        Answer(at=at("2027-02-01T10:00"), task="g.skin_exam", session=1, values={"exam_done": "yes"}),
        Answer(at=at("2027-02-01T10:00"), task="g.timeout", session=2, outcome=Outcome.NOT_APPLICABLE),
        Answer(
            at=at("2027-02-01T10:00"),
            task="g.treatment_record",
            session=2,
            occurrence=3,
            values={"start": time(9, 30), "end": None},
            outcome=Outcome.CAUGHT,
            note="it's: a note, with - signs # and {brackets}",
        ),
        Answer(at=at("2027-02-01T10:00"), task="g.allergies", values={"allergies": ("latex", "adhesives")}),
        Answer(at=at("2027-02-01T10:00"), task="abl.call_1", values={"pain": 2.5}),
        Answer(
            at=at("2027-02-01T10:00"), task="g.consent_info", values={"consent_info_date": date(2027, 1, 12)}
        ),
        Decide(at=at("2027-02-01T10:00"), task="g.readiness", session=1, choice=Choice.MODIFY, reason="no"),
        Undo(at=at("2027-02-01T10:00"), task="g.readiness", session=1),
        SetFact(at=at("2027-02-01T10:00"), fact="smoker", value="yes"),
        SetFact(at=at("2027-02-01T10:00"), fact="age", value=17.0),
        SetFact(at=at("2027-02-01T10:00"), fact="isotretinoin_last_dose", value=None),
        SetFact(at=at("2027-02-01T10:00"), fact="isotretinoin_last_dose", value=date(2026, 8, 31)),
        Move(at=at("2027-02-01T10:00"), start=at("2027-03-28T01:30"), session=2),
        Cancel(at=at("2027-02-01T10:00")),
        Cancel(at=at("2027-02-01T10:00"), session=1, reason="no-show"),
        Event(at=at("2027-02-01T10:00"), urgency="urgent", symptoms=("pain", "fever"), note="called at 9:00"),
        Mark(at=at("2027-02-01T10:00"), moment=Moment.ARRIVED, session=1),
    ],
    ids=lambda line: type(line).__name__,
)
def test_each_line_is_read_again_as_it_was(line: object) -> None:
    script = written(line)

    again = parse_script(script_text(script, "a comment"), "told.yaml", BOOKS)

    assert again == script


def test_words_and_times_stand_without_quotes() -> None:
    text = script_text(written(Mark(at=at("2027-02-01T10:00"), moment=Moment.ARRIVED, session=1)))

    assert "area_face: yes" in text
    assert "  - {at: 2027-02-01T10:00, do: mark, moment: arrived, session: 1}" in text
    assert "'" not in text


def test_what_is_usual_is_not_said() -> None:
    single = replace(written().booking, starts=(at("2027-02-18T09:30"),))
    line = Answer(at=at("2027-02-01T10:00"), task="g.timeout", session=1)

    (said,) = script_data(Script(booking=single, lines=(line,)))["script"]

    assert said == {"at": "2027-02-01T10:00", "do": "answer", "task": "g.timeout"}


def test_only_the_holidays_that_may_matter_are_written() -> None:
    calendar = replace(
        written().booking.calendar,
        holidays=frozenset({date(2020, 12, 25), date(2027, 3, 26), date(2028, 12, 25), date(2031, 1, 1)}),
    )
    script = written()

    booking = script_data(replace(script, booking=replace(script.booking, calendar=calendar)))["booking"]

    assert booking["clinic"]["holidays"] == ["2027-03-26", "2028-12-25"]


def test_the_shipped_stories_can_be_written_down_and_read_again() -> None:
    stories = [path for path in Path(shipped_playbooks() / "demo").glob("*.yaml") if path.stem != "clinic"]
    scripts = [parse_script(path.read_text("utf-8"), path.name, BOOKS) for path in stories]

    assert len(scripts) == 8
    assert [parse_script(script_text(each), "told.yaml", BOOKS) for each in scripts] == scripts
