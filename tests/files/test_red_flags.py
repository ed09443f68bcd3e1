"""A file of red flags: read, refused with the place of every mistake, frozen with the playbooks beside it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Mistakes
from bot.core.red_flags import RedFlag, Urgency
from bot.files.check import inspect
from bot.files.playbooks import Library, parse_playbook
from bot.files.schema import playbook_schema
from tests.files.samples import FACTS, HEAD, TEXTS, place, pointed, step
from tests.files.test_schema import complaints

PLAYBOOKS = '  playbook: {title: Playbook, values: [tiny, other], question: "Which?"}\n'
FLAGS = """\
red_flags:
  infection:
    title: Bacterial infection
    window: Day 2 to 10.
    days: [2, 10]
    signs: [rising pain, yellow crust or pus]
    worse: {fever and feeling unwell: emergency}
    urgency: urgent
    then: Take a swab.
    playbooks: all
    sources: [S10]
  burn:
    title: Burn
    window: Within 2 hours.
    minutes: [0, 120]
    signs: [blister]
    urgency: urgent
    playbooks: [other]
    when: {device_class: [laser, ipl]}
    sources: []
"""
WITH = {**TEXTS, "facts.yaml": FACTS + PLAYBOOKS, "red-flags.yaml": FLAGS}
SYMPTOMS = {"ask": "{symptoms: {choose_many: red_flags}}", "shows": "red_flags"}

#: What in the file is replaced by what, and a part of what is said of it.
MISTAKES = {
    "an unknown key": ("then: Take", "▸than: Take", "there is no key 'than' here. Did you mean 'then'"),
    "an unknown urgency": ("urgency: urgent", "urgency: ▸urgnt", "Did you mean 'urgent'?"),
    "an unknown playbook": ("[other]", "[▸othr]", "there is no playbook 'othr' here. Did you mean 'other'?"),
    "no playbook": ("[other]", "▸[]", "at least one playbook, or all"),
    "a window that ends before it starts": ("[2, 10]", "▸[10, 2]", "ends before it starts"),
    "a window of one day": ("[2, 10]", "▸[2]", "the first and the last"),
    "a window before the procedure": ("[2, 10]", "[▸-2, 10]", "a whole number"),
    "days for another playbook": (
        "[2, 10]",
        "{▸tony: [2, 10]}",
        "there is no playbook of this red flag 'tony'",
    ),
    "a sign with a comma": ("[blister]", '[▸"blister, crust"]', "a few words in small letters"),
    "a sign that comes twice": ("[blister]", "[blister, ▸blister]", "stands here twice"),
    "no sign": ("[blister]", "▸[]", "at least one sign"),
    "a worse sign that is a sign": ("fever and feeling unwell", "▸rising pain", "among the signs already"),
    "a worse sign that is no worse": (
        "unwell: emergency",
        "unwell: ▸soon",
        "soon is not more urgent than urgent",
    ),
    "a condition on an unknown fact": ("device_class", "▸device_clas", "Did you mean 'device_class'?"),
    "a name in capitals": ("  burn:", "  ▸Burn:", "a red flag is named in small letters"),
    "sources in prose": ("[S10]", "▸S10", "a list such as [a, b]"),
    "an unknown key beside": ("red_flags:\n", "▸version: 3\nred_flags:\n", "there is no key 'version'"),
}

SCRAPS = [
    "",
    "[",
    "{",
    "]",
    ":",
    "- ",
    "\n",
    "  ",
    "-1",
    "99999999999",
    "'",
    "null",
    "all",
    "&a ",
    "*a",
    "é",
    "\t",
    "#",
]


def flags(texts: dict[str, str]) -> tuple[RedFlag, ...]:
    return parse_playbook(texts, "tiny").red_flags


def test_a_playbook_has_the_red_flags_that_are_for_it() -> None:
    [flag] = flags(WITH)

    assert flag == RedFlag(
        id="infection",
        title="Bacterial infection",
        window="Day 2 to 10.",
        urgency=Urgency.URGENT,
        signs=("rising_pain", "yellow_crust_or_pus"),
        worse={"fever_and_feeling_unwell": Urgency.EMERGENCY},
        then="Take a swab.",
        days={"": (2, 10)},
        sources=("S10",),
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_red_flag_is_found_in_its_place(name: str) -> None:
    was, now, words = MISTAKES[name]
    text, where = pointed(FLAGS.replace(was, now, 1), "red-flags.yaml")

    with pytest.raises(Mistakes) as wrong:
        parse_playbook({**WITH, "red-flags.yaml": text}, "tiny")

    assert [place(mistake) for mistake in wrong.value.mistakes] == [where]
    assert words in wrong.value.mistakes[0].what


def test_a_red_flag_has_one_window() -> None:
    two, none = (
        FLAGS.replace("[2, 10]", "[2, 10]\n    minutes: [0, 9]"),
        FLAGS.replace("    days: [2, 10]\n", ""),
    )

    for text in (two, none):
        with pytest.raises(Mistakes, match="one of the two") as wrong:
            flags({**WITH, "red-flags.yaml": text})

        assert [place(mistake) for mistake in wrong.value.mistakes] == ["red-flags.yaml:3:5"]


def test_days_by_playbook_leave_none_out() -> None:
    text, where = pointed(
        FLAGS.replace("minutes: [0, 120]", "days: ▸{other: [0, 1]}").replace("[other]", "[other, tiny]"),
        "red-flags.yaml",
    )

    with pytest.raises(Mistakes) as wrong:
        flags({**WITH, "red-flags.yaml": text})

    assert [(place(each), each.what) for each in wrong.value.mistakes] == [
        (where, "no days are given for tiny")
    ]


def test_a_folder_without_red_flags_reads_as_before() -> None:
    assert flags(TEXTS) == ()


def test_a_list_of_signs_needs_red_flags_to_take_them_from() -> None:
    text = HEAD + step(**SYMPTOMS)

    asked = parse_playbook({**WITH, "tiny.yaml": text}, "tiny").steps[-1]

    assert asked.red_flags
    assert asked.field("symptoms").choices == (
        *("rising_pain", "yellow_crust_or_pus", "fever_and_feeling_unwell", "blister", "other"),
    )
    with pytest.raises(Mistakes, match="there is no file with `red_flags:` beside this one"):
        parse_playbook({**TEXTS, "tiny.yaml": text}, "tiny")


def test_every_word_of_the_red_flags_changes_the_digest_and_a_case_keeps_its_own() -> None:
    changed = {**WITH, "red-flags.yaml": FLAGS.replace("[2, 10]", "[2, 11]")}

    kept = Library(texts=WITH).texts_of("tiny")

    assert len({parse_playbook(each, "tiny").digest for each in (TEXTS, WITH, changed)}) == 3
    assert kept["red-flags.yaml"] == FLAGS
    assert parse_playbook(kept, "tiny") == parse_playbook(WITH, "tiny")


def test_check_reads_a_file_of_red_flags_on_its_own(tmp_path: Path) -> None:
    for name, text in {**WITH, "red-flags.yaml": FLAGS.replace("urgency: urgent", "urgency: now")}.items():
        (tmp_path / name).write_text(text, "utf-8")

    found = inspect([tmp_path / "red-flags.yaml"]).mistakes

    assert [(mistake.line, mistake.column) for mistake in found] == [(8, 14), (17, 14)]


def test_check_says_which_playbooks_the_red_flags_are_part_of(tmp_path: Path) -> None:
    for name, text in WITH.items():
        (tmp_path / name).write_text(text, "utf-8")

    found = inspect([tmp_path / "red-flags.yaml"])

    assert found.mistakes == []
    assert found.touches[str(tmp_path / "red-flags.yaml")] == ("tiny",)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FLAGS)), st.integers(0, 30), st.sampled_from(SCRAPS))
def test_no_slip_of_the_pen_crashes_the_loader_and_each_has_its_place(at: int, gone: int, scrap: str) -> None:
    text = FLAGS[:at] + scrap + FLAGS[at + gone :]

    try:
        flags({**WITH, "red-flags.yaml": text})
    except Mistakes as wrong:
        assert all(mistake.line and mistake.column for mistake in wrong.mistakes)


def test_two_files_of_red_flags_are_one_too_many(tmp_path: Path) -> None:
    for name, text in {**WITH, "more.yaml": FLAGS}.items():
        (tmp_path / name).write_text(text, "utf-8")

    found = inspect([tmp_path]).mistakes

    assert [mistake.what.partition(" ")[2] for mistake in found] == [
        "says `red_flags` of the same name already"
    ]


def test_the_schema_takes_red_flags_and_underlines_slips() -> None:
    facts = parse_playbook(WITH, "tiny").facts
    slips = [FLAGS.replace("urgency: urgent", "urgency: now"), FLAGS.replace("[other]", "[othr]")]
    slips += [FLAGS.replace("then:", "than:"), FLAGS.replace("    days: [2, 10]\n", "")]

    assert (
        complaints(FLAGS, playbook_schema(facts))
        == complaints(HEAD + step(**SYMPTOMS), playbook_schema(facts))
        == []
    )
    assert all(complaints(slip, playbook_schema(facts)) for slip in slips)
