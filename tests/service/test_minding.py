"""Nobody types a patient's name into Bookend: not into a form, a reply or a command; and nothing is kept."""

from datetime import date

import pytest

from bot.core.case import Outcome
from bot.core.errors import WrongValues
from bot.core.identity import Identity
from tests.service.clinic import ALI, CODE, FRAN
from tests.service.riverside import Riverside

ADA = Identity(name="Adalind Inventeria", born=date(1968, 3, 9), record="RX-4711-Q")


def known() -> Riverside:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    with clinic.store.writing() as tx:
        tx.identify(CODE, ADA, clinic.clock.now())
    return clinic


def lines(clinic: Riverside) -> int:
    with clinic.store.reading() as reading:
        return len(reading.history(CODE))


@pytest.mark.parametrize("name", ["Adalind", "inventeria", "RX 4711 Q"])
def test_a_patients_name_is_kept_nowhere_whoever_types_it(name: str) -> None:
    clinic = known()
    before = lines(clinic)

    with pytest.raises(WrongValues, match="looks like"):
        clinic.fill(ALI, clinic.form_of(ALI, "g.skin_exam"), f"{name} has a tan", Outcome.PROBLEM)
    with pytest.raises(WrongValues, match="looks like"):
        clinic.command(FRAN, f"cancel {CODE} {name} is ill")
    with pytest.raises(WrongValues, match="looks like"):
        clinic.type(ALI, f"problem {name} has a tan")

    assert lines(clinic) == before


def test_a_colleague_is_named_as_before() -> None:
    clinic = known()

    clinic.command(FRAN, f"cancel {CODE} told Jo Park, who knows")

    with clinic.store.reading() as reading:
        assert reading.history(CODE)[-1].detail["reason"].startswith("told Jo Park")
