"""How fast Slack may be asked, on a clock that only these tests move."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack.calling.pace import (
    BOARD_IN_A_CHANNEL,
    IN_A_CHANNEL,
    METHODS,
    MOST,
    TIER_2,
    TIER_3,
    Allowance,
    Pace,
    Urgency,
    hurry,
)
from bot.core.errors import Paced
from tests.examples import some

POST, EDIT = "chat.postMessage", "chat.update"


@dataclass(kw_only=True)
class Hours:
    """A pace, its clock, and the moments at which it let calls go."""

    now: float = 1000.0
    went: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(time=lambda: self.now, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def try_to(self, method: str, urgency: Urgency, channel: str = "D1") -> float | None:
        """Return how long a call waits, None if it is sent away."""
        try:
            with hurry(urgency):
                wait = self.pace.book(method, channel)
        except Paced:
            return None
        self.went.append(self.now + wait)
        return wait


moments = st.lists(
    st.tuples(st.floats(0, 20, allow_nan=False), st.sampled_from(Urgency)), min_size=1, max_size=120
)


def most_in(moments: list[float], window: float) -> int:
    ordered = sorted(moments)
    return max(sum(start <= each <= start + window for each in ordered) for start in ordered)


@given(calls=moments, window=st.sampled_from([0.0, 1.0, 10.0, 60.0]))
@settings(max_examples=some(150))
def test_no_span_of_time_ever_sees_more_calls_than_the_allowance(
    calls: list[tuple[float, Urgency]], window: float
) -> None:
    hours = Hours()
    for rest, urgency in calls:
        # mostly in bursts: rests are kept for one call in five
        hours.now += rest if len(hours.went) % 5 == 0 else 0
        hours.try_to("conversations.open", urgency)

    within = TIER_3.burst + int(window / TIER_3.apart + 0.01)
    assert hours.went and most_in(hours.went, window) <= within


@given(calls=moments)
@settings(max_examples=some(100))
def test_nobody_waits_longer_than_they_can_and_no_person_waits_for_cards(
    calls: list[tuple[float, Urgency]],
) -> None:
    hours = Hours()
    for rest, urgency in calls:
        hours.now += rest / 10
        wait = hours.try_to(EDIT, urgency) if urgency is not Urgency.PERSON else 0
        assert wait is None or wait <= urgency.patience

    assert hours.try_to(EDIT, Urgency.PERSON) == 0


def test_cards_leave_something_to_boards_and_boards_to_people() -> None:
    hours = Hours()

    cards = [hours.try_to(EDIT, Urgency.CARD) for _ in range(20)]
    boards = [hours.try_to(EDIT, Urgency.BOARD, f"C{number}") for number in range(20)]
    people = [hours.try_to(EDIT, Urgency.PERSON) for _ in range(20)]

    assert (cards.count(0), boards.count(0), people.count(0)) == (7, 2, 1)


def test_a_channel_gets_one_message_a_second_after_a_short_burst_and_other_channels_their_own() -> None:
    hours = Hours()

    burst = [hours.try_to(POST, Urgency.PERSON, "C1") for _ in range(IN_A_CHANNEL.burst)]
    other = hours.try_to(POST, Urgency.PERSON, "C2")
    next_one = hours.try_to(POST, Urgency.PERSON, "C1")

    assert (burst, other, next_one) == ([0] * IN_A_CHANNEL.burst, 0, pytest.approx(1))


def test_the_board_of_a_channel_is_drawn_at_once_and_then_every_three_seconds() -> None:
    hours = Hours()
    drawn = []
    for _ in range(100):
        if hours.try_to(EDIT, Urgency.BOARD, "C1") is not None:
            drawn.append(hours.now)
        hours.now += 0.1

    assert drawn == pytest.approx([1000, 1003, 1006, 1009])


def test_each_that_is_sent_away_is_told_a_moment_of_its_own() -> None:
    hours = Hours()
    told = []
    for _ in range(40):
        try:
            with hurry(Urgency.CARD):
                hours.pace.book(EDIT)
        except Paced as later:
            told.append(later.after.total_seconds())

    assert len(told) > 20
    assert min(after - before for before, after in pairwise(told)) >= TIER_3.apart - 1e-6
    hours.now += told[-1]
    assert hours.try_to(EDIT, Urgency.CARD) is not None


def test_a_pause_of_slacks_holds_for_all_later_calls_of_the_method() -> None:
    hours = Hours()
    hours.pace.pause(EDIT, "C1", timedelta(seconds=30))

    with hurry(Urgency.CARD), pytest.raises(Paced) as early:
        hours.pace.book(EDIT, "C2")
    others = hours.try_to("users.info", Urgency.CARD)
    hours.now += 30

    assert early.value.after == timedelta(seconds=30)
    assert others == 0
    assert hours.try_to(EDIT, Urgency.CARD, "C2") == 0


def test_a_pause_for_posts_is_that_channels_alone() -> None:
    hours = Hours()
    hours.pace.pause(POST, "C1", timedelta(seconds=30))

    assert hours.try_to(POST, Urgency.CARD, "C1") is None
    assert hours.try_to(POST, Urgency.CARD, "C2") == 0


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    hours = Hours()
    hours.pace.pause(EDIT, "", timedelta(seconds=30))
    hours.pace.pause(EDIT, "", timedelta(seconds=1))
    hours.now += 20

    assert hours.try_to(EDIT, Urgency.PERSON) is None


@pytest.mark.anyio
async def test_a_call_waits_its_turn_where_that_is_soon() -> None:
    hours = Hours()
    for _ in range(TIER_3.burst):
        await hours.pace.turn(EDIT)

    before = hours.now
    await hours.pace.turn(EDIT)

    assert hours.now - before == pytest.approx(TIER_3.apart)


@pytest.mark.anyio
async def test_a_pause_that_begins_while_a_call_waits_sends_it_away() -> None:
    hours = Hours()

    async def asleep(seconds: float) -> None:
        hours.now += seconds
        hours.pace.pause(EDIT, "", timedelta(seconds=9))

    pace = hours.pace = Pace(time=lambda: hours.now, sleep=asleep)
    for _ in range(TIER_3.burst):
        await pace.turn(EDIT)

    with pytest.raises(Paced):
        await pace.turn(EDIT)


@pytest.mark.anyio
async def test_how_urgent_one_task_is_says_nothing_of_another_and_goes_along_to_what_it_begins() -> None:
    hours, within, over = Hours(), asyncio.Event(), asyncio.Event()
    while hours.try_to(EDIT, Urgency.CARD) == 0:
        pass

    async def begun_by_a_card() -> None:
        with pytest.raises(Paced):
            hours.pace.book(EDIT)

    async def card() -> None:
        with hurry(Urgency.CARD):
            begun = asyncio.create_task(begun_by_a_card())
            within.set()
            await over.wait()
        await begun

    async def person() -> float:
        await within.wait()
        wait = hours.pace.book(EDIT)
        over.set()
        return wait

    assert (await asyncio.gather(person(), card()))[0] == 0


def test_channels_that_rest_are_forgotten() -> None:
    hours = Hours()
    for number in range(3 * MOST):
        hours.now += 1
        hours.try_to(POST, Urgency.CARD, f"D{number}")

    assert len(hours.pace._buckets) <= MOST


def test_a_method_that_nobody_wrote_down_is_taken_to_be_slow() -> None:
    hours = Hours()

    went = [hours.try_to("canvases.create", Urgency.PERSON) for _ in range(TIER_2.burst)]

    assert "canvases.create" not in METHODS
    assert went == [0] * TIER_2.burst
    assert hours.try_to("canvases.create", Urgency.PERSON) is None


def test_an_allowance_is_a_burst_and_what_a_minute_brings() -> None:
    assert Allowance(a_minute=20, burst=1) == BOARD_IN_A_CHANNEL
    assert BOARD_IN_A_CHANNEL.apart == 3
