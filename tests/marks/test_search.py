"""The search itself: a mark is found in every spelling that a leak may have, and nowhere where it is not."""

import json
import sqlite3
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.marks.marks import Fate, Mark, Planted, Trace, found, spellings

KINDS = ("name", "born", "phone", "record")
LEAKS = {
    "plain": lambda text: f"a card for {text}, today".encode(),
    "capitals": lambda text: text.upper().encode(),
    "utf-16": lambda text: f"…{text}…".encode("utf-16-le"),
    "backwards": lambda text: text[::-1].encode(),
    "json": lambda text: json.dumps({"said": f"of {text}."}).encode(),
    "percent": lambda text: quote(f"of {text}.").encode(),
    "a form": lambda text: urlencode({"text": f"of {text}."}).encode(),
    "hex": lambda text: f"of {text}.".encode().hex().encode(),
    **{f"base64 {n}": lambda text, n=n: b64encode(f"{'x' * n}{text}, yes".encode()) for n in range(3)},
    "a token": lambda text: urlsafe_b64encode(json.dumps({"who": text}, ensure_ascii=False).encode()),
}


def drawn(kind: str) -> Mark:
    planted = Planted()
    planted.drawn(kind, "a test")
    return planted.marks[0]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_is_found_however_it_is_spelled(kind: str, leak: str) -> None:
    mark = drawn(kind)

    assert found([mark], [Trace(place="there", data=LEAKS[leak](mark.text))])


def test_a_mark_is_found_in_the_pages_of_a_database(tmp_path: Path) -> None:
    mark, file = drawn("name"), tmp_path / "some.db"
    with sqlite3.connect(file) as database:
        database.execute("create table kept (said text)")
        database.execute("insert into kept values (?)", (f"about {mark.text}",))
    database.close()

    assert found([mark], [Trace(place="pages", data=file.read_bytes())])


def test_no_mark_is_part_of_another_and_none_is_found_where_it_is_not() -> None:
    planted = Planted()
    texts = [planted.drawn(kind, "a test") for _ in range(200) for kind in KINDS]

    for kind in KINDS:
        some = [mark for mark in planted.marks if mark.kind == kind]
        others = " ".join(mark.text for mark in some[1:])
        assert not found(some[:1], [Trace(place="there", data=others.encode())])
    assert len(set(texts)) == len(texts)


def test_every_spelling_has_something_to_look_for() -> None:
    for kind in KINDS:
        assert all(len(sign) >= 7 for sign in spellings(drawn(kind)).values())
    assert drawn("name").fate is Fate.NOWHERE
