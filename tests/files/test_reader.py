"""The reader: words stay words, places are kept, and what no person writes is refused at once."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Mistakes
from bot.files.entry import Entry
from bot.files.reader import DEEPEST, MOST_CHARACTERS, read, read_text
from tests.files.samples import place, pointed

LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)
)
BOMBS = {
    "a billion laughs": LAUGHS,
    "a chain of repetitions": "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000)),
    "lists in lists": "[" * 50_000,
    "mappings in mappings": "{a: " * 50_000,
    "indentation": "".join(" " * n + "a:\n" for n in range(1000)),
    "a very long list": "[" + "a, " * 300_000 + "]",
    "a very long text": "a: " + "x" * (MOST_CHARACTERS + 1),
    "many repetitions": "a: &a x\nb: [" + "*a, " * 5000 + "]",
    "itself": "a: &a [*a]",
    "many sets": "? " * 50_000,
}

BROKEN = {
    "a tab": ("a:\n▸\tb: c", "a tab"),
    "two colons": ("title: The peel▸: what it is", "put text that contains `: ` in quotes"),
    "an open list": ("a: ▸[b, c", "not closed"),
    "an open mapping": ("a: ▸{b: c\n", "not closed"),
    "an open quotation mark": ('a: ▸"b\n', "quotation mark"),
    "a line outside its list": ("- a\n▸b: c", "indentation"),
    "a value that is cut off": ("a: [▸", "a value is missing"),
    "a bell": ("a: ▸\x07", "character"),
    "a name that comes twice": ("a: b\nc: d\n▸a: e", "the first is on line 1"),
    "a tag": ("a: ▸!!python/object/apply:os.system [ls]", "nothing in a file is ever executed"),
    "a tag on a word": ("a: ▸!!binary aGk=", "nothing in a file is ever executed"),
    "a tag on a list": ("a: ▸!!set [ls]", "nothing in a file is ever executed"),
    "a list as a name": ("? ▸[a]\n: b", "a name must be a word"),
    "a second document": ("a: b\n▸---\nc: d", "a second document"),
    "a repetition of nothing": ("a: ▸*b", "&b above"),
}


def said(entry: Entry) -> object:
    """Return what an entry holds without its places."""
    if isinstance(entry.content, dict):
        return {name: said(value) for name, (_, value) in entry.content.items()}
    return [said(each) for each in entry.content] if isinstance(entry.content, list) else entry.content


def test_words_that_other_readers_take_for_truths_numbers_and_times_stay_words() -> None:
    entry = read("[yes, no, on, off, true, 10:00, 0o7, 1_000, 2027-01-04, 1e3, ~]", "a.yaml")

    assert said(entry) == [
        *("yes", "no", "on", "off", "true", "10:00", "0o7", "1_000", "2027-01-04", "1e3", "~")
    ]


def test_every_entry_knows_its_place() -> None:
    entry = read("a:\n  - b\n  - é: {x: y}\n", "a.yaml")
    inner = entry.need("a").each()[1].need("é").need("x")

    inner.wrong("here")

    assert [place(mistake) for mistake in entry.source.mistakes] == ["a.yaml:3:12"]


@pytest.mark.parametrize("name", BROKEN)
def test_broken_text_is_named_in_plain_words_with_its_place(name: str) -> None:
    marked, words = BROKEN[name]
    text, where = pointed(marked, "a.yaml")

    mistakes = read(text, "a.yaml").source.mistakes

    assert [place(mistake) for mistake in mistakes] == [where]
    assert words in mistakes[0].what


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_well_under_a_second(name: str) -> None:
    before = time.process_time()

    entry = read(BOMBS[name], "bomb.yaml")

    assert entry.source.mistakes
    assert time.process_time() - before < 0.5


def test_a_repetition_within_limits_is_read_as_if_it_were_written_out() -> None:
    entry = read("face: &face {area_face: yes}\nwhen: {any: [*face, *face]}", "a.yaml")

    assert said(entry.need("when")) == {"any": [{"area_face": "yes"}, {"area_face": "yes"}]}
    assert entry.source.mistakes == []


def test_the_deepest_level_is_read_and_one_more_is_not() -> None:
    allowed, refused = (read("[" * deep + "]" * deep, "a.yaml") for deep in (DEEPEST - 1, DEEPEST + 1))

    assert allowed.source.mistakes == []
    assert "too deep" in refused.source.mistakes[0].what


@given(
    st.recursive(
        st.text() | st.sampled_from(["yes", "2027-02-18T09:30", "😀 \\ud83d", '"', "\t"]),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_says_the_same_here_as_to_a_json_reader(value: object) -> None:
    entry = read(json.dumps({"value": value}), "a.json")

    assert entry.source.mistakes == []
    assert said(entry) == {"value": value}


def test_half_a_character_is_refused() -> None:
    entry = read("a: \ud800", "a.yaml")

    assert "half a character" in entry.source.mistakes[0].what


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Gesicht\nwhy: für alle".encode("latin-1"))

    with pytest.raises(Mistakes) as wrong:
        read_text(latin)
    with pytest.raises(Mistakes) as gone:
        read_text(tmp_path / "gone.yaml")

    assert str(wrong.value) == f"{latin}:2:7: this is not UTF-8 text; save the file as UTF-8"
    assert "No such file" in str(gone.value)
