"""A playbook that somebody or something spoilt: refused with the place, or it runs; never a crash between."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import rehearse
from bot.core.errors import Mistakes, NotFound
from bot.core.facts import URGENCY
from bot.core.playbook import Playbook
from bot.files.folders import load_folder
from bot.files.playbooks import parse_playbook
from bot.files.scripts import parse_script
from bot.paths import shipped_playbooks
from bot.shelf import Bookshelf
from tests.examples import some
from tests.files.mutating import mutated
from tests.files.samples import TEXTS

SURGERY = Path(__file__).parent.parent / "data" / "minor-surgery"
SHIPPED = {name: text for name, text in load_folder(shipped_playbooks()).items() if "clinic" not in name}
SEVEN = ("abl", "naf", "lhr", "vas", "pig", "pel", "mnd")
#: Folders of texts, and the playbook that is read from each.
FOLDERS = (
    (TEXTS, "tiny"),
    (load_folder(SURGERY), "mole-excision"),
    *((SHIPPED, name) for name in SEVEN),
)
START = date(2027, 2, 18)
LAST = START + timedelta(days=500)


class OneBook(Bookshelf):
    """A shelf with one playbook that stands in no folder."""

    def __init__(self, book: Playbook) -> None:
        self._book = book

    @property
    def playbooks(self) -> dict[str, Playbook]:
        return {self._book.id: self._book}

    def current(self, playbook: str, clinic: str = "") -> Playbook:
        return self._book

    def version(self, digest: str) -> Playbook:
        return self._book

    def texts(self, digest: str) -> dict[str, str]:
        return {}


def play(book: Playbook) -> None:
    """Play a case of two sessions and a complication to the end."""
    urgencies = book.facts[URGENCY].words[1:]
    event = f"  - {{at: 2027-02-20T12:00, do: event, urgency: '{urgencies[0]}'}}\n" if urgencies else ""
    text = (
        f"booking:\n  playbook: '{book.id}'\n  clinic: {{timezone: Europe/London}}\n"
        f"  opened: 2027-01-12T13:45\n  sessions: [{START}T09:30, 2027-04-08T09:30]\nscript:\n"
        f"  - {{do: answer_when_due, until: 2027-02-20T11:00}}\n{event}"
        f"  - {{do: answer_when_due, until: {LAST}T12:00}}\n"
    )
    shelf = OneBook(book)
    rehearse(parse_script(text, "story.yaml", shelf.playbooks), shelf)


def try_one(seed: int, folders: tuple[tuple[dict[str, str], str], ...] = FOLDERS) -> str:
    """Spoil one file of one folder; say whether it was refused or played."""
    random = Random(seed)
    texts, name = random.choice(folders)
    made_of = sorted(file for file in texts if file.removesuffix(".yaml") not in set(SEVEN) - {name})
    file = random.choice((*made_of, f"{name}.yaml"))
    spoilt = {each: texts[each] for each in made_of} | {file: mutated(texts[file], random)}
    try:
        book = parse_playbook(spoilt, name)
    except Mistakes as wrong:
        places = [
            (each.file in spoilt, each.line > 0, each.column > 0, bool(each.what)) for each in wrong.mistakes
        ]
        assert places and set(places) == {(True, True, True, True)}, wrong
        return "refused"
    except NotFound:
        return "renamed"
    play(book)
    return "played"


@given(st.integers(min_value=0, max_value=2**32))
@settings(max_examples=some(120))
def test_a_spoilt_playbook_is_refused_with_its_place_or_runs_to_the_end(seed: int) -> None:
    assert try_one(seed, FOLDERS[:2]) in ("refused", "renamed", "played")
