"""Which moments the words on a card are: heard where they are made, never in a person's own words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core import wording
from bot.core.conditions import shown
from bot.core.instants import Instants, listening, own, told
from bot.core.times import Calendar

LONDON = Calendar(zone=ZoneInfo("Europe/London"))
NOW = datetime(2027, 2, 16, 8, 0, tzinfo=UTC)
TEN_TWENTY = NOW.replace(hour=10, minute=20)


def found(instants: Instants, text: str) -> list[tuple[str, datetime | None]]:
    return [(words, at) for words, at in instants.pieces(text) if at]


def test_a_moment_is_heard_where_it_is_put_into_words() -> None:
    with listening() as heard:
        words = f"from {wording.when(TEN_TWENTY, NOW, LONDON)}"

    assert words == "from 10:20"
    assert found(heard.instants, words) == [("10:20", TEN_TWENTY)]


def test_a_moment_of_another_day_is_one_moment_and_not_also_its_time() -> None:
    with listening() as heard:
        words = wording.when(TEN_TWENTY + timedelta(days=2), NOW, LONDON)

    assert found(heard.instants, f"{words} and 10:20") == [(words, TEN_TWENTY + timedelta(days=2))]


def test_the_same_words_for_two_moments_stay_words() -> None:
    with listening() as heard:
        told("10:20", TEN_TWENTY)
        told("10:20", TEN_TWENTY + timedelta(days=1))
        told("10:30", TEN_TWENTY + timedelta(minutes=10))

    assert found(heard.instants, "10:20, 10:30") == [("10:30", TEN_TWENTY + timedelta(minutes=10))]


def test_the_two_hours_that_autumn_doubles_stay_words() -> None:
    first = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)

    with listening() as heard:
        words = {wording.moment(at, LONDON) for at in (first, first + timedelta(hours=1))}

    assert words == {"Sun 31 Oct 01:30"} and heard.instants.times == {}


def test_two_answers_of_one_minute_are_one_moment() -> None:
    with listening() as heard:
        told("10:20", TEN_TWENTY + timedelta(seconds=5))
        told("10:20", TEN_TWENTY + timedelta(seconds=50))

    assert heard.instants.times == {"10:20": TEN_TWENTY}


def test_a_time_in_somebodys_own_words_is_nothing_but_text() -> None:
    with listening() as heard:
        text = f"Jo {told('10:20', TEN_TWENTY)}: {own('call at 10:20, not 10:20 sharp')}. By 10:20"

    assert [at for _, at in heard.instants.pieces(text) if at] == [TEN_TWENTY] * 2
    assert ("call at 10:20, not 10:20 sharp", None) in [*heard.instants.pieces(text)]


def test_a_time_that_was_filled_in_is_no_moment() -> None:
    with listening() as heard:
        told("10:20", TEN_TWENTY)
        text = f"Numbing cream off: {shown(TEN_TWENTY.time())}"

    assert found(heard.instants, text) == []


def test_a_time_within_something_longer_is_none() -> None:
    heard = Instants(times={"10:20": TEN_TWENTY})

    assert found(heard, "110:20, 10:201, 10:20:30, 7:10:20, a10:20") == []
    assert len(found(heard, "(10:20) 10:20: 10:20-10:20,10:20.")) == 5


def test_nobody_hears_what_is_said_before_or_after() -> None:
    told("10:10", TEN_TWENTY)
    with listening() as heard:
        with listening() as inner:
            told("10:20", TEN_TWENTY)
        told("10:30", TEN_TWENTY)
    told("10:40", TEN_TWENTY)

    assert ([*inner.instants.times], [*heard.instants.times]) == (["10:20"], ["10:30"])


def test_two_who_draw_at_the_same_moment_hear_nothing_of_each_other_nor_does_whoever_draws_next() -> None:
    together = Barrier(2)

    def drawn(words: str) -> list[str]:
        with listening() as heard:
            together.wait(5)
            told(words, TEN_TWENTY)
            together.wait(5)
        told("10:40", TEN_TWENTY)
        return [*heard.instants.times]

    # as many drawings as threads, twice: each thread is used again, as the event loop does
    with ThreadPoolExecutor(2) as threads:
        first = list(threads.map(drawn, ["10:10", "10:20"]))
        second = list(threads.map(drawn, ["10:30", "10:50"]))

    assert first + second == [["10:10"], ["10:20"], ["10:30"], ["10:50"]]


@given(
    st.text(),
    st.lists(st.text(max_size=8)),
    st.dictionaries(st.sampled_from(["10:20", "09:30"]), st.just(NOW)),
)
def test_the_pieces_are_the_text(text: str, people: list[str], times: dict[str, datetime]) -> None:
    text = "".join([text, *times, *people, *times])

    assert "".join(piece for piece, _ in Instants(times=times, own=tuple(people)).pieces(text)) == text
