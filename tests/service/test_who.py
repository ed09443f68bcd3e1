"""Who is this? One person, one look, five minutes; and every look stands in the history of the case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.actions import Action
from bot.core.case import case_of
from bot.core.errors import BookendError, Conflict, NotAllowed, NotFound, Settled, WrongValues
from bot.core.identity import Identity
from bot.core.keeping import Because, Erasure
from bot.core.messages import Form, Notice
from bot.core.people import Role
from bot.core.replies import Filled, Pressed
from bot.service import who
from bot.service.desk import ClinicDesk
from bot.service.erasing import erase
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

ADDRESS = "https://bookend.riverside.example"
ADA = Identity(name="Ada Invented", born=date(1968, 3, 9))
TOLD = {"name": "Ada Invented", "born": "1968-03-09", "record": ""}


def riverside() -> Riverside:
    clinic = Riverside("g.skin_exam").book()
    clinic.practice = replace(clinic.practice, public_url=ADDRESS)
    clinic.desk = ClinicDesk(practice=clinic.practice, wake=lambda: None)
    return clinic


def known() -> Riverside:
    clinic = riverside()
    with clinic.store.writing() as tx:
        tx.identify(CODE, ADA, clinic.clock.now())
    return clinic


def token(clinic: Riverside, person: str = JO) -> str:
    said = clinic.command(person, f"who {CODE}")
    assert isinstance(said, Notice) and said.link is not None
    return said.link[1].removeprefix(f"{ADDRESS}{who.PATH}")


def kinds(clinic: Riverside) -> list[tuple[str, str]]:
    with clinic.store.reading() as reading:
        return [(entry.kind, entry.by) for entry in reading.history(CODE)][1:]


def test_a_link_shows_who_it_is_and_the_look_is_written_down() -> None:
    clinic = known()

    seen = who.look(clinic.practice, token(clinic))

    assert (seen.identity, seen.look.code, seen.look.person.id) == (ADA, CODE, JO)
    assert ("looked", JO) in kinds(clinic)


def test_a_second_look_needs_a_second_link() -> None:
    clinic = known()
    first = token(clinic)
    who.look(clinic.practice, first)

    with pytest.raises(Settled, match="This link is over"):
        who.look(clinic.practice, first)

    assert kinds(clinic).count(("looked", JO)) == 1


def test_an_erased_name_does_not_come_back_by_a_page_that_stood_open() -> None:
    clinic = known()
    stood_open = token(clinic)
    who.look(clinic.practice, stood_open)
    erased = Erasure(code=CODE, by=KIT, because=Because.REQUEST, at=clinic.clock.now())
    erase(clinic.practice, erased)

    with pytest.raises(Settled, match=f"known of {CODE} was erased"):
        who.write_down(clinic.practice, stood_open, TOLD)
    with pytest.raises(Settled, match=f"known of {CODE} was erased"):
        clinic.command(JO, f"who {CODE}")

    with clinic.store.reading() as reading:
        assert reading.identity(CODE) is None


def test_fetching_the_page_is_no_look() -> None:
    clinic = known()
    first = token(clinic)

    who.waiting(clinic.practice, first)

    assert ("looked", JO) not in kinds(clinic)
    assert who.look(clinic.practice, first).identity == ADA


@pytest.mark.parametrize(("late", "opens"), [(timedelta(minutes=5, seconds=-1), True), (who.LASTS, False)])
def test_a_link_opens_for_five_minutes(late: timedelta, opens: bool) -> None:
    clinic = known()
    first = token(clinic)
    clinic.clock.advance(clinic.clock.now() + late)

    if opens:
        assert who.look(clinic.practice, first).identity == ADA
    else:
        with pytest.raises(Settled):
            who.look(clinic.practice, first)


def test_the_database_does_not_hold_the_link() -> None:
    clinic = known()
    first = token(clinic)

    with clinic.store.reading() as reading:
        assert reading.arrangement("look", first) is None
        assert len(reading.arrangements("riverside", "look")) == 1


def test_a_link_that_was_made_up_shows_nothing() -> None:
    with pytest.raises(NotFound):
        who.look(known().practice, "x" * 43)


def test_only_who_treats_patients_may_see_a_name() -> None:
    clinic = known()

    with pytest.raises(NotAllowed, match="may see who a patient is"):
        clinic.command(KIT, f"who {CODE}")

    assert [*map(bool, (token(clinic, each) for each in (ALI, JO, FRAN)))] == [True] * 3


def test_whoever_left_the_clinic_sees_nothing_more() -> None:
    clinic = known()
    first = token(clinic)
    here = clinic.practice.clinics["riverside"]
    without = replace(here, people={id: each for id, each in here.people.items() if id != JO})

    with pytest.raises(Settled):
        who.look(replace(clinic.practice, clinics={"riverside": without}), first)


def test_a_case_that_is_changed_in_the_same_moment_keeps_nobody_from_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinic = known()
    found, busy = who._found, iter([True, True])

    def overtaken(*args: object) -> object:
        if next(busy, False):
            raise Conflict("somebody else was faster")
        return found(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(who, "_found", overtaken)

    assert who.look(clinic.practice, token(clinic)).identity == ADA
    assert kinds(clinic).count(("looked", JO)) == 1


@pytest.mark.parametrize("of_whom", ["a role", "a clinic"])
def test_whoever_may_no_longer_see_names_sees_none_by_a_link_from_before(of_whom: str) -> None:
    clinic = known()
    first = token(clinic)
    here = clinic.practice.clinics["riverside"]
    manages = replace(here.people[JO], roles=frozenset({Role.MANAGER}))
    demoted = replace(here, people={**here.people, JO: manages})
    left = {"riverside": demoted} if of_whom == "a role" else {"hillside": replace(here, id="hillside")}

    with pytest.raises((NotAllowed, NotFound)):
        who.look(replace(clinic.practice, clinics=left), first)


def test_a_case_of_another_clinic_is_not_known() -> None:
    clinic = known()

    with pytest.raises(NotFound):
        clinic.command(JO, "who ZZZZ")


def test_without_an_address_the_reader_is_told_whom_to_ask() -> None:
    clinic = Riverside("g.skin_exam").book()

    with pytest.raises(BookendError, match="BOOKEND_PUBLIC_URL is not set"):
        clinic.command(JO, f"who {CODE}")


def test_the_answer_that_is_remembered_holds_no_link() -> None:
    clinic = known()
    pressed = Pressed(platform=PLATFORM, account=JO, once="twice", action=Action.WHO, tasks=(CODE,))

    first, again = clinic.desk.reply(pressed), clinic.desk.reply(pressed)

    assert isinstance(first, Notice) and first.link is not None
    assert isinstance(again, Notice) and again.link is None


def test_a_list_of_several_patients_asks_of_whom() -> None:
    clinic = known()
    pressed = Pressed(platform=PLATFORM, account=JO, once="1", action=Action.WHICH, tasks=(CODE,))

    form = clinic.desk.reply(pressed)

    assert isinstance(form, Form)
    (field,) = form.parts[0].fields
    assert [value for value, _ in field.options] == [CODE]
    filled = Filled(
        platform=PLATFORM,
        account=JO,
        once="2",
        entries={form.parts[0].task: {field.name: CODE}},
        revisions={},
        action=form.action,
    )
    said = clinic.desk.reply(filled)
    assert isinstance(said, Notice) and said.link is not None


def test_every_card_that_asks_has_the_button_for_its_case() -> None:
    clinic = riverside().until("2027-01-12 15:00")
    clinic.speak()

    (card,) = [each.card for each in clinic.workspace.messages if each.to == ALI]

    who_buttons = [each for each in card.buttons if each.action is Action.WHO]
    assert [case_of(each.tasks[0]) for each in who_buttons] == [CODE]


def test_what_is_not_known_is_written_down_once_on_the_same_page() -> None:
    clinic = riverside()
    first = token(clinic, FRAN)
    assert who.look(clinic.practice, first).identity is None

    kept = who.write_down(clinic.practice, first, TOLD)

    assert kept.identity == ADA
    with clinic.store.reading() as reading:
        assert reading.identity(CODE) == ADA
    assert ("identified", FRAN) in kinds(clinic)
    with pytest.raises(Settled):
        who.write_down(clinic.practice, first, {**TOLD, "name": "Somebody Else"})


def test_nothing_is_written_through_a_link_that_nobody_opened() -> None:
    clinic = riverside()

    with pytest.raises(Settled):
        who.write_down(clinic.practice, token(clinic), TOLD)


def test_a_slip_in_the_form_loses_nothing_and_may_be_sent_again() -> None:
    clinic = riverside()
    first = token(clinic)
    who.look(clinic.practice, first)

    with pytest.raises(WrongValues):
        who.write_down(clinic.practice, first, {**TOLD, "born": "soon"})

    assert who.writing(clinic.practice, first).code == CODE
    assert who.write_down(clinic.practice, first, TOLD).identity == ADA


def test_no_name_stands_in_the_history_or_on_the_board() -> None:
    clinic = known()
    who.look(clinic.practice, token(clinic))

    seen = f"{clinic.command(JO, f'case {CODE}')} {clinic.command(KIT, 'status')} {clinic.story}"

    assert "Ada" not in seen and "Invented" not in seen


def test_history_still_verifies_after_a_look() -> None:
    clinic = known()
    who.look(clinic.practice, token(clinic))

    assert clinic.store.verify() == []
