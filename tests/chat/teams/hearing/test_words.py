"""A person's words as they were meant, however Teams and a telephone dressed them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.hearing.words import Words, words_of
from bot.core.case import Outcome
from bot.core.typed import understand

#: A card of ours that was answered by "Reply", as the clients write it.
QUOTE = (
    '<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1600457867820">\n'
    '<strong itemprop="mri" itemid="28:bookend">Bookend</strong>'
    '<span itemprop="time" itemid="1600457867820"></span>\n'
    '<p itemprop="preview">Room · K7Q2</p>\n</blockquote>'
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("status&nbsp;\n", "status"),
        ("  2 na no medicines\r\n", "2 na no medicines"),
        ("<p>2 na no&nbsp;medicines</p>", "2 na no medicines"),
        ("1 caught a &amp; b &lt;c&gt;", "1 caught a & b <c>"),
        ("1 na pain < 3 and > 1", "1 na pain < 3 and > 1"),
        ("<div><strong>done</strong></div>", "done"),
        ("**done**", "done"),
        ("`1 done`", "1 done"),
        ("2 * 3 and 4 * 5", "2 * 3 and 4 * 5"),
        ("I\u2019m on it", "I'm on it"),
        ("\u201cdone\u201d", '"done"'),
        ("move K7Q2 2027\u201102\u201118\xa009:30", "move K7Q2 2027-02-18 09:30"),
        ("all\u202fok\u200b", "all ok"),
        ("1 na \u2067no\u2069 \u202emedicines\x00 \ud83d", "1 na no medicines"),
        ("to <at>Sam Reed</at>", "to @Sam Reed"),
        ('to <at id="1">Sam Reed</at>', "to @Sam Reed"),
        ("all ok<br>thanks", "all ok\nthanks"),
        ("", ""),
        ("&nbsp;", ""),
    ],
)
def test_what_was_typed_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert words_of(typed) == Words(text=meant)


def test_whom_somebody_mentions_reaches_the_reply_by_account() -> None:
    sam = "00000000-0000-4000-8000-00000000000a"

    words = words_of("2 to <at>Sam Reed</at>", called={"<at>Sam Reed</at>": f"@{sam}"})

    assert understand(words.text, [1, 2]).to == sam


@pytest.mark.parametrize(
    "typed", ["\u20181 done\u2019", "1\xa0done", "**1 done**", "_1 done_", "1 \u2714\ufe0f"]
)
def test_a_telephones_own_signs_change_no_answer(typed: str) -> None:
    understood = understand(words_of(typed).text, [1, 2])

    assert (understood.numbers, understood.outcome) == ((1,), Outcome.CONFIRMED)


@pytest.mark.parametrize("text", ["all ok", "Bookend: Room · K7Q2\r\n\r\nall ok", ""])
def test_a_reply_says_which_message_it_answers_and_nothing_of_what_stood_there(text: str) -> None:
    words = words_of(text, f"<div>{QUOTE}<p>all ok</p></div>")

    assert words == Words(text="all ok", answers="1600457867820")


def test_a_reply_that_is_written_as_bots_do_it_says_the_same() -> None:
    assert words_of('<quoted messageId="17123"/> 1 done') == Words(text="1 done", answers="17123")


def test_a_quotation_of_ones_own_answers_no_message() -> None:
    dressed = "<blockquote>she said yes</blockquote><p>1 done</p>"

    assert words_of("she said yes\n1 done", dressed) == Words(text="she said yes\n1 done")


@pytest.mark.parametrize(
    ("text", "dressed"),
    [
        ("<at>" * 25_000, ""),
        ("1 done", '<blockquote itemtype="http://schema.skype.com/Reply">' * 2_000),
        ("1 done", "<blockquote " + "schema.skype.com/Reply" * 4_500),
        ("1 done", "<blockquote " + "schema.skype.com/Reply" * 2_500 + ">" + "a" * 50_000),
    ],
)
def test_what_begins_a_thousand_things_and_ends_none_is_read_at_once(text: str, dressed: str) -> None:
    began = process_time()

    words_of(text, dressed)

    # as they were read before: eight seconds for the first, for everybody
    assert process_time() - began < 0.25


@given(st.text(), st.text() | st.just(QUOTE + "<p>1 done</p>"))
def test_whatever_was_typed_can_be_read(text: str, dressed: str) -> None:
    words = words_of(text, dressed)

    assert "\x00" not in words.text and words.text == words.text.strip()
