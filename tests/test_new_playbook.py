"""`bookend new-playbook`: a few answers make a file that passes the check, and never overwrite another."""

import io
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.app import planned
from bot.cli import run
from bot.core.errors import BookendError
from bot.files.begun import QUESTIONS, begun_with, in_words, playbook_text, read_answer, suggested
from bot.files.check import inspect
from bot.files.folders import load_folder
from bot.files.playbooks import parse_playbook
from bot.paths import shipped_playbooks

README = Path(__file__).parent.parent / "README.md"
SHIPPED = load_folder(shipped_playbooks())
Said = tuple[int, str, str]
Bookend = Callable[..., Said]


@pytest.fixture
def bookend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bookend:
    """Runs a command in an empty folder; what is typed comes line by line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOOKEND_PLAYBOOKS", raising=False)

    def typed(*words: str, answers: tuple[str, ...] = ()) -> Said:
        lines = "".join(f"{line}\n" for line in answers)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        code = run(words)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return typed


def written(path: str) -> str:
    """Return a file that passes the check without mistakes or advice."""
    found = inspect([Path(path)])
    assert (found.mistakes, found.advice) == ([], [])
    return Path(path).read_text("utf-8")


def test_questions_make_a_playbook_that_passes_the_check(bookend: Bookend) -> None:
    code, out, err = bookend(
        "new-playbook",
        answers=("Mole excision", "", "", "40", "Photo taken; Site marked", "yes", "2, 14", ""),
    )

    text = written("mole_excision.yaml")
    assert (code, err) == (0, "")
    assert "mole_excision.yaml is written. Go on with: bookend check mole_excision.yaml" in out
    assert "title: Photo taken" in text and "title: Site marked" in text
    assert "title: Wound check" in text and "start + 14 days at 10:00, next open day" in text
    assert "includes: [every-procedure]" in text and "minutes: 40" in text


def test_a_wrong_answer_is_asked_again(bookend: Bookend) -> None:
    code, _, err = bookend(
        "new-playbook",
        answers=("Peel", "A Peel", "peel", "", "soon", "30", "none", "maybe", "no", "1", "wax", "rf"),
    )

    text = written("peel.yaml")
    assert code == 0
    assert [line.partition(":")[0] for line in err.splitlines()[:3]] == ["id", "minutes", "opened"]
    assert "device_class is one of laser, ipl, rf, needle, chemical, not 'wax'." in err
    assert "minutes: 30" in text and "narrows: {device_class: [rf]}" in text and "phase: pre" not in text


def test_a_title_alone_is_enough(bookend: Bookend) -> None:
    assert bookend("new-playbook", "--title", "Skin: a closer look", "--out", "look.yaml")[0] == 0

    assert 'title: "Skin: a closer look"' in written("look.yaml")


def test_answers_in_a_file_are_taken_without_a_question(bookend: Bookend) -> None:
    Path("answers.yaml").write_text(
        "title: Light peel\nid: glow\nchecks: [Retinoid paused]\nopened: no\ndays: [3]\n"
        "allows: {device_class: chemical}\n"
    )

    assert bookend("new-playbook", "--answers", "answers.yaml")[0] == 0
    text = written("glow.yaml")
    assert "narrows: {device_class: [chemical]}" in text and "id: glow.day_3" in text


def test_a_mistake_in_a_file_of_answers_has_its_place(bookend: Bookend) -> None:
    Path("answers.yaml").write_text("title: Light peel\nminutes: long\nday: [3]\n")

    code, _, err = bookend("new-playbook", "--answers", "answers.yaml")

    assert code == 1
    assert "answers.yaml:2:10: expected a whole number from 1 to 1440" in err
    assert "answers.yaml:3:1: there is no key 'day' here. Did you mean 'days'?" in err
    assert not list(Path().glob("light*"))


def test_nothing_is_ever_overwritten(bookend: Bookend) -> None:
    Path("glow.yaml").write_text("mine")

    code, _, err = bookend("new-playbook", "--title", "Glow")

    assert (code, Path("glow.yaml").read_text()) == (1, "mine")
    assert err == "glow.yaml is there already; nothing was written. Say --out FILE.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--title", "Peel", "--id", "abl"), "There is a playbook 'abl' already"),
        (("--title", "Peel", "--minutes", "0"), "minutes: expected a whole number from 1 to 1440"),
        (("--title", "Peel", "--allow", "device=rf"), "There is no 'device' to say of a procedure"),
        (("--title", " "), "title: expected text"),
        ((), "Nothing was written: not every question was answered."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(
    bookend: Bookend, words: tuple[str, ...], said: str
) -> None:
    code, _, err = bookend("new-playbook", *words)

    assert code == 1 and said in err
    assert not list(Path().iterdir())


@given(
    st.text(min_size=1, max_size=60),
    st.lists(st.text(min_size=1, max_size=30), max_size=3),
    st.lists(st.integers(min_value=1, max_value=400), max_size=3),
    st.booleans(),
)
@example("yes", ["no", "null: x", "- a", "#1"], [1], True)
@example("x", [], [], False)
def test_whatever_is_answered_the_file_reads_back_as_it_was_said(
    title: str, checks: list[str], days: list[int], opened: bool
) -> None:
    said = {
        "title": title,
        "id": "mine",
        "short": title,
        "checks": "; ".join(checks),
        "days": ", ".join(map(str, days)),
    }
    said |= {"minutes": "60", "opened": "yes" if opened else "no"}
    try:
        answers = {name: read_answer(name, in_words(name, said[name])) for name in QUESTIONS}
    except BookendError as wrong:
        assert str(wrong).partition(":")[0] in QUESTIONS
        return

    book = parse_playbook({**SHIPPED, "mine.yaml": playbook_text(begun_with(answers, {}))}, "mine")

    own = [step for step in book.steps if step.id.startswith("mine.")]
    assert (book.title, book.short) == (title.strip(), title.strip())
    assert [step.title for step in own if step.phase == "pre"] == list(answers["checks"])  # type: ignore[call-overload]
    assert [step.due.days for step in own if step.phase == "follow_up"] == sorted(set(days))
    wounds = [step.due.days for step in own if step.ask[0].name == "wound"]
    assert wounds == (sorted(days)[:1] if opened else [])


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Light peel", "light_peel"),
        ("Removal of a mole", "roam"),
        ("CO₂", "co"),
        ("Ωmega", "mega"),
        ("皮", ""),
    ],
)
def test_a_short_name_is_suggested(title: str, short: str) -> None:
    assert suggested(title) == short


def test_the_recipe_in_the_readme_works(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = (
        README.read_text("utf-8")
        .partition("### Write your own in ten minutes")[2]
        .partition("\nBegin with")[0]
    )
    command = re.search(r"```sh\n(.*?)```", recipe, re.DOTALL)
    assert command
    Path("my-playbooks").mkdir()
    for name, text in SHIPPED.items():
        Path("my-playbooks", name).write_text(text, "utf-8")
    monkeypatch.setenv("BOOKEND_PLAYBOOKS", "my-playbooks")

    assert bookend(*shlex.split(command[1].replace("\\\n", " "))[1:])[0] == 0

    assert bookend("check", "my-playbooks/glow.yaml") == (
        0,
        "1 file checked (playbooks: glow): no mistakes.\n",
        "",
    )
    booking = "playbook: glow\nclinic: {timezone: UTC}\nopened: 2027-01-12T13:45\nstart: 2027-02-18T09:30\n"
    steps = {task.step for task in planned(booking, "booking.yaml", Path("my-playbooks")).tasks}
    assert {"glow.before_1", "glow.before_2", "glow.day_2", "glow.day_7", "g.timeout"} <= steps
