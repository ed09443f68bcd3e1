"""Advice on a clinic's file: gaps of the roster, and who is asked instead."""

from datetime import date
from pathlib import Path

import pytest

from bot.files.check import inspect
from tests.files.samples import CLINIC
from tests.files.test_advice import advice, folder

__all__ = ["folder"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("nurse: [jo], physician: [ali]}}", "physician: [ali]}}", "the roster has no nurse, who must answer"),
        (
            "{mon-fri: {nurse",
            "{mon-thu: {nurse: [jo]}, fri: {front_desk: [jo]}, sat: {nurse",
            "no nurse on fri",
        ),
        ("on_call: {nurse: [jo], ", "on_call: {", "no nurse is on call, and tiny.hsv_started"),
        (
            "nurse: [jo], physician: [ali]}}",
            "nurse: [{jo: 08:00-12:00}, {jo: 14:00-17:30}], physician: [ali]}}",
            "no nurse on mon 12:00-14:00 and 17:30-18:00, tue 12:00-14:00",
        ),
        (
            "nurse: [jo], physician: [ali]}}",
            "physician: [ali]}}",
            "and for what is urgent jo, on call; what can wait is kept",
        ),
    ],
)
def test_a_stop_that_nobody_there_can_answer_is_said_of_the_clinic(
    folder: Path, before: str, after: str, words: str
) -> None:
    assert before in CLINIC
    good = CLINIC

    assert advice(folder, good, "clinic.yaml") == []
    said = advice(folder, good.replace(before, after, 1), "clinic.yaml")
    assert any(words in line for line in said)


def test_a_playbook_that_is_nowhere_is_said_of_the_clinic(folder: Path) -> None:
    said = advice(folder, CLINIC.replace("playbooks: [", "playbooks: [nowhere, ", 1), "clinic.yaml")

    assert any("no playbook 'nowhere' lies beside this file or is shipped" in line for line in said)


def test_a_clinics_file_beside_a_playbook_is_asked_who_answers(folder: Path) -> None:
    (folder / "clinic.yaml").write_text(
        CLINIC.replace("nurse: [jo], physician: [ali]}}", "physician: [ali]}}")
    )

    found = inspect([folder / "tiny.yaml"])

    assert [(Path(each.file).name, each.line) for each in found.advice] == [("clinic.yaml", 9)]
    assert "the roster has no nurse" in found.advice[0].what


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-02-15", 1),
        # a public holiday, and one of the clinic's own
        ("2027-03-26", 0),
        ("2027-12-24", 0),
    ],
)
def test_beside_a_playbook_too_a_holiday_leaves_nobody_missing(folder: Path, day: str, said: int) -> None:
    written = CLINIC.replace("{2027-02-15: {physician: []}}", f"{{{day}: {{nurse: [{{jo: 08:00-12:00}}]}}}}")
    (folder / "clinic.yaml").write_text(written, "utf-8")

    found = inspect([folder / "tiny.yaml"])

    assert [each.what.partition(":")[0] for each in found.advice] == [
        f"nobody is on duty as nurse on {day} 12"
    ] * said


SHORT = CLINIC.replace("on_call: {nurse: [jo], ", "on_call: {").replace(
    "{physician: []}", "{nurse: [{jo: 08:00-12:00}]}"
)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("board:", "nurse: C0NURSES, board:", "whoever claims it in the channel `nurse`; what can wait"),
        ("board:", "board:", "whoever claims it in the channel `escalations`"),
        (", escalations: C0ESC", "", "whoever claims it in the channel `board`"),
        ("channels: {slack: {board: C0BOARD, escalations: C0ESC}}", "", "Asked then: jo, a manager;"),
    ],
)
def test_a_gap_on_a_single_day_says_when_and_how_it_is_asked_instead(
    folder: Path, before: str, after: str, words: str
) -> None:
    assert before in SHORT
    text = SHORT.replace("front_desk], s", "front_desk, manager], s").replace(before, after, 1)
    said = advice(folder, text, "clinic.yaml")

    gap = next(line for line in said if "on duty" in line)
    assert gap.startswith("10: nobody is on duty as nurse on 2027-02-15 12:00-18:00. ")
    assert words in gap


def test_a_manager_by_a_group_is_one_whom_the_roster_names(folder: Path) -> None:
    channels, groups = "channels: {slack: {board: C0BOARD, escalations: C0ESC}}", "{manager: S0MANAGERS}"
    text = SHORT.replace(channels, f"user_groups: {{slack: {groups}}}\nuser_groups_may_decide: yes")
    said = advice(folder, text.replace("on_call: {", "on_call: {manager: [ali], "), "clinic.yaml")

    assert "Asked then: ali, a manager" in next(line for line in said if "on duty" in line)


def test_a_gap_of_yesterday_is_not_spoken_of(folder: Path) -> None:
    on_the_day = advice(folder, SHORT, "clinic.yaml", today=date(2027, 2, 15))
    afterwards = advice(folder, SHORT, "clinic.yaml", today=date(2027, 2, 16))

    assert [any("on duty" in line for line in said) for said in (on_the_day, afterwards)] == [True, False]


def test_an_empty_day_that_somebody_is_on_call_for_was_meant_so(folder: Path) -> None:
    said = advice(folder, CLINIC.replace("{physician: []}", "{nurse: []}"), "clinic.yaml")
    alone = CLINIC.replace("{physician: []}", "{nurse: []}").replace("on_call: {nurse: [jo], ", "on_call: {")

    assert not any("on duty" in line for line in said)
    assert any("on duty as nurse on 2027-02-15." in line for line in advice(folder, alone, "clinic.yaml"))
