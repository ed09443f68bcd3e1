"""What changed between two folders of playbooks, each thing once, with the playbooks that it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.difference import Change, difference
from bot.core.narrowing import ever_asked
from bot.core.playbook import Playbook
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


def across(old: Mapping[str, Playbook], new: Mapping[str, Playbook]) -> tuple[Touching, ...]:
    """Return what changed between two folders of playbooks, those of every procedure said only once."""
    shorts = {name: book.short or book.title for name, book in {**old, **new}.items()}
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
    for change in difference(old[name], new[name], shorts):
        yield change, not change.step or any(_asks(each, change.step) for each in (old[name], new[name]))


def _asks(playbook: Playbook, step_id: str) -> bool:
    return any(step.id == step_id and ever_asked(step, playbook) for step in playbook.steps)
