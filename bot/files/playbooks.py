"""Playbooks from texts: facts, included steps and the playbook itself become one frozen `Playbook`.

Everything works on texts (file name -> text), never on open files, so that a version kept in the database is
read by the same code as the folder it came from. A key says what a file is: facts, include or playbook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath

from bot.core.errors import Mistake, Mistakes, NotFound
from bot.core.facts import Fact
from bot.core.playbook import Playbook, Review, Step
from bot.files.conditions import Subjects, of_facts
from bot.files.entry import Entry
from bot.files.facts import parse_facts
from bot.files.reader import read, read_text
from bot.files.steps import parse_step

KEYS = ("playbook", "title", "short", "version", "minutes", "includes", "narrows", "review", "steps")
KINDS = ("facts", "include", "playbook")
REVIEW = ("medical_director", "reviewed_on", "next_review")
DEFAULT_MINUTES = 60


def parse_playbook(texts: Mapping[str, str], name: str) -> Playbook:
    """Return the playbook of that name; Mistakes lists all that is wrong in the texts it is made of."""
    return Library(texts=texts).playbook(name)


def texts_of(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """Return those of the texts that a playbook is made of: what must be kept to read it again."""
    files = Library(texts=texts).made_of(name)
    return {root.source.file: texts[root.source.file] for root in files}


def load_folder(folder: Path) -> dict[str, str]:
    """Return the texts of all YAML files in a folder, by file name."""
    paths = sorted(
        path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml") and path.is_file()
    )
    return {path.name: read_text(path) for path in paths}


def load_playbooks(folder: Path) -> dict[str, Playbook]:
    """Return all playbooks of a folder by name; Mistakes lists all that is wrong in any of them."""
    library = Library(texts=load_folder(folder))
    found = library.playbooks()
    if mistakes := library.mistakes():
        raise Mistakes(mistakes)
    return found


@dataclass(kw_only=True, slots=True)
class Library:
    """Texts, each read at most once however many playbooks include it."""

    texts: Mapping[str, str]
    roots: dict[str, Entry] = field(default_factory=dict)
    included: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    declared: dict[str, Fact] | None = None

    def root(self, file: str) -> Entry:
        """Return what a text holds."""
        if file not in self.roots:
            self.roots[file] = read(self.texts[file], file)
        return self.roots[file]

    def find(self, kind: str, name: str) -> Entry | None:
        """Return the text that says `kind: name`; the file of that name comes first, even if unreadable."""
        for file in sorted(self.texts, key=lambda each: PurePath(each).stem != name):
            root = self.root(file)
            stands = root.get(kind)
            if stands and (stands.is_mapping or stands.content == name):
                return root
            if PurePath(file).stem == name and not root.is_mapping:
                return root
        return None

    def names(self, kind: str = "playbook") -> list[str]:
        """Return the names of all playbooks (or includes) among the texts."""
        found = [self.root(file).get(kind) for file in sorted(self.texts)]
        return [entry.content for entry in found if entry and isinstance(entry.content, str)]

    def made_of(self, name: str) -> list[Entry]:
        """Return the texts a playbook is made of: facts, what it includes, itself."""
        root = self.find("playbook", name)
        if root is None:
            raise NotFound("playbook", name, self.names())
        facts = self.find("facts", "facts")
        includes = [self.find("include", each.text()) for each in _includes(root)]
        return [each for each in (facts, *includes, root) if each is not None]

    def playbook(self, name: str) -> Playbook:
        """Return one playbook, complete and checked, or raise everything that is wrong with it."""
        sources = self.made_of(name)
        _raise(mistake for each in sources if not each.is_mapping for mistake in _unreadable(each))
        playbook = self._read(sources[-1], sources)
        _raise(mistake for each in sources for mistake in each.source.mistakes)
        return playbook

    def playbooks(self) -> dict[str, Playbook]:
        """Return the playbooks without mistakes; `mistakes` knows what is wrong with the others."""
        found: dict[str, Playbook] = {}
        for name in self.names():
            with suppress(Mistakes):
                found[name] = self.playbook(name)
        return found

    def mistakes(self) -> list[Mistake]:
        """Return all that was found wrong, and each text that is none of ours or comes twice."""
        seen: dict[tuple[str, str], str] = {}
        for file in sorted(self.texts):
            root = self.root(file)
            kind = next((kind for kind in KINDS if root.get(kind)), None)
            if kind is None:
                _unreadable(root)
                continue
            named = root.need(kind)
            name = named.content if isinstance(named.content, str) else ""
            if (first := seen.setdefault((kind, name), file)) != file:
                named.wrong(f"{first} is the {kind} {name}".rstrip() + " already")
        return sorted({mistake for root in self.roots.values() for mistake in root.source.mistakes})

    def _read(self, root: Entry, sources: list[Entry]) -> Playbook:
        root.only(*KEYS)
        facts = self.facts(root)
        narrowed = _narrows(root, facts)
        name = root.need("playbook").text()
        subjects = of_facts(facts, {**narrowed, "playbook": (name,)})
        included = [step for each in _includes(root) for step in self.steps_of(each, facts)]
        return Playbook(
            id=name,
            title=root.need("title").text(),
            short=short.text() if (short := root.get("short")) else "",
            version=root.need("version").whole(least=1),
            minutes=minutes.whole(least=1) if (minutes := root.get("minutes")) else DEFAULT_MINUTES,
            digest=digest(sources),
            steps=(*included, *_own_steps(root, facts, subjects, included)),
            facts=facts,
            narrowed=narrowed,
            review=_review(root),
        )

    def facts(self, asker: Entry) -> dict[str, Fact]:
        """Return the declared facts."""
        if self.declared is None:
            root = self.find("facts", "facts")
            if root is None:
                asker.wrong("there is no facts file (`facts:`) beside this playbook")
            self.declared = parse_facts(root) if root else {}
        return self.declared

    def steps_of(self, include: Entry, facts: Mapping[str, Fact]) -> tuple[Step, ...]:
        """Return the steps of an included file; they may speak of what only other playbooks allow."""
        name = include.text()
        if name not in self.included:
            root = self.find("include", name)
            if root is None:
                include.known(self.names("include"), "file to include named")
                return ()
            root.only("include", "title", "steps")
            self.included[name] = _own_steps(root, facts, of_facts(facts, {}))
        return self.included[name]


def _raise(found: Iterable[Mistake]) -> None:
    mistakes = tuple(found)
    if mistakes:
        raise Mistakes(mistakes)


def _unreadable(root: Entry) -> list[Mistake]:
    if not root.source.mistakes:
        root.wrong(f"this is no file of a playbook folder: it starts with none of {', '.join(KINDS)}")
    return root.source.mistakes


def _includes(root: Entry) -> list[Entry]:
    includes = root.get("includes")
    return includes.each() if includes else []


def _own_steps(
    root: Entry, facts: Mapping[str, Fact], subjects: Subjects, included: Iterable[Step] = ()
) -> tuple[Step, ...]:
    own: list[Step] = []
    seen = {step.id for step in included}
    for entry in root.need("steps").each():
        own.append(parse_step(entry, facts, subjects))
        if own[-1].id in seen:
            entry.need("id").wrong(f"there are two steps named {own[-1].id!r}")
        seen.add(own[-1].id)
    return tuple(own)


def _narrows(root: Entry, facts: Mapping[str, Fact]) -> dict[str, tuple[str, ...]]:
    narrows = root.get("narrows")
    found: dict[str, tuple[str, ...]] = {}
    for key, value in narrows.pairs() if narrows else []:
        name = key.known(facts, "fact")
        if name in facts:
            found[name] = tuple(each.one_of(facts[name].words) for each in value.each())
        if value.is_list and not value.content:
            value.wrong("expected at least one value that this playbook allows")
    return found


def _review(root: Entry) -> Review:
    review = root.get("review")
    if review is None:
        return Review()
    review.only(*REVIEW)
    director, reviewed, upcoming = (review.get(name) for name in REVIEW)
    days: list[date | None] = [each.day() if each else None for each in (reviewed, upcoming)]
    if days[0] and days[1] and days[1] <= days[0] and upcoming:
        upcoming.wrong("the next review lies before this one")
    return Review(
        medical_director=director.text() if director else None, reviewed_on=days[0], next_review=days[1]
    )


def digest(sources: list[Entry]) -> str:
    """Name what these texts say: comments, layout and file names do not count, everything else does."""
    said = json.dumps([list(_said(each)) for each in sources], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _said(entry: Entry) -> Iterator[object]:
    if isinstance(entry.content, dict):
        yield {name: list(_said(value)) for name, (_, value) in entry.content.items()}
    elif isinstance(entry.content, list):
        yield [list(_said(each)) for each in entry.content]
    else:
        yield None if entry.missing else entry.content
