"""Cards as Teams shows them: inside its limits whatever they hold, and every word as text."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.teams.drawing.carried import CARD as WHOLE
from bot.chat.teams.drawing.carried import HISTORY, Screen, screen_of
from bot.chat.teams.drawing.kit import CARD, MESSAGE, SIX, compact
from bot.chat.teams.drawing.render import MENTION, SHORT, drawn, line, over
from bot.core.actions import Action, Button
from bot.core.kinds import Level
from bot.core.messages import Card, CaseView, LineState, Notice, Response, TaskCard
from tests.chat import boards, samples
from tests.chat.cards import any_board, case_views, decision_cards, notices, some_texts, task_cards
from tests.chat.teams.drawing.seen import actions, elements, lines, presses, titles, words
from tests.examples import some

time_outs = st.builds(replace, task_cards, aloud=some_texts, waits=some_texts, sources=some_texts)
EVERYTHING = st.one_of(time_outs, decision_cards, any_board, case_views, notices)
SAMPLES = [samples.WORKLIST, samples.PREP, samples.DECISION, boards.BOARD, samples.CASE, samples.BOOKED]


def bare(button: Button) -> Button:
    return replace(button, label="", style="")


def offered(what: Card | Response) -> list[Button]:
    """Every button that the service put on a card."""
    of_lines = [button for each in getattr(what, "lines", ()) for button in getattr(each, "buttons", ())]
    return [bare(button) for button in [*getattr(what, "buttons", ()), *of_lines]]


@settings(max_examples=some(60))
@given(EVERYTHING, st.none() | notices, st.booleans())
def test_teams_takes_whatever_is_drawn(what: Card | Response, note: Notice | None, channel: bool) -> None:
    message = drawn(what, note=note, channel=channel)
    activity = message.activity()
    ids = Counter(each["id"] for each in elements(message.content) if "id" in each)

    assert len(actions(message)) <= SIX
    assert len(compact(activity).encode("utf-16-le")) // 2 <= MESSAGE
    assert len(compact(message.content).encode()) < CARD
    assert [name for name, count in ids.items() if count > 1] == []
    assert message.summary.strip() and message.content["fallbackText"].strip()


@settings(max_examples=some(60))
@given(task_cards)
def test_what_is_pressed_is_a_button_of_the_card_and_comes_back_whole(what: Card) -> None:
    pressed = presses(drawn(what))

    assert [button for button in pressed if button not in offered(what)] == []


@pytest.mark.parametrize("card", [samples.WORKLIST, samples.PREP, samples.DECISION, samples.CASE])
def test_every_button_of_a_usual_card_can_be_pressed(card: Card) -> None:
    assert Counter(presses(drawn(card))) == Counter(offered(card))


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_every_button_is_also_one_that_older_clients_know(card: Card | Response) -> None:
    for action in actions(drawn(card)):
        same = {name: action[name] for name in ("title", "data", "associatedInputs")}
        assert action["fallback"].items() >= {"type": "Action.Submit", **same}.items()


def test_a_message_is_its_card_and_one_text_and_nothing_beside_it() -> None:
    activity = drawn(samples.PREP).activity()

    (attached,) = activity["attachments"]
    assert activity.keys() == {"type", "summary", "attachments"}
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attached["content"]["fallbackText"] == activity["summary"]


@pytest.mark.parametrize("card", [samples.WORKLIST, samples.DECISION, samples.OFFER], ids=lambda c: c.heading)
def test_the_one_text_says_no_more_of_a_patient_than_the_code(card: Card) -> None:
    summary = drawn(card).summary

    told = ("sotretinoin", "last dose", "Confirmed by Jo Park", "room 2 all morning")
    assert [word for word in told if word in summary] == []


@pytest.mark.parametrize("state", LineState)
def test_a_line_shows_its_number_title_state_case_and_what_was_said(state: LineState) -> None:
    one = replace(samples.WORKLIST.lines[0], state=state, said="Asked again")

    text = words(drawn(replace(samples.WORKLIST, lines=(one,))))

    assert "1. First antiviral dose taken" in text
    assert samples.K7Q2 in text
    assert "overdue since Sun 15 Feb 10:00" in text
    assert "Asked again" in text


def test_what_stops_and_what_is_late_stands_first_and_what_is_answered_last() -> None:
    states = (LineState.DONE, LineState.OPEN, LineState.OVERDUE, LineState.LATER, LineState.BLOCKED)
    some_lines = tuple(
        replace(samples.PREP.lines[0], number=number, state=state) for number, state in enumerate(states, 1)
    )

    found = [text[0] for text in lines(drawn(replace(samples.PREP, lines=some_lines))) if ". Same" in text]

    assert found == ["🛑", "⚠"[0], "⬜", "🕓", "✅"]


def test_what_is_late_says_so_in_words_and_in_colour() -> None:
    runs = [each for each in elements(drawn(samples.WORKLIST).content) if each["type"] == "TextRun"]

    coloured = [each["text"] for each in runs if each.get("color") == "attention"]
    assert coloured == [" · overdue since Sun 15 Feb 10:00"]


def test_why_stands_on_a_stage_card_and_not_on_a_list() -> None:
    one = samples.WORKLIST.lines[0]

    assert one.why not in words(drawn(replace(samples.WORKLIST, lines=(one,))))
    assert one.why in words(drawn(replace(samples.PREP, lines=(one,))))


def test_news_stand_on_the_card() -> None:
    assert "✨ Smoker: two items added" in lines(drawn(samples.WORKLIST))


def test_a_time_out_says_what_is_open_then_what_is_said_aloud_and_then_its_lines() -> None:
    told = words(drawn(samples.TIMEOUT))

    places = [
        told.index(each)
        for each in ("Still open", "Consent signed:", "Say aloud", "Allergies said: latex", "Same-day check")
    ]
    assert places == sorted(places)


def boxes(what: Card | Response) -> list[str]:
    return [each["style"] for each in elements(drawn(what).content) if each["type"] == "Container"]


def test_a_stop_looks_like_a_stop_and_a_settled_one_does_not() -> None:
    settled = replace(samples.DECISION, reasons=(), closed=True, level=Level.NONE)

    assert boxes(samples.DECISION) == ["attention"]
    assert "🛑 Isotretinoin within six months · hard stop" in lines(drawn(samples.DECISION))
    assert boxes(settled) == []
    assert "✅ Isotretinoin within six months" in lines(drawn(settled))
    assert "🛑 Isotretinoin" in words(drawn(replace(samples.DECISION, closed=True)))


def test_a_decision_names_its_reasons_and_the_first_date_allowed() -> None:
    told = lines(drawn(samples.DECISION))

    assert "• last dose: 3 Nov 2025" in told
    assert "First date allowed: Mon 4 May 2026" in told


def test_a_card_that_is_over_is_one_line_without_a_button() -> None:
    for found in (over("Answered by Sam Reed 10:20."), drawn(replace(samples.PREP, over="Answered by Sam."))):
        assert len(lines(found)) == 1
        assert actions(found) == []


def test_what_just_happened_stands_on_top_and_can_be_pressed_first() -> None:
    undo = Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.a:1:1",), revision=2)
    said = Notice(text="Saved.", tone="good", lines=("Smoker: two items added",), buttons=(undo,))

    found = drawn(samples.PREP, note=said)

    assert lines(found)[:3] == ["✅ Saved.", "• Smoker: two items added", "Prep"]
    assert titles(found) == ["Undo", "Open the form", "Case"]


def test_what_takes_a_deed_back_stands_right_below_what_was_done_and_says_so_aloud() -> None:
    undo = Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.a:1:1",), revision=2)

    found = drawn(samples.PREP, note=Notice(text="Allergies: confirmed.", buttons=(undo,)))

    told, below, heading, *_ = found.content["body"]
    assert [each["tooltip"] for each in below["actions"]] == ["Undo, K7Q2: Allergies: confirmed."]
    assert (told["type"], heading["style"]) == ("Container", "heading")


def test_a_new_code_stands_above_what_is_to_be_done_with_it() -> None:
    first, second, *_ = lines(drawn(samples.BOOKED))

    assert first == "K7Q2"
    assert "Write K7Q2 into your appointment book." in second


def test_a_link_is_a_button_and_stands_in_no_text() -> None:
    found = drawn(
        Notice(text="It opens once.", link=("See who K7Q2 is", "https://bookend.example/who/secret"))
    )

    (action,) = actions(found)
    assert action.items() >= {"type": "Action.OpenUrl", "title": "See who K7Q2 is"}.items()
    assert "secret" not in words(found) + found.summary


def test_a_long_list_is_shown_in_pages_and_each_line_stands_on_one_of_them() -> None:
    many = tuple(replace(samples.WORKLIST.lines[0], number=number) for number in range(1, 81))
    card = replace(samples.WORKLIST, lines=many)
    shown: list[str] = []
    screen: Screen | None = Screen()

    while screen is not None:
        page = drawn(card, screen=screen)
        shown += [text for text in lines(page) if "First antiviral" in text]
        turns = [each for each in actions(page) if each["title"] == "Show the next page"]
        screen = screen_of(turns[0]["data"]) if turns else None

    numbers = [int(text.split(".")[0].split()[-1]) for text in shown]
    assert numbers == list(range(1, 81))


def test_a_page_that_is_no_longer_there_is_the_last_one() -> None:
    first, ninth = (drawn(samples.WORKLIST, screen=Screen(page=page)) for page in (1, 9))

    assert lines(ninth) == lines(first)


def test_where_nothing_can_be_asked_again_the_card_says_how_much_is_missing() -> None:
    long = Notice(text="So much:", lines=tuple(f"line {number}" for number in range(100)))

    found = drawn(long, screen=None)

    shown = sum(text.startswith("• line") for text in lines(found))
    assert f"… and {100 - shown} more that have no room here." in lines(found)
    assert actions(found) == []


def test_a_case_has_its_history_behind_a_button() -> None:
    (door,) = (each for each in actions(drawn(samples.CASE)) if each["title"] == "Show the history")
    assert screen_of(door["data"]) == Screen(word=HISTORY, about="K7Q2")

    told = lines(drawn(samples.CASE, screen=Screen(word=HISTORY, about="K7Q2")))

    assert told[0] == "History of K7Q2"
    assert told[2:] == [f"• {each}" for each in reversed(samples.CASE.history)]


def test_a_case_says_how_its_gates_stand_and_numbers_no_lines() -> None:
    told = words(drawn(samples.CASE))

    assert "Cleared to come: ready with override" in told
    assert "⬜ Same-day check" in told and "1. Same-day check" not in told


@pytest.mark.parametrize("card", [samples.CLAIM, boards.BOARD, samples.HELD], ids=lambda card: card.heading)
def test_a_card_in_a_channel_says_how_words_reach_bookend(card: Card) -> None:
    assert MENTION in lines(drawn(card, channel=True))
    assert MENTION not in lines(drawn(card))


def test_in_a_channel_nobody_turns_the_page_for_everybody() -> None:
    crowd = drawn(boards.crowded(100), channel=True)

    assert titles(crowd) == ["Show: the chosen one"]
    assert "more: write @Bookend status." in words(crowd)


def test_words_that_would_be_markdown_or_a_mention_are_read_as_they_are() -> None:
    nasty = "*b* _i_ [a](https://b.example) <at>Jo Park</at> 1. `c` &lt; {{DATE(2027-02-01T00:00:00Z)}}"

    card = drawn(replace(samples.PREP, heading=nasty, label=nasty, lines=()))

    heading, label = lines(card)
    assert not set("*_[]`<>") & set(heading)
    assert "*b* _i_ [a](https://b.example) <at>Jo Park</at>" in label
    assert "{{" not in heading + label
    assert "entities" not in card.content["msteams"]


def test_a_heading_that_begins_like_a_list_is_none() -> None:
    assert [lines(drawn(replace(samples.PREP, heading=each)))[0][0] for each in ("- a", "1. a", "# a")] == [
        "\u2060"
    ] * 3


def test_a_note_of_several_lines_cannot_look_like_a_line_of_ours() -> None:
    one = replace(samples.PREP.lines[0], said="ok\n✅ 2. Pregnancy question")

    assert "✅ 2. Pregnancy question" not in lines(drawn(replace(samples.PREP, lines=(one,))))


def test_a_note_cannot_turn_the_words_behind_it_round() -> None:
    one = replace(samples.PREP.lines[0], said="ok\u202e\u2067 \u061cwell\x00")

    assert not set("\u202e\u2067\u061c\x00") & set(words(drawn(replace(samples.PREP, lines=(one,)))))


def test_a_nudge_calls_whom_it_mentions_and_nobody_else() -> None:
    called = line("Still open: <at>Sam Reed</at> Allergies.", ("29:jo", "Jo <Park>"))

    (entity,) = called.content["msteams"]["entities"]
    assert entity["mentioned"]["id"] == "29:jo"
    assert lines(called) == [entity["text"], "Still open: <at>Sam Reed</at> Allergies."]
    assert entity["text"].count("<") == 2
    assert called.summary.startswith("Jo <Park>: Still open")
    assert "entities" not in line("Still open.").content["msteams"]


def test_a_form_opens_only_by_a_press_and_says_so() -> None:
    assert "press the button on the card" in words(drawn(samples.FORM))


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_a_button_carries_words_of_ours_and_task_keys_only(card: Card | Response) -> None:
    for action in actions(drawn(card)):
        (kind,) = action["data"]["b"]
        assert kind in ("press", "choose", "screen")
        if kind == "press":
            assert json.loads(action["data"]["b"][kind]).keys() <= {"do", "tasks", "revision", "value"}


def test_a_screen_is_the_card_itself_where_nothing_else_is_said() -> None:
    assert Screen().word == WHOLE


def test_one_button_stands_out_and_none_pushes_a_physician_to_go_on() -> None:
    choice = Button(action=Action.DECIDE, label="Proceed", tasks=("K7Q2:a.b:1:1",), value="proceed")
    blocked = replace(samples.WORKLIST.lines[0], state=LineState.BLOCKED, buttons=(choice,))

    def styles(what: Card | CaseView) -> list[str]:
        return [each["title"] for each in actions(drawn(what)) if each.get("style") == "positive"]

    assert styles(samples.WORKLIST) == ["Answer: 1. First antiviral dose taken · K7Q2"]
    assert styles(replace(samples.WORKLIST, lines=(blocked,))) == []


def many(state: LineState) -> TaskCard:
    """A list in which not every line finds room for all its words."""
    first = replace(samples.PREP.lines[0], state=state, level=Level.HARD, due="overdue since 10:00")
    lines = tuple(replace(first, number=n, title=f"Item {n}", why="It matters. " * 60) for n in range(1, 41))
    return replace(samples.PREP, lines=lines, aloud=(), waits=())


def test_a_card_says_from_where_on_its_lines_are_told_in_short() -> None:
    found = lines(drawn(many(LineState.OPEN)))

    place = found.index(SHORT)
    assert found[place - 1].startswith("It matters.")
    assert not any(each.startswith("It matters.") for each in found[place:])
    assert SHORT not in lines(drawn(samples.PREP))


def test_a_line_told_in_short_still_says_how_late_it_is_and_whether_it_stops() -> None:
    found = lines(drawn(many(LineState.OVERDUE)))

    assert any("overdue since 10:00 · hard stop" in each for each in found[found.index(SHORT) :])


def test_a_stop_is_named_in_words_and_boxed_even_in_short() -> None:
    card = many(LineState.BLOCKED)
    said = tuple(replace(each, said="Confirmed by Jo Sample. " * 20) for each in card.lines)

    message = drawn(replace(card, lines=said))

    found = lines(message)
    assert SHORT in found
    assert sum(" · stopped · " in each for each in found) == 25
    assert sum(each.get("style") == "attention" for each in elements(message.content)) == 25


def test_what_is_to_be_typed_looks_so_and_no_sign_around_it_is_read_out() -> None:
    message = drawn(Notice(text="Write `mine` or ``.", lines=("`case K7Q2` what blocks it",)))

    assert lines(message) == ["Write mine or ``.", "• case K7Q2 what blocks it"]
    runs = [run for each in elements(message.content) for run in each.get("inlines", ())]
    assert [run["text"] for run in runs if run.get("fontType") == "monospace"] == ["mine", "case K7Q2"]


def test_a_card_says_its_language() -> None:
    assert drawn(samples.PREP).content["lang"] == "en"
