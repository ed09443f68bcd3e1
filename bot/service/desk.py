"""The desk: where every platform hands in what people say, and the same delivery never counts twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import wording
from bot.core.case import Choice, Moment, Outcome, Task, TaskStatus, case_of
from bot.core.conditions import Values
from bot.core.contradictions import choices
from bot.core.due import read_now
from bot.core.errors import Conflict, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.forms import read_values
from bot.core.messages import Action, Button, Notice, Response
from bot.core.people import Clinic, Person
from bot.core.replies import Command, Filled, Pressed, Reply, Typed
from bot.core.typed import understand
from bot.core.usual import as_read_aloud
from bot.core.written import noted
from bot.ports import Reading, Transaction
from bot.service import cases, commands, looking
from bot.service.answer import Given, Taken, decide, give, last_answered, taken_words, undo
from bot.service.forms import REASON, form_for, known_word
from bot.service.practice import Practice

#: How often an answer that met another one in the same moment looks again.
TRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicDesk:
    """The port Desk. `wake` is called after every write, so that what follows from it goes out at once."""

    practice: Practice
    wake: Callable[[], None] = lambda: None

    def reply(self, reply: Reply) -> Response:
        """Take a button, a form or a typed reply; raise BookendError with words for that person alone."""
        clinic, person = self.practice.who(reply.platform, reply.account)
        if isinstance(reply, Pressed) and reply.action in (Action.FORM, Action.DECIDE):
            with self.practice.store.reading() as reading:
                _own(reading, clinic, reply.tasks)
                return form_for(self.practice, reading, clinic, reply)
        if isinstance(reply, Pressed) and reply.action is Action.CASE:
            with self.practice.store.reading() as reading:
                _own(reading, clinic, reply.tasks)
                return looking.case_view(self.practice, reading, clinic, case_of(reply.tasks[0]))
        return self._once(reply.once, lambda tx: self._take(tx, clinic, person, reply))

    def command(self, command: Command) -> Response:
        """Take a command."""
        clinic, person = self.practice.who(command.platform, command.account)
        asked = looking.look(self.practice, clinic, person, command)
        if asked is not None:
            return asked
        return self._once(command.once, lambda tx: commands.act(self.practice, tx, clinic, person, command))

    def _once(self, once: str, take: Callable[[Transaction], Notice]) -> Notice:
        for attempt in range(TRIES):
            try:
                with self.practice.store.writing() as tx:
                    said = tx.seen(once)
                    if said is not None:
                        return Notice(text=said)
                    notice = take(tx)
                    tx.remember(once, notice.text, self.practice.clock.now())
                self.wake()
                return notice
            except Conflict:
                if attempt == TRIES - 1:
                    raise Settled(
                        "Somebody answered in the same moment. Please look at the card again."
                    ) from None
        raise AssertionError("unreachable")

    def _take(self, tx: Transaction, clinic: Clinic, person: Person, reply: Reply) -> Notice:
        match reply:
            case Pressed():
                _own(tx, clinic, reply.tasks)
                return _pressed(self.practice, tx, clinic, person, reply)
            case Filled():
                _own(tx, clinic, reply.entries)
                return _filled(self.practice, tx, clinic, person, reply)
            case Typed():
                return _typed(self.practice, tx, clinic, person, reply)


def _own(reading: Reading, clinic: Clinic, keys: Iterable[str]) -> None:
    codes = {case_of(key) for key in keys}
    if not codes:
        raise Refused("This button is about nothing. Please look at the card again.")
    for code in codes:
        if reading.case(code).clinic != clinic.id:
            raise NotFound("case", code)


def _pressed(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    match pressed.action:
        case Action.MARK:
            code, _, session = pressed.tasks[0].partition(":")
            moment = known_word(Moment, pressed.value)
            if not session.isdecimal() or len(session) > cases.LONGEST_NUMBER:
                raise NotFound(f"session of {code}", session)
            cases.mark(practice, tx, code, int(session), moment, by=person.id)
            return Notice(text=f"{moment.value.capitalize()}: {code}, noted.", tone="good")
        case Action.SETTLE:
            return _settled(practice, tx, clinic, person, pressed)
        case Action.UNDO:
            task = undo(practice, tx, person, pressed.tasks[0])
            return Notice(text=f"Taken back: {_title(practice, tx, task)}. It is open again.")
        case _:
            return _all_as_read(practice, tx, clinic, person, pressed)


def _settled(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    task = tx.task(pressed.tasks[0])
    course = practice.course(tx, task.case)
    fact = course.step(task).settles
    if not fact:
        raise Refused("This button settles nothing here. Please look at the card again.")
    known = choices(course, fact)
    if task.waits and pressed.value not in known:
        raise Settled("More was said since you saw this card. Please look again; nothing was changed.")
    values = {fact: known.get(pressed.value)}
    given = Given(task=task.key, values=values, asking=pressed.revision)
    return _given(practice, tx, clinic, person, [given])


def _title(practice: Practice, reading: Reading, task: Task) -> str:
    return practice.course(reading, task.case).step(task).title


def _all_as_read(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    together = pressed.action is Action.ALL_AS_READ
    if not together and len(pressed.tasks) > 1:
        # one revision cannot say of several lines that they are as they were when the button was drawn
        raise Refused("This button answers one line only. Nothing was changed.")
    givens = []
    for key in pressed.tasks:
        task = tx.task(key)
        if together and not read_now(task, practice.clock.now()):
            continue
        course = practice.course(tx, task.case)
        values = as_read_aloud(course.step(task), course.case)
        if values is None:
            raise Refused(f"{_title(practice, tx, task)} needs its form. Press Answer on its line.")
        asking = 0 if together else pressed.revision
        givens.append(Given(task=key, values=values, asking=asking, together=together))
    if not givens:
        raise Settled("Nothing on this card is to be read aloud now; nothing was changed.")
    return _given(practice, tx, clinic, person, givens)


def _given(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, givens: Sequence[Given]
) -> Notice:
    taken = [give(practice, tx, clinic, person, given) for given in givens]
    return _echo(taken)


def _echo(taken: Sequence[Taken]) -> Notice:
    lines = taken_words(taken)
    stops = any(each.verdict.stops for each in taken)
    back = tuple(
        Button(action=Action.UNDO, label="Undo", tasks=(each.task.key,), revision=each.task.asking)
        for each in taken[:1]
        if len(taken) == 1
    )
    tone = "bad" if stops or any(each.doubt for each in taken) else "good"
    return Notice(text="\n".join(lines), tone=tone, buttons=back)


def _filled(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    if filled.action is Action.DECIDE:
        return _decided(practice, tx, person, filled)
    note = noted(filled.note)
    if filled.outcome is not Outcome.CONFIRMED and not note:
        raise WrongValues({"note": f"{wording.OUTCOMES[filled.outcome]}: please add a few words."})
    values = _values(practice, tx, clinic, filled)
    givens = [
        Given(
            task=key,
            outcome=filled.outcome,
            values=values[key],
            note=note,
            asking=filled.revisions.get(key, 0),
        )
        for key in filled.entries
    ]
    return _given(practice, tx, clinic, person, givens)


def _values(practice: Practice, tx: Transaction, clinic: Clinic, filled: Filled) -> dict[str, Values]:
    single = len(filled.entries) == 1
    told = filled.outcome in (Outcome.NOT_APPLICABLE, Outcome.PROBLEM)
    values: dict[str, Values] = {}
    problems: dict[str, str] = {}
    for key, raw in filled.entries.items():
        task = tx.task(key)
        step = practice.course(tx, task.case).step(task)
        try:
            values[key] = {} if told else read_values(step, raw, clinic=clinic, now=practice.clock.now())
        except WrongValues as wrong:
            problems |= {name if single else f"{key}/{name}": what for name, what in wrong.problems.items()}
    if problems:
        raise WrongValues(problems)
    return values


def _decided(practice: Practice, tx: Transaction, person: Person, filled: Filled) -> Notice:
    key, raw = next(iter(filled.entries.items()))
    choice = known_word(Choice, filled.value)
    reason = noted(str(raw.get(REASON, "")))
    if not reason:
        raise WrongValues({REASON: "Please give a reason; it stays with the decision."})
    asking = filled.revisions.get(key, 0)
    course, task = decide(practice, tx, person, key, choice, reason, asking=asking)
    words = wording.CHOICES[choice]
    return Notice(text=f"{course.step(task).title}: {words.lower()} · {task.case}", tone="good")


def _typed(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, typed: Typed) -> Notice:
    posting = tx.posting_at(typed.message) if typed.message else None
    if posting is None or posting.clinic != clinic.id:
        raise Unclear("Please reply under the card you mean, or write `help`.")
    keys = tx.lines(posting.key)
    tasks = [tx.task(key) for key in keys]
    now = practice.clock.now()
    open_now = [n for n, task in enumerate(tasks, start=1) if _asked(task, now)]
    meant = understand(typed.text, open_now)
    if meant.undo:
        last = last_answered(tasks, person.id)
        if last is None:
            raise Settled("There is no answer of yours on this card to take back.")
        undo(practice, tx, person, last.key)
        return Notice(text=f"Taken back: {_title(practice, tx, last)}. It is open again.")
    chosen = [tasks[number - 1] for number in meant.numbers]
    note = noted(meant.note)
    givens, forms = _from_words(practice, tx, chosen, meant.outcome, note)
    if forms:
        return _needs_form(practice, tx, forms)
    return _given(practice, tx, clinic, person, givens)


def _asked(task: Task, now: datetime) -> bool:
    # a line that is asked again on another date is not what this card asked
    return task.status is TaskStatus.OPEN and (task.rung > 0 or task.due <= now)


def _from_words(
    practice: Practice, tx: Transaction, tasks: Sequence[Task], outcome: Outcome, note: str
) -> tuple[list[Given], list[Task]]:
    givens, forms = [], []
    for task in tasks:
        told = outcome in (Outcome.NOT_APPLICABLE, Outcome.PROBLEM)
        course = practice.course(tx, task.case)
        usual = {} if told else as_read_aloud(course.step(task), course.case)
        if usual is None:
            forms.append(task)
        else:
            givens.append(
                Given(task=task.key, outcome=outcome, values=usual, note=note, together=len(tasks) > 1)
            )
    return givens, forms


def _needs_form(practice: Practice, tx: Transaction, tasks: Sequence[Task]) -> Notice:
    titles = ", ".join(_title(practice, tx, task) for task in tasks[:4])
    verb = "needs its form" if len(tasks) == 1 else "need their forms"
    keys = tuple(task.key for task in tasks if task.case == tasks[0].case)
    button = Button(action=Action.FORM, label="Open the form", tasks=keys)
    return Notice(text=f"{titles} {verb}. Nothing was recorded yet.", buttons=(button,))
