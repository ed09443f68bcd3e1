"""Overlays: a clinic's own changes are laid over what is shipped, word by word, and never guessed at."""

import os
from pathlib import Path

import pytest

from bot.core.conditions import ALWAYS
from bot.core.errors import Mistakes
from bot.core.kinds import Level
from bot.core.people import Role
from bot.core.playbook import Playbook
from bot.files.folders import look_into
from bot.files.playbooks import Library, parse_playbook
from tests.files.samples import SIGN, TEXTS, TINY, place, pointed, step

OWN = """\
overlay: riverside
title: What we do differently
change:
  tiny.hsv_started:
    role: front_desk
    when:
    ask: {told_by: text}
add:
  tiny:
    - {id: riverside.parking, phase: pre, title: Parking paid, role: front_desk, due: start - 30 min}
  every:
    - {id: riverside.coffee, phase: post, title: Coffee offered, role: front_desk, due: end}
leave_out:
  g.skin_exam: The dermatologist next door does it, by contract.
"""
FILE = "overlays/own.yaml"


def overlaid(own: str = OWN, **texts: str) -> Playbook:
    return parse_playbook({**TEXTS, **texts, FILE: own}, "tiny")


def test_a_change_replaces_whole_keys_of_a_step_and_leaves_the_others() -> None:
    shipped, own = parse_playbook(TEXTS, "tiny").step("tiny.hsv_started"), overlaid().step("tiny.hsv_started")

    assert (own.role, own.when) == (Role.FRONT_DESK, ALWAYS)
    assert (own.title, own.due, own.valid_days, own.stops) == (
        shipped.title,
        shipped.due,
        shipped.valid_days,
        shipped.stops,
    )
    assert own.overlay == "riverside"


def test_fields_are_changed_one_by_one() -> None:
    own = overlaid().step("tiny.hsv_started")

    assert [field.name for field in own.ask] == ["first_dose_taken", "told_by"]

    less = overlaid(OWN.replace("{told_by: text}", "{first_dose_taken: yes_no}")).step("tiny.hsv_started")
    assert [field.choices for field in less.ask] == [("yes", "no")]


def test_steps_are_added_to_a_playbook_or_to_what_playbooks_share() -> None:
    book = overlaid()

    assert [(each.id, each.overlay) for each in book.steps] == [
        ("riverside.coffee", "riverside"),
        ("tiny.hsv_started", "riverside"),
        ("riverside.parking", "riverside"),
    ]


def test_what_is_left_out_is_asked_of_nobody_and_stays_known_with_its_reason() -> None:
    (left,) = overlaid().left_out

    assert (left.id, left.stops.level, left.overlay) == ("g.skin_exam", Level.HARD, "riverside")
    assert left.left_out == "The dermatologist next door does it, by contract."


def test_an_overlay_belongs_to_the_digest_as_far_as_it_touches_a_playbook() -> None:
    other = TINY.replace("tiny", "other")
    texts = {**TEXTS, "other.yaml": other}
    only_tiny = "overlay: riverside\nchange: {tiny.hsv_started: {role: front_desk}}\n"

    plain = [parse_playbook(texts, name).digest for name in ("tiny", "other")]
    own = [parse_playbook({**texts, FILE: only_tiny}, name).digest for name in ("tiny", "other")]
    noted = parse_playbook({**texts, FILE: f"# a note\n{only_tiny}"}, "tiny").digest

    assert own[0] != plain[0]
    assert own[1] == plain[1]
    assert noted == own[0]


def test_what_is_kept_of_a_version_holds_the_overlay_and_reads_the_same(tmp_path: Path) -> None:
    folder, clinic = tmp_path / "playbooks", tmp_path / "clinic"
    for path, texts in ((folder, TEXTS), (clinic, {"tiny.yaml": OWN})):
        path.mkdir()
        for name, text in texts.items():
            (path / name).write_text(text, "utf-8")

    found, wrong = look_into(folder, [str(clinic / "tiny.yaml")])
    book, kept = found["tiny"]

    assert wrong == {}
    assert sorted(kept) == ["every.yaml", "facts.yaml", "overlays/tiny.yaml", "tiny.yaml"]
    assert parse_playbook(kept, "tiny") == book


def test_overlays_of_the_same_file_name_are_both_kept(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    for name, change in (("a", "g.skin_exam: {title: Skin}"), ("b", "tiny.hsv_started: {title: Dose}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.yaml").write_text(f"overlay: {name}\nchange: {{{change}}}\n", "utf-8")

    books, wrong = look_into(tmp_path, [str(tmp_path / name / "own.yaml") for name in "ab"])

    playbook, texts = books["tiny"]
    assert not wrong
    assert parse_playbook(texts, "tiny").digest == playbook.digest


def test_an_overlay_that_nobody_names_changes_nothing(tmp_path: Path) -> None:
    for name, text in {**TEXTS, "own.yaml": OWN}.items():
        (tmp_path / name).write_text(text, "utf-8")

    named, unnamed = look_into(tmp_path, [str(tmp_path / "own.yaml")]), look_into(tmp_path)

    assert (named[1], unnamed[1]) == ({}, {})
    assert unnamed[0]["tiny"][0] == parse_playbook(TEXTS, "tiny")
    assert named[0]["tiny"][0] == overlaid()


MISTAKES = {
    "a step that is gone": (
        "overlay: a\nchange:\n  ▸tiny.hsv_start: {role: nurse}",
        "there is no step 'tiny.hsv_start' here. Did you mean 'tiny.hsv_started'",
    ),
    "a left out step that is gone": (
        "overlay: a\nleave_out:\n  ▸g.skin: The exam is done next door.",
        "there is no step 'g.skin' here",
    ),
    "a playbook that is not there": (
        f"overlay: a\nadd:\n  ▸tinny:\n{step(id='a.one')}",
        "no playbook or included file 'tinny' here. Did you mean 'tiny'",
    ),
    "an unknown key of an overlay": ("overlay: a\n▸chang: {}", "no key 'chang' here. Did you mean 'change'"),
    "an unknown key of a step": (
        "overlay: a\nchange: {tiny.hsv_started: {▸rol: nurse}}",
        "no key 'rol' here. Did you mean 'role'",
    ),
    "another name for a step": (
        "overlay: a\nchange: {tiny.hsv_started: {▸id: tiny.other}}",
        "no key 'id' here",
    ),
    "a wrong word": ("overlay: a\nchange: {tiny.hsv_started: {role: ▸nures}}", "Did you mean 'nurse'?"),
    "a wrong field": (
        "overlay: a\nchange: {tiny.hsv_started: {ask: {told_by: ▸txt}}}",
        "txt",
    ),
    "a change in prose": ("overlay: a\nchange: {tiny.hsv_started: ▸nurse}", "expected `name: value` lines"),
    "no reason": ("overlay: a\nleave_out: {g.skin_exam: ▸no}", "say in a sentence why"),
    "an empty reason": ("overlay: a\nleave_out: {g.skin_exam: ▸}", "expected text, found nothing"),
    "changed and left out": (
        "overlay: a\nchange: {g.skin_exam: {role: nurse}}\nleave_out: {▸g.skin_exam: It is done next door.}",
        "either changed or left out",
    ),
    "a step that is there already": (
        f"overlay: a\nadd:\n  tiny:\n{step(id=f'{SIGN}g.skin_exam')}",
        "two steps named 'g.skin_exam'",
    ),
    "a wrong word in an added step": (
        f"overlay: a\nadd:\n  tiny:\n{step(phase=f'{SIGN}prae')}",
        "Did you mean 'pre'?",
    ),
    "no name": ("▸change: {tiny.hsv_started: {role: nurse}}", "begins with `overlay:`"),
}


@pytest.mark.parametrize(("text", "what"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_an_overlay_is_told_with_its_place(tmp_path: Path, text: str, what: str) -> None:
    own = tmp_path / "own.yaml"
    written, where = pointed(text, str(own))
    for name, said in TEXTS.items():
        (tmp_path / name).write_text(said, "utf-8")
    own.write_text(written, "utf-8")

    found, wrong = look_into(tmp_path, [str(own)])

    assert found == {}, "what has a mistake in it is not used"
    (mistake,) = {each for its in wrong.values() for each in its}
    assert place(mistake) == where
    assert what in mistake.what


def test_thousands_of_mistakes_are_told_at_once() -> None:
    wrong = "".join(f"  g.skin_exan{n}: We do not do it here.\n" for n in range(4000))
    library = Library(texts={**TEXTS, FILE: f"overlay: own\nleave_out:\n{wrong}"}, laid_over=[FILE])

    once, again = library.mistakes(), library.mistakes()

    assert once == again
    assert len(once) == 4000
    assert [bool("Did you mean" in each.what) for each in once] == [True] * 100 + [False] * 3900


def test_two_overlays_do_not_speak_of_the_same_step(tmp_path: Path) -> None:
    for name, said in TEXTS.items():
        (tmp_path / name).write_text(said, "utf-8")
    for name in ("a", "b"):
        text = f"overlay: {name}\nchange: {{tiny.hsv_started: {{role: front_desk}}}}"
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")

    _, wrong = look_into(tmp_path, [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")])

    assert "a speaks of tiny.hsv_started already" in str(Mistakes(wrong["tiny"]))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_an_overlay_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.yaml")

    _, wrong = look_into(tmp_path, [str(tmp_path / "own.yaml")])

    assert [each.what for each in wrong[""]] == ["this is no file"]


def test_a_missing_overlay_hides_no_mistake_and_is_named(tmp_path: Path) -> None:
    _, wrong = look_into(tmp_path, [str(tmp_path / "gone.yaml")])

    assert "gone.yaml:1:1: cannot be read" in str(Mistakes(wrong[""]))
