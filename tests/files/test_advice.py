"""Advice: what a careful colleague would ask, and the many things at which a colleague would say nothing."""

from datetime import date
from pathlib import Path

import pytest

from bot.files.check import inspect
from tests.files.samples import HEAD, TEXTS, TINY, step

MUST = {"ask": "{first: {choose: [yes, no], normal: yes}}", "stop": "{hard: {first: no}}"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small clinic's playbook."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def advice(folder: Path, text: str, name: str = "tiny.yaml", today: date | None = None) -> list[str]:
    """Return what is said of a file, each as "line: what"."""
    (folder / name).write_text(text, "utf-8")
    found = inspect([folder / name], today)
    assert found.mistakes == []
    return [f"{each.line}: {each.what}" for each in found.advice]


def steps(*each: dict[str, str]) -> str:
    """The small playbook with these steps."""
    return HEAD + "".join(
        step(**{"id": f"tiny.s{number}", "title": f"Step {number}", "grade": "P", **lines})
        for number, lines in enumerate(each, start=1)
    )


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ({"due": "start - 1 day at 10:00, even if closed", **MUST}, "after the readiness two days before"),
        (
            {"due": "start - 2 days at 15:30, previous open day", **MUST},
            "after the readiness two days before",
        ),
        ({"due": "start - 3 days at 10:00, next open day", **MUST}, "after the readiness two days before"),
        ({"due": "start - 60 min", **MUST}, "after the readiness two days before"),
        ({"phase": "day", "due": "start - 4 min", **MUST}, "after the time-out"),
        ({"phase": "pre", "due": "start + 1 day at 10:00, next open day"}, "when the procedure has begun"),
        ({"phase": "day", "due": "end"}, "when the procedure has begun"),
        (
            {"phase": "follow_up", "due": "start - 1 day at 10:00, even if closed"},
            "before the procedure starts",
        ),
        ({"phase": "post", "due": "start - 5 min"}, "before the procedure starts"),
    ],
)
def test_a_step_that_its_gate_does_not_see_is_named(folder: Path, lines: dict[str, str], words: str) -> None:
    (said,) = advice(folder, steps(lines))

    assert said.startswith("9: tiny.s1: ") and words in said


@pytest.mark.parametrize(
    "lines",
    [
        {"due": "start - 2 days at 15:00, previous open day", **MUST},
        {"due": "start - 1 day at 10:00, even if closed"},
        {"due": "start - 1 day at 10:00, even if closed", "valid_for": "1 day", **MUST},
        {"due": "start - 1 day at 10:00, even if closed", "gate": "cleared_to_come", **MUST},
        {"phase": "consult", "due": "consult + 60 min", **MUST},
        {"phase": "day", "due": "start - 5 min", **MUST},
        {"phase": "day", "due": "start - 1 min", "gate": "cleared_to_start", **MUST},
        {"phase": "follow_up", "due": "start + 2 days at 10:00, even if closed", **MUST},
    ],
)
def test_a_step_in_its_time_gets_no_advice(folder: Path, lines: dict[str, str]) -> None:
    assert advice(folder, steps(lines)) == []


def test_the_fifth_hard_stop_of_one_role_in_a_phase_is_one_too_many(folder: Path) -> None:
    day = [{"phase": "day", "due": f"start - {20 + number} min", **MUST} for number in range(5)]

    assert advice(folder, steps(*day[:4])) == []
    (said,) = advice(folder, steps(*day))
    assert "tiny.s5: with this a nurse has 5 hard stops in day, of a usual patient" in said


@pytest.mark.parametrize(
    "other",
    [
        {"role": "operator"},
        {"phase": "post", "due": "end + 5 min"},
        {"shared": "room_day"},
        {"gate": "cleared_to_start"},
        {"when": "{smoker: yes}"},
        {"when": "{device_class: chemical, immune: diabetes_uncontrolled}"},
        {"stop": "{md: {first: no}}"},
        {"stop": "{hard: {smoker: yes}}"},
    ],
)
def test_what_the_usual_patient_is_not_asked_alone_is_no_hard_stop_too_many(
    folder: Path, other: dict[str, str]
) -> None:
    day = [{"phase": "day", "due": f"start - {20 + number} min", **MUST} for number in range(5)]

    assert advice(folder, steps(*day[:4], day[4] | other)) == []


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"ask": "{smoker: [no, yes, unknown]}"}, "for the same fact (smoker)"),
        ({"title": "Step 1", "ask": "{note: text}"}, "asks a nurse the same as tiny.s1"),
    ],
)
def test_two_steps_that_ask_the_same_at_the_same_time_are_named(
    folder: Path, second: dict[str, str], words: str
) -> None:
    (said,) = advice(folder, steps({"ask": "{smoker: [no, yes, unknown]}"}, second))

    assert said.startswith("16: tiny.s2: ") and words in said


def test_the_same_questions_under_two_titles_are_named(folder: Path) -> None:
    asked = {"ask": "{seen: yes_no, told: yes_no}"}

    (said,) = advice(folder, steps(asked, asked))
    assert "the same questions as tiny.s1" in said


@pytest.mark.parametrize(
    "second",
    [
        {"role": "physician"},
        {"due": "start - 2 days at 10:00, even if closed"},
        {"phase": "consult"},
        {"when": "{hsv_history: no}"},
        {"ask": "{told: {choose: [no, yes], sets: {smoker: {yes: yes}}}}"},
    ],
)
def test_what_nobody_is_asked_twice_gets_no_advice(folder: Path, second: dict[str, str]) -> None:
    first = {"ask": "{smoker: [no, yes, unknown]}", "when": "{hsv_history: yes}"}

    assert advice(folder, steps(first, {"ask": first["ask"], **second})) == []


def test_what_is_shared_is_named_at_the_playbooks_own_step(folder: Path) -> None:
    again = step(
        id="tiny.skin",
        phase="consult",
        due="consult + 60 min",
        role="physician",
        grade="P",
        title="Skin exam",
    )

    (said,) = advice(folder, HEAD + again)
    assert said == "9: tiny.skin: it asks the physician the same as g.skin_exam at the same time"


def test_a_review_that_is_overdue_is_said_on_the_day_after(folder: Path) -> None:
    noted = "review: {medical_director: Dr Ali, reviewed_on: 2026-01-04, next_review: 2027-01-04}\nsteps:"
    text = TINY.replace("steps:", noted)

    assert not any("overdue" in said for said in advice(folder, text, today=date(2027, 1, 4)))
    assert "8: the review that it speaks of is overdue since 2027-01-04" in advice(
        folder, text, today=date(2027, 1, 5)
    )
