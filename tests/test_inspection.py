"""The inspection pack: what happened to a case, in words, in tables, and as lines that anybody can check."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.core.case import Outcome
from bot.core.errors import NotFound
from bot.core.identity import Identity
from bot.inspection import pack, table
from bot.store.store import open_store
from tests.service.clinic import ALI, CODE, JO
from tests.service.riverside import Riverside
from tests.service.test_amending import answered, correction
from tests.store.made import KEY
from tests.test_cli import Bookend, a_case, bookend

__all__ = ["bookend"]

ADA = Identity(name="Adalind Inventeria", born=date(1968, 3, 9), record="RX-4711-Q")


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


def chain(files: dict[str, bytes]) -> dict[str, Any]:
    found = json.loads(files["case.json"])["chain"]
    assert isinstance(found, dict)
    return found


@pytest.fixture
def clinic() -> Riverside:
    clinic = Riverside("g.skin_exam", "g.contacts").book().until("2027-01-13 15:00")
    clinic.fill(ALI, clinic.form_of(ALI, "g.skin_exam"), "=1+1 odd spot", Outcome.PROBLEM)
    with clinic.store.writing() as tx:
        tx.identify(CODE, ADA, clinic.clock.now())
    return clinic


def test_a_pack_holds_a_page_tables_and_lines_that_can_be_checked(clinic: Riverside) -> None:
    files = opened(pack(clinic.practice, CODE))

    assert files["case.pdf"].startswith(b"%PDF-")
    assert {"case.pdf", "case.json", "answers.csv", "prompts.csv", "history.csv", "overrides.csv"} <= {*files}
    assert chain(files)["problems"] == []


def test_every_prompt_and_every_answer_is_there_with_whom_and_when(clinic: Riverside) -> None:
    files = opened(pack(clinic.practice, CODE))

    asked = {(row["title"], row["what"], row["whom"]) for row in rows(files, "prompts")}
    (answer,) = rows(files, "answers")
    assert ("Skin exam", "asked", "Dr Ali") in asked
    assert (answer["title"], answer["by"], answer["outcome"]) == ("Skin exam", "Dr Ali", "problem")
    assert answer["at"] == "2027-01-13 15:00"


def test_a_table_that_tells_of_nothing_says_what_it_would_tell(clinic: Riverside) -> None:
    files = opened(pack(clinic.practice, CODE))

    assert files["overrides.csv"] == b"at,gate,by,reason,covers\r\n"


def test_the_digest_of_every_line_can_be_worked_out_again(clinic: Riverside) -> None:
    lines = chain(opened(pack(clinic.practice, CODE)))["lines"]

    assert [line["seq"] for line in lines] == [*range(1, len(lines) + 1)]
    for line in lines:
        digest = sha256(bytes.fromhex(line["salt"]) + line["detail"].encode()).hexdigest()
        assert digest == line["content_digest"]


def test_a_line_that_somebody_changed_is_named_on_the_page_and_in_the_data(tmp_path: Path) -> None:
    file = tmp_path / "bookend.db"
    clinic = Riverside("g.skin_exam", store=open_store(f"sqlite:///{file}", history_key=KEY)).book()
    with closing(sqlite3.connect(file)) as outside, outside:
        outside.execute("DROP TRIGGER history_grows")
        outside.execute("UPDATE history SET by_person = 'mallory' WHERE seq = 1")

    assert "line 1" in chain(opened(pack(clinic.practice, CODE)))["problems"][0]


def test_the_patient_is_named_nowhere(clinic: Riverside) -> None:
    packed = pack(clinic.practice, CODE)

    for content in opened(packed).values():
        for mark in (b"Adalind", b"Inventeria", b"1968-03-09", b"RX-4711-Q"):
            assert mark not in content


def test_what_a_spreadsheet_would_take_for_a_formula_is_text() -> None:
    assert "'=1+1" in table([{"note": "=1+1"}], ["note"])
    assert "'@SUM" in table([{"note": "@SUM(A1)"}], ["note"])
    assert "'\uff1d1" in table([{"note": "\uff1d1+1"}], ["note"])
    assert "'\n=1" in table([{"note": "\n=1+1"}], ["note"])


def test_the_same_case_at_the_same_moment_gives_the_same_pack(clinic: Riverside) -> None:
    assert pack(clinic.practice, CODE) == pack(clinic.practice, CODE)


def test_a_case_that_is_not_there_is_said_to_be_none(clinic: Riverside) -> None:
    with pytest.raises(NotFound):
        pack(clinic.practice, "ZZZZ")


def test_an_amended_answer_stands_beside_the_first() -> None:
    clinic = answered()
    clinic.reply(correction(clinic, JO, smoker="yes"))

    first, second = rows(opened(pack(clinic.practice, CODE)), "answers")

    assert (first["title"], second["title"]) == ("Medical history", "Medical history")
    assert (first["amends"], second["amends"]) == ("", first["at"])


def test_a_playbook_that_was_changed_in_the_database_is_not_handed_out_as_the_cases(bookend: Bookend) -> None:
    code = a_case(bookend)
    assert bookend("export", code, "--pack", "before.zip").code == 0
    with closing(sqlite3.connect("bookend.db")) as database:
        database.execute("DROP TRIGGER kept_playbooks_grows")
        database.execute("UPDATE kept_playbooks SET texts = replace(texts, 'title:', 'title: Forged ')")
        database.commit()

    said = bookend("export", code, "--pack", "after.zip")

    packs = [opened(Path(name).read_bytes()) for name in ("before.zip", "after.zip") if Path(name).exists()]
    books = [{name: text for name, text in each.items() if name.startswith("playbook/")} for each in packs]
    assert (said.code, len(books[0]) > 0, books[0] == books[-1]) == (0, True, True)
