"""Playbooks from texts: facts, included steps and the playbook itself become one frozen `Playbook`.

Everything works on texts (file name -> text), never on open files, so that a version kept in the database is
read by the same code as the folder it came from. A key says what a file is: facts, include or playbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath

from bot.core.errors import Mistake, Mistakes, NotFound
from bot.core.facts import Fact
from bot.core.playbook import Playbook, Step
from bot.core.red_flags import RedFlag
from bot.files.conditions import Subjects, of_facts
from bot.files.digests import digest
from bot.files.entry import LONGEST, Entry, plain_id
from bot.files.facts import parse_facts
from bot.files.fields import check_reads
from bot.files.heads import arrives, narrows, review_note
from bot.files.kinds import ALONE, KINDS, kind_of, unreadable
from bot.files.overlays import Overlay, ids, look_for, parse_overlay, part_for, with_overlays
from bot.files.reader import read
from bot.files.red_flags import parse_red_flags, signs_of
from bot.files.steps import parse_step

KEYS = (
    *("playbook", "title", "short", "version", "minutes", "includes", "narrows", "arrive", "review", "steps"),
)
DEFAULT_MINUTES = 60
#: Under which folder's name the overlays are kept that a playbook is made of; of the same file name, each.
OVERLAYS = "overlays/"


def parse_playbook(texts: Mapping[str, str], name: str) -> Playbook:
    """Return the playbook of that name; Mistakes lists all that is wrong in the texts it is made of."""
    library = Library(texts=texts, laid_over=[file for file in texts if file.startswith(OVERLAYS)])
    return library.playbook(library.named(name))


@dataclass(kw_only=True, slots=True)
class Library:
    """Texts, each read at most once; `beside` lends the facts and includes that they lack.

    `laid_over` names those of the texts that hold a clinic's own changes; another overlay changes nothing.
    """

    texts: Mapping[str, str]
    beside: Mapping[str, str] = field(default_factory=dict)
    laid_over: Iterable[str] = ()
    laid: tuple[Overlay, ...] | None = None
    roots: dict[str, Entry] = field(default_factory=dict)
    made: dict[str, Playbook] = field(default_factory=dict)
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
        sources = self.made_of(self.named(name))
        files = {PurePath(root.source.file).name: root.source.file for root in sources}
        for overlay, part in zip(self.overlays(), self._parts(sources), strict=True):
            file = overlay.root.source.file
            if part:
                near = f"{overlay.name}/" if OVERLAYS + PurePath(file).name in files else ""
                files[f"{OVERLAYS}{near}{PurePath(file).name}"] = file
        return {name: self.texts[file] for name, file in files.items()}

    def overlays(self) -> tuple[Overlay, ...]:
        """Return the clinic's own changes, by name."""
        if self.laid is None:
            found = (parse_overlay(self.root(file)) for file in self.laid_over)
            self.laid = tuple(sorted(found, key=lambda overlay: overlay.name))
        return self.laid

    def _parts(self, sources: list[Entry]) -> list[dict[str, object]]:
        steps = [name for root in sources for name in ids(root)]
        names = [
            str(each.content)
            for root in sources
            for each in (root.get("include"), root.get("playbook"))
            if each
        ]
        return [part_for(overlay, names, steps) for overlay in self.overlays()]

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
        if root.source.file in self.made:
            return self.made[root.source.file]
        sources = self.made_of(root)
        _raise(mistake for each in sources if not each.is_mapping for mistake in unreadable(each))
        playbook = self._read(root, sources)
        laid = [overlay.root for overlay in self.overlays()]
        _raise(mistake for each in (*sources, *laid) for mistake in each.source.mistakes)
        self.made[root.source.file] = playbook
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
        laid, seen = self.overlays(), dict[tuple[str, str], str]()
        for file in sorted(self.texts):
            root = self.root(file)
            kind = kind_of(root)
            if not kind:
                unreadable(root)
            elif kind in KINDS:
                name = root.need(kind).content if kind not in ALONE else kind
                if (first := seen.setdefault((kind, str(name)), file)) != file:
                    root.need(kind).wrong(f"{first} says `{kind}` of the same name already")
        roots = [self.root(file) for file in (*self.beside, *self.texts)]
        shared = [str(root.need("include").content) for root in roots if kind_of(root) == "include"]
        look_for(laid, [*self.names(), *shared], self.steps())
        return sorted({mistake for root in self.roots.values() for mistake in root.source.mistakes})

    def steps(self) -> dict[str, Entry]:
        """Return every step of the playbooks and includes by id, as it is written."""
        roots = [self.root(file) for file in (*self.beside, *self.texts)]
        return {
            name: step for root in roots if kind_of(root) != "overlay" for name, step in ids(root).items()
        }

    def _read(self, root: Entry, sources: list[Entry]) -> Playbook:
        root.only(*KEYS)
        facts = self.facts()
        narrowed = narrows(root, facts)
        name = plain_id(root.need("playbook"), "playbook")
        subjects = of_facts(facts, {**narrowed, "playbook": (name,)})
        flags = self.red_flags()
        included = self._included(root, facts)
        steps = (*included, *self._own_steps(root, name, facts, subjects, included))
        return Playbook(
            id=name,
            title=root.need("title").text(),
            short=root.maybe("short", Entry.text, ""),
            version=root.need("version").whole(least=1),
            minutes=root.maybe(
                "minutes", lambda minutes: minutes.whole(least=1, most=LONGEST), DEFAULT_MINUTES
            ),
            digest=digest(sources, filter(None, self._parts(sources))),
            steps=tuple(step for step in steps if not step.left_out),
            left_out=tuple(step for step in steps if step.left_out),
            facts=facts,
            narrowed=narrowed,
            red_flags=tuple(flag for flag in flags if not flag.playbooks or name in flag.playbooks),
            arrives=arrives(root, sources, subjects, of_facts(facts, {})),
            review=review_note(root),
        )

    def _included(self, root: Entry, facts: Mapping[str, Fact]) -> list[Step]:
        found: dict[str, Step] = {}
        for each in _includes(root):
            steps = {step.id: step for step in self.steps_of(each, facts)}
            if twice := found.keys() & steps.keys():
                each.wrong(f"this brings {sorted(twice)[0]!r} a second time")
            found |= steps
        return list(found.values())

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
            root.only("include", "title", "arrive", "steps")
            name = str(root.need("include").content)
            self.included[file] = self._own_steps(root, name, facts, of_facts(facts, {}))
        return self.included[file]

    def _own_steps(
        self,
        root: Entry,
        name: str,
        facts: Mapping[str, Fact],
        subjects: Subjects,
        included: Iterable[Step] = (),
    ) -> tuple[Step, ...]:
        own: list[Step] = []
        seen = {step.id for step in included}
        steps = list(with_overlays(name, root.need("steps").each(), self.overlays()))
        for written in steps:
            step = parse_step(written.entry, facts, subjects, signs_of(self.red_flags()))
            own.append(written.marked(step))
            if step.id in seen:
                written.entry.need("id").wrong(f"there are two steps named {step.id!r}")
            seen.add(step.id)
        for written in steps:
            check_reads(written.entry, seen)
        return tuple(own)


def _raise(found: Iterable[Mistake]) -> None:
    mistakes = tuple(found)
    if mistakes:
        raise Mistakes(mistakes)


def _includes(root: Entry) -> list[Entry]:
    return root.maybe("includes", Entry.each, [])
