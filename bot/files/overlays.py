"""Overlays: a clinic's own changes in a file of their own, so that an upgrade of what is shipped merges.

```yaml
overlay: riverside
change:
  g.photo_consent: {role: front_desk, ask: {photo_consent_clinical: {choose: [yes, no], normal: yes}}}
add:
  abl: [{id: riverside.parking, ...}]
leave_out:
  g.plume: The room has its own extraction, tested each quarter.
```

`change` replaces whole keys of a step, but `ask` only the fields it names; a key without a value takes the
shipped one away. `add` names a playbook or a file that playbooks include. Everything happens on entries, so
that each word keeps the file, line and column where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.core.playbook import Step
from bot.files.digests import said_by
from bot.files.entry import Entry, plain_id
from bot.files.steps import KEYS as STEP_KEYS

KEYS = ("overlay", "title", "change", "add", "leave_out")
#: What a change may say of a step: all but its name.
CHANGEABLE = tuple(key for key in STEP_KEYS if key != "id")
#: What a change may say of a hard stop without changing whom it asks, when, and what stops.
WORDS = ("title", "why", "sources", "grade")
#: A reason has at least so many words.
SHORTEST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """A clinic's own changes: step id -> key and what changes, or why it is left out; name -> added steps."""

    name: str
    root: Entry
    changes: Mapping[str, tuple[Entry, Entry]] = field(default_factory=dict)
    left_out: Mapping[str, tuple[Entry, str]] = field(default_factory=dict)
    added: Mapping[str, tuple[Entry, list[Entry]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A step as it is to be read: its entry, the overlay that changed it, and why it is left out; `softened`
    are the keys that it changes of what is shipped as a hard stop.
    """

    entry: Entry
    overlay: str = ""
    left_out: str = ""
    softened: tuple[str, ...] = ()

    def marked(self, step: Step) -> Step:
        """Return the step that was read from the entry, with what overlays did to it."""
        return replace(step, overlay=self.overlay, left_out=self.left_out, softened=self.softened)


def parse_overlay(root: Entry) -> Overlay:
    """Return the overlay that a file holds; mistakes gather in its source."""
    if not root.get("overlay"):
        root.wrong("this is no overlay: it begins with `overlay:` and the name of your clinic")
        return Overlay(name="", root=root)
    root.only(*KEYS)
    root.maybe("title", Entry.text, "")
    changes = {key.text(): (key, value) for key, value in _pairs(root, "change")}
    for _, value in changes.values():
        value.only(*CHANGEABLE)
    leaves = {key.text(): (key, _reason(value)) for key, value in _pairs(root, "leave_out")}
    for name in changes.keys() & leaves.keys():
        leaves[name][0].wrong(f"{name} is changed above: a step is either changed or left out")
    added = {key.text(): (key, value.each()) for key, value in _pairs(root, "add")}
    name = plain_id(root.need("overlay"), "overlay")
    return Overlay(name=name, root=root, changes=changes, left_out=leaves, added=added)


def _pairs(root: Entry, name: str) -> list[tuple[Entry, Entry]]:
    found = root.get(name)
    return found.pairs() if found else []


def _reason(entry: Entry) -> str:
    why = entry.text()
    if why and len(why.split()) < SHORTEST:
        entry.wrong("say in a sentence why this step is left out: whoever signs reads it")
    return why


def with_overlays(name: str, steps: Iterable[Entry], overlays: Iterable[Overlay]) -> Iterator[Written]:
    """Yield the steps of a playbook or an included file as the overlays leave them, and those they add."""
    by_step = tuple(overlays)
    for step in steps:
        yield _changed(step, _id(step), by_step)
    for overlay in by_step:
        _, added = overlay.added.get(name, (None, []))
        yield from (Written(entry=entry, overlay=overlay.name) for entry in added)


def _changed(step: Entry, name: str, overlays: Iterable[Overlay]) -> Written:
    for overlay in overlays:
        if name in overlay.left_out:
            return Written(entry=step, overlay=overlay.name, left_out=overlay.left_out[name][1])
        if name in overlay.changes:
            change = overlay.changes[name][1]
            return Written(entry=merged(step, change), overlay=overlay.name, softened=_softened(step, change))
    return Written(entry=step)


def _softened(step: Entry, change: Entry) -> tuple[str, ...]:
    stop = step.get("stop")
    hard = stop and (stop.content == "hard" or (stop.is_mapping and stop.get("hard")))
    keys = change.content if hard and isinstance(change.content, dict) else ()
    return tuple(key for key in keys if key not in WORDS)


def merged(step: Entry, change: Entry) -> Entry:
    """Return a step with the keys that change, each with the place where it was written."""
    if not isinstance(step.content, dict) or not isinstance(change.content, dict):
        return step
    content = {**step.content, **change.content}
    if "ask" in step.content and "ask" in change.content:
        key, asked = change.content["ask"]
        content["ask"] = key, _merged_fields(step.content["ask"][1], asked)
    return Entry(source=step.source, line=step.line, column=step.column, content=content)


def _merged_fields(asked: Entry, change: Entry) -> Entry:
    if not isinstance(asked.content, dict) or not isinstance(change.content, dict):
        return change
    content = {**asked.content, **change.content}
    return Entry(source=change.source, line=change.line, column=change.column, content=content)


def _id(step: Entry) -> str:
    name = step.get("id")
    return name.content if name and isinstance(name.content, str) else ""


def ids(root: Entry) -> dict[str, Entry]:
    """Return the steps of a playbook or an included file by id, as far as they have one."""
    steps = root.get("steps")
    content = steps.content if steps and isinstance(steps.content, list) else []
    return {name: step for step in content if (name := _id(step))}


def part_for(overlay: Overlay, names: Iterable[str], steps: Iterable[str]) -> dict[str, object]:
    """Return as plain data what an overlay says of playbooks and includes of these names and their steps."""
    theirs, known = set(names), set(steps)
    parts: dict[str, dict[str, object]] = {
        "change": {name: said_by(each) for name, (_, each) in overlay.changes.items() if name in known},
        "add": {n: [said_by(e) for e in each] for n, (_, each) in overlay.added.items() if n in theirs},
        "leave_out": {name: why for name, (_, why) in overlay.left_out.items() if name in known},
    }
    return {name: part for name, part in parts.items() if part}


def look_for(overlays: Iterable[Overlay], names: Iterable[str], steps: Iterable[str]) -> None:
    """Note each step, playbook or include that is not there, and each step that two overlays speak of."""
    known, theirs = tuple(steps), tuple(names)
    first: dict[str, str] = {}
    for overlay in overlays:
        for key, _ in (*overlay.changes.values(), *overlay.left_out.values()):
            step = key.known(known, "step")
            if first.setdefault(step, overlay.name) != overlay.name:
                key.wrong(f"{first[step]} speaks of {step} already: say it in one of the two")
        for key, _ in overlay.added.values():
            key.known(theirs, "playbook or included file")
