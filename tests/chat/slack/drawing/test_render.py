"""Cards as Slack shows them: inside its limits whatever they hold, and every word as text."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.buttons import carried, lengthened, pressed, shortened
from bot.chat.slack.drawing.kit import cut, safe
from bot.chat.slack.drawing.render import drawn, over
from bot.core.actions import Action, Button
from bot.core.errors import Refused
from bot.core.kinds import Level
from bot.core.messages import Card, LineState, Notice, Response
from tests.chat import boards, samples
from tests.chat.cards import (
    any_board,
    buttons,
    case_views,
    decision_cards,
    notices,
    task_cards,
    task_keys,
    texts,
)
from tests.chat.slack import limits
from tests.examples import some

EVERYTHING = st.one_of(task_cards, decision_cards, any_board, case_views, notices)
SAMPLES = [samples.WORKLIST, samples.PREP, samples.DECISION, boards.BOARD, samples.CASE, samples.FORM]


def words(what: Card | Response) -> str:
    return "\n".join(limits.words(drawn(what).json()))


def values(what: Card | Response) -> list[str]:
    rows = [[*block.get("elements", []), block.get("accessory")] for block in drawn(what).json()]
    return [each["value"] for row in rows for each in row if each and each["type"] == "button"]


@settings(max_examples=some(60))
@given(EVERYTHING)
def test_slack_takes_whatever_is_drawn_and_it_calls_nobody_and_links_nowhere(what: Card | Response) -> None:
    message = drawn(what)
    blocks = message.json(mark="bookend_card:a")

    formatted = [
        block["text"]["text"] if "text" in block else block["elements"][0]["text"]
        for block in blocks
        if block["type"] in ("section", "context")
    ]

    assert limits.of_message(message.text, blocks) == []
    assert not any("<" in text or ">" in text for text in [message.text, *formatted])


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_every_card_also_says_itself_in_one_text(card: Card | Response) -> None:
    assert drawn(card).text


@pytest.mark.parametrize("state", LineState)
def test_a_line_shows_its_number_title_state_case_and_what_was_said(state: LineState) -> None:
    line = replace(samples.WORKLIST.lines[0], state=state, said="Asked again")

    text = words(replace(samples.WORKLIST, lines=(line,)))

    over = state in (LineState.DONE, LineState.VOID)
    assert ("1. First antiviral dose taken ·" if over else "*1. First antiviral dose taken*") in text
    assert samples.K7Q2 in text
    assert "overdue since Sun 15 Feb 10:00" in text
    assert "Asked again" in text


def test_a_new_code_stands_above_what_is_to_be_done_with_it() -> None:
    drawn_code, rest = words(samples.BOOKED).split("K7Q2", 1)

    assert drawn_code.strip().strip("*`") == ""
    assert "Write K7Q2 into your appointment book." in rest


def test_why_stands_on_a_stage_card_and_not_on_a_list() -> None:
    line = samples.WORKLIST.lines[0]

    assert line.why not in words(replace(samples.WORKLIST, lines=(line,)))
    assert line.why in words(replace(samples.PREP, lines=(line,)))


def test_news_stand_on_the_card() -> None:
    assert "Smoker: two items added" in words(samples.WORKLIST)


def test_a_time_out_says_what_is_open_before_what_is_said_aloud() -> None:
    told = words(samples.TIMEOUT)

    assert told.index("Still open") < told.index("*Consent signed:* no answer yet") < told.index("Say aloud")
    assert (
        told.index("Say aloud") < told.index("*Allergies said:* latex") < told.index("Everybody in the room")
    )


def test_a_question_that_is_still_open_stands_out_with_its_mark() -> None:
    told = words(replace(samples.TIMEOUT, waits=("Anything new? no answer yet (Jo Park)",)))

    assert "• *Anything new?* no answer yet (Jo Park)" in told


def test_who_answered_what_is_said_aloud_stands_below_in_small_print() -> None:
    blocks = drawn(samples.TIMEOUT).json()
    small = [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]

    assert small == ["Allergies: Confirmed by Jo Park 14:55"]


def test_a_decision_names_the_stop_its_reasons_and_the_first_date_allowed() -> None:
    text = words(samples.DECISION)

    assert "*Isotretinoin within six months* · hard stop" in text
    assert "• last dose: 3 Nov 2025" in text
    assert "First date allowed: *Mon 4 May 2026*" in text


def test_a_settled_decision_looks_like_no_stop() -> None:
    settled = replace(samples.DECISION, reasons=(), closed=True, level=Level.NONE)

    assert "🛑 *Isotretinoin" in words(samples.DECISION)
    assert "✅ *Isotretinoin" in words(settled)
    assert "🛑 *Isotretinoin" in words(replace(samples.DECISION, closed=True))


def test_the_board_names_exceptions_with_their_owners_and_folds_those_who_need_nobody() -> None:
    text = words(boards.BOARD)

    assert "🛑 Stop · *Wed 25 Feb 10:00 · V3HN* · Isotretinoin: last dose 3 Nov 2025" in text
    assert "hard stop · Room 2 · CO₂ full-field" in text
    assert "⚠️ *09:30 · K7Q2* · First antiviral dose taken: no answer yet · up to *Jo Park*" in text
    assert "\nsince Sun 15 Feb 10:00 · next: asked again 09:00" in text
    assert "🚨 Complication · *Fri 13 Feb 14:00 · W9TR* · Seen by the physician today: overdue" in text
    assert text.index("no nurse on duty") < text.index("W9TR")
    assert "*1 cleared:* T8BA" in text and "*2 in aftercare:* Z5JM · X3GV" in text
    assert "T8BA" not in text.split("1 cleared:")[0].partition("checked")[2]


def test_a_board_without_exceptions_says_that_nothing_needs_anybody() -> None:
    assert "✅ *Nothing needs you.*" in words(boards.CLEAR)
    assert "Nothing needs you" in words(replace(boards.CLEAR, rows=()))
    assert "Nothing needs you" not in words(boards.BOARD)


def test_a_board_that_is_over_says_since_when_and_praises_what_was_caught() -> None:
    text = words(boards.ENDED)

    assert "🔒 Closed 18:00" in text and "🌟 Good catches this week: 7." in text


def test_of_a_crowded_board_the_worst_come_first_and_the_rest_is_counted() -> None:
    crowd = boards.crowded(1000)
    text = words(crowd)

    shown = [row.code for row in crowd.exceptions if boards.named(row) in text]
    assert shown == [row.code for row in crowd.exceptions[: len(shown)]]
    assert f"… and {len(crowd.exceptions) - len(shown)} more that do not fit here." in text


def test_of_forty_cases_the_worst_dozen_are_told_in_full_and_the_others_by_their_state() -> None:
    text = words(boards.crowded(40))

    assert text.count("up to *Jo Park*") == 12
    assert text.count("⚠️ *") == 8 and text.count("⚠️ Not ready · ") == 4


def test_a_card_whose_lines_are_all_answered_keeps_what_it_is_given_to_press() -> None:
    finish = Button(action=Action.MARK, label="Finish", tasks=("K7Q2:1",), value="finished")
    line = replace(samples.PREP.lines[0], state=LineState.DONE)

    found = values(replace(samples.PREP, lines=(line,), buttons=(finish,), closed=True))

    assert [pressed(value).value for value in found] == ["finished"]


def test_a_long_list_keeps_every_line_and_the_first_of_them_their_buttons() -> None:
    lines = tuple(replace(samples.WORKLIST.lines[0], number=n, why="") for n in range(1, 61))

    text = words(replace(samples.WORKLIST, lines=lines))

    assert all(f"{number}. First antiviral dose taken" in text for number in range(1, 61))
    assert 30 <= len(values(replace(samples.WORKLIST, lines=lines))) <= 48


def test_a_list_that_is_too_long_says_how_much_of_it_is_missing() -> None:
    lines = tuple(replace(samples.WORKLIST.lines[0], number=n) for n in range(1, 401))

    text = words(replace(samples.WORKLIST, lines=lines))

    shown = text.count("First antiviral dose taken")
    assert 0 < shown < 400
    assert f"… and {400 - shown} more" in text


def test_a_note_with_a_call_to_everybody_is_shown_as_it_was_typed() -> None:
    text = words(Notice(text="<!channel> & <@U0ALI>", lines=("<!here>",)))

    assert "&lt;!channel&gt; &amp; &lt;@U0ALI&gt;" in text
    assert "• &lt;!here&gt;" in text


def test_a_note_of_several_lines_cannot_look_like_a_line_of_ours() -> None:
    line = replace(samples.PREP.lines[0], said="ok\n✅ *2. Pregnancy question*")

    assert "\n✅ *2. Pregnancy question*" not in words(replace(samples.PREP, lines=(line,)))


def test_a_note_cannot_turn_the_words_behind_it_round() -> None:
    line = replace(samples.PREP.lines[0], said="ok\u202e\u2067 \u061cwell")

    assert not set("\u202e\u2067\u061c") & set(words(replace(samples.PREP, lines=(line,))))


def test_what_is_over_is_one_line_in_small_print_without_a_button() -> None:
    found = over("Answered by Sam Reed 10:20.")

    assert [block["type"] for block in found.json()] == ["context"]
    assert found.text == "Answered by Sam Reed 10:20."


@given(texts, st.integers(10, 200))
def test_cutting_leaves_no_half_of_an_escape(text: str, most: int) -> None:
    found = safe(text, most)

    assert len(found) <= most
    assert found.count("&") == sum(found.count(each) for each in ("&amp;", "&lt;", "&gt;"))


def test_a_text_that_fits_is_not_cut_and_a_longer_one_ends_with_a_word() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("Second check: Numbing cream", 24) == "Second check: Numbing…"
    assert cut("Onewordthatislongerthanitsplace", 12) == "Onewordthat…"


def primary(card: Card) -> list[tuple[str, str]]:
    rows = [[*block.get("elements", []), block.get("accessory")] for block in drawn(card).json()]
    return [
        (each["text"]["text"], each["value"])
        for row in rows
        for each in row
        if each and each.get("style") == "primary"
    ]


def test_one_button_stands_out_on_a_card() -> None:
    whole = Button(action=Action.FORM, label="Answer all", tasks=("K7Q2:a.b:1:1",), style="primary")
    plain = replace(samples.WORKLIST, buttons=(replace(whole, style=""),))

    ((next_line, value),) = primary(plain)
    ((own, _),) = primary(replace(samples.WORKLIST, buttons=(whole,)))

    assert (next_line, own) == ("Answer", "Answer all")
    assert "abl.hsv_started" in value


def test_where_nothing_is_offered_for_all_lines_none_of_them_stands_out() -> None:
    lines = tuple(
        replace(line, buttons=tuple(replace(button, style="") for button in line.buttons))
        for line in samples.WORKLIST.lines
    )

    assert primary(replace(samples.WORKLIST, lines=lines, buttons=())) == []


def test_no_colour_pushes_a_physician_to_go_on() -> None:
    choices = tuple(
        Button(action=Action.DECIDE, label=each, tasks=("K7Q2:a.b:1:1",), value=each)
        for each in ("proceed", "modify")
    )
    line = replace(samples.WORKLIST.lines[0], state=LineState.BLOCKED, buttons=choices)

    assert primary(replace(samples.WORKLIST, lines=(line,))) == []


def test_of_a_time_out_that_must_wait_no_button_stands_out() -> None:
    line = replace(samples.TIMEOUT.lines[0], buttons=(samples.answer("g.timeout"),))

    assert primary(replace(samples.TIMEOUT, lines=(line,))) == []
    assert len(primary(replace(samples.TIMEOUT, lines=(line,), waits=()))) == 1


def test_lines_of_several_rows_have_a_free_line_around_them() -> None:
    said = words(
        replace(samples.WORKLIST, lines=tuple(replace(each, buttons=()) for each in samples.WORKLIST.lines))
    )

    assert f"{samples.K7Q2}\n\n⬜ *2." in said


def test_answered_lines_stand_close_together() -> None:
    done = tuple(
        replace(each, state=LineState.DONE, said="Confirmed by Jo Park 08:12") for each in samples.PREP.lines
    )

    said = words(replace(samples.PREP, lines=done))

    assert "Confirmed by Jo Park 08:12\n✅ 2. Pregnancy question" in said


def test_a_notice_that_comes_unasked_has_its_tone_at_its_heading_and_an_answer_at_its_words() -> None:
    assert drawn(samples.HELD).json()[0]["text"]["text"] == "⚠️ Held: Laser B"
    assert words(Notice(text="Noted.", tone="good")) == "✅ Noted."


@given(buttons)
def test_a_button_comes_back_as_it_was_drawn(button: Button) -> None:
    assert pressed(carried(button)) == replace(button, label="", style="")


@given(st.lists(st.one_of(task_keys(), st.sampled_from(["K7Q2:1", "K7Q2", "K7Q2:a.b:1:1", "K7Q2:a.c:1:1"]))))
def test_task_keys_come_back_as_they_were(tasks: list[str]) -> None:
    assert lengthened(shortened(tasks)) == tuple(tasks)


def test_eighty_tasks_of_a_case_fit_behind_one_button() -> None:
    button = Button(
        action=Action.FORM, label="Answer all", tasks=tuple(f"K7Q2:every.step_{n:02}:1:1" for n in range(80))
    )

    assert len(carried(button)) < 2000


def test_a_button_that_cannot_carry_all_its_tasks_is_not_drawn() -> None:
    tasks = tuple(f"K7Q2:every.step_with_a_long_name_{n:03}:1:1" for n in range(200))
    button = Button(action=Action.ALL_AS_READ, label="All as read aloud", tasks=tasks)

    assert values(replace(samples.PREP, buttons=(button,))) == []


@pytest.mark.parametrize(
    "value", ["", "{}", "[]", "3", "null", '{"do":"dance","tasks":[]}', '{"do":"form","tasks":[3]}']
)
def test_a_button_of_another_version_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="another version"):
        pressed(value)


def test_no_row_has_more_buttons_than_slack_takes() -> None:
    many = tuple(Button(action=Action.CASE, label=f"Case {number}", tasks=("K7Q2",)) for number in range(40))

    message = drawn(replace(samples.PREP, buttons=many))

    assert limits.of_message(message.text, message.json()) == []


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_a_button_carries_words_of_ours_and_task_keys_only(card: Card | Response) -> None:
    for value in values(card):
        assert json.loads(value).keys() <= {"do", "tasks", "revision", "value", "screen", "about", "page"}


def test_a_link_stands_under_the_words_and_not_in_the_notification() -> None:
    notice = Notice(text="It opens once.", link=("See who K7Q2 is", "https://bookend.example/who/secret"))

    shown = drawn(notice)

    assert "<https://bookend.example/who/secret|See who K7Q2 is>" in json.dumps(shown.json())
    assert "secret" not in shown.text


def test_every_button_says_by_itself_what_it_does_and_for_which_case() -> None:
    about = [
        button["accessibility_label"]
        for card in (samples.WORKLIST, samples.PREP, samples.DECISION, samples.CASE)
        for block in drawn(card).json()
        for button in [*block.get("elements", []), block.get("accessory")]
        if button and button["type"] == "button" and "value" in button
    ]

    assert "Answer, K7Q2: 1. First antiviral dose taken" in about
    assert all(re.match(r"[^:]+(, ([A-Z2-9]{4}|\d+ cases))?: .", each) for each in about)


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_no_button_of_a_card_is_called_by_its_label_alone(card: Card | Response) -> None:
    rows = [[*block.get("elements", []), block.get("accessory")] for block in drawn(card).json()]
    found = [each for row in rows for each in row if each and each["type"] == "button"]

    assert [each["text"]["text"] for each in found if ": " not in each.get("accessibility_label", "")] == []


def test_a_message_is_the_same_however_often_it_is_asked_and_a_mark_stays_with_its_sending() -> None:
    said = drawn(samples.PREP)
    before = said.told

    marked = said.json(mark="bookend_card:1")

    assert marked[0]["block_id"] == "bookend_card:1"
    assert said.told == before == drawn(samples.PREP).told
