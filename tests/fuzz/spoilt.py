"""One spoilt thing for each number: a file handed to a command, or words typed to the desk."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import yaml

from bot.cli import run
from bot.core.errors import BookendError
from bot.paths import shipped_playbooks
from tests.files.mutating import mutated
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX
from tests.service.riverside import Riverside
from tests.test_cli import NEW
from tests.test_import import HEAD, row

CLINIC = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
OPENED = yaml.safe_dump(NEW, sort_keys=False)
STORY = """
script:
  - {do: answer_when_due, until: 2027-02-17T09:59}
  - {at: 2027-02-17T10:20, do: answer, task: abl.hsv_started, values: {first_dose_taken: no}}
  - {at: 2027-02-17T11:00, do: move, start: 2027-03-04T09:30}
  - {at: 2027-02-17T12:00, do: set_fact, fact: smoker, value: yes}
  - {at: 2027-03-06T12:00, do: event, urgency: urgent}
  - {until: 2027-03-07T12:00, do: nothing}
"""
_TOLD = {"clinic": {"timezone": "Europe/London"}, "opened": "2027-01-12T13:45", "start": "2027-02-18T09:30"}
BOOKING = yaml.safe_dump(NEW | _TOLD, sort_keys=False)
SCRIPT = yaml.safe_dump({"booking": NEW | _TOLD}, sort_keys=False) + STORY
OVERLAY = """overlay: riverside
change: {g.photo_consent: {role: nurse}}
leave_out: {g.followups_booked: Our booking system makes these appointments by itself.}
"""
BOOK = HEAD + row(1) + row(2, 1) + row(3, 2, service="naf")
#: What a file is called, what it says before it is spoilt, and the command that reads it.
FILES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "clinic": ("clinic.yaml", CLINIC, ("check",)),
    "overlay": ("own.yaml", OVERLAY, ("check",)),
    "booking": ("booking.yaml", BOOKING, ("plan",)),
    "new": ("new.yaml", OPENED, ("new",)),
    "script": ("script.yaml", SCRIPT, ("rehearse",)),
    "book": ("book.csv", BOOK, ("import",)),
}
_USUAL = """
done all ok but 2 3 99999999999 -1 na no medicines caught new problem 1 cold sore later 20m 1000000m to @jo @
undo mine today status case K7Q2 k7q2 ZZZZ move cancel event urgent fact smoker yes override hold who room-2
release assign rooms ask-all abl amend session here 2027-02-18 09:30 9999-99-99 25:61 help overdue board
"""
_ODD = (
    "\u202e",
    "\x00",
    "\ud800",
    "é",
    "🦄",
    "<!channel>",
    "<https://x.example|y>",
    "'; --",
    "{{7*7}}",
    "=1+1",
)
#: Words of which replies and commands are made, and some that no reply has.
WORDS = (*_USUAL.split(), *_ODD, "=1+1", "%s%n", "../../etc", "a" * 900, "\n", "", "NaN", "½", "١٢")
PEOPLE = (ALI, JO, FRAN, KIT, MAX, "U0STRANGER", "")


def spoilt_file(kind: str, random: Random) -> str:
    """Hand a spoilt file to its command, in the folder in which we are; return "taken" or "refused".

    Whatever nobody foresaw is raised.
    """
    name, text, command = FILES[kind]
    spoilt = mutated(text, random) if name.endswith(".yaml") else _torn(text, random)
    Path(name).write_bytes(spoilt.encode("utf-8", "surrogatepass"))
    told, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(wrong):
        code = run((*command, name))
    said = wrong.getvalue()
    assert code in (0, 1, 2) and "Traceback" not in said
    assert code == 0 or said.strip() or told.getvalue().strip(), "refused without a word"
    return "refused" if code else "taken"


def _torn(text: str, random: Random) -> str:
    for _ in range(random.choice((1, 1, 2, 4))):
        at, end = sorted(random.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + random.choice((0, 1, 1, 8, 200)))
        odd = random.choice((*WORDS, ";", '"', "\n", "\r", "\t", text[at:end] * 3))
        text = text[:at] + odd + text[end:]
    return text


class AtWork:
    """A clinic at which anybody types anything; whatever is said, its history stays whole."""

    def __init__(self) -> None:
        self.clinic = Riverside().book().until("2027-02-18 08:50")

    def typed(self, random: Random) -> str:
        """Type a reply or a command; return "taken" or "refused"."""
        who, words = random.choice(PEOPLE), " ".join(random.choices(WORDS, k=random.randrange(1, 6)))
        under_a_card = random.random() < 0.5 and bool(self.clinic.workspace.of(who))
        try:
            (self.clinic.type if under_a_card else self.clinic.command)(who, words)
        except BookendError as said:
            assert str(said).strip()
            return "refused"
        return "taken"

    def is_whole(self) -> bool:
        """Say whether every line of history is as it was written."""
        return not self.clinic.store.proof(CODE)["problems"]


@contextlib.contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    """Be in an empty folder of a clinic that has nothing but its file; what nobody foresaw is raised."""
    before, there = dict(os.environ), Path.cwd()
    for name in [name for name in os.environ if name.startswith("BOOKEND_") or name == "PORT"]:
        del os.environ[name]
    os.environ |= {"BOOKEND_CLINIC": "kept.yaml", "BOOKEND_DEBUG": "1"}
    os.chdir(folder)
    try:
        Path("kept.yaml").write_text(CLINIC, "utf-8")
        yield
    finally:
        os.chdir(there)
        os.environ.clear()
        os.environ |= before
