"""The inspection pack of a case: a zip with a page to read, tables, and JSON whose history can be checked.

`case.pdf` reads like a file; `answers.csv`, `prompts.csv`, `overrides.csv` and `history.csv` open in a
spreadsheet; `case.json` holds all that is kept, with each line of history as it is chained (`bot.store.chain`
says how): its content digest can be worked out again by anybody, its link by whoever has the clinic's key.
`playbook/` holds the texts that the case was planned with.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.paper.press import pdf
from bot.service import console
from bot.service.pack import COLUMNS, Row, packed
from bot.service.practice import Practice

FORMAT = "bookend inspection pack 1"
#: What a spreadsheet would take for a formula, the wide signs of East Asia as well.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def pack(practice: Practice, code: str) -> bytes:
    """Return the pack of a case as a zip, the same for the same case and moment; raise NotFound."""
    now = practice.clock.now()
    with practice.store.reading() as reading:
        told = packed(practice, reading, code)
        digest = reading.case(code).digest
    # as they were when the case was opened, and not as somebody may have written them into the database
    texts = practice.shelf.texts(digest)
    proof = practice.store.proof(code)
    page = {**told.page, "made": told_at(practice, code, now), "proof": _in_words(proof)}
    whole = {
        "format": FORMAT,
        "made": now,
        "case": console.kept(practice, code),
        "playbook": {"name": page["playbook"], "digest": page["digest"], "signed": page["signed"]},
        "prompts": told.tables["prompts"],
        "chain": proof,
    }
    files = {
        "case.pdf": pdf("pack", page),
        "case.json": json.dumps(whole, ensure_ascii=False, indent=1, default=str).encode(),
        **{f"{name}.csv": table(rows, COLUMNS[name]).encode() for name, rows in told.tables.items()},
        **{f"playbook/{name}": text.encode() for name, text in texts.items()},
    }
    return _zip(files)


def told_at(practice: Practice, code: str, now: datetime) -> str:
    """Return a moment as the clock of a case's clinic shows it."""
    with practice.store.reading() as reading:
        calendar = practice.clinic_of(reading.case(code)).calendar
    return f"{calendar.local(now):%Y-%m-%d %H:%M}"


def _in_words(proof: Mapping[str, Any]) -> str:
    if proof["problems"]:
        return " ".join(proof["problems"])
    return f"{len(proof['lines'])} lines, each as it was written: the chain was checked when this was made"


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Return rows as CSV for a spreadsheet; what would be read as a formula is text."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, fieldnames=columns)
    writer.writeheader()
    writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)
    return made.getvalue()


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            # without the machine's time: the same case gives the same bytes
            folder.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
