"""Teams' limits, each span of time by itself, on a clock that only these tests move."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.pace import Urgency
from bot.chat.teams.calling.pace import EDIT, OPEN, POST, READ, REPLY, Retreat, TeamsLimits
from tests.chat.hours import Hours, most_in
from tests.examples import some

#: Microsoft's limits for a conversation: seconds, and how many may be sent in any span of them.
SENT = {1: 7, 2: 8, 30: 60, 3600: 1800}
ASKED = {1: 14, 2: 16, 30: 120, 3600: 3600}
AT_ONCE = 25

calls = st.lists(
    st.tuples(
        st.floats(0, 40, allow_nan=False), st.sampled_from([POST, REPLY, EDIT]), st.sampled_from(Urgency)
    ),
    min_size=1,
    max_size=150,
)


def teams_hours() -> Hours:
    return Hours(limits=TeamsLimits())


def wait_and_try(hours: Hours, kind: str, where: str = "a:1") -> None:
    """Make a call as soon as it may be made."""
    while (wait := hours.try_to(kind, Urgency.PERSON, where)) is None:
        hours.now += 0.25
    hours.now += wait


@given(calls=calls)
@settings(max_examples=some(150))
def test_no_span_of_time_sees_more_messages_and_edits_in_a_conversation_than_teams_takes(
    calls: list[tuple[float, str, Urgency]],
) -> None:
    hours = teams_hours()
    for rest, kind, urgency in calls:
        # mostly in bursts: rests are kept for one call in seven
        hours.now += rest if len(hours.went) % 7 == 0 else 0
        hours.try_to(kind, urgency, "a:1")
        hours.now += 0.1

    for span, most in SENT.items():
        assert most_in(hours.went, span) <= most


@pytest.mark.parametrize(
    ("kind", "limits", "times"),
    [(POST, SENT, 2000), (EDIT, SENT, 700), (REPLY, SENT, 700), (READ, ASKED, 4000), (OPEN, SENT, 700)],
)
def test_somebody_who_never_rests_keeps_every_limit(kind: str, limits: dict[int, int], times: int) -> None:
    hours = teams_hours()
    for _ in range(times):
        wait_and_try(hours, kind)

    went = hours.went
    for span, most in limits.items():
        # one more than the most, and they lie further apart than the span
        apart = [later - first for first, later in zip(went, went[most:], strict=False)]
        assert all(each > span + 0.001 for each in apart)


def test_questions_take_nothing_from_messages_nor_one_conversation_from_another() -> None:
    hours = teams_hours()
    while hours.try_to(READ, Urgency.PERSON, "a:1") == 0:
        pass
    hours.now += 1
    sent = [hours.try_to(POST, Urgency.PERSON, "a:1") for _ in range(4)]
    others = [hours.try_to(POST, Urgency.PERSON, "a:2") for _ in range(4)]

    assert sent == others == [0] * 4


def test_all_conversations_together_see_no_more_than_the_tenant_takes() -> None:
    hours = teams_hours()
    for number in range(300):
        wait_and_try(hours, (POST, READ, EDIT)[number % 3], f"a:{number}")

    assert most_in(hours.went, 1) <= AT_ONCE


def test_the_board_of_a_channel_is_drawn_at_once_and_then_every_four_seconds() -> None:
    hours = teams_hours()
    drawn = []
    for _ in range(100):
        if hours.try_to(EDIT, Urgency.BOARD, "19:board") is not None:
            drawn.append(hours.now)
        hours.now += 0.1

    assert drawn == pytest.approx([1000, 1004, 1008])


def test_hours_of_a_restless_board_leave_its_channel_room_for_cards() -> None:
    hours = teams_hours()
    went = 0
    for second in range(3 * 3600):
        hours.try_to(EDIT, Urgency.BOARD, "19:board")
        if second % 20 == 0:
            went += hours.try_to(POST, Urgency.CARD, "19:board") is not None
        hours.now += 1

    assert went == 3 * 3600 / 20


def test_a_message_leaves_a_board_its_first_edit() -> None:
    hours = teams_hours()

    posted = hours.try_to(POST, Urgency.BOARD, "19:board")

    assert (posted, hours.try_to(EDIT, Urgency.BOARD, "19:board")) == (0, 0)


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_who_is_sent_away_again_and_again_stays_away_longer_up_to_a_minute(chance: float) -> None:
    retreat = Retreat(lambda: chance)

    pauses = [retreat.further(POST, "a:1").total_seconds() for _ in range(12)]
    other = retreat.further(POST, "a:2").total_seconds()
    retreat.end(POST, "a:1")

    assert all(before <= after for before, after in pairwise(pauses))
    assert (pauses[0], pauses[-1]) == pytest.approx((1 + chance, 30 * (1 + chance)))
    assert other == retreat.further(POST, "a:1").total_seconds() == pauses[0]
