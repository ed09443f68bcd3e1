"""What came back of a form as a Filled, and what was filled in, to draw the form with it again."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.forms import digest, other_version
from bot.chat.letters import seen
from bot.chat.teams import PLATFORM
from bot.chat.teams.drawing.asked import Asked
from bot.chat.teams.drawing.carried import Json
from bot.chat.teams.drawing.inputs import CAUGHT, KEY, NOTE, of_value
from bot.core.kinds import Catch
from bot.core.replies import Filled


def filled(data: Json, account: str, once: str) -> Filled:
    """Return what came back; the same form with the same answers on the same message, `once`, is one
    delivery.

    What was left empty is absent, as Teams leaves it out. Raise Refused for what no form of ours sent.
    """
    asked = Asked.of(data)
    if asked is None:
        raise other_version()
    kept = kept_of(data)
    caught = kept.get(CAUGHT, "")
    if caught and caught not in list(Catch):
        raise other_version()
    return Filled(
        platform=PLATFORM,
        account=account,
        once=f"form:{once}:{account}:{digest(asked.carried(), kept)}",
        entries=_entries(asked, kept),
        revisions=dict(zip(asked.tasks, asked.revisions, strict=True)),
        action=asked.action,
        outcome=asked.outcome,
        note=kept.get(NOTE, ""),
        caught=Catch(caught) if caught else None,
        value=asked.value,
    )


def kept_of(data: Json) -> dict[str, str]:
    """Return what stands in the inputs of a form, by input; raise Refused for what no input holds."""
    return {
        str(name): _words(held)
        for name, held in data.items()
        if (name in (NOTE, CAUGHT) or KEY.fullmatch(str(name))) and held not in (None, "")
    }


def _entries(asked: Asked, kept: Mapping[str, str]) -> dict[str, dict[str, str | tuple[str, ...]]]:
    entries: dict[str, dict[str, str | tuple[str, ...]]] = {task: {} for task in asked.tasks}
    for key, held in sorted(kept.items(), key=lambda each: ".more." in each[0]):
        if (found := KEY.fullmatch(key)) and int(found["part"]) < len(asked.tasks):
            given = entries[asked.tasks[int(found["part"])]]
            given[found["name"]] = _answer(found["holds"], held, given.get(found["name"], ()))
    return entries


def _answer(holds: str, held: str, before: str | tuple[str, ...]) -> str | tuple[str, ...]:
    match holds:
        case "words":
            return held
        case "one":
            return of_value(held)
    some = tuple(of_value(value) for value in held.split(",") if value)
    return (*before, *some) if isinstance(before, tuple) else some


def _words(held: object) -> str:
    match held:
        case str():
            return seen(held)
        case bool():
            return str(held).lower()
        case int() | float():
            return f"{held:.12g}"
    raise other_version()
