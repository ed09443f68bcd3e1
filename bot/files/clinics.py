"""The clinics of one installation: each has its own name, and nobody's account is in two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.people import Clinic
from bot.files.accounts import PLATFORMS
from bot.files.clinic import parse_clinic
from bot.files.entry import Entry
from bot.files.reader import read, read_text


def load_clinics(files: Sequence[Path]) -> dict[str, Clinic]:
    """Return the clinics of these files by name; Mistakes lists all that is wrong in any of them."""
    clinics: list[Clinic] = []
    roots: list[Entry] = []
    mistakes: list[Mistake] = []
    for file in files:
        try:
            text = read_text(file)
            clinics.append(parse_clinic(text, str(file)))
            roots.append(read(text, str(file)))
        except Mistakes as wrong:
            mistakes += wrong.mistakes
    tell_apart(roots)
    mistakes += [mistake for root in roots for mistake in root.source.mistakes]
    if mistakes:
        raise Mistakes(mistakes)
    return {clinic.id: clinic for clinic in clinics}


def tell_apart(roots: Iterable[Entry]) -> None:
    """Note where two clinics' files have one name, or one account: it would speak for either."""
    names: dict[str, Entry] = {}
    accounts: dict[tuple[str, str], tuple[str, str]] = {}
    for root in roots:
        name = root.need("clinic")
        first = names.setdefault(name.text(), name)
        if first is not name:
            name.wrong(f"a clinic of this name is in {first.source.file} already. Give each its own")
            continue
        for platform, account, person in _accounts(root):
            # an e-mail address is the same in capitals
            key = platform, account.text().lower()
            clinic, whose = accounts.setdefault(key, (name.text(), person))
            if clinic != name.text():
                account.wrong(
                    f"{whose} of {clinic} has the {platform} account {account.shown} already:"
                    " an account belongs to one person of one clinic"
                )


def shared_boards(roots: Iterable[Entry]) -> Iterator[Mistake]:
    """Yield where the boards of two clinics would stand in one channel."""
    boards: dict[tuple[str, str], str] = {}
    for root in roots:
        clinic = root.need("clinic").text()
        for platform, names in root.maybe("channels", Entry.pairs, []):
            board = names.get("board")
            key = platform.text(), board.text() if board else ""
            if board is not None and (other := boards.setdefault(key, clinic)) != clinic:
                what = f"the board of {other} stands in this channel, too: everybody there sees both clinics"
                yield Mistake(file=root.source.file, line=board.line + 1, column=board.column + 1, what=what)


def _accounts(root: Entry) -> Iterator[tuple[str, Entry, str]]:
    for key, person in root.need("people").pairs():
        for platform in PLATFORMS:
            account = person.get(platform)
            if account is not None:
                yield platform, account, key.text()
