"""Playbooks in an editor that speaks yaml-language-server: what it completes, shows and underlines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from tests.files.editor import Editor

#: Four lines, a playbook, and the beginning of a step on lines 6 to 9.
BEGUN = """\
# yaml-language-server: $schema=playbook.schema.json
playbook: typed
title: Typed in an editor
version: 1
steps:
  - id: typed.one
    phase: pre
    title: One
"""
STEP = BEGUN + "    role: nurse\n    due: start - 15 min\n"
NAMED = sorted(
    path.name
    for path in shipped_playbooks().glob("*.yaml")
    if "playbook.schema.json" in path.read_text("utf-8").splitlines()[0]
)


@pytest.fixture(scope="module")
def editor(need_yaml_ls: Path) -> Iterator[Editor]:
    with Editor(need_yaml_ls, shipped_playbooks()) as opened:
        yield opened


@pytest.mark.parametrize("name", NAMED)
def test_each_shipped_file_is_clean(editor: Editor, name: str) -> None:
    assert editor.marked((shipped_playbooks() / name).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("    role: ▸\n", {"front_desk", "nurse", "operator", "physician"}),
        (
            "    phase: ▸\n",
            {"booking", "consult", "pre", "day", "post", "follow_up", "event", "cancel", "move"},
        ),
        ("    card: ▸\n", {"worklist", "timeout", "prep", "room"}),
        ("    ▸\n", {"role", "due", "why", "when", "ask", "stop", "valid_for", "sources"}),
        ("    due: ▸\n", {"consult + 60 min", "start - 14 days at 10:00, previous open day"}),
        ("    when:\n      ▸\n", {"any", "all", "not", "age", "isotretinoin_last_dose"}),
        ("    when:\n      smoker: ▸\n", {'"yes"', '"no"', "unknown"}),
        ("    when:\n      age:\n        ▸\n", {"below", "above", "at_least", "at_most", "missing"}),
        ("    when:\n      isotretinoin_last_dose:\n        ▸\n", {"within", "missing"}),
        ("    ask:\n      first: ▸\n", {"yes_no", "no_yes", "text", "date"}),
        ("    ask:\n      first:\n        ▸\n", {"choose", "number", "text"}),
    ],
)
def test_what_can_be_written_is_offered(editor: Editor, typed: str, offered: set[str]) -> None:
    assert editor.offered(BEGUN + typed) >= offered


def test_every_fact_is_offered_inside_a_condition(editor: Editor) -> None:
    facts = load_playbooks(shipped_playbooks())["abl"].facts

    assert editor.offered(BEGUN + "    when:\n      any:\n        - ▸\n") >= facts.keys()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("    ro▸le: nurse\n", "who is asked"),
        ("    valid_▸for: 1 day\n", "how old an answer may be"),
        ("    when: {isotretinoin_last▸_dose: {within: 6 months}}\n", "Last dose of isotretinoin"),
    ],
)
def test_help_is_shown_over_a_word(editor: Editor, typed: str, shown: str) -> None:
    assert shown in editor.hover(BEGUN + typed)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (STEP.replace("role: nurse", "role: nures"), 9, '"nurse"'),
        (STEP + "    rol: nurse\n", 11, "rol is not allowed"),
        (STEP.replace("phase: pre", "phase: before"), 7, '"pre"'),
        (
            STEP.replace("start - 15 min", "start - 1 day"),
            10,
            "Expected a due time such as `consult + 60 min`",
        ),
        (STEP + "    when: {smokr: yes}\n", 11, "smokr is not allowed"),
        (STEP + "    when: {smoker: often}\n", 11, '"unknown"'),
        (STEP + "    ask: {first: yesno}\n", 11, ""),
        (STEP.replace("version: 1", "version: one"), 4, "integer"),
    ],
)
def test_a_slip_is_marked_at_its_line(editor: Editor, text: str, line: int, words: str) -> None:
    marks = editor.marked(text)

    assert [at for at, _ in marks] == [line]
    assert words in marks[0][1]


def test_a_clinics_file_is_completed_and_checked_too(editor: Editor) -> None:
    begun = "# yaml-language-server: $schema=playbook.schema.json\nclinic: riverside\ntimezone: UTC\n"
    whole = begun + "open: {mon-fri: 08:00-18:00}\npeople:\n  jo: {name: Jo, roles: [nurse]}\n"

    assert editor.offered(begun + "▸\n") >= {"people", "roster", "on_call", "holidays"}
    assert editor.marked(whole) == []
    assert [line for line, _ in editor.marked(whole.replace("[nurse]", "[nures]"))] == [6]


def test_a_good_step_is_marked_nowhere(editor: Editor) -> None:
    assert editor.marked(STEP) == []
