"""Isotretinoin, decision *wait until*: the stop names the day, and is gone on it."""

from datetime import date

import pytest

from bot.core.conditions import Value
from bot.core.kinds import Level
from tests.playbooks.judging import judged
from tests.playbooks.tables import shipped

PAST: dict[str, Value] = {
    "isotretinoin": "past",
    "last_dose_date": date(2025, 1, 5),
    "decision": "wait_until",
}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_wait_ends_on_its_day_and_says_so(name: str) -> None:
    answers = {**PAST, "wait_until": date(2027, 2, 18)}

    before = judged(f"{name}.isotretinoin", answers, start=date(2027, 2, 17))
    after = judged(f"{name}.isotretinoin", answers, start=date(2027, 2, 18))

    assert (before.level, before.first_allowed) == (Level.MD, date(2027, 2, 18))
    assert after.level is Level.NONE


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_wait_without_a_day_lasts_until_the_physician_decides_again(name: str) -> None:
    verdict = judged(f"{name}.isotretinoin", PAST, start=date(2030, 1, 1))

    assert (verdict.level, verdict.first_allowed) == (Level.MD, None)
