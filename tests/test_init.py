"""`bookend init`, as somebody uses it on the first day: typed at a keyboard, or piped in."""

from pathlib import Path

import pytest

from bot.core.people import Role
from bot.files.clinic import load_clinic
from tests.test_cli import Bookend, bookend

__all__ = ["bookend"]

ANSWERS = [
    *("Hillside Skin", "gb", "eng", "", "", "Room 1, Room 2", "CO₂ laser", ""),
    *("slack", "Dr Ali Example", "physician, medical director", "U0ALI"),
    *("Jo Sample", "nurse, front desk", "U0JO", "Max Model", "operator", "", "none"),
    *("jo", "", "", "C0BOARD", "", "abl", "2027-01-04"),
]


def said(*answers: str) -> str:
    return "".join(f"{each}\n" for each in answers)


@pytest.fixture(autouse=True)
def _empty(bookend: Bookend) -> None:
    Path("clinic.yaml").unlink()


@pytest.mark.parametrize("how", ["piped", "keyboard"])
def test_a_few_answers_make_a_clinic_that_passes_the_check(bookend: Bookend, how: str) -> None:
    done = bookend("init", **{how: said(*ANSWERS)})

    clinic = load_clinic(Path("clinic.yaml"))
    assert (done.code, clinic.title, clinic.calendar.zone.key) == (0, "Hillside Skin", "Europe/London")
    assert clinic.people["jo"].roles == {Role.NURSE, Role.FRONT_DESK, Role.MANAGER}
    assert clinic.people["max"].accounts == {}
    assert "clinic.yaml is written: 3 people." in done.out
    assert "Next: set BOOKEND_CLINIC=clinic.yaml, then `bookend doctor`" in done.out
    assert bookend("check", "clinic.yaml").code == 0


def test_a_clinic_in_teams_is_asked_for_what_teams_calls_people_and_channels(bookend: Bookend) -> None:
    link = "https://teams.microsoft.com/l/channel/19%3Aboard%40thread.tacv2/General?groupId=1"
    named = {"U0ALI": "8F0E0000-0000-0000-0000-000000000001", "U0JO": "jo@clinic.example", "C0BOARD": link}
    answers = [{"slack": "teams", **named}.get(each, each) for each in ANSWERS]
    answers.insert(answers.index("jo@clinic.example"), '"jo@clinic.example"')

    done = bookend("init", keyboard=said(*answers))

    clinic = load_clinic(Path("clinic.yaml"))
    assert done.code == 0 and "or an e-mail address, found" in done.err
    assert clinic.people["ali"].accounts == {"teams": "8f0e0000-0000-0000-0000-000000000001"}
    assert clinic.people["jo"].accounts == {"teams": "jo@clinic.example"}
    assert clinic.channels == {"teams": {"board": "19:board@thread.tacv2"}}
    assert "C0NURSES" not in Path("clinic.yaml").read_text("utf-8")


def test_a_wrong_answer_is_explained_and_asked_again(bookend: Bookend) -> None:
    answers = ["Hillside Skin", "Atlantis", *ANSWERS[1:3], "Londn", *ANSWERS[3:]]

    done = bookend("init", keyboard=said(*answers))

    assert done.code == 0
    assert "no holidays of 'ATLANTIS' are known" in done.err
    assert "there is no time zone 'Londn'" in done.err


def test_a_wrong_answer_in_a_pipe_is_named_and_nothing_is_written(bookend: Bookend) -> None:
    done = bookend("init", piped=said("Hillside Skin", "Atlantis"))

    assert done.code == 1
    assert "In which country" in done.err and "Nothing was written." in done.err
    assert not Path("clinic.yaml").exists()


@pytest.mark.parametrize("how", ["piped", "keyboard"])
def test_answers_that_end_too_early_write_nothing(bookend: Bookend, how: str) -> None:
    done = bookend("init", **{how: said("Hillside Skin", "gb", "eng")})

    assert (done.code, Path("clinic.yaml").exists()) == (1, False)
    assert "Nothing was written" in done.err


def test_two_people_cannot_have_one_id(bookend: Bookend) -> None:
    twice = [*ANSWERS[:14], "U0ALI", *ANSWERS[14:]]

    done = bookend("init", keyboard=said(*twice))

    assert done.code == 0
    assert "Dr Ali Example has that account already." in done.err


def test_an_existing_file_is_replaced_only_when_that_is_said(bookend: Bookend) -> None:
    Path("clinic.yaml").write_text("mine\n", "utf-8")

    no = bookend("init", piped=said("no"))
    kept = Path("clinic.yaml").read_text("utf-8")
    yes = bookend("init", piped=said("yes", *ANSWERS))

    assert (no.code, kept, yes.code) == (1, "mine\n", 0)
    assert "clinic.yaml is as it was" in no.err
    assert load_clinic(Path("clinic.yaml")).id == "hillside-skin"


def test_roles_that_nobody_has_are_said(bookend: Bookend) -> None:
    answers = [*ANSWERS[:8], "none", "Jo Sample", "nurse", "none", "", "", "all", "none"]

    done = bookend("init", piped=said(*answers))

    assert done.code == 0
    assert "Nobody is the physician, the operator, the front desk, the medical director yet" in done.out
