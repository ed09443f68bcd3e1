"""`bookend check`: whatever people wrote, read without being used.

Mistakes are what cannot be read. Advice is what can be read but looks wrong; it stops nothing. What reads no
playbooks is imported where there is something to read: whoever writes a playbook checks it again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.playbook import Playbook
from bot.files import advice
from bot.files.entry import Entry
from bot.files.facts import parse_facts
from bot.files.folders import files_in, lent_to, load_playbooks
from bot.files.heads import REVIEW, review_note
from bot.files.kinds import ALONE, kind_of, unreadable
from bot.files.playbooks import Library
from bot.files.reader import read_text
from bot.files.red_flags import parse_red_flags
from bot.paths import shipped_playbooks


@dataclass(kw_only=True, slots=True)
class Findings:
    """What was checked and what was found."""

    files: list[str] = field(default_factory=list)
    playbooks: dict[str, Playbook] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    advice: list[Mistake] = field(default_factory=list)
    overlays: list[str] = field(default_factory=list)
    #: What stands in the clinics' files.
    clinics: list[Entry] = field(default_factory=list)
    #: Of each shared file that was named: the playbooks that a change in it touches.
    touches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: The day of the check, where it is known: a review can be overdue.
    today: date | None = None

    def advise(self, file: str, said: Iterable[tuple[int, str]]) -> None:
        """Add what is to be said of lines of a file."""
        self.advice += [Mistake(file=file, line=line, column=1, what=what) for line, what in said]


def check(paths: Iterable[Path]) -> list[Mistake]:
    """Return all mistakes in files and folders."""
    return inspect(paths).mistakes


def inspect(paths: Iterable[Path], today: date | None = None) -> Findings:
    """Return all that is to be said of files and folders; without any, of the shipped playbooks."""
    found, paths = Findings(today=today), tuple(paths) or (shipped_playbooks(),)
    for path in paths:
        files = files_in(path) if path.is_dir() else [path]
        if not files:
            found.mistakes.append(
                Mistake(file=str(path), what="there is no .yaml or .yml file in this folder")
            )
        library = _library(path if path.is_dir() else path.parent, files, found)
        for file in map(str, files):
            if file in library.texts:
                _inspect(file, library, found)
        _look_beside(library, map(str, files), found)
        if path.is_dir():
            found.mistakes += library.mistakes()
        else:
            found.touches |= _touches(str(path), library)
    _look_at_overlays([path for path in paths if path.is_dir()], found)
    _look_at_clinics(found)
    found.mistakes = sorted(set(found.mistakes))
    found.advice = sorted(set(found.advice))
    return found


def _look_at_clinics(found: Findings) -> None:
    if not found.clinics:
        return
    from bot.files.clinics import shared_boards, tell_apart

    tell_apart(found.clinics)
    found.mistakes += [mistake for root in found.clinics for mistake in root.source.mistakes]
    found.advice += shared_boards(found.clinics)


def _look_at_overlays(folders: Iterable[Path], found: Findings) -> None:
    if found.overlays:
        from bot.files.overlaid import look_at_overlays

        overlaid = look_at_overlays(found.overlays, folders)
        found.mistakes += overlaid.mistakes
        found.advice += overlaid.advice
        found.touches |= overlaid.touches


def _touches(file: str, library: Library) -> dict[str, tuple[str, ...]]:
    root = library.root(file) if file in library.texts else None
    if root is None or kind_of(root) not in (*ALONE, "include"):
        return {}
    made_of = {name: library.made_of(library.named(name)) for name in library.names()}
    return {file: tuple(name for name, roots in made_of.items() if root in roots)}


def _library(folder: Path, asked: list[Path], found: Findings) -> Library:
    """Return the texts of a folder; one that was not asked for and cannot be read is not missed."""
    texts: dict[str, str] = {}
    for path in dict.fromkeys([*asked, *(files_in(folder) if folder.is_dir() else [])]):
        try:
            texts[str(path)] = read_text(path)
        except Mistakes as wrong:
            found.mistakes += wrong.mistakes if path in asked else ()
    return Library(texts=texts, beside=lent_to(folder))


def _inspect(file: str, library: Library, found: Findings) -> None:
    root = library.root(file)
    found.files.append(file)
    try:
        kind = kind_of(root)
        if kind == "playbook":
            playbook = library.playbook(root)
            found.playbooks[playbook.id] = playbook
            found.advice += _note(root, file, found.today)
            own = playbook.steps[len(playbook.steps) - len(root.need("steps").each()) :]
            found.advise(file, advice.of_steps(own, playbook.facts, playbook.narrowed))
            found.advise(file, advice.of_all(playbook, own))
        elif kind == "include":
            facts = library.facts()
            found.advise(file, advice.of_steps(library.include(root, facts), facts, {}))
        elif kind == "facts":
            parse_facts(root)
        elif kind == "red_flags":
            parse_red_flags(root, library.facts())
        elif kind == "overlay":
            found.overlays.append(file)
        elif kind == "clinic":
            _inspect_clinic(root, library, found)
        elif kind:
            _read_story(kind, file, library)
        else:
            unreadable(root)
    except Mistakes as wrong:
        found.mistakes += wrong.mistakes
    found.mistakes += root.source.mistakes


def _inspect_clinic(root: Entry, library: Library, found: Findings) -> None:
    from bot.files.clinic import look_at_defaults, parse_clinic
    from bot.files.clinic_advice import of_clinic

    file = root.source.file
    clinic = parse_clinic(library.texts[file], file)
    found.overlays += clinic.overlays
    found.clinics.append(root)
    books = _known_playbooks(library)
    look_at_defaults(root, books)
    found.advise(file, of_clinic(root, clinic, books, found.today))


def _read_story(kind: str, file: str, library: Library) -> None:
    from bot.files.bookings import parse_booking
    from bot.files.scripts import parse_script

    read_it = parse_booking if kind == "booking" else parse_script
    read_it(library.texts[file], file, _known_playbooks(library))


def _note(root: Entry, file: str, today: date | None) -> Iterator[Mistake]:
    review = root.get("review")
    if review and any(review.get(name) for name in REVIEW):
        said = ["`review` is a note for its readers and signs nothing: `bookend sign` does"]
        upcoming = review_note(root).next_review
        if today and upcoming and upcoming < today:
            said.append(f"the review that it speaks of is overdue since {upcoming.isoformat()}")
        for what in said:
            yield Mistake(file=file, line=review.line + 1, column=review.column + 1, what=what)


def _look_beside(library: Library, files: Iterable[str], found: Findings) -> None:
    """Judge the playbooks that were asked about by the clinic's file that lies beside them."""
    asked = frozenset(files)
    books = [library.made[file] for file in sorted(asked & library.made.keys())]
    for file in sorted(library.texts.keys() - asked) if books else ():
        # what names no zone is no clinic's file that can be read, and reading a folder takes its time
        root = library.root(file) if "timezone" in library.texts[file] else None
        if root is not None and kind_of(root) == "clinic":
            with suppress(Mistakes):
                found.advise(file, _of_people(root, library.texts[file], books, found.today))


def _of_people(
    root: Entry, text: str, books: Sequence[Playbook], today: date | None
) -> Iterable[tuple[int, str]]:
    from bot.files.clinic import parse_clinic
    from bot.files.clinic_advice import of_people

    file = root.source.file
    # public holidays take long to work out, and only ever excuse a gap: where there is none, nobody asks
    if not any(of_people(root, parse_clinic(text, file, holidays=False), books, today)):
        return ()
    return of_people(root, parse_clinic(text, file), books, today)


def _known_playbooks(library: Library) -> dict[str, Playbook]:
    lent = load_playbooks(shipped_playbooks()) if library.beside else {}
    return {**lent, **library.playbooks()}
