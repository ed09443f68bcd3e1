"""From text to entries: YAML (and JSON, which is YAML) with every position kept and nothing interpreted.

No resolver runs: a plain `no`, `10:00` or `2027-01-04` stays the word that was written until somebody asks
the entry for a date or a time. PyYAML's C parser hands over events, which are counted as they come, so that
a YAML bomb is refused before it is unfolded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError

from bot.core.errors import Mistakes
from bot.files.entry import Content, Entry, Source

MOST_CHARACTERS = 1024 * 1024
MOST_ENTRIES = 50_000
MOST_ALIASES = 500
DEEPEST = 32

#: What the parser says, in words for somebody who never wrote YAML.
PLAINLY = {
    "mapping values are not allowed": "a second `: ` on this line, or a line that is indented wrongly;"
    " put text that contains `: ` in quotes",
    "cannot start any token": "a tab, or one of @ ` % at the start of a value;"
    " indent with spaces and put such text in quotes",
    "did not find expected ',' or ']'": "a list [...] that is not closed, or lacks a comma",
    "did not find expected ',' or '}'": "a mapping {...} that is not closed, or lacks a comma",
    "did not find expected node content": "a value is missing here, or the bracket that closes a list",
    "unexpected end of stream": "a quotation mark that is not closed",
    "did not find expected key": "this line does not fit: compare its indentation with the lines above",
    "did not find expected '-' indicator": "this line does not fit into the list above: see its indentation",
    "could not find expected ':'": "a name without a colon after it",
    "block sequence entries are not allowed": "a list that starts in the middle of a line;"
    " put each `- ` on a line of its own",
}


class _TooMuch(Exception):
    """The text is larger than anything a person writes; reading stops at once."""


def read_text(path: Path) -> str:
    """Return a file's text; Mistakes says in plain words why it could not be read."""
    source = Source(file=str(path))
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_CHARACTERS * 4 + 1)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        before = wrong.object[: wrong.start]
        line, column = before.count(b"\n"), len(before.rpartition(b"\n")[2])
        source.wrong("this is not UTF-8 text; save the file as UTF-8", line=line, column=column)
    except OSError as wrong:
        source.wrong(f"cannot be read: {wrong.strerror or wrong}")
    raise Mistakes(source.mistakes)


def read(text: str, file: str) -> Entry:
    """Return what a text holds, an empty entry if it is no YAML; mistakes gather in the entry's source."""
    source = Source(file=file)
    try:
        return _Composer(source=source).compose(text)
    except _TooMuch as wrong:
        source.wrong(str(wrong))
    except ReaderError as wrong:
        before = text.encode("utf-8", "replace")[: wrong.position].decode("utf-8", "replace")
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        source.wrong("a character that cannot be shown; delete it", line=line, column=column)
    except yaml.MarkedYAMLError as wrong:
        _explain(wrong, text, source)
    except UnicodeEncodeError as wrong:
        source.wrong(f"half a character ({wrong.reason})")
    return Entry(source=source)


def _explain(wrong: yaml.MarkedYAMLError, text: str, source: Source) -> None:
    problem = wrong.problem or "cannot be read"
    plain = next((words for sign, words in PLAINLY.items() if sign in problem), problem)
    mark, began = wrong.problem_mark, wrong.context_mark
    at_end = mark is not None and mark.line >= text.rstrip().count("\n") + 1
    place = began if began is not None and (at_end or mark is None) else mark
    line, column = (place.line, place.column) if place else (0, 0)
    lines = text.rstrip().split("\n")
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    source.wrong(f"this is not valid YAML: {plain}", line=line, column=column)


@dataclass(kw_only=True, slots=True)
class _Frame:
    """A list or mapping that is being read."""

    entry: Entry
    anchor: str | None
    before: int
    depth: int = 1
    children: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Anchored:
    """An entry with a name (&) that may be repeated (*): how many entries that is, and how deep they go."""

    entry: Entry
    entries: int
    depth: int


@dataclass(kw_only=True, slots=True)
class _Composer:
    """Builds entries from the parser's events, without recursion and within limits."""

    source: Source
    entries: int = 0
    aliases: int = 0
    documents: int = 0
    frames: list[_Frame] = field(default_factory=list)
    anchored: dict[str, _Anchored] = field(default_factory=dict)
    root: Entry | None = None

    def compose(self, text: str) -> Entry:
        if len(text) > MOST_CHARACTERS:
            raise _TooMuch(f"the file is too large: at most {MOST_CHARACTERS // 1024} KB are read")
        for event in _events(text):
            self._take(event)
        return self.root or Entry(source=self.source)

    def _take(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._tag(event)
            self._add(self._entry(event, event.value, plain=not event.style), event.anchor)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._open(event)
        elif isinstance(event, CollectionEndEvent):
            self._close()
        elif isinstance(event, AliasEvent):
            self._repeat(event)
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents == 2:
                self._wrong(event, "a second document starts here; a file holds one")

    def _entry(self, event: Event, content: Content, *, plain: bool = False) -> Entry:
        self._count(1)
        line, column = _place(event)
        return Entry(source=self.source, line=line, column=column, content=content, plain=plain)

    def _count(self, entries: int, depth: int = 1) -> None:
        self.entries += entries
        if self.entries > MOST_ENTRIES:
            raise _TooMuch(f"there is too much in this file: at most {MOST_ENTRIES:,} entries are read")
        if len(self.frames) + depth > DEEPEST:
            raise _TooMuch(
                f"lists and mappings lie too deep in each other: at most {DEEPEST} levels are read"
            )

    def _tag(self, event: NodeEvent) -> None:
        if getattr(event, "tag", None) not in (None, "!"):
            self._wrong(event, "a tag (!) is not used here; nothing in a file is ever executed")

    def _wrong(self, event: Event, what: str) -> None:
        line, column = _place(event)
        self.source.wrong(what, line=line, column=column)

    def _open(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        self._tag(event)
        before = self.entries
        content: Content = {} if isinstance(event, MappingStartEvent) else []
        self.frames.append(_Frame(entry=self._entry(event, content), anchor=event.anchor, before=before))

    def _close(self) -> None:
        frame = self.frames.pop()
        if isinstance(frame.entry.content, list):
            frame.entry.content.extend(frame.children)
        elif isinstance(frame.entry.content, dict):
            self._pair(frame, frame.entry.content)
        if frame.anchor:
            size = self.entries - frame.before
            self.anchored[frame.anchor] = _Anchored(entry=frame.entry, entries=size, depth=frame.depth)
        self._add(frame.entry, None, depth=frame.depth)

    def _pair(self, frame: _Frame, pairs: dict[str, tuple[Entry, Entry]]) -> None:
        for key, value in zip(frame.children[::2], frame.children[1::2], strict=True):
            if not isinstance(key.content, str):
                key.wrong("a name must be a word, not a list or a mapping")
            elif key.content in pairs:
                first = pairs[key.content][0]
                key.wrong(f"{key.content!r} stands here twice; the first is on line {first.line + 1}")
            else:
                pairs[key.content] = (key, value)

    def _repeat(self, event: AliasEvent) -> None:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise _TooMuch(f"there are too many repetitions (*name): at most {MOST_ALIASES} are read")
        found = self.anchored.get(event.anchor or "")
        if found is None:
            self._wrong(event, f"*{event.anchor} repeats something that is not named &{event.anchor} above")
            self._add(Entry(source=Source(file=self.source.file)), None)
            return
        self._count(found.entries, found.depth)
        self._add(found.entry, None, depth=found.depth)

    def _add(self, entry: Entry, anchor: str | None, *, depth: int = 0) -> None:
        if anchor:
            self.anchored[anchor] = _Anchored(entry=entry, entries=1, depth=1)
        if self.frames:
            top = self.frames[-1]
            top.children.append(entry)
            top.depth = max(top.depth, depth + 1)
        elif self.root is None:
            self.root = entry


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def _events(text: str) -> Iterator[Event]:
    if text.lstrip()[:1] in ("{", "["):
        text = _PAIRS.sub(_one_character, text)
    return yaml.parse(text, Loader=yaml.CSafeLoader)


#: JSON writes a character beyond the first 65,536 as two escapes; YAML has no such form.
_PAIRS = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def _one_character(pair: re.Match[str]) -> str:
    return pair[1] + (bytes.fromhex(pair[2]) + bytes.fromhex(pair[3])).decode("utf-16-be")
