"""Narrowing: what is left of a condition when something is known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.conditions import ALWAYS, AllOf, AnyOf, Bounds, Condition, Is, Not, holds
from bot.core.narrowing import NEVER, Known, ever_asked, known_of, narrowed
from tests.core import made

LASER, FACE = made.is_("device", "laser", "ipl"), made.is_("face", "yes")
KNOWN = Known(words={"device": ("laser",)})


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        (LASER, ALWAYS),
        (made.is_("device", "thread"), NEVER),
        (Not(part=LASER), NEVER),
        (FACE, FACE),
        (AllOf(parts=(LASER, FACE)), FACE),
        (AllOf(parts=(Not(part=LASER), FACE)), NEVER),
        (AnyOf(parts=(LASER, FACE)), ALWAYS),
        (AnyOf(parts=(Not(part=LASER), FACE)), FACE),
        (AnyOf(parts=(Not(part=LASER),)), NEVER),
        (ALWAYS, ALWAYS),
    ],
)
def test_what_is_known_leaves_only_what_is_not(condition: Condition, left: Condition) -> None:
    assert narrowed(condition, KNOWN) == left


WORDS = ("no", "yes", "unknown")
LEAVES = st.builds(
    Is,
    name=st.sampled_from(["a", "b", "c"]),
    words=st.lists(st.sampled_from(WORDS), min_size=1, unique=True).map(tuple),
) | st.builds(Bounds, name=st.just("n"), below=st.integers(0, 3))
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, part=inner)
        | st.builds(AllOf, parts=st.lists(inner, max_size=3).map(tuple))
        | st.builds(AnyOf, parts=st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(CONDITIONS, st.fixed_dictionaries({name: st.sampled_from(WORDS) for name in "abc"}), st.integers(0, 3))
def test_what_is_left_means_the_same_for_everybody_it_may_still_be(
    condition: Condition, words: dict[str, str], number: int
) -> None:
    known = Known(words={"a": (words["a"], "no")}, values={"n": number})
    values = {**words, "n": number}

    left = narrowed(condition, known)

    assert holds(left, values, date(2027, 2, 18)) is holds(condition, values, date(2027, 2, 18))


def test_a_step_for_another_playbook_is_never_asked() -> None:
    here, elsewhere = (
        made.step(name, "T0-1d@10:00 none", when=made.is_("playbook", name)) for name in ("made", "naf")
    )
    playbook = made.playbook(here, elsewhere)

    assert known_of(playbook).words["playbook"] == ("made",)
    assert [ever_asked(step, playbook) for step in playbook.steps] == [True, False]
