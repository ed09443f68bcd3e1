"""A facts file: what can be known of a patient, in the clinic's words."""

from __future__ import annotations

import re

from bot.core.facts import URGENCY, Fact, FactKind
from bot.files.entry import Entry

#: Words that a condition needs for itself.
RESERVED = ("any", "all", "not")
#: Facts that Bookend sets itself, where they are declared.
OWN = {
    "playbook": FactKind.WORD,
    "session_no": FactKind.NUMBER,
    "last_session": FactKind.WORD,
    URGENCY: FactKind.WORD,
}
#: Any procedure can have a complication, whether its facts speak of one or not.
_COMPLICATION = Fact(
    name=URGENCY, title="Urgency of the complication", words=("none", "routine", "urgent", "emergency")
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def parse_facts(root: Entry) -> dict[str, Fact]:
    """Return the facts that a facts file declares, in its order."""
    root.only("facts")
    found = {_name(key): _fact(key, entry) for key, entry in root.need("facts").pairs()}
    for key, entry in root.need("facts").pairs():
        kind = OWN.get(str(key.content))
        if kind and found[key.text()].kind is not kind:
            entry.wrong(f"{key.text()} is set by Bookend itself and is a {kind}")
    return {**found, URGENCY: found.get(URGENCY, _COMPLICATION)}


def _name(key: Entry) -> str:
    return plain_name(key, "fact")


def plain_name(key: Entry, kind: str) -> str:
    """Return the name of a fact or field, which is made of small letters, digits and underscores."""
    name = key.text()
    if name in RESERVED:
        key.wrong(f"{name!r} is a word of conditions and cannot name a {kind}")
    elif name and not _NAME.fullmatch(name):
        key.wrong(f"a {kind} is named in small letters, digits and underscores, not {name!r}")
    return name


def _fact(key: Entry, entry: Entry) -> Fact:
    entry.only("title", "values", "number", "date", "default", "between", "changes", "starts", "question")
    kinds = [kind for kind in ("values", "number", "date") if entry.get(kind)]
    if len(kinds) != 1:
        entry.wrong(
            "a fact has exactly one of values (its words), number (its unit), date (past, future or any)"
        )
    kind = kinds[0] if kinds else ""
    default = entry.get("default")
    if default and kind != "number":
        default.wrong("only a number has a default; of words the first one means: asked, nothing found")
    tense = entry.need("date").one_of(("past", "future", "any")) if kind == "date" else ""
    limits = entry.get("between")
    if limits and kind != "number":
        limits.wrong("only a number lies between two others")
    starts = entry.get("starts")
    if starts and kind != "values":
        starts.wrong("only a fact made of words says with which one a case starts")
    known = words(entry.need("values")) if kind == "values" else ()
    least, most = between(entry) if kind == "number" else (None, None)
    return Fact(
        name=key.text(),
        title=entry.need("title").text(),
        kind={"number": FactKind.NUMBER, "date": FactKind.DATE}.get(kind, FactKind.WORD),
        words=known,
        question=entry.maybe("question", Entry.text, ""),
        default=within(default, (least, most)) if default and kind == "number" else None,
        least=least,
        most=most,
        tense=tense.removeprefix("any"),
        changes=entry.maybe("changes", Entry.flag, False),
        starts=starts.one_of(known) if starts and known else "",
    )


def between(entry: Entry) -> tuple[float | None, float | None]:
    """Return the least and the most that `between` allows of a number."""
    limits = entry.get("between")
    if limits is None:
        return None, None
    numbers = [each.number() for each in limits.each()]
    if len(numbers) == 2 and numbers[0] <= numbers[1]:
        return numbers[0], numbers[1]
    limits.wrong("expected the least and the most, such as [0, 10]")
    return None, None


def within(entry: Entry, limits: tuple[float | None, float | None]) -> float:
    """Return a number that does not leave the limits of its kind."""
    (least, most), number = limits, entry.number()
    if (least is not None and number < least) or (most is not None and number > most):
        entry.wrong(f"{number:g} is not between {least:g} and {most:g}")
    return number


def words(entry: Entry) -> tuple[str, ...]:
    """Return a list of words, each once."""
    found: list[str] = []
    for each in entry.each():
        word = each.text()
        if word in found:
            each.wrong(f"{word!r} stands here twice")
        found.append(word)
    if entry.is_list and not found:
        entry.wrong("expected at least one word")
    return tuple(dict.fromkeys(found))
