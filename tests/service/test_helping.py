"""Help says what one may do oneself, by what one wants."""

import re

import pytest

from bot.core.messages import Notice
from bot.core.people import Person, Role
from bot.core.permissions import OF_COMMAND, may
from bot.core.replies import COMMANDS
from bot.service.helping import help_for
from tests.service.clinic import FRAN, JO, KIT, london
from tests.service.riverside import Riverside


def helped(clinic: Riverside, *roles: Role) -> Notice:
    person = Person(id="one", name="Only One", roles=frozenset(roles))
    with clinic.store.reading() as reading:
        return help_for(reading, clinic.clinic, person, clinic.clock.now())


def offered(notice: Notice) -> set[str]:
    return {word for word in re.findall(r"`([a-z-]+)", " ".join(notice.lines)) if word in COMMANDS}


@pytest.fixture(scope="module")
def clinic() -> Riverside:
    return Riverside(now=london("2027-02-18 08:00")).book(code="M3XY")


@pytest.mark.parametrize("role", Role)
def test_everybody_is_offered_what_they_may_do_and_nothing_else(clinic: Riverside, role: Role) -> None:
    person = Person(id="one", name="Only One", roles=frozenset({role}))

    # the status is the board; help is what one reads
    own = {word for word in COMMANDS if may(person, OF_COMMAND[word])} - {"help", "board"}
    assert offered(helped(clinic, role)) == own


def test_the_examples_name_a_case_of_today(clinic: Riverside) -> None:
    said = " ".join(helped(clinic, *Role).lines)

    assert "`event M3XY`" in said and "K7Q2" not in said


def test_on_a_day_without_a_case_the_examples_are_invented() -> None:
    quiet = Riverside(now=london("2027-02-17 08:00")).book(code="M3XY")

    assert "`event K7Q2`" in " ".join(helped(quiet, *Role).lines)


def test_who_answers_nothing_is_not_told_how(clinic: Riverside) -> None:
    assert "1 done" in str(clinic.command(JO, "help"))
    assert "1 done" not in str(clinic.command(KIT, "help"))
    assert "Book and move" in str(clinic.command(FRAN, "help"))
