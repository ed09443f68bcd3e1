"""What a file is: a key at its top says whether it holds facts, a playbook, a clinic or something else."""

from __future__ import annotations

from bot.core.errors import Mistake
from bot.files.entry import Entry

#: A clinic's file may lie beside its playbooks; `bot.files.clinic` reads it.
KINDS = ("facts", "include", "red_flags", "playbook", "overlay", "clinic")
#: Kinds of which a folder has one file.
ALONE = ("facts", "red_flags")
#: A key -> the kind of file that has it.
SIGNS = {
    "overlay": "overlay",
    "script": "script",
    "booking": "script",
    "people": "clinic",
    "facts": "facts",
    "red_flags": "red_flags",
    "include": "include",
    "playbook": "playbook",
}


def kind_of(root: Entry) -> str:
    """Say what a file is: one of `KINDS`, a booking or a script, or "" where nothing is known of it."""
    if not root.is_mapping:
        return ""
    if not root.get("steps") and (root.get("start") or root.get("sessions")):
        return "booking"
    named = root.get("clinic")
    # a booking's clinic is a calendar, a clinic's own file begins with its name
    alone = "clinic" if named and named.is_word else ""
    return next((kind for sign, kind in SIGNS.items() if root.get(sign)), alone)


def unreadable(root: Entry) -> list[Mistake]:
    """Return why a text is no file of a playbook folder."""
    if not root.source.mistakes:
        root.wrong(f"this is nothing that Bookend reads: it has none of the keys {', '.join(KINDS)}")
    return root.source.mistakes
