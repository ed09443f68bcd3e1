"""Playbooks: what a clinic wrote becomes steps that can be planned."""

import gc
import subprocess
import sys
import time
from datetime import date
from datetime import time as clock
from pathlib import Path

import pytest

from bot.core.conditions import AllOf, AnyOf, Bounds, Is, Missing, Not, Within
from bot.core.errors import Mistakes, NotFound
from bot.core.facts import Fact, FactKind
from bot.core.kinds import Anchor, CardKind, FieldKind, Level, Phase, Scope
from bot.core.people import Role
from bot.core.playbook import Due, Field, Review, Step
from bot.core.times import Closed
from bot.files.entry import Entry
from bot.files.folders import load_folder, load_playbooks
from bot.files.playbooks import Library, parse_playbook
from bot.paths import shipped_playbooks
from tests.files.samples import FACTS, HEAD, TEXTS, TINY, place, step

ROOT = Path(__file__).parents[2]


def only(**lines: str) -> Step:
    """Return the one own step of a playbook, which says these lines."""
    return parse_playbook({**TEXTS, "tiny.yaml": HEAD + step(**lines)}, "tiny").steps[-1]


def field(said: str) -> Field:
    """Return the one field of a step."""
    return only(ask=f"{{first: {said}, a: number, b: number}}").field("first")


def test_a_playbook_is_read_whole_with_what_it_includes() -> None:
    playbook = parse_playbook(TEXTS, "tiny")

    assert [step.id for step in playbook.steps] == ["g.skin_exam", "tiny.hsv_started"]
    assert (playbook.id, playbook.title, playbook.short) == ("tiny", "A small peel", "Peel")
    assert (playbook.version, playbook.minutes) == (3, 45)
    assert playbook.narrowed == {"device_class": ("chemical",)}
    assert playbook.review == Review()


def test_a_step_is_read_with_all_it_says() -> None:
    read = parse_playbook(TEXTS, "tiny").step("tiny.hsv_started")

    assert (read.phase, read.role, read.scope) == (Phase.PRE, Role.NURSE, Scope.SESSION)
    assert read.due == Due(anchor=Anchor.START, days=-1, at=clock(10), closed=Closed.STAY)
    assert read.when == AnyOf(
        parts=(Is(name="area_face", words=("yes",)), Is(name="hsv_history", words=("yes", "unknown")))
    )
    assert read.stops.level is Level.MD
    assert read.stops.md == Is(name="first_dose_taken", words=("no",))
    assert (read.valid_days, read.ladder, read.sources, read.line) == (1, "important", ("S06",), 9)


def test_facts_are_read_with_what_they_can_hold() -> None:
    facts = parse_playbook(TEXTS, "tiny").facts

    assert facts["age"] == Fact(
        name="age", title="Age", kind=FactKind.NUMBER, default=40, question="How old is the patient?"
    )
    assert facts["smoker"].words == ("no", "yes", "unknown")
    assert facts["isotretinoin_last_dose"].kind is FactKind.DATE


DUES = {
    "booked": Due(anchor=Anchor.BOOKED),
    "consult + 60 min": Due(anchor=Anchor.CONSULT, minutes=60),
    "end+4 hours": Due(anchor=Anchor.END, minutes=240),
    "arrive - 10 minutes": Due(anchor=Anchor.ARRIVE, minutes=-10),
    "start − 2 weeks at 9:00, previous open day": Due(
        anchor=Anchor.START, days=-14, at=clock(9), closed=Closed.PREVIOUS
    ),
    "start + 0 days at 07:30, next open day": Due(
        anchor=Anchor.START, days=0, at=clock(7, 30), closed=Closed.NEXT
    ),
}


@pytest.mark.parametrize("said", DUES)
def test_a_due_time_reads_as_it_is_spoken(said: str) -> None:
    assert only(due=said).due == DUES[said]


FIELDS = {
    "yes_no": {"kind": FieldKind.CHOICE, "choices": ("yes", "no")},
    "no_yes": {"kind": FieldKind.CHOICE, "choices": ("no", "yes"), "normal": "no"},
    "[a, 2]": {"kind": FieldKind.CHOICE, "choices": ("a", "2")},
    "text": {"kind": FieldKind.TEXT},
    "date": {"kind": FieldKind.DATE},
    "{date: past}": {"kind": FieldKind.DATE, "tense": "past"},
    "{time: any, record: chart}": {"kind": FieldKind.TIME, "chart": True},
    "{number: mg, between: [0.5, 9], normal: 2}": {
        "kind": FieldKind.NUMBER,
        "unit": "mg",
        "least": 0.5,
        "most": 9,
        "normal": 2,
    },
    '{number: "", optional: yes}': {"kind": FieldKind.NUMBER, "optional": True},
    "{choose_many: [a, b], normal: [b]}": {
        "kind": FieldKind.SEVERAL,
        "choices": ("a", "b"),
        "normal": ("b",),
    },
    "{divide: [a, b], unit: mg/kg}": {"kind": FieldKind.RATIO, "of": ("a", "b"), "unit": "mg/kg"},
    "{text: any, identity: true, help: As written}": {
        "kind": FieldKind.TEXT,
        "identity": True,
        "help": "As written",
    },
    "{choose: [no, yes], sets: smoker}": {
        "kind": FieldKind.CHOICE,
        "choices": ("no", "yes"),
        "sets": {"smoker": {}},
    },
    "{choose: [ok, weak], sets: {immune: {weak: immunosuppressed}}}": {
        "kind": FieldKind.CHOICE,
        "choices": ("ok", "weak"),
        "sets": {"immune": {"weak": "immunosuppressed"}},
    },
}


@pytest.mark.parametrize("said", FIELDS)
def test_a_field_reads_as_it_is_written(said: str) -> None:
    assert field(said) == Field(name="first", label="First", **FIELDS[said])  # type: ignore[arg-type]


def test_a_field_of_a_facts_name_sets_that_fact_unless_it_says_otherwise() -> None:
    same = only(ask="{smoker: [no, yes], age: number}")
    other = only(ask="{smoker: {choose: [often], sets: nothing}, age: {text: any, record: chart}}")

    assert [each.sets for each in same.ask] == [{"smoker": {}}, {"age": {}}]
    assert [each.sets for each in other.ask] == [{}, {}]


CONDITIONS = {
    "{smoker: yes}": Is(name="smoker", words=("yes",)),
    "{smoker: yes, area_face: no}": AllOf(
        parts=(Is(name="smoker", words=("yes",)), Is(name="area_face", words=("no",)))
    ),
    "{not: {smoker: no}}": Not(part=Is(name="smoker", words=("no",))),
    "{age: {at_least: 18, below: 65}}": Bounds(name="age", at_least=18, below=65),
    "{isotretinoin_last_dose: {within: 6 months}}": Within(name="isotretinoin_last_dose", months=6),
    "{isotretinoin_last_dose: {within: 4 weeks}}": Within(name="isotretinoin_last_dose", days=28),
    "{isotretinoin_last_dose: {missing: yes}}": Missing(name="isotretinoin_last_dose"),
    "{isotretinoin_last_dose: {missing: no}}": Not(part=Missing(name="isotretinoin_last_dose")),
}


@pytest.mark.parametrize("said", CONDITIONS)
def test_a_condition_is_data(said: str) -> None:
    assert only(when=said).when == CONDITIONS[said]


def test_an_included_step_may_speak_of_what_only_other_playbooks_allow() -> None:
    every = TEXTS["every.yaml"] + "    when: {device_class: ipl}\n"

    playbook = parse_playbook({**TEXTS, "every.yaml": every}, "tiny")

    assert playbook.step("g.skin_exam").when == Is(name="device_class", words=("ipl",))


STOPS = {
    "hard": (Level.HARD, False, False),
    "md": (Level.MD, False, False),
    "{md: {first: b}}": (Level.MD, False, True),
    "{hard: {first: b}}": (Level.HARD, True, False),
    "{hard: {first: b}, md: {first: c}}": (Level.HARD, True, True),
    "{level: md, hard: {first: b}}": (Level.MD, True, False),
    "{md: {first: b, smoker: [yes, unknown]}}": (Level.MD, False, True),
}


@pytest.mark.parametrize("said", STOPS)
def test_a_stop_has_the_highest_level_it_names_unless_it_says_its_level(said: str) -> None:
    stops = only(ask="{first: [a, b, c]}", stop=said).stops

    assert (stops.level, stops.hard is not None, stops.md is not None) == STOPS[said]


ASKED_ON = {
    ("booking", "front_desk"): CardKind.DESK,
    ("consult", "nurse"): CardKind.CONSULT,
    ("consult", "physician"): CardKind.CONSULT,
    ("pre", "physician"): CardKind.WORKLIST,
    ("follow_up", "nurse"): CardKind.WORKLIST,
    ("event", "nurse"): CardKind.EVENT,
    ("cancel", "nurse"): CardKind.WORKLIST,
    ("move", "front_desk"): CardKind.DESK,
    ("day", "front_desk"): CardKind.DESK,
    ("day", "nurse"): CardKind.PREP,
    ("day", "physician"): CardKind.DOCTOR,
    ("day", "operator"): CardKind.ROOM,
    ("post", "front_desk"): CardKind.DESK,
    ("post", "nurse"): CardKind.AFTER,
    ("post", "physician"): CardKind.DOCTOR,
    ("post", "operator"): CardKind.RECORD,
}


@pytest.mark.parametrize(("phase", "role"), ASKED_ON)
def test_a_step_is_asked_on_the_card_of_its_phase_and_role(phase: str, role: str) -> None:
    due = {"due": f"{phase} + 5 min"} if phase in ("event", "cancel", "move") else {}
    plain, chosen = only(phase=phase, role=role, **due), only(phase=phase, role=role, card="timeout", **due)

    assert (plain.card, chosen.card) == (ASKED_ON[phase, role], CardKind.TIMEOUT)


LADDERS = {
    ("pre", "start - 1 day at 10:00, even if closed", "no"): "routine",
    ("pre", "start - 1 day at 10:00, even if closed", "md"): "important",
    ("consult", "consult + 60 min", "hard"): "important",
    ("day", "start - 15 min", "hard"): "urgent",
    ("post", "end + 15 min", "no"): "routine",
    ("event", "event + 30 min", "no"): "urgent",
    ("event", "event + 7 days at 10:00, next open day", "no"): "routine",
}


@pytest.mark.parametrize(("phase", "due", "stop"), LADDERS)
def test_what_stops_is_asked_more_urgently(phase: str, due: str, stop: str) -> None:
    stops = {} if stop == "no" else {"stop": stop}

    plain, chosen = only(phase=phase, due=due, **stops), only(phase=phase, due=due, ladder="urgent")

    assert (plain.ladder, chosen.ladder) == (LADDERS[phase, due, stop], "urgent")


def test_a_review_that_stands_in_a_file_is_kept_as_a_note_for_its_readers() -> None:
    review = "review: {medical_director: Dr Ali, reviewed_on: 2027-01-04, next_review: 2028-01-04}\nsteps:"

    playbook = parse_playbook({**TEXTS, "tiny.yaml": TINY.replace("steps:", review)}, "tiny")

    assert playbook.review == Review(
        medical_director="Dr Ali", reviewed_on=date(2027, 1, 4), next_review=date(2028, 1, 4)
    )


def test_comments_and_layout_leave_the_digest_alone_and_every_word_changes_it() -> None:
    digest = parse_playbook(TEXTS, "tiny").digest
    same = {**TEXTS, "tiny.yaml": "# By us\n\n" + TINY.replace("version: 3", "version:   '3'")}
    other_fact = {**TEXTS, "facts.yaml": FACTS.replace("Cold sores", "Cold sore")}
    other_step = {**TEXTS, "every.yaml": TEXTS["every.yaml"].replace("S01", "S02")}

    assert parse_playbook(same, "tiny").digest == digest
    assert len({digest, *(parse_playbook(each, "tiny").digest for each in (other_fact, other_step))}) == 3


def test_a_playbook_is_read_again_from_the_texts_it_is_made_of_whatever_lies_beside_them() -> None:
    texts = {**TEXTS, "other.yaml": "playbook: other\nnonsense", "notes.yaml": "include: notes\nsteps: []"}

    kept = Library(texts=texts).texts_of("tiny")

    assert set(kept) == set(TEXTS)
    assert parse_playbook(kept, "tiny") == parse_playbook(TEXTS, "tiny")


def test_a_playbook_may_stand_in_a_file_of_another_name() -> None:
    texts = {"facts.yaml": FACTS, "common.yaml": TEXTS["every.yaml"], "our-peel.yaml": TINY}

    assert parse_playbook(texts, "tiny") == parse_playbook(TEXTS, "tiny")


def test_an_unknown_playbook_names_the_nearest() -> None:
    with pytest.raises(NotFound) as wrong:
        parse_playbook(TEXTS, "tony")

    assert str(wrong.value) == "There is no playbook 'tony'. Did you mean 'tiny'?"


def test_a_folder_says_all_that_is_wrong_in_any_of_its_playbooks(tmp_path: Path) -> None:
    second = TINY.replace("playbook: tiny", "playbook: second").replace("role: nurse", "role: nurs")
    for name, text in {**TEXTS, "second.yaml": second, "broken.yaml": "a: [", "twice.yaml": TINY}.items():
        (tmp_path / name).write_text(text, "utf-8")

    with pytest.raises(Mistakes) as wrong:
        load_playbooks(tmp_path)

    assert [place(mistake).removeprefix(f"{tmp_path}/") for mistake in wrong.value.mistakes] == [
        *("broken.yaml:1:5", "second.yaml:13:11", "twice.yaml:1:11")
    ]


def test_a_folder_of_good_files_is_read_by_name(tmp_path: Path) -> None:
    for name, text in {**TEXTS, "clinic.yaml": "clinic: riverside\npeople: {}"}.items():
        (tmp_path / name).write_text(text, "utf-8")

    assert load_playbooks(tmp_path) == {"tiny": parse_playbook(TEXTS, "tiny")}


def test_of_what_was_read_only_the_playbooks_stay_in_memory(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")

    load_playbooks(tmp_path)

    gc.collect()
    kept = [each for each in gc.get_objects() if isinstance(each, Entry)]
    assert not [each for each in kept if each.source.file.startswith(str(tmp_path))]


def test_every_shipped_playbook_is_read() -> None:
    playbooks = load_playbooks(shipped_playbooks())

    assert "abl" in playbooks
    assert all(playbook.step("g.skin_exam").title == "Skin exam" for playbook in playbooks.values())


def test_the_largest_playbook_is_read_in_a_blink() -> None:
    texts = load_folder(shipped_playbooks())

    taken: list[float] = []
    for _ in range(5):
        before = time.process_time()
        playbook = parse_playbook(texts, "abl")
        taken.append(time.process_time() - before)

    assert len(playbook.steps) > 80
    assert min(taken) < 0.06


def test_reading_files_imports_nothing_heavy() -> None:
    heavy = ("pydantic", "sqlalchemy", "slack_bolt", "slack_sdk", "aiohttp", "holidays", "starlette")
    program = "import sys, bot.files.check; print([name for name in sys.argv[1:] if name in sys.modules])"

    said = subprocess.run(
        [sys.executable, "-c", program, *heavy], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout

    assert said == "[]\n"
