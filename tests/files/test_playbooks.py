"""Playbooks: what a clinic wrote becomes steps that can be planned."""

from datetime import time

from bot.core.conditions import AnyOf, Is
from bot.core.people import Role
from bot.core.playbook import Anchor, CardKind, Due, Level, Phase, Scope
from bot.core.times import Closed
from bot.files.playbooks import parse_playbook
from tests.files.samples import TEXTS


def test_a_playbook_is_read_whole_with_what_it_includes() -> None:
    playbook = parse_playbook(TEXTS, "tiny")

    assert [step.id for step in playbook.steps] == ["g.skin_exam", "tiny.hsv_started"]
    assert (playbook.id, playbook.title, playbook.short) == ("tiny", "A small peel", "Peel")
    assert (playbook.version, playbook.minutes) == (3, 45)
    assert playbook.narrowed == {"device_class": ("chemical",)}
    assert not playbook.review.signed


def test_a_step_is_read_with_all_it_says() -> None:
    step = parse_playbook(TEXTS, "tiny").step("tiny.hsv_started")

    assert (step.phase, step.role, step.card, step.scope) == (
        Phase.PRE,
        Role.NURSE,
        CardKind.WORKLIST,
        Scope.SESSION,
    )
    assert step.due == Due(anchor=Anchor.START, days=-1, at=time(10), closed=Closed.STAY)
    assert step.when == AnyOf(
        parts=(Is(name="area_face", words=("yes",)), Is(name="hsv_history", words=("yes", "unknown")))
    )
    assert step.stops.level is Level.MD and step.stops.md == Is(name="first_dose_taken", words=("no",))
    assert (step.valid_days, step.ladder, step.sources, step.line) == (1, "important", ("S06",), 9)
