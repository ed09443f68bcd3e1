"""A failing seed made small: kinds of faults and patients are left out for as long as it still fails."""

from __future__ import annotations

from tests.simulation.faults import Fault
from tests.simulation.played import Outcome, Simulation


def shrunk(failed: Outcome, days: int) -> tuple[Outcome, str]:
    """Return the smallest failure that was found, and what was left out for it."""
    without: list[Fault] = []
    cases, least = None, failed
    for kind in Fault:
        again = Simulation(failed.seed, days=days, without=[*without, kind]).play()
        if _alike(again, failed):
            without, least = [*without, kind], again
    for many in (1, 2, 3, 4, 6, 8):
        again = Simulation(failed.seed, days=days, cases=many, without=without).play()
        if _alike(again, failed):
            cases, least = many, again
            break
    left = [kind.value for kind in Fault if kind not in without]
    return least, f"{cases or 'all'} patients; {', '.join(left) or 'no faults'}"


def _alike(one: Outcome, other: Outcome) -> bool:
    """Say whether two seeds fail in the same way: the same sentence, of whatever case."""
    return bool(one.wrong) and _form(one.wrong[0]) == _form(other.wrong[0])


def _form(sentence: str) -> str:
    return " ".join(word for word in sentence.split() if word.isalpha())
