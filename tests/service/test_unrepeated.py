"""What looks as if it named a patient is not repeated to whoever wrote it: it would stand there once more."""

from dataclasses import replace

import pytest

from bot.core.errors import Refused, WrongValues
from bot.core.messages import Form
from bot.core.replies import Filled
from tests.service.clinic import ALI, CODE, FRAN, JO
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

WHO = ("Anna Quillfeather", "born 1957-03-09", "07700 900123", "MRN-7000123")


def asked() -> Riverside:
    return Riverside("g.medicines", "g.skin_exam").book().until("2027-01-12 15:01")


@pytest.mark.parametrize("note", WHO)
@pytest.mark.parametrize(
    "line", ["{}", "case {}", "who {}", f"assign {CODE} nurse {{}}", f"fact {CODE} smoker {{}}", "amend {}"]
)
def test_a_command_that_is_refused_repeats_no_name(line: str, note: str) -> None:
    clinic = asked()

    with pytest.raises(Refused) as refused:
        clinic.command(ALI, line.format(note))

    assert not any(word in str(refused.value) for word in note.split() if word != "born")


@pytest.mark.parametrize("note", WHO)
@pytest.mark.parametrize("line", ["{}", "1 {}", "to {}", "later {}", "all but {}"])
def test_a_reply_that_is_not_understood_repeats_no_name(line: str, note: str) -> None:
    clinic = asked()

    with pytest.raises(Refused) as refused:
        clinic.type(JO, line.format(note))

    assert not any(word in str(refused.value) for word in note.split() if word != "born")


def test_a_field_that_needs_another_look_repeats_no_name_and_keeps_its_place() -> None:
    clinic = asked()
    form = clinic.form_of(JO, "g.medicines")
    (part,) = form.parts
    entries = {part.task: {field.name: "Anna Quillfeather" for field in part.fields[:1]}}
    filled = Filled(
        platform=PLATFORM, account=JO, once="f", entries=entries, revisions={part.task: part.revision}
    )

    with pytest.raises(WrongValues) as wrong:
        clinic.desk.reply(filled)

    assert part.fields[0].name in wrong.value.problems
    assert "Quillfeather" not in str(wrong.value)


def test_a_slip_that_names_nobody_is_repeated_as_before() -> None:
    clinic = asked()

    with pytest.raises(Refused, match="'ZZ99'"):
        clinic.command(ALI, "case ZZ99")


def test_a_colleague_who_is_not_found_is_named() -> None:
    clinic = asked()

    with pytest.raises(Refused, match="no person 'nobody'"):
        clinic.command(ALI, f"assign {CODE} nurse nobody")


def test_a_birth_date_is_no_day_for_an_appointment() -> None:
    form = asked().command(FRAN, "new abl 1957-03-09")

    assert isinstance(form, Form)
    assert "1957" not in str([replace(field, options=()) for field in form.parts[0].fields])
