"""Playbooks to draw: those that ship, as a director looks at them."""

from bot.core.conditions import Value
from bot.core.playbook import Playbook
from bot.files.folders import load_playbooks
from bot.paper.render import Shown
from bot.paths import shipped_playbooks

SHIPPED = load_playbooks(shipped_playbooks())


def shown(playbook: Playbook | str, facts: dict[str, Value] | None = None) -> Shown:
    """A playbook, or what a patient with these facts would be asked of it."""
    book = SHIPPED[playbook] if isinstance(playbook, str) else playbook
    return Shown(playbook=book, note="Nobody signed it.", facts=facts)
