"""A person's words as they were meant, however Slack and a telephone dressed them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.buttons import command, commanded
from bot.chat.slack.hearing.words import plain_words
from bot.core.case import Outcome
from bot.core.errors import Refused
from bot.core.replies import OPENING
from bot.core.typed import understand
from tests.chat.slack.fake import BOT_USER


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2 na &lt;no&gt; medicines &amp; such", "2 na <no> medicines & such"),
        ("to <@U0SAM>", "to @U0SAM"),
        ("assign K7Q2 nurse <@U0SAM|sam>", "assign K7Q2 nurse @U0SAM"),
        ("<@U0BOT> status", "status"),
        ("<@U0BOT|bookend>:  status", "status"),
        ("status <@U0BOT>", "status @U0BOT"),
        ("1 caught see <mailto:jo@clinic.example|jo@clinic.example>", "1 caught see jo@clinic.example"),
        ("1 caught see <http://clinic.example|clinic.example>", "1 caught see clinic.example"),
        (
            "1 caught see <https://clinic.example/a?b=1&amp;c=2>",
            "1 caught see https://clinic.example/a?b=1&c=2",
        ),
        ("1 na call <tel:5550100|555 0100>", "1 na call 555 0100"),
        ("ask <#C0BOARD|procedures> and <!subteam^S0NURSES|@nurses>", "ask #procedures and @nurses"),
        ("<!here> done", "@here done"),
        ("I\u2019m on it", "I'm on it"),
        ("\u201cdone\u201d", '"done"'),
        ("move K7Q2 2027\u201102\u201118\u00a009:30", "move K7Q2 2027-02-18 09:30"),
        ("all\u202fok\u200b", "all ok"),
        ("1 na \u2067no\u2069 \u202emedicines\x00 \ud83d", "1 na no medicines"),
        ("*done*", "done"),
        ("`1 done`", "1 done"),
        ("```case K7Q2```", "case K7Q2"),
        ("2 * 3 and 4 * 5", "2 * 3 and 4 * 5"),
        ("&lt;@U0SAM&gt;", "<@U0SAM>"),
    ],
)
def test_what_was_typed_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert plain_words(typed, bot=BOT_USER) == meant


@pytest.mark.parametrize(
    "typed", ["\u20181 done\u2019", "1\u00a0done", "*1 done*", "_1 done_", "1 \u2714\ufe0f"]
)
def test_a_telephones_own_signs_change_no_answer(typed: str) -> None:
    understood = understand(plain_words(typed), [1, 2])

    assert (understood.numbers, understood.outcome) == ((1,), Outcome.CONFIRMED)


def test_whom_somebody_mentions_reaches_the_reply() -> None:
    assert understand(plain_words("2 to <@U0SAM>"), [1, 2]).to == "U0SAM"


@pytest.mark.parametrize(
    ("words", "carried"),
    [
        ("new", "new"),
        ("new abl Mrs Example", "new"),
        ("Event k7q2", "event K7Q2"),
        ("event K7Q2/2", "event K7Q2/2"),
        ("event K7Q2 urgent", ""),
        ("move", "move"),
        ("move 2027-03-02", "move 2027-03-02"),
        ("move Mrs Example", ""),
        ("cancel K7Q2 she is ill", ""),
        ("status", ""),
        ("", ""),
    ],
)
def test_a_button_carries_the_command_and_no_words_of_a_person(words: str, carried: str) -> None:
    assert command(words.split()) == carried


@given(st.sampled_from([*OPENING, "help", "fact"]), st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_nothing_else_that_was_typed_is_ever_carried(word: str, rest: list[str]) -> None:
    carried = command([word, *rest])

    assert re.fullmatch(r"|[a-z-]+( \d{4}-\d\d-\d\d| [2-9A-Z]{4,8}(/\d{1,3})?)?", carried, re.ASCII)
    assert carried == "" or commanded(carried) == tuple(carried.split())


@pytest.mark.parametrize("value", ["", "status", "cancel K7Q2 ill", "event k7q2", "event Mrs Example"])
def test_a_button_that_carries_anything_else_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="another version"):
        commanded(value)
