"""What becomes of a booking when people act: a second reading of the rules, to judge `bookend rehearse`.

Written from the rules of time and state alone. Like `tests.oracle`, on which it stands, it imports nothing of
`bot`. It takes a booking and the lines of a script, and gives the rows that `bookend rehearse --json` must
print.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests import oracle
from tests.bookings import stops

Row = Mapping[str, Any]
LATER = ("event", "cancel", "move")
HAPPENS = {"event": "EVENT", "cancel": "CANCEL", "move": "MOVE"}
#: What a session moves with; what belongs to the consultation or the booking stays.
MOVES = ("T0", "ARRIVE", "END")
#: When a course item without an offset from T0 comes back before a later session.
COMES_BACK = "T0-7d@10:00 prev"


@dataclass
class Session:
    """One visit of the course."""

    number: int
    start: datetime
    arrived: bool = False
    started: datetime | None = None
    finished: datetime | None = None
    cancelled: datetime | None = None
    #: when it was added to a case that was open
    booked: datetime | None = None


@dataclass
class Item:
    """One row of the answer, and what has to be remembered of it."""

    row: Row
    session: int
    floor: datetime
    occurrence: int = 1
    happened: datetime | None = None
    status: str = "open"
    reopened: bool = False
    answered: datetime | None = None
    outcome: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    #: the reasons a physician said "proceed" to, and whether the last word was "postpone"
    accepted: set[tuple[str, str]] = field(default_factory=set)
    postponed: bool = False
    when: dict[str, Any] = field(default_factory=dict)

    @property
    def waits(self) -> bool:
        return self.status in ("open", "blocked")

    def forget(self) -> None:
        self.answered, self.outcome, self.values = None, "", {}
        self.accepted, self.postponed = set(), False


def played(booking: Row, script: Iterable[Row], only: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return every task of a booking after a script, by due time, then id, or `only` those of some steps."""
    rows = oracle.rows_of(booking["playbook"])
    game = Game(booking, [row for row in rows if not only or row["id"] in only])
    for line in script:
        game.play(line)
    return game.rows()


class Game:
    """A case being played, line by line."""

    def __init__(self, booking: Row, rows: Sequence[Row]) -> None:
        self.booking, self.clinic, self.all = booking, booking["clinic"], rows
        self.zone = self.clinic["timezone"]
        starts = booking.get("sessions") or [booking["start"]]
        self.sessions = [Session(number, self.utc(start)) for number, start in enumerate(starts, start=1)]
        # without `sessions` the place in the course may be told; with them it is counted
        self.facts = oracle.facts_of(booking, 1, 1)
        self.now = self.utc(booking["opened"])
        self.items: list[Item] = []
        self.whole_case_cancelled = False
        self.grow()

    # --- what is printed

    def rows(self) -> list[dict[str, Any]]:
        ordered = sorted(self.items, key=lambda i: (i.when["due_utc"], i.row["id"], i.session, i.occurrence))
        return [
            oracle.described(item.row, item.session)
            | item.when
            | {"status": item.status, "reopened": item.reopened}
            for item in ordered
        ]

    # --- the lines of a script

    def play(self, line: Row) -> None:
        if "at" in line:
            self.now = self.utc(line["at"])
        plays: dict[str, Callable[[Row], None]] = {
            "answer_when_due": self.answer_when_due,
            "nothing": self.nothing,
            "answer": self.answer,
            "decide": self.decide,
            "set_fact": lambda line: self.learn({line["fact"]: line["value"]}),
            "move": self.move,
            "cancel": self.cancel,
            "event": self.event,
            "session": self.one_more,
            "mark": self.mark,
        }
        plays[line["do"]](line)

    def nothing(self, line: Row) -> None:
        self.now = self.utc(line["until"])

    def answer_when_due(self, line: Row) -> None:
        until = self.utc(line["until"])
        while coming := min(self.coming(until), key=lambda each: each[:2], default=None):
            self.now = max(self.now, coming[0])
            coming[2]()
        self.now = max(self.now, until)

    def coming(self, until: datetime) -> Iterator[tuple[datetime, tuple[Any, ...], Callable[[], None]]]:
        for item in self.items:
            waits = item.status == "open" or self.stopped_by_facts(item)
            if waits and (due := instant(item.when["due_utc"])) <= until:
                key = (1, item.row["id"], item.session, item.occurrence)
                yield due, key, lambda item=item: self.normally(item)  # type: ignore[misc]
        for session in self.sessions:
            if not session.cancelled and not session.finished:
                at, press = self.next_press(session)
                if at <= until:
                    yield at, (0, "", session.number, 0), press

    def next_press(self, session: Session) -> tuple[datetime, Callable[[], None]]:
        anchors = self.anchors(session)
        if not session.arrived:
            return anchors["ARRIVE"], lambda: setattr(session, "arrived", True)
        if not session.started:
            return anchors["T0"], lambda: setattr(session, "started", anchors["T0"])
        return anchors["END"], lambda: setattr(session, "finished", anchors["END"])

    def normally(self, item: Item) -> None:
        if item.status == "open":
            self.given(item, "confirmed", self.usual(item))
        if self.stopped_by_facts(item):
            item.accepted = self.reasons(item, "md")
            item.status = "done"

    def usual(self, item: Item) -> dict[str, Any]:
        """Harmless dates; every other usual answer sets nothing and stops nothing."""
        start = self.day(self.session(item).start)
        return {name: start - timedelta(days=365) for name in stops.DATES.get(item.row["id"], ())}

    def answer(self, line: Row) -> None:
        item = self.named(line)
        if item.status in ("open", "blocked"):
            values = self.usual(item) | dict(line.get("values", {}))
            self.given(item, line.get("outcome", "confirmed"), values)

    def decide(self, line: Row) -> None:
        item = self.named(line)
        if item.status != "blocked":
            return
        if line["choice"] == "postpone":
            item.accepted, item.postponed = set(), True
        elif not self.reasons(item, "hard"):
            item.accepted, item.postponed = self.reasons(item, "md"), False
            item.status = "done"

    def mark(self, line: Row) -> None:
        session = self.chosen(line)
        session.arrived, session.started = True, session.started or self.now
        if line["moment"] == "finished":
            session.finished = self.now
        for item in [item for item in self.items if item.row["due"].startswith("END")]:
            if item.session == session.number and item.status == "open":
                self.redate(item, floor=item.floor)

    def move(self, line: Row) -> None:
        session = self.chosen(line)
        if session.cancelled or session.finished:
            return
        was = self.day(session.start)
        session.start = self.utc(line["start"])
        session.arrived, session.started = False, None
        for item in [item for item in self.items if item.session == session.number]:
            self.moved(item, session, new_day=self.day(session.start) != was)
        self.happens("move", session)
        self.follow()
        self.renew()

    def moved(self, item: Item, session: Session, *, new_day: bool) -> None:
        if item.status == "open":
            if self.due_text(item).split("-")[0].split("+")[0] in MOVES:
                self.redate(item, floor=self.now)
        elif item.status in ("done", "blocked"):
            # what was seen at the bedside is seen again on another day
            if self.too_old(item, session) or (new_day and item.row["phase"] == "day"):
                item.forget()
                item.status, item.reopened = "open", True
                self.redate(item, floor=self.now)
            elif item.postponed:
                item.postponed = False

    def cancel(self, line: Row) -> None:
        wanted = [self.sessions[int(line["session"]) - 1]] if line.get("session") else self.sessions
        left = [session for session in wanted if not session.cancelled]
        # of a course, what was given keeps its aftercare: that is our reading of "the whole case"
        gone = [session for session in left if not (session.started or session.finished)] or left
        if not gone:
            return
        for session in gone:
            session.cancelled = self.now
        self.whole_case_cancelled = all(session.cancelled for session in self.sessions)
        for item in self.items:
            if item.waits and self.over(item):
                item.status, item.reopened = "void", False
        self.happens("cancel", gone[0])
        self.follow()
        self.renew()

    def one_more(self, line: Row) -> None:
        if not self.whole_case_cancelled:
            start = self.utc(line["start"])
            self.sessions.append(Session(len(self.sessions) + 1, start, booked=self.now))
            self.follow()
            self.renew()

    def event(self, line: Row) -> None:
        begun = [session for session in self.sessions if session.start <= self.now]
        number = int(line.get("session") or max((s.number for s in begun), default=1))
        self.facts["event_urgency"] = line["urgency"]
        self.happens("event", self.sessions[number - 1])
        self.follow()

    def happens(self, phase: str, session: Session) -> None:
        before = [i.occurrence for i in self.items if i.row["phase"] == phase and i.session == session.number]
        self.add_happening(phase, session, self.now, max(before, default=0) + 1)

    def add_happening(self, phase: str, session: Session, at: datetime, occurrence: int) -> None:
        have = {(i.row["id"], i.session, i.occurrence) for i in self.items}
        for row in self.all:
            new = (row["id"], session.number, occurrence) not in have
            if row["phase"] == phase and new and self.applies(row, session):
                self.add(row, session, occurrence=occurrence, happened=at)

    # --- what an answer or a fact does

    def given(self, item: Item, outcome: str, values: dict[str, Any]) -> None:
        item.answered, item.outcome, item.values = self.now, outcome, values
        item.accepted, item.postponed, item.reopened = set(), False, False
        facts = stops.facts_set(item.row["id"], values)
        self.facts |= facts
        # a physician who decides in the form itself has decided
        if item.row["id"] in stops.DECIDES and values.get("decision", "proceed") in ("proceed", "modify"):
            item.accepted = self.reasons(item, "md")
        item.status = "blocked" if self.stopped(item) else "done"
        self.follow()
        self.renew()

    def learn(self, facts: Row) -> None:
        self.facts |= facts
        self.follow()
        self.renew()

    def follow(self) -> None:
        """Items join, leave, return and are judged again; arrivals are dated again."""
        for item in [item for item in self.items if not self.over(item) and not self.overtaken(item)]:
            session = self.session(item)
            if item.waits and not self.applies(item.row, session):
                item.status, item.reopened = "void", False
            elif item.status == "void" and self.applies(item.row, session):
                item.forget()
                item.status = "open"
                self.redate(item, floor=self.now)
        self.grow()
        for item in self.items:
            if item.status == "open" and item.row["due"].startswith("ARRIVE"):
                self.redate(item, floor=item.floor)
            judged = item.status in ("done", "blocked") and not self.over(item)
            if judged and self.applies(item.row, self.session(item)):
                item.status = "blocked" if self.stopped(item) else "done"

    def grow(self) -> None:
        """Add what applies and is not there: a course's items to its first session only."""
        have = {(i.row["id"], i.session) for i in self.items}
        for session in self.sessions:
            for row in self.all:
                planned = row["phase"] not in LATER and (row["scope"] == "session" or session.number == 1)
                missing = planned and (row["id"], session.number) not in have
                if missing and not self.ended(row, session) and self.applies(row, session):
                    self.add(row, session)
        for phase in LATER:
            for item in self.last_of(phase):
                session = self.session(item)
                if not self.over(item):
                    self.add_happening(phase, session, item.happened or self.now, item.occurrence)

    def last_of(self, phase: str) -> list[Item]:
        """The newest event of the case; the newest move or cancel of each session."""
        found = [item for item in self.items if item.row["phase"] == phase]
        return [item for item in found if not self.overtaken(item)]

    def overtaken(self, item: Item) -> bool:
        phase = item.row["phase"]
        return phase in LATER and any(
            (other.happened, other.occurrence) > (item.happened, item.occurrence)
            for other in self.items
            if other.row["phase"] == phase and (phase == "event" or other.session == item.session)
        )

    def renew(self) -> None:
        """Bring a course item back for each later session for which its last answer is too old."""
        for session in self.sessions[1:]:
            if session.cancelled or session.finished:
                continue
            for row in self.all:
                known = [item for item in self.items if item.row["id"] == row["id"]]
                asked = [item for item in known if item.status != "void"]
                fits = row["scope"] == "course" and all(item.session != session.number for item in known)
                expired = bool(asked) and all(self.too_old(item, session) for item in asked)
                if fits and expired and self.applies(row, session):
                    self.add(row, session)

    # --- what the rules say

    def add(
        self, row: Row, session: Session, *, occurrence: int = 1, happened: datetime | None = None
    ) -> None:
        item = Item(row, session.number, self.now, occurrence, happened)
        self.items.append(item)
        self.redate(item, floor=self.now)

    def redate(self, item: Item, *, floor: datetime) -> None:
        row = {**item.row, "due": self.due_text(item)}
        anchors = self.anchors(self.session(item))
        if item.happened:
            anchors[HAPPENS[item.row["phase"]]] = item.happened
        item.floor = floor
        item.when = oracle.dated(row, anchors, self.clinic, floor)

    def due_text(self, item: Item) -> str:
        text: str = item.row["due"]
        comes_back = item.session > 1 and item.row["scope"] == "course"
        return COMES_BACK if comes_back and text.startswith(("CONSULT", "BOOKED")) else text

    def anchors(self, session: Session) -> dict[str, datetime]:
        planned = oracle.session_anchors(session.start, self.booking["minutes"], self.facts)
        late = max(timedelta(0), (session.started or session.start) - session.start)
        return {
            **planned,
            # what began late ends late, until the real end is known
            "END": session.finished or planned["END"] + late,
            "CONSULT": self.utc(self.booking["consult"]),
            "BOOKED": session.booked or self.utc(self.booking["booked"]),
        }

    def applies(self, row: Row, session: Session) -> bool:
        return oracle.applies(row["when"], self.known(session))

    def known(self, session: Session) -> dict[str, Any]:
        """What conditions read: the facts, and the session's place among those that are not cancelled."""
        others = [each for each in self.sessions if not each.cancelled and each is not session]
        earlier = [s for s in self.sessions if s.start < session.start and (s.started or not s.cancelled)]
        before = max(earlier, key=lambda each: each.start, default=None)
        place = {
            "session_no": self.facts["session_no"] + sum(each.number < session.number for each in others),
            "previous_session": self.day(before.started or before.start) if before else date.min,
        }
        if len(self.sessions) > 1:
            place["last_session"] = "no" if any(s.number > session.number for s in others) else "yes"
        return self.facts | place

    def too_old(self, item: Item, session: Session) -> bool:
        if item.row["valid"] is None or item.answered is None or item.status not in ("done", "blocked"):
            return False
        return (self.day(session.start) - self.day(item.answered)).days > item.row["valid"]

    def over(self, item: Item) -> bool:
        if self.ended(item.row, self.session(item)):
            cancelled = self.session(item).cancelled
            return item.happened is None or cancelled is None or item.happened <= cancelled
        return False

    def ended(self, row: Row, session: Session) -> bool:
        """Cancelled; what the whole course needs goes on for the sessions that are left."""
        if session.cancelled is None or row["phase"] == "cancel":
            return False
        return row["scope"] == "session" or self.whole_case_cancelled

    def stopped(self, item: Item) -> bool:
        if item.postponed:
            return bool(self.reasons(item, "hard") or self.reasons(item, "md"))
        return bool(self.reasons(item, "hard") or self.reasons(item, "md") - item.accepted)

    def reasons(self, item: Item, level: str) -> set[tuple[str, str]]:
        known, id = self.known(self.session(item)), item.row["id"]
        day = self.day(self.session(item).start)
        if item.outcome == "not_applicable":
            waved = level == "md" and item.row["stop"] != "no" and item.row["role"] != "physician"
            facts = stops.reasons(id, level, known, {}, day) if level == "hard" else set()
            return {("outcome", "not_applicable")} if waved else facts
        found = stops.reasons(id, level, known, item.values, day)
        return found | ({("outcome", "problem")} if level == "md" and item.outcome == "problem" else set())

    def stopped_by_facts(self, item: Item) -> bool:
        """A physician's "proceed" is the normal answer to an md stop that only facts make."""
        if item.status != "blocked" or item.postponed or item.outcome in ("problem", "not_applicable"):
            return False
        known, day = self.known(self.session(item)), self.day(self.session(item).start)
        facts = stops.reasons(item.row["id"], "md", known, self.usual(item), day)
        return not self.reasons(item, "hard") and facts >= self.reasons(item, "md")

    # --- small words

    def named(self, line: Row) -> Item:
        wanted = int(line.get("session") or 0)
        found = [
            item
            for item in self.items
            if item.row["id"] == line["task"]
            and item.occurrence == int(line.get("occurrence", 1))
            and wanted in (0, item.session)
        ]
        return next(item for item in (*filter(lambda i: i.waits, found), *found))

    def chosen(self, line: Row) -> Session:
        return self.sessions[int(line["session"]) - 1] if line.get("session") else self.next_session()

    def next_session(self) -> Session:
        """The one that runs, else the next that is neither over nor cancelled, else the last."""
        for session in self.sessions:
            running = session.started and not session.finished and not session.cancelled
            if running and session.started and self.now - session.started < timedelta(hours=12):
                return session
        ahead = [
            session
            for session in self.sessions
            if not session.finished and not session.cancelled and self.anchors(session)["END"] >= self.now
        ]
        return min(ahead, key=lambda session: session.start) if ahead else self.sessions[-1]

    def session(self, item: Item) -> Session:
        return self.sessions[item.session - 1]

    def utc(self, wall: str) -> datetime:
        return oracle.to_utc(wall, self.zone)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()


def instant(text: str) -> datetime:
    """Read "2027-01-12T21:00Z"."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
