"""Erasing: what was said of a patient goes, that it did stays written, and the chain still verifies."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.case import Override
from bot.core.errors import Conflict, NotAllowed, Refused
from bot.core.identity import Identity
from bot.core.keeping import Because, Erasure, Keep, Span
from bot.core.outgoing import Arrangement, Entry, Verb
from bot.core.people import Role
from bot.ports import Transaction
from bot.service import erasing
from bot.service.erasing import Purged, erase, erase_again, purge, purge_at_night, require_erasable
from bot.service.handing import HAND_OFF, HandOff
from bot.service.practice import Practice
from bot.store.store import SqlStore
from tests.service.clinic import CODE, KIT, OPENED, RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.store.made import answer, posting, ref

SAM = Identity(name="Sam Specimen", born=date(1984, 3, 27), record="R-1")
WORDS = "the marked words of a note"
DAY = timedelta(days=1)


def request(code: str = CODE, by: str = KIT) -> Erasure:
    return Erasure(code=code, by=by, because=Because.REQUEST, at=OPENED + 3 * DAY)


def over(keep: Keep | None = None, **facts: Any) -> tuple[Riverside, SqlStore]:
    """A case of which all was said that can be, and that is over since a day after it was opened."""
    clinic = Riverside("g.skin_exam", clinic=replace(RIVERSIDE, keep=keep or Keep())).book()
    store: Any = clinic.store
    with store.writing() as tx:
        tx.identify(CODE, SAM, OPENED)
        (task,) = (each for each in tx.tasks(CODE) if each.waits)
        said = answer(note=WORDS, values={"other": WORDS}, at=OPENED)
        tx.answered(task.key, said)
        tx.override(CODE, Override(session=1, gate="huddle", by="kit", at=OPENED, reason=WORDS))
        tx.remember("click", f"{CODE}: {WORDS}", OPENED)
        told = replace(tx.case(CODE), closed=OPENED + DAY, facts={"other": WORDS}, asks_at=None)
        ended = replace(task, answer=said, first=said, next_prompt_at=None)
        tx.change(told, [ended], Entry(kind="answered", at=OPENED, by="jo", detail={"note": WORDS}))
    clinic.clock.advance(OPENED + 2 * DAY)
    return clinic, store


def all_of(store: SqlStore) -> str:
    """Everything that can be read of the case."""
    with store.reading() as look:
        tasks = look.tasks(CODE)
        parts = [look.case(CODE), tasks, look.history(CODE), look.overrides([CODE]), look.seen("click")]
        return repr([*parts, *(look.answers(task.key) for task in tasks)])


def test_nothing_that_was_said_is_left_and_the_chain_verifies() -> None:
    clinic, store = over()
    assert all_of(store).count(WORDS) > 7, "it must be there before"

    erase(clinic.practice, request())

    with store.reading() as look:
        assert look.identity(CODE) is None
    assert WORDS not in all_of(store)
    assert store.verify() == []


def test_what_was_said_as_it_was_handed_over_goes_as_well() -> None:
    clinic, store = over()
    about = {f"{CODE}:g.skin_exam:1:1": 0, "M4TR:g.skin_exam:1:1": 0}
    another = HandOff(key="b", giver="jo", taker="sam", tasks={"M4TR:g.skin_exam:1:1": 0}, note=WORDS)
    with store.writing() as tx:
        tx.arrange(replace(another, key="a", tasks=about).kept(RIVERSIDE, OPENED))
        tx.arrange(another.kept(RIVERSIDE, OPENED))

    erase(clinic.practice, request())

    with store.reading() as look:
        kept = [look.arrangement(HAND_OFF, key) for key in "ab"]
    assert [made and made.detail["note"] for made in kept] == ["", WORDS]
    assert [made and len(made.detail["tasks"]) for made in kept] == [2, 1]


def test_who_answered_when_stays_and_the_history_says_who_erased_it_and_why() -> None:
    clinic, store = over()

    erase(clinic.practice, request())

    with store.reading() as look:
        (last, *_) = reversed(look.history(CODE))
        kinds = [each.kind for each in look.history(CODE)]
        (given,) = look.answers(f"{CODE}:g.skin_exam:1:1")
    assert (last.kind, last.by, last.detail["because"]) == ("erased", KIT, "request")
    assert kinds[-2:] == ["answered", "erased"]
    assert (given.by, given.at, given.values, given.note) == ("jo", OPENED, {}, "")


def test_erasing_twice_changes_nothing_but_that_it_was_done_twice() -> None:
    clinic, store = over()
    erase(clinic.practice, request())
    erase(clinic.practice, request())

    with store.reading() as look:
        assert [each.detail["because"] for each in look.history(CODE)[-2:]] == ["request", "request"]
    assert store.verify() == []


def test_a_patient_who_is_treated_is_not_erased() -> None:
    clinic = Riverside("g.skin_exam").book()

    with pytest.raises(Refused, match=f"{CODE} is not over: something in it still waits"):
        require_erasable(clinic.practice, request())


@pytest.mark.parametrize("person", RIVERSIDE.people.values(), ids=lambda person: str(person.id))
def test_only_a_manager_or_the_director_has_a_case_erased(person: Any) -> None:
    clinic, _ = over()

    if person.may(Role.MANAGER, Role.MEDICAL_DIRECTOR):
        require_erasable(clinic.practice, request(by=person.id))
    else:
        with pytest.raises(NotAllowed):
            require_erasable(clinic.practice, request(by=person.id))


def test_a_case_that_a_backup_brought_back_is_erased_again_and_is_over() -> None:
    other = Riverside("g.skin_exam").book()
    again: Any = other.store
    with again.writing() as tx:
        tx.identify(CODE, SAM, OPENED)

    def once_more() -> int:
        with again.writing() as tx:
            return erase_again(tx, [request(), request("ZZZZ")], OPENED + 4 * DAY)

    assert (once_more(), once_more()) == (1, 0)
    with again.reading() as look:
        case, tasks = look.case(CODE), look.tasks(CODE)
        assert look.identity(CODE) is None
    assert (case.closed, case.facts, [each for each in tasks if each.waits]) == (OPENED + 4 * DAY, {}, [])
    assert again.verify() == []
    other.until("2027-02-18 12:00")
    assert [each for each in other.workspace.messages if CODE in repr(each.card)] == []


# --- what was kept as long as the clinic's file says


def later(clinic: Riverside, days: int) -> Practice:
    clinic.clock.advance(OPENED + timedelta(days=days))
    return clinic.practice


def test_a_name_goes_thirty_days_after_its_case_closed_and_the_rest_stays() -> None:
    clinic, store = over()

    early = purge(later(clinic, 30))
    late = purge(later(clinic, 32))

    assert (early["riverside"].names, late["riverside"].names) == ((), (CODE,))
    with store.reading() as look:
        assert look.identity(CODE) is None
        assert look.history(CODE)[-1].detail == {"because": "time", "name": True}
    assert WORDS in all_of(store)
    assert store.verify() == []


def test_what_was_said_goes_when_its_time_is_over() -> None:
    clinic, store = over(Keep(names=None, answers=Span(months=12)))

    early = purge(later(clinic, 366))
    late = purge(later(clinic, 367))

    assert (early["riverside"].answers, late["riverside"].answers) == ((), (CODE,))
    assert WORDS not in all_of(store)
    assert not purge(later(clinic, 400))["riverside"].answers


def test_a_case_that_cannot_be_changed_now_keeps_no_other_from_being_let_go_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinic, store = over()
    with store.writing() as tx:
        closed = replace(tx.case(CODE), code="AAAA")
        tx.add_case(closed, [], Entry(kind="booked", at=OPENED, by=KIT, detail={}))
        for code in (CODE, "AAAA"):
            tx.identify(code, SAM, OPENED)
    forget = erasing._forget_name

    def busy(practice: Practice, code: str, *now: Any) -> None:
        if code == "AAAA":
            raise Conflict("Case AAAA was changed in the same moment.")
        forget(practice, code, *now)

    monkeypatch.setattr(erasing, "_forget_name", busy)

    assert purge(later(clinic, 32))["riverside"].names == (CODE,)
    with store.reading() as reading:
        assert (reading.identity(CODE), reading.identity("AAAA")) == (None, SAM)


def test_what_is_kept_for_ever_stays_and_so_does_an_open_case() -> None:
    clinic, _ = over(Keep(names=None, answers=None, messages=None))
    opened = Riverside("g.skin_exam", clinic=replace(RIVERSIDE, keep=Keep(answers=Span(days=1)))).book()
    with opened.store.writing() as tx:
        tx.identify(CODE, SAM, OPENED)

    assert not purge(later(clinic, 9999))["riverside"]
    found = purge(later(opened, 9999))["riverside"]
    assert (found.names, found.answers) == ((), ())


def test_a_look_changes_nothing() -> None:
    clinic, store = over()
    practice = later(clinic, 200)

    first, second = purge(practice, only_look=True), purge(practice, only_look=True)

    assert first == second == {"riverside": Purged(names=(CODE,), messages=first["riverside"].messages)}
    with store.reading() as look:
        assert look.identity(CODE) == SAM
        assert look.seen("click") is not None


def stand(tx: Transaction, key: str, **changes: Any) -> None:
    """A card that was sent, with a line of the case on it."""
    tx.post(posting(key, ref=ref(key), **changes))
    tx.put_on(key, [f"{CODE}:g.skin_exam:1:1"])
    tx.queue(key, Verb.DRAW, key=key, at=OPENED)
    (parcel,) = (each for each in tx.claim(OPENED, DAY, 99) if each.card == key)
    tx.sent(parcel.id, None, OPENED)


def test_messages_that_are_over_go_and_what_is_still_looked_at_stays() -> None:
    # a name that goes would have its cards drawn once more
    clinic, store = over(Keep(names=None))
    with store.writing() as tx:
        stand(tx, "over", closed=True, case=CODE)
        stand(tx, "of the case", case=CODE)
        looked = Arrangement(kind="look", key="x", clinic="riverside", by=KIT, at=OPENED)
        tx.arrange(looked)
        tx.arrange(replace(looked, kind="board_channel", key="stays"))
        tx.post(posting("another", case="", day=date(2027, 1, 4)))
        tx.queue("another", Verb.DRAW, key="waits still", at=OPENED)

    early = purge(later(clinic, 80))["riverside"].messages
    late = purge(later(clinic, 92))["riverside"].messages

    with store.reading() as look:
        assert [look.posting(key) is not None for key in ("over", "of the case", "another")] == [
            False,
            False,
            True,
        ]
        assert (look.arrangement("look", "x"), look.seen("click")) == (None, None)
        assert look.arrangement("board_channel", "stays") is not None
    assert (early, late > 5) == (0, True)


def test_a_card_with_a_line_of_an_open_case_stays_however_old() -> None:
    clinic = Riverside("g.skin_exam").book()
    with clinic.store.writing() as tx:
        stand(tx, "a list", closed=True, case="", day=date(2027, 1, 12))

    purge(later(clinic, 400))

    with clinic.store.reading() as look:
        assert look.posting("a list") is not None
        assert look.lines("a list")


def test_it_is_done_once_a_night() -> None:
    clinic, store = over()

    def at(wall: str) -> bool:
        clinic.clock.advance(london(wall))
        return purge_at_night(clinic.practice)

    assert [at("2027-02-20 02:59"), at("2027-02-20 03:00"), at("2027-02-20 03:01")] == [False, True, False]
    with store.writing() as tx:
        tx.identify(CODE, SAM, OPENED)
    assert [at("2027-02-20 23:59"), at("2027-02-21 09:00")] == [False, True]
