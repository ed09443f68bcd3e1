"""Playbooks from texts: facts, included steps and the playbook itself become one frozen `Playbook`.

Everything works on texts (file name -> text), never on open files, so that a version kept in the database is
read by the same code as the folder it came from. A key says what a file is: facts, include or playbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath

from bot.core.errors import Mistake, Mistakes, NotFound
from bot.core.facts import Fact
from bot.core.playbook import Playbook, Review, Step
from bot.core.red_flags import RedFlag
from bot.files.conditions import Subjects, of_facts
from bot.files.digests import digest
from bot.files.entry import Entry, plain_id
from bot.files.facts import parse_facts
from bot.files.reader import read, read_text
from bot.files.red_flags import parse_red_flags, signs_of
from bot.files.steps import parse_step

KEYS = ("playbook", "title", "short", "version", "minutes", "includes", "narrows", "review", "steps")
#: A clinic's file may lie beside its playbooks; `bot.files.clinic` reads it.
KINDS = ("facts", "include", "red_flags", "playbook", "clinic")
#: Kinds of which a folder has one file.
ALONE = ("facts", "red_flags")
#: A key -> the kind of file that has it.
SIGNS = {
    "script": "script",
    "booking": "script",
    "people": "clinic",
    "facts": "facts",
    "red_flags": "red_flags",
    "include": "include",
    "playbook": "playbook",
}
REVIEW = ("medical_director", "reviewed_on", "next_review")
SUFFIXES = (".yaml", ".yml")
DEFAULT_MINUTES = 60


def parse_playbook(texts: Mapping[str, str], name: str) -> Playbook:
    """Return the playbook of that name; Mistakes lists all that is wrong in the texts it is made of."""
    library = Library(texts=texts)
    return library.playbook(library.named(name))


def load_folder(folder: Path) -> dict[str, str]:
    """Return the texts of all YAML files in a folder, by file name."""
    paths = sorted(path for path in folder.glob("*.y*ml") if path.suffix in SUFFIXES and path.is_file())
    return {path.name: read_text(path) for path in paths}


def load_playbooks(folder: Path) -> dict[str, Playbook]:
    """Return all playbooks of a folder by name; Mistakes lists all that is wrong in any of them."""
    return {name: playbook for name, (playbook, _) in load_with_texts(folder).items()}


def load_with_texts(folder: Path) -> dict[str, tuple[Playbook, dict[str, str]]]:
    """Return all playbooks of a folder by name, each with the texts that it is made of."""
    library = Library(texts={str(folder / name): text for name, text in load_folder(folder).items()})
    found = library.playbooks()
    if mistakes := library.mistakes():
        raise Mistakes(mistakes)
    return {name: (playbook, library.texts_of(name)) for name, playbook in found.items()}


def kind_of(root: Entry) -> str:
    """Say what a file is: facts, include, playbook, clinic, booking, script, or nothing that is known."""
    if not root.is_mapping:
        return ""
    if not root.get("steps") and (root.get("start") or root.get("sessions")):
        return "booking"
    return next((kind for sign, kind in SIGNS.items() if root.get(sign)), "")


@dataclass(kw_only=True, slots=True)
class Library:
    """Texts, each read at most once; `beside` lends the facts and includes that they lack."""

    texts: Mapping[str, str]
    beside: Mapping[str, str] = field(default_factory=dict)
    roots: dict[str, Entry] = field(default_factory=dict)
    included: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    declared: dict[str, Fact] | None = None
    flags: tuple[RedFlag, ...] | None = None

    def root(self, file: str) -> Entry:
        """Return what a text holds."""
        if file not in self.roots:
            self.roots[file] = read(self.texts[file] if file in self.texts else self.beside[file], file)
        return self.roots[file]

    def find(self, kind: str, name: str) -> Entry | None:
        """Return the text that says `kind: name`; the file of that name comes first, even if unreadable."""
        lent: Mapping[str, str] = {} if kind == "playbook" else self.beside

        def other(file: str) -> bool:
            return PurePath(file).stem != name

        for file in [*sorted(self.texts, key=other), *sorted(lent, key=other)]:
            root = self.root(file)
            stands = root.get(kind)
            if kind_of(root) == kind and stands and (stands.is_mapping or stands.content == name):
                return root
            if not other(file) and not root.is_mapping:
                return root
        return None

    def names(self, kind: str = "playbook") -> list[str]:
        """Return the names of all playbooks (or includes) among the texts."""
        roots = [self.root(file) for file in sorted(self.texts)]
        found = [root.need(kind).content for root in roots if kind_of(root) == kind]
        return [name for name in found if isinstance(name, str)]

    def named(self, name: str) -> Entry:
        """Return the text of a playbook, or raise NotFound with the nearest names."""
        root = self.find("playbook", name)
        if root is None:
            raise NotFound("playbook", name, self.names())
        return root

    def texts_of(self, name: str) -> dict[str, str]:
        """Return those of the texts that a playbook is made of: what must be kept to read it again."""
        files = [root.source.file for root in self.made_of(self.named(name))]
        return {PurePath(file).name: self.texts[file] for file in files}

    def made_of(self, root: Entry) -> list[Entry]:
        """Return the texts a playbook is made of: facts, what it includes, red flags, itself."""
        facts = self.find("facts", "facts")
        if facts is None:
            root.wrong("there is no facts file (`facts:`) beside this playbook")
            raise Mistakes(root.source.mistakes)
        includes = [self.find("include", each.text()) for each in _includes(root)]
        return [each for each in (facts, *includes, self._red_flags_file(), root) if each is not None]

    def playbook(self, root: Entry) -> Playbook:
        """Return one playbook, complete and checked, or raise all that is wrong with it."""
        sources = self.made_of(root)
        _raise(mistake for each in sources if not each.is_mapping for mistake in unreadable(each))
        playbook = self._read(root, sources)
        _raise(mistake for each in sources for mistake in each.source.mistakes)
        return playbook

    def playbooks(self) -> dict[str, Playbook]:
        """Return the playbooks without mistakes; `mistakes` knows what is wrong with the others."""
        found: dict[str, Playbook] = {}
        for name in self.names():
            with suppress(Mistakes):
                found[name] = self.playbook(self.named(name))
        return found

    def mistakes(self) -> list[Mistake]:
        """Return all that was found wrong, and each text that is none of ours or comes twice."""
        seen: dict[tuple[str, str], str] = {}
        for file in sorted(self.texts):
            root = self.root(file)
            kind = kind_of(root)
            if not kind:
                unreadable(root)
            elif kind in KINDS:
                name = root.need(kind).content if kind not in ALONE else kind
                if (first := seen.setdefault((kind, str(name)), file)) != file:
                    root.need(kind).wrong(f"{first} says `{kind}` of the same name already")
        return sorted({mistake for root in self.roots.values() for mistake in root.source.mistakes})

    def _read(self, root: Entry, sources: list[Entry]) -> Playbook:
        root.only(*KEYS)
        facts = self.facts()
        narrowed = _narrows(root, facts)
        name = plain_id(root.need("playbook"), "playbook")
        subjects = of_facts(facts, {**narrowed, "playbook": (name,)})
        flags = self.red_flags()
        included = [step for each in _includes(root) for step in self.steps_of(each, facts)]
        return Playbook(
            id=name,
            title=root.need("title").text(),
            short=root.maybe("short", Entry.text, ""),
            version=root.need("version").whole(least=1),
            minutes=root.maybe("minutes", lambda minutes: minutes.whole(least=1), DEFAULT_MINUTES),
            digest=digest(sources),
            steps=(*included, *_own_steps(root, facts, subjects, signs_of(flags), {s.id for s in included})),
            facts=facts,
            narrowed=narrowed,
            red_flags=tuple(flag for flag in flags if not flag.playbooks or name in flag.playbooks),
            review=_review(root),
        )

    def facts(self) -> dict[str, Fact]:
        """Return the declared facts."""
        if self.declared is None:
            root = self.find("facts", "facts")
            self.declared = parse_facts(root) if root else {}
        return self.declared

    def red_flags(self) -> tuple[RedFlag, ...]:
        """Return the red flags of all playbooks; a folder need not have any."""
        if self.flags is None:
            root = self._red_flags_file()
            self.flags = parse_red_flags(root, self.facts()) if root else ()
        return self.flags

    def _red_flags_file(self) -> Entry | None:
        root, facts = self.find("red_flags", "red-flags"), self.find("facts", "facts")
        # lent red flags speak of lent facts
        own = facts is not None and facts.source.file in self.texts
        return None if root and own and root.source.file not in self.texts else root

    def steps_of(self, include: Entry, facts: Mapping[str, Fact]) -> tuple[Step, ...]:
        """Return the steps of the file that a playbook names in `includes`."""
        root = self.find("include", include.text())
        if root is None:
            include.known(self.names("include"), "file to include named")
            return ()
        return self.include(root, facts)

    def include(self, root: Entry, facts: Mapping[str, Fact]) -> tuple[Step, ...]:
        """Return the steps of an included file; they may speak of what only other playbooks allow."""
        file = root.source.file
        if file not in self.included:
            root.only("include", "title", "steps")
            signs = signs_of(self.red_flags())
            self.included[file] = _own_steps(root, facts, of_facts(facts, {}), signs, set())
        return self.included[file]


def _raise(found: Iterable[Mistake]) -> None:
    mistakes = tuple(found)
    if mistakes:
        raise Mistakes(mistakes)


def unreadable(root: Entry) -> list[Mistake]:
    """Return why a text is no file of a playbook folder."""
    if not root.source.mistakes:
        root.wrong(f"this is nothing that Bookend reads: it has none of the keys {', '.join(KINDS)}")
    return root.source.mistakes


def _includes(root: Entry) -> list[Entry]:
    return root.maybe("includes", Entry.each, [])


def _own_steps(
    root: Entry, facts: Mapping[str, Fact], subjects: Subjects, signs: tuple[str, ...], seen: set[str]
) -> tuple[Step, ...]:
    own: list[Step] = []
    for entry in root.need("steps").each():
        own.append(parse_step(entry, facts, subjects, signs))
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
            found[name] = value.all_of(facts[name].words)
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
