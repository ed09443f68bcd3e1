"""What a button carries to a platform and back: words of ours and task keys, nothing about a patient."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core.actions import OPENING, Action, Button
from bot.core.errors import Refused

#: A command that a button may carry: the word and a case or a day, no other words.
_COMMAND = re.compile(
    r"new|ask-all|rooms|(?:move|cancel)(?: \d{4}-\d\d-\d\d)?"
    r"|(?:event|override|amend) [2-9A-Z]{4,8}(?:/\d{1,3})?",
    re.ASCII,
)
#: Those whose form asks for the rest again, whatever was typed behind them.
_ALONE = ("new", "ask-all", "rooms")


def carried(button: Button) -> str:
    """Return what a button carries: what it does, for which tasks, in which revision."""
    rest = {"revision": button.revision, "value": button.value}
    return packed(
        {"do": button.action, "tasks": shortened(button.tasks)} | {k: v for k, v in rest.items() if v}
    )


def pressed(value: str) -> Button:
    """Return the button that carried this; raise Refused when no Bookend of this version drew it."""
    try:
        found = json.loads(value)
        return Button(
            action=Action(found["do"]),
            label="",
            tasks=lengthened(found["tasks"]),
            revision=int(found.get("revision", 0)),
            value=str(found.get("value", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise other_version() from odd


def opens(value: str) -> bool:
    """Say whether the button that carried this opens something and changes nothing."""
    try:
        return pressed(value).action in OPENING
    except Refused:
        return False


def command(words: Sequence[str]) -> str:
    """Return what a button carries to open the form of a command; "" for one that needs other words."""
    word, *rest = words or ("",)
    said = " ".join([word.lower(), *([] if word.lower() in _ALONE else (each.upper() for each in rest))])
    return said if _COMMAND.fullmatch(said) else ""


def commanded(value: str) -> tuple[str, ...]:
    """Return the words of the command behind a button; raise Refused for what no Bookend put there."""
    words = tuple(value.split())
    if not value or command(words) != value:
        raise other_version()
    return words


def other_version() -> Refused:
    """Return what is said of a button that no Bookend of this version drew."""
    return Refused("This button is from another version of Bookend. Nothing was changed.")


def packed(what: Mapping[str, Any]) -> str:
    """Return the shortest JSON."""
    return json.dumps(what, separators=(",", ":"), ensure_ascii=False)


def shortened(tasks: Iterable[str]) -> list[str]:
    """Return task keys so that many fit: ":step" where only the step differs from the key before."""
    short: list[str] = []
    before: list[str] = []
    for task in tasks:
        case, *others = task.split(":")
        rest = [case, *others[1:]]
        short.append(f":{others[0]}" if len(others) == 3 and rest == before else task)
        before = rest
    return short


def lengthened(short: Iterable[str]) -> tuple[str, ...]:
    """Return the task keys that were `shortened`; raise ValueError for what was not."""
    tasks: list[str] = []
    for each in short:
        if not each.startswith(":"):
            tasks.append(each)
        else:
            case, _, *rest = "".join(tasks[-1:]).split(":")
            tasks.append(":".join([case, each[1:], *rest]))
    return tuple(tasks)
