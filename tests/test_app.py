"""The app puts the parts together: playbooks on their shelf, clinics by name, a store to be closed."""

from pathlib import Path

import pytest

from bot.app import new_case, opened, planned, rehearsed, store_of
from bot.config import Settings
from bot.core.case import TaskStatus
from bot.core.errors import BookendError, Mistakes, NotFound
from bot.core.people import Role
from bot.paths import shipped_playbooks
from bot.shelf import Bookshelf

BOOKING = """\
playbook: abl
start: 2027-03-15T09:30
facts: {age: 52, area_face: yes, mode: fractional, area_periocular: no, anaesthesia: none, sedation: none}
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("PORT", raising=False)
    return Settings(
        clinic=(shipped_playbooks() / "clinic-example.yaml",),
        database_url=f"sqlite:///{tmp_path / 'bookend.db'}",
    )


def test_an_unknown_playbook_names_the_nearest() -> None:
    shelf = Bookshelf(shipped_playbooks())

    with pytest.raises(NotFound, match="Did you mean 'abl'"):
        shelf.current("abll")


def test_a_folder_with_a_mistake_gives_no_shelf(tmp_path: Path) -> None:
    for file in shipped_playbooks().glob("*.yaml"):
        (tmp_path / file.name).write_text(
            file.read_text("utf-8").replace("phase: consult", "phase: konsult"), "utf-8"
        )

    with pytest.raises(Mistakes) as wrong:
        Bookshelf(tmp_path)

    assert len(wrong.value.mistakes) > 10


def test_a_case_keeps_its_version_though_the_file_changes(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, begin=True) as (practice, _):
        code = new_case(practice, BOOKING, "booking.yaml", None).case.code
    folder = tmp_path / "playbooks"
    folder.mkdir()
    for file in shipped_playbooks().glob("*.yaml"):
        text = file.read_text("utf-8").replace("title: Skin exam", "title: Look at the skin")
        (folder / file.name).write_text(text, "utf-8")

    with opened(settings.model_copy(update={"playbooks": folder})) as (practice, _):
        with practice.store.reading() as reading:
            course = practice.course(reading, code)
        now = practice.shelf.current("abl")

    assert course.playbook.step("g.skin_exam").title == "Skin exam"
    assert now.step("g.skin_exam").title == "Look at the skin"
    assert course.playbook.digest != now.digest


def test_a_version_that_nobody_kept_says_what_to_do() -> None:
    shelf = Bookshelf(shipped_playbooks())

    with pytest.raises(BookendError, match="Restore your backup"):
        shelf.version("0" * 64)


def test_the_texts_of_a_version_are_those_it_is_made_of() -> None:
    shelf = Bookshelf(shipped_playbooks())
    made_of = ("facts.yaml", "every-procedure.yaml", "red-flags.yaml", "abl.yaml")

    texts = shelf.texts(shelf.current("abl").digest)

    assert texts == {name: (shipped_playbooks() / name).read_text("utf-8") for name in made_of}


def test_a_database_is_made_only_to_begin(settings: Settings) -> None:
    with pytest.raises(BookendError, match="bookend migrate"), store_of(settings):
        pass
    with store_of(settings, begin=True):
        pass

    with store_of(settings) as store:
        assert store.verify() == []


def test_a_command_works_with_a_file_of_which_slack_was_asked_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    text = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
    text = text.replace("slack: U0SAM", "slack: sam@clinic.example").replace("roles: [operator], ", "")
    file = tmp_path / "clinic.yaml"
    file.write_text(f"{text}\nuser_groups: {{slack: {{operator: S0OPERATORS}}}}\n", "utf-8")

    with opened(settings.model_copy(update={"clinic": (file,)}), begin=True) as (practice, _):
        code = new_case(practice, BOOKING, "booking.yaml", None).case.code
        people = practice.clinics["riverside"].people

    assert code
    assert people["sam"].accounts == {}, "nobody is written to at an e-mail address"
    assert people["max"].roles == {Role.OPERATOR}, "the roster says so, and nobody else did yet"


def test_a_plan_keeps_nothing_and_a_rehearsal_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clinic = "clinic: {timezone: Europe/London}\nopened: 2027-01-07T10:00\n"
    script = "booking:\n" + "".join(f"  {line}\n" for line in (clinic + BOOKING).splitlines())

    course = planned(clinic + BOOKING, "booking.yaml", shipped_playbooks())
    played = rehearsed(
        script + "script: [{do: answer_when_due, until: 2027-03-15T12:00}]",
        "script.yaml",
        shipped_playbooks(),
    )

    done = [task for task in played.course.tasks if task.status is TaskStatus.DONE]
    assert len(course.tasks) > 40
    assert len(done) > 35
    assert list(tmp_path.iterdir()) == []
