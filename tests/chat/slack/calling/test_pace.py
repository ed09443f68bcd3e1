"""How fast Slack may be asked, on a clock that only these tests move."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.pace import Allowance, Urgency, hurry
from bot.chat.slack.calling.pace import (
    BOARD_IN_A_CHANNEL,
    IN_A_CHANNEL,
    METHODS,
    TIER_2,
    TIER_3,
    SlackLimits,
)
from bot.chat.slack.patience import PATIENT
from bot.core.errors import Paced
from tests.chat.hours import Hours, most_in
from tests.examples import some

POST, EDIT = "chat.postMessage", "chat.update"


def slack_hours() -> Hours:
    return Hours(limits=SlackLimits())


moments = st.lists(
    st.tuples(st.floats(0, 20, allow_nan=False), st.sampled_from(Urgency)), min_size=1, max_size=120
)


@given(calls=moments, window=st.sampled_from([0.0, 1.0, 10.0, 60.0]))
@settings(max_examples=some(150))
def test_no_span_of_time_ever_sees_more_calls_than_the_allowance(
    calls: list[tuple[float, Urgency]], window: float
) -> None:
    hours = slack_hours()
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
    hours = slack_hours()
    for rest, urgency in calls:
        hours.now += rest / 10
        wait = hours.try_to(EDIT, urgency) if urgency is not Urgency.PERSON else 0
        assert wait is None or wait <= urgency.patience

    assert hours.try_to(EDIT, Urgency.PERSON) == 0


def test_cards_leave_something_to_boards_and_boards_to_people() -> None:
    hours = slack_hours()

    cards = [hours.try_to(EDIT, Urgency.CARD) for _ in range(20)]
    boards = [hours.try_to(EDIT, Urgency.BOARD, f"C{number}") for number in range(20)]
    people = [hours.try_to(EDIT, Urgency.PERSON) for _ in range(20)]

    assert (cards.count(0), boards.count(0), people.count(0)) == (7, 2, 1)


def test_a_channel_gets_one_message_a_second_after_a_short_burst_and_other_channels_their_own() -> None:
    hours = slack_hours()

    burst = [hours.try_to(POST, Urgency.PERSON, "C1") for _ in range(IN_A_CHANNEL.burst)]
    other = hours.try_to(POST, Urgency.PERSON, "C2")
    next_one = hours.try_to(POST, Urgency.PERSON, "C1")

    assert (burst, other, next_one) == ([0] * IN_A_CHANNEL.burst, 0, pytest.approx(1))


def test_the_board_of_a_channel_is_drawn_at_once_and_then_every_three_seconds() -> None:
    hours = slack_hours()
    drawn = []
    for _ in range(100):
        if hours.try_to(EDIT, Urgency.BOARD, "C1") is not None:
            drawn.append(hours.now)
        hours.now += 0.1

    assert drawn == pytest.approx([1000, 1003, 1006, 1009])


def test_a_pause_of_slacks_holds_for_all_later_calls_of_the_method() -> None:
    hours = slack_hours()
    hours.pace.pause(EDIT, "C1", timedelta(seconds=30))

    with hurry(Urgency.CARD), pytest.raises(Paced) as early:
        hours.pace.book(EDIT, "C2")
    others = hours.try_to("users.info", Urgency.CARD)
    hours.now += 30

    assert early.value.after == timedelta(seconds=30)
    assert others == 0
    assert hours.try_to(EDIT, Urgency.CARD, "C2") == 0


def test_a_pause_for_posts_is_that_channels_alone() -> None:
    hours = slack_hours()
    hours.pace.pause(POST, "C1", timedelta(seconds=30))

    assert hours.try_to(POST, Urgency.CARD, "C1") is None
    assert hours.try_to(POST, Urgency.CARD, "C2") == 0


def test_a_method_that_nobody_wrote_down_is_taken_to_be_slow() -> None:
    hours = slack_hours()

    went = [hours.try_to("canvases.create", Urgency.PERSON) for _ in range(TIER_2.burst)]

    assert "canvases.create" not in METHODS
    assert went == [0] * TIER_2.burst
    assert hours.try_to("canvases.create", Urgency.PERSON) is None


def test_an_allowance_is_a_burst_and_what_a_minute_brings() -> None:
    assert Allowance(a_minute=20, burst=1) == BOARD_IN_A_CHANNEL
    assert BOARD_IN_A_CHANNEL.apart == 3


def test_a_person_waits_for_their_turn_no_longer_than_for_anything_else() -> None:
    assert Urgency.PERSON.patience == PATIENT.taken
