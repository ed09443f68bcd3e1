"""Names on cards, by the real service: where a clinic is `full`, for who may see them, and kept nowhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.boards import Board
from bot.core.identity import Identity
from bot.core.keeping import Because, Erasure
from bot.core.messages import Card, CaseView, Home, TaskCard
from bot.core.outgoing import Entry
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.service import who
from bot.service.by_name import follow_privacy
from bot.service.desk import ClinicDesk
from bot.service.erasing import erase, purge
from bot.store.identities import Vault
from tests.service.clinic import CODE, JO, KIT, WITH_BOARD
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.memory import raw

ADA = Identity(name="Ada Zebrafinch", born=date(1968, 3, 9), record="MRN-778899")
FULL = replace(WITH_BOARD, names_on=frozenset({PLATFORM}))
STEPS = ("g.medicines", "g.skin_exam")


def asked(clinic: Clinic, *, known: bool = True) -> Riverside:
    """A consultation was asked for, and the board stands."""
    riverside = Riverside(*STEPS, clinic=clinic).book()
    if known:
        with riverside.store.writing() as tx:
            tx.identify(CODE, ADA, riverside.clock.now())
    return riverside.until("2027-01-12 15:01")


def boards(clinic: Riverside) -> list[Board]:
    return [
        each for message in clinic.workspace.messages for each in message.drawings if isinstance(each, Board)
    ]


def names_on(card: Card | CaseView | Home) -> set[str]:
    """Every name that stands on a card."""
    match card:
        case TaskCard():
            found = {card.who, *(line.who for line in card.lines)}
        case Board():
            found = {row.who for row in card.rows}
        case Home():
            found = names_on(card.mine) | (names_on(card.board) if card.board else set())
        case CaseView():
            found = {card.who}
        case _:
            found = {getattr(card, "who", "")}
    return found - {""}


def test_a_strict_clinic_shows_codes_alone() -> None:
    clinic = asked(WITH_BOARD)

    shown = [names_on(drawn) for message in clinic.workspace.messages for drawn in message.drawings]
    view = clinic.command(JO, f"case {CODE}")

    assert shown and not any(shown)
    assert isinstance(view, CaseView) and names_on(view) == set()


def test_a_full_one_shows_the_name_on_cards_the_board_and_whatever_is_asked() -> None:
    clinic = asked(FULL)

    view = clinic.command(JO, f"case {CODE}")
    mine = clinic.command(JO, "mine")
    form = clinic.form_of(JO, "g.medicines")
    home = clinic.desk.home(Address(platform=PLATFORM, account=JO))

    assert names_on(clinic.workspace.of(JO)[-1].card) == {ADA.name}
    assert names_on(boards(clinic)[-1]) == {ADA.name}
    assert isinstance(view, CaseView) and isinstance(mine, TaskCard)
    assert [names_on(each) for each in (view, mine, home)] == [{ADA.name}] * 3
    assert form.who == ADA.name


def test_who_may_not_see_a_name_reads_the_code_though_the_platform_is_full() -> None:
    clinic = asked(FULL)

    status = clinic.command(KIT, "status")
    home = clinic.desk.home(Address(platform=PLATFORM, account=KIT))

    assert isinstance(status, Board) and names_on(status) == set()
    assert names_on(home) == set()


def test_without_a_written_down_identity_the_code_stands_alone() -> None:
    clinic = asked(FULL, known=False)

    assert not any(names_on(message.card) for message in clinic.workspace.messages)


def test_a_name_that_no_key_opens_stops_no_card() -> None:
    clinic = asked(FULL)
    clinic.store._vault = Vault([b"another key of 16"])  # type: ignore[attr-defined]

    view = clinic.command(JO, f"case {CODE}")

    assert isinstance(view, CaseView) and names_on(view) == set()


def test_a_card_that_stands_already_is_drawn_anew_when_the_name_is_written_down() -> None:
    clinic = asked(FULL, known=False)
    clinic.practice = replace(clinic.practice, public_url="https://bookend.riverside.example")
    clinic.desk = ClinicDesk(practice=clinic.practice, wake=lambda: None)
    link = clinic.command(JO, f"who {CODE}").link  # type: ignore[union-attr]
    assert link is not None
    token = link[1].rpartition("/")[2]

    who.look(clinic.practice, token)
    who.write_down(clinic.practice, token, {"name": ADA.name, "born": "1968-03-09", "record": ""})
    clinic.speak()

    assert names_on(clinic.workspace.of(JO)[-1].card) == {ADA.name}
    assert names_on(boards(clinic)[-1]) == {ADA.name}


def over() -> Riverside:
    """A session whose cards and boards stand in the workspace; all of it is over."""
    clinic = Riverside(*STEPS, clinic=FULL).book()
    with clinic.store.writing() as tx:
        tx.identify(CODE, ADA, clinic.clock.now())
    clinic.until("2027-01-14 12:00")
    with clinic.store.writing() as tx:
        now = clinic.clock.now()
        ended = replace(tx.case(CODE), closed=now, asks_at=None)
        tx.change(ended, [], Entry(kind="cancelled", at=now, by="fran", detail={}))
    return clinic


def erased(clinic: Riverside) -> None:
    erase(clinic.practice, Erasure(code=CODE, by=KIT, because=Because.REQUEST, at=clinic.clock.now()))


def let_go_of(clinic: Riverside) -> None:
    clinic.until("2027-01-14 19:00").clock.advance(clinic.clock.now() + timedelta(days=31))
    purge(clinic.practice)


@pytest.mark.parametrize("goes", [erased, let_go_of])
def test_a_name_that_goes_goes_from_every_card_that_stands(goes: Callable[[Riverside], None]) -> None:
    clinic = over()
    before = [message.to for message in clinic.workspace.messages if names_on(message.card)]

    goes(clinic)
    clinic.speak()

    assert {"jo", "#procedures"} < {*before}
    assert not any(names_on(message.card) for message in clinic.workspace.messages)


def begun_anew(clinic: Riverside, as_it_is: Clinic) -> Riverside:
    """The same clinic once its file says otherwise and `bookend serve` was begun again."""
    clinic.practice = replace(clinic.practice, clinics={as_it_is.id: as_it_is})
    follow_privacy(clinic.practice)
    clinic.speak()
    return clinic


@pytest.mark.parametrize("made", [asked, lambda clinic: over()], ids=["open", "closed"])
def test_where_a_clinic_is_strict_again_no_name_is_left_standing(made: Callable[[Clinic], Riverside]) -> None:
    clinic = begun_anew(made(FULL), FULL)
    before = [message.to for message in clinic.workspace.messages if names_on(message.card)]
    clinic.clock.advance(clinic.clock.now() + timedelta(minutes=15))

    begun_anew(clinic, WITH_BOARD)

    assert JO in before
    assert [each.to for each in clinic.workspace.messages if names_on(each.card) and each.to == JO] == []


def test_where_nothing_was_changed_nothing_is_drawn_anew() -> None:
    clinic = begun_anew(asked(FULL), FULL)
    drawn = [len(message.drawings) for message in clinic.workspace.messages]

    begun_anew(clinic, FULL)

    assert [len(message.drawings) for message in clinic.workspace.messages] == drawn


def test_a_board_that_ended_shows_no_name_any_more() -> None:
    clinic = over()

    by_day = [(board.closed != "", names_on(board)) for board in boards(clinic)]

    assert (False, {ADA.name}) in by_day
    assert [names for closed, names in by_day if closed and names] == []


@pytest.mark.parametrize("mark", ["Zebrafinch", "1968-03-09", "778899"])
def test_the_database_of_a_full_clinic_names_nobody(mark: str) -> None:
    clinic = asked(FULL)
    clinic.command(JO, f"case {CODE}")
    clinic.fill(JO, clinic.form_of(JO, "g.medicines"))
    clinic.speak()

    assert mark not in "\n".join(raw(clinic.store).iterdump())  # type: ignore[arg-type]
