"""Moments in the reader's zone: Slack is told which they are, and whoever sees words reads the clinic's."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack.drawing.kit import MESSAGE, SECTION, message, safe, section
from bot.chat.slack.drawing.render import drawn
from bot.chat.slack.drawing.zones import CLINICS, FORMAT, TIME, in_words, in_zone
from bot.core.instants import Instants
from bot.core.messages import Card, CaseView, Response, TaskCard
from tests.chat import boards, samples
from tests.chat.cards import NASTY, any_board, case_views, decision_cards, notices, task_cards
from tests.chat.slack import limits
from tests.examples import some
from tests.service.clinic import JO, KIT, WITH_BOARD
from tests.service.riverside import Riverside

START = datetime(2026, 2, 16, 9, 30, tzinfo=UTC)
LABEL = Instants(times={"Mon 16 Feb 09:30": START, "10:20": START + timedelta(minutes=50)})
ZONED = f"<!date^1771234200^{FORMAT}|Mon 16 Feb 09:30>"

times = st.dictionaries(
    st.sampled_from(["Mon 16 Feb 09:30", "10:20", "09:30"]), st.just(START), min_size=1, max_size=3
)
words = st.lists(st.sampled_from([*NASTY, "Mon 16 Feb 09:30", "10:20", " · ", "09:30", "call at 10:20"])).map(
    "".join
)
instants = st.builds(Instants, times=times, own=st.sampled_from([(), ("call at 10:20",), ("&",)]))


def read(what: Card | Response) -> list[str]:
    """What stands on a card for somebody to whom Slack shows no moments."""
    return [in_words(each) for each in limits.words(drawn(what).json())]


def bare(what: Card | Response) -> list[str]:
    """What tells a time on a card and is no moment to Slack."""
    texts = [re.sub(r"<!date[^>]*>", "", each) for each in limits.words(drawn(what).json())]
    return [each for each in texts if re.search(r"\d\d:\d\d", each)]


def zoned(text: str, told: Instants) -> str:
    """A line of a message with its moments."""
    said = in_zone(message("", section(text)), told).json()[0]
    return str(said["text"]["text"])


def test_a_moment_is_slacks_to_write_and_its_words_are_the_clinics() -> None:
    assert zoned("CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2", LABEL) == f"CO₂ · {ZONED} · Room 2 · K7Q2"


def test_a_day_stands_with_every_time_and_behind_it() -> None:
    # Slack begins what it writes with a capital letter, and today here may be tomorrow there
    assert re.fullmatch(r"\{time\} \{date_\w*pretty\}", FORMAT)


def test_a_card_that_begins_with_its_day_says_it_once() -> None:
    days = {"10:20": "Mon 16 Feb"}
    card = message("", section("Riverside · Mon 16 Feb"), section("due 10:20"))
    other = message("", section("Riverside · Tue 17 Feb"), section("due 10:20"))
    told = replace(LABEL, days=days)

    said = [str(in_zone(each, told).json()[1]["text"]["text"]) for each in (card, other)]

    assert said == [f"due <!date^1771237200^{each}|10:20>" for each in (TIME, FORMAT)]


@settings(max_examples=some(300))
@given(words, st.integers(1, 200), instants)
def test_without_its_moments_a_text_is_what_it_is_without_zones(text: str, most: int, told: Instants) -> None:
    said = zoned(safe(text, most), told)

    assert in_words(said) == (safe(text, most) or "-")
    assert not re.search("[<>]", in_words(said))


@settings(max_examples=some(60))
@given(st.integers(1, 60))
def test_of_a_note_that_was_cut_no_time_is_a_moment(most: int) -> None:
    note = "call at 10:20 & again <at> 10:20"
    told = replace(LABEL, own=(note,))

    assert zoned(safe(f"Jo 10:20: {note}", most + 10), told).count("<!date") == 1


@settings(max_examples=some(120))
@given(st.one_of(task_cards, decision_cards, any_board, case_views, notices), instants)
def test_slack_takes_every_card_with_moments_and_reads_the_same_words(
    card: Card | Response, told: Instants
) -> None:
    message = drawn(replace(card, instants=told))  # type: ignore[arg-type]

    assert limits.of_message(message.text, message.json()) == []
    assert "<!date" not in message.text


def test_the_words_of_a_card_are_the_same_as_without_zones() -> None:
    told = ("Mon 16 Feb 09:30", "Wed 25 Feb 10:00", "Sun 15 Feb 10:00", "08:45")
    for card in (samples.WORKLIST, samples.PREP, samples.DECISION, boards.BOARD, samples.CASE):
        zoned = replace(card, instants=Instants(times=dict.fromkeys(told, START)))
        assert "<!date" in str(drawn(zoned).json())
        assert read(zoned) == read(card)


def test_no_button_and_no_header_holds_a_moment() -> None:
    card = replace(samples.PREP, heading="Started 10:20", instants=LABEL)
    blocks = drawn(card).json()

    plain = [*plain_texts(blocks)]
    assert plain and not any("<!date" in text for text in plain)
    assert "Started <!date^" in blocks[0]["text"]["text"] and blocks[0]["type"] == "section"


def plain_texts(what: object) -> Iterator[str]:
    if isinstance(what, dict):
        if what.get("type") == "plain_text":
            yield what["text"]
        for each in what.values():
            yield from plain_texts(each)
    elif isinstance(what, list):
        for each in what:
            yield from plain_texts(each)


def test_a_list_for_which_zones_are_too_long_keeps_its_words_and_says_whose_times_they_are() -> None:
    first = replace(samples.WORKLIST.lines[0], label=samples.K7Q2, why="", buttons=())
    lines = tuple(replace(first, number=number) for number in range(1, 52))
    told = Instants(times=dict.fromkeys(("Mon 16 Feb 09:30", "Sun 15 Feb 10:00"), START))
    card = replace(samples.WORKLIST, lines=lines, buttons=(), instants=told)

    text = "\n".join(limits.words(drawn(card).json()))

    assert "<!date" not in text and len(text) < MESSAGE
    assert CLINICS in text
    assert text.count("overdue since Sun 15 Feb 10:00") == 51


STEPS = ("g.change_check", "g.readiness", "g.consent_signed", "g.device_check", "g.timeout", "abl.check_3")


def at_work() -> Riverside:
    """Two patients, on whose day some of it is answered and the rest is late."""
    clinic = Riverside(*STEPS, clinic=WITH_BOARD)
    clinic.book("2027-02-18 09:30", code="K7Q2")
    clinic.book("2027-02-18 11:30", code="M4XD")
    return clinic.until("2027-02-18 09:20")


@pytest.fixture(scope="module")
def seen() -> list[Card | Response]:
    """Every card of a clinic at work, and what it answers who asks."""
    clinic = at_work()
    asked = [clinic.command(KIT, words) for words in ("case K7Q2", "today", "overdue", "status", "mine")]
    return [*asked, *(message.card for message in clinic.workspace.messages)]


def test_every_moment_on_every_card_of_a_day_is_the_readers(seen: list[Card | Response]) -> None:
    kinds = {type(card).__name__ for card in seen}

    assert kinds >= {"TaskCard", "Board", "Notice", "CaseView"}
    assert [text for card in seen for text in bare(card)] == []
    assert sum("<!date" in str(drawn(card).json()) for card in seen) > 20


def test_a_day_alone_is_no_moment(seen: list[Card | Response]) -> None:
    lists = [card for card in seen if isinstance(card, TaskCard) and "Tue 16 Feb" in card.heading]

    assert lists and all(drawn(card).json()[0]["text"]["text"] == card.heading for card in lists)


def test_what_notifies_says_the_clinics_time(seen: list[Card | Response]) -> None:
    assert any("09:30" in drawn(card).text for card in seen)
    assert not any("<!date" in drawn(card).text for card in seen)


def test_the_moment_is_the_one_that_the_clinic_means(seen: list[Card | Response]) -> None:
    case = next(card for card in seen if isinstance(card, CaseView))

    # half past nine in London on a winter's day, wherever it is read
    assert f"<!date^{int(datetime(2027, 2, 18, 9, 30, tzinfo=UTC).timestamp())}^" in str(drawn(case).json())


def test_a_time_in_a_note_stays_as_it_was_typed() -> None:
    clinic = Riverside("g.change_check").book().until("2027-02-16 11:00")
    clinic.type(JO, "1 problem: she calls again at 11:00")

    text = "\n".join(limits.words(drawn(clinic.command(JO, "case K7Q2")).json()))

    assert "she calls again at 11:00" in text
    assert "|11:00>: she calls again" in text


def test_a_form_says_the_clinics_time_since_what_is_typed_is_read_as_that() -> None:
    form = Riverside("g.change_check").book().until("2027-02-16 11:00").form(JO)

    assert "Thu 18 Feb 09:30" in form.label and not hasattr(form, "instants")


def test_a_paragraph_that_is_too_long_with_its_moments_becomes_two() -> None:
    lines = "\n".join(f"{number}. {samples.K7Q2}" for number in range(60))
    said = in_zone(message("", section(lines)), LABEL).json()

    assert len(said) == 2 and all(len(block["text"]["text"]) <= SECTION for block in said)
    assert "\n".join(in_words(block["text"]["text"]) for block in said) == lines
    assert sum(block["text"]["text"].count("<!date") for block in said) == 60
