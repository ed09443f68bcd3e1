"""Digests: what a text says, without its comments and layout; two files that say the same are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache

from bot.files.entry import Entry
from bot.files.reader import read

#: What a playbook's file may say without saying anything to the staff: a note for its readers.
NOTES = ("review",)


def digest(sources: Iterable[Entry], overlaid: Iterable[object] = ()) -> str:
    """Name what these texts say, and overlays of them: comments, layout and notes do not count."""
    said = f"[{','.join([*map(_text_of, sources), *map(_compact, overlaid)])}]"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _text_of(root: Entry) -> str:
    # what several playbooks share is put into words once
    if not root.said:
        root.said = _compact(of_file(root))
    return root.said


def _compact(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=64)
def says(text: str) -> object:
    """Return what the text of a file says, to be compared with another; asked again, it is not read again."""
    return of_file(read(text, ""))


def of_file(root: Entry) -> object:
    """Return what a file says, without the notes for its readers."""
    said = said_by(root)
    if not isinstance(said, dict):
        return said
    return {name: each for name, each in said.items() if name not in NOTES}


def said_by(entry: Entry) -> object:
    """Return what an entry says as plain data: words, lists and mappings."""
    if isinstance(entry.content, dict):
        return {name: said_by(value) for name, (_, value) in entry.content.items()}
    if isinstance(entry.content, list):
        return [said_by(each) for each in entry.content]
    return None if entry.missing else entry.content
