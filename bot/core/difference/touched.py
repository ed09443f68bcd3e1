"""What changed between two folders of playbooks, each thing once, with the playbooks that it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.conditions import names
from bot.core.difference.told import Change, difference
from bot.core.narrowing import ever_asked
from bot.core.playbook import Playbook, Step
from bot.core.sentences import listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Touching:
    """A change, and the names of the playbooks whose patients it touches; none where nobody can be asked."""

    change: Change
    playbooks: tuple[str, ...] = ()

    def words(self, several: bool) -> str:
        """Return the sentence, with the playbooks where there are `several` that it might touch."""
        if not several:
            return str(self.change)
        touched = f"touches {listed(self.playbooks)}" if self.playbooks else "touches no playbook"
        return f"{self.change} ({touched})"


def comparable(
    old: Mapping[str, Playbook], new: Mapping[str, Playbook]
) -> tuple[Mapping[str, Playbook], Mapping[str, Playbook]]:
    """Return what can be compared: where one side is a single playbook, of the other side its like."""
    if len(old) == len(new) == 1:
        return {next(iter(new)): next(iter(old.values()))}, new
    if len(new) == 1:
        return {name: book for name, book in old.items() if name in new}, new
    if len(old) == 1:
        return old, {name: book for name, book in new.items() if name in old}
    return old, new


def short_names(playbooks: Mapping[str, Playbook]) -> dict[str, str]:
    """Return what each playbook is called."""
    return {name: book.called for name, book in playbooks.items()}


def across(
    old: Mapping[str, Playbook], new: Mapping[str, Playbook], shorts: Mapping[str, str]
) -> tuple[Touching, ...]:
    """Return what changed between two folders of playbooks; what every procedure shares is said only once.

    `shorts` is what each playbook is called, also one that is not compared.
    """
    found: dict[Change, list[str]] = {}
    for name in dict.fromkeys((*new, *old)):
        for change, touches in _of_one(name, old, new, shorts):
            found.setdefault(change, []).extend([name] if touches else [])
    return tuple(Touching(change=change, playbooks=tuple(names)) for change, names in found.items())


def _of_one(
    name: str, old: Mapping[str, Playbook], new: Mapping[str, Playbook], shorts: Mapping[str, str]
) -> Iterator[tuple[Change, bool]]:
    if name not in old or name not in new:
        words = "is a new playbook" if name in new else "is no longer a playbook"
        yield Change(title=shorts[name], words=words), True
        return
    both = old[name], new[name]
    for change in difference(*both, shorts):
        yield change, any(_touches(change, each) for each in both)


def _touches(change: Change, playbook: Playbook) -> bool:
    asked = [step for step in playbook.steps if ever_asked(step, playbook)]
    if change.step:
        return change.step in {step.id for step in asked}
    return not change.fact or any(change.fact in _known_to(step) for step in asked)


def _known_to(step: Step) -> set[str]:
    read = [names(each) for each in (step.when, step.stops.hard, step.stops.md) if each is not None]
    return set().union(*read, *(field.sets for field in step.ask))
