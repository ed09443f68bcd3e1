"""Some simulated days of faults with fresh seeds, which are printed; and the oracle, which sees what it must.

`python -m tests.simulation --seed N` plays a seed again that failed here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from bot.service import deliver, practice, tick
from bot.store import outbox
from bot.store.store import open_store
from bot.store.writing import SqlTransaction
from tests.examples import every_proof
from tests.simulation.faults import Fault
from tests.simulation.platforms import SimulatedChat
from tests.simulation.played import Outcome, Simulation
from tests.store.made import KEY

#: Clinic-days with fresh seeds: a few hundred in all where every proof is required.
PARTS, DAYS = (8, 30) if every_proof() else (1, 5)


@pytest.mark.parametrize("part", range(PARTS))
def test_days_with_fresh_seeds_pass(part: int) -> None:
    seed = int.from_bytes(os.urandom(4), "big")
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--days", str(DAYS)]

    played = subprocess.run(command, capture_output=True, text=True, check=False)
    print(played.stdout)

    assert played.returncode == 0, f"{part}: {played.stdout}{played.stderr}"


def test_a_seed_plays_the_same_way_twice() -> None:
    first, second = (Simulation(11, days=1).play() for _ in range(2))

    assert first.transcript == second.transcript
    assert first.faults


@pytest.mark.postgres
def test_a_day_passes_on_postgresql(postgres_url: str) -> None:
    store = open_store(postgres_url, history_key=KEY, identity_keys=[KEY])

    played = Simulation(7, days=1, store=store).play()
    store.close()

    assert played.wrong == []
    assert played.counted["answers"]


def without(seed: int, *kinds: Fault) -> Outcome:
    """Play a seed in which only these kinds of faults strike."""
    return Simulation(seed, days=2, without=[each for each in Fault if each not in kinds]).play()


def test_a_day_on_which_nothing_goes_wrong_has_no_repeat() -> None:
    played = without(4)

    assert (played.wrong, played.faults, played.repeats) == ([], {}, {})
    assert played.counted["answers"] > 20


def seen(seeds: range, *kinds: Fault) -> str:
    """Return the first thing that is wrong in any of these seeds."""
    return next((played.wrong[0] for each in seeds if (played := without(each, *kinds)).wrong), "")


def test_the_oracle_sees_a_message_that_nobody_looked_for_before_it_was_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nowhere(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(SimulatedChat, "find", nowhere)

    assert "stands twice" in seen(range(1, 9), Fault.LOST_REPLY, Fault.CRASH)


def test_the_oracle_sees_an_answer_that_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = SqlTransaction.answered

    def twice(self: SqlTransaction, *said: Any) -> None:
        kept(self, *said)
        kept(self, *said)

    monkeypatch.setattr(SqlTransaction, "answered", twice)

    assert "are kept" in seen(range(1, 3))


def test_the_oracle_sees_an_answer_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqlTransaction, "answered", lambda *_: None)

    assert "was told 1 times" in seen(range(1, 3))


@pytest.mark.parametrize(
    ("module", "guard", "wrong"),
    [
        (tick, "_put_on", "stands on no message"),
        (practice, "redraw_all", "shows"),
        (deliver, "_sent", "stands twice"),
        (outbox, "_unsure", "stands twice"),
    ],
)
def test_the_oracle_sees_that_a_guard_is_gone(
    monkeypatch: pytest.MonkeyPatch, module: Any, guard: str, wrong: str
) -> None:
    monkeypatch.setattr(module, guard, lambda *_, **__: False)

    assert wrong in seen(range(1, 9), Fault.LOST_REPLY, Fault.CRASH)
