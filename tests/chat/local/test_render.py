"""Cards as HTML: every word escaped, every state with a word and a shape, and nothing in a button that is not
needed.
"""

import json
import re
from dataclasses import fields, replace
from datetime import date, time, timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from bot.chat.local import render
from bot.chat.local.chat import Message
from bot.core.actions import Button
from bot.core.boards import Board, BoardRow, RowState
from bot.core.kinds import FieldKind, Level
from bot.core.messages import CaseView, DecisionCard, FormField, Line, LineState, Notice, TaskCard
from tests.chat import boards, samples
from tests.chat.local.house import MORNING
from tests.chat.local.trial import words_of


class Tags(HTMLParser):
    """Every tag of a piece of HTML with what stands on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


def scene(*messages: Message, **more: object) -> render.Scene:
    jo = render.Face(account="jo", name="Jo Park", work="nurse")
    shown: dict[str, object] = {
        "clinic": "Riverside",
        "calendar": samples.CLINIC.calendar,
        "now": MORNING,
        "me": jo,
        "staff": [jo],
        "messages": messages,
        "channel": "#procedures",
        "posts": [],
        **more,
    }
    return render.Scene(**shown)  # type: ignore[arg-type]


def message(number: int, card: TaskCard | Board | None = None, **more: object) -> Message:
    return Message(id=number, place="@jo", posted=MORNING, card=card, **more)  # type: ignore[arg-type]


VIEWS = [
    samples.hostile(),
    DecisionCard(
        heading=samples.HOSTILE,
        text=samples.HOSTILE,
        label=samples.HOSTILE,
        title=samples.HOSTILE,
        level=Level.HARD,
        reasons=(samples.HOSTILE,),
        said=samples.HOSTILE,
        why=samples.HOSTILE,
        first_allowed=samples.HOSTILE,
    ),
    Board(
        heading=samples.HOSTILE,
        text=samples.HOSTILE,
        counts=samples.HOSTILE,
        rows=(
            boards.row(
                samples.HOSTILE, samples.HOSTILE, RowState.STOP, samples.HOSTILE, owner=samples.HOSTILE
            ),
            boards.row("A", "A", RowState.READY, samples.HOSTILE, samples.HOSTILE, since=samples.HOSTILE),
        ),
        checked=samples.HOSTILE,
        notes=(samples.HOSTILE,),
        closed=samples.HOSTILE,
        praise=samples.HOSTILE,
    ),
    CaseView(
        code=samples.HOSTILE,
        heading=samples.HOSTILE,
        text=samples.HOSTILE,
        label=samples.HOSTILE,
        gates=((samples.HOSTILE, samples.HOSTILE),),
        lines=samples.hostile().lines,
        history=(samples.HOSTILE,),
        notes=(samples.HOSTILE,),
    ),
    replace(
        samples.FORM,
        heading=samples.HOSTILE,
        submit=samples.HOSTILE,
        value=samples.HOSTILE,
        parts=tuple(
            replace(
                part,
                **dict.fromkeys(("task", "title", "why", "rule", "error"), samples.HOSTILE),
                fields=tuple(
                    replace(
                        one,
                        **dict.fromkeys(("name", "label", "help", "unit", "error"), samples.HOSTILE),
                        options=((samples.HOSTILE, samples.HOSTILE),),
                        value=None if one.kind is FieldKind.RATIO else samples.HOSTILE,
                    )
                    for one in part.fields
                ),
            )
            for part in samples.FORM.parts
        ),
    ),
    replace(
        samples.TRIAGE,
        parts=tuple(
            replace(
                part,
                watching=samples.HOSTILE,
                watch=tuple(
                    replace(flag, **dict.fromkeys(("title", "signs", "act", "then"), samples.HOSTILE))
                    for flag in part.watch
                ),
            )
            for part in samples.TRIAGE.parts
        ),
    ),
    Notice(text=samples.HOSTILE, lines=(samples.HOSTILE,), tone="bad"),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
def test_hostile_words_stay_words(view: TaskCard) -> None:
    html = render.drawn(view)

    assert {tag for tag, _ in Tags(html).found} & {"script", "img"} == set()
    assert not any(name.startswith("on") for _, attributes in Tags(html).found for name in attributes)
    assert "alert('1')" in words_of(html)
    assert "49" not in html


def test_hostile_words_stay_words_on_the_whole_page() -> None:
    card = samples.hostile()
    nudge = message(2, thread=1, text=samples.HOSTILE)
    over = message(3, card, over=samples.HOSTILE)
    evil = render.Face(account=samples.HOSTILE, name=samples.HOSTILE, work=samples.HOSTILE)

    html = render.page(
        scene(
            message(1, card),
            nudge,
            over,
            me=evil,
            staff=[evil],
            clinic=samples.HOSTILE,
            caption=samples.HOSTILE,
        )
    )

    assert Tags(html).all("img") == []
    assert [script["src"] for script in Tags(html).all("script")] == ["/page/page.js"]


@pytest.mark.parametrize("state", list(LineState))
def test_every_state_of_a_line_has_a_word_and_a_shape(state: LineState) -> None:
    line = Line(number=1, task="K7Q2:a:1:1", revision=1, title="Skin exam", state=state)

    html = render.drawn(replace(samples.PREP, lines=(line,), buttons=()))

    word, shape = render.LINES[state]
    assert word in words_of(html)
    assert f'href="#i-{shape}"' in html


@pytest.mark.parametrize("state", list(RowState))
def test_every_state_of_a_patient_has_a_word_and_a_shape(state: RowState) -> None:
    row = BoardRow(code="K7Q2", label=samples.K7Q2, state=state, summary="as it stands", blocks=("Consent",))

    html = render.drawn(replace(boards.BOARD, rows=(row,)))

    word, shape = render.ROWS[state]
    assert word in words_of(html)
    assert f'href="#i-{shape}"' in html


@pytest.mark.parametrize(("words", "states"), [(render.LINES, LineState), (render.ROWS, RowState)])
def test_no_two_states_look_alike(words: dict[str, tuple[str, str]], states: type[LineState]) -> None:
    assert set(words) == set(states)
    assert (
        len({word for word, _ in words.values()}) == len({shape for _, shape in words.values()}) == len(words)
    )


def test_every_shape_that_is_used_is_on_the_page() -> None:
    html = render.page(scene(message(1, samples.WORKLIST), posts=[message(2, boards.BOARD)], clock=True))

    shapes = set(re.findall(r'<symbol id="(i-\w+)"', html))
    used = set(re.findall(r'href="#(i-\w+)"', html))
    assert used | {f"i-{shape}" for _, shape in [*render.LINES.values(), *render.ROWS.values()]} <= shapes


def test_a_button_carries_what_it_does_and_to_what_and_no_more() -> None:
    html = render.drawn(samples.WORKLIST)

    carried = [json.loads(each["data-press"]) for each in Tags(html).all("button")]
    assert carried[0] == {"action": "form", "tasks": ["K7Q2:abl.hsv_started:1:1"], "revision": 3, "value": ""}
    assert {name for each in carried for name in each} == {each.name for each in fields(Button)} - {
        "label",
        "style",
    }


def test_a_line_says_once_that_it_is_overdue() -> None:
    words = words_of(render.drawn(samples.WORKLIST))

    assert "Overdue since Sun 15 Feb 10:00" in words
    assert "To do due 09:00" in words
    assert "Later from 11:00" in words


def test_a_closed_card_has_no_buttons_of_its_own() -> None:
    html = render.drawn(replace(samples.PREP, closed=True))

    assert "data-press" not in html


def test_the_board_shows_exceptions_and_folds_those_who_need_nobody() -> None:
    html = render.drawn(boards.BOARD)

    shown, *folds = html.split("<details")
    waiting = re.findall(r"data-command=\"case (\w+)\"", shown)
    assert waiting == ["W9TR", "K7Q2", "P6CE", "V3HN", "H2LF"]
    folded = [re.findall(r"data-command=\"case (\w+)\"", each) for each in folds]
    assert folded == [["T8BA"], ["M4XD"], ["Z5JM", "X3GV"]]
    assert "2 in aftercare" in words_of(folds[2])


def test_a_row_says_who_owns_it_since_when_and_what_comes_next() -> None:
    words = words_of(render.drawn(boards.BOARD))

    assert "owner: Jo Park since Sun 15 Feb 10:00 next: asked again 09:00" in words


def test_counts_come_first_then_what_concerns_the_whole_clinic_then_rows() -> None:
    words = words_of(render.drawn(boards.BOARD))

    assert words.index("1 not ready 0 stops") < words.index("no nurse on duty") < words.index("V3HN")


def test_a_calm_board_says_that_nothing_needs_anybody() -> None:
    assert "Nothing needs you." in words_of(render.drawn(boards.CLEAR))
    assert "Nothing needs you." not in words_of(render.drawn(boards.BOARD))


def test_a_board_is_pinned_until_it_is_closed() -> None:
    live, ended = (
        words_of(render.fragments(scene(posts=[message(2, each)]))) for each in (boards.BOARD, boards.ENDED)
    )

    assert "Pinned" in live and "Closed" not in live
    assert "Closed 18:00" in ended and "Good catches this week: 7." in ended and "Pinned" not in ended


def test_what_is_said_under_the_board_stands_under_it_and_nowhere_else() -> None:
    posts = [message(2, boards.BOARD), message(3, thread=2, text="K7Q2 was ready, now a stop.")]

    html = render.fragments(scene(posts=posts))

    assert html.count("K7Q2 was ready, now a stop.") == 1
    assert "Also in" not in html


def test_nothing_is_chosen_in_a_form_that_nobody_filled_in() -> None:
    html = render.drawn(samples.FORM)

    inputs = Tags(html).all("input")
    assert [each for each in inputs if "checked" in each] == []
    assert {each.get("value", "") for each in inputs if each["type"] not in ("radio", "checkbox")} == {""}


def test_every_input_has_a_label() -> None:
    html = render.drawn(samples.FORM)

    tags = Tags(html)
    labelled = {each["for"] for each in tags.all("label") if "for" in each}
    groups = {each["aria-labelledby"] for each in tags.all("div") if "aria-labelledby" in each}
    ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
    texts = [*tags.all("textarea"), *(i for i in tags.all("input") if i["type"] not in ("radio", "checkbox"))]
    assert {each["id"] for each in texts} <= labelled
    assert len(groups) == 4
    assert groups <= ids
    assert {each["aria-describedby"] for each in texts} <= ids


def test_red_flags_stand_under_how_soon_to_act_before_the_first_question() -> None:
    words = words_of(render.drawn(samples.TRIAGE))

    order = ["Red flags on day 3", samples.NOW, "Toxic shock: high fever, faint.", samples.HOUR]
    order += ["Herpes simplex: grouped blisters.", "Also in somebody who never had a cold sore.", "Symptoms"]
    places = [words.index(each) for each in order]
    assert places == sorted(places)


def test_a_sign_says_how_urgent_it_is_and_one_of_other_days_is_folded() -> None:
    html = render.drawn(samples.TRIAGE)

    signs = {
        each["data-urgency"]: each["data-speaks"] for each in Tags(html).all("label") if "data-speaks" in each
    }
    folded = html.partition('<details class="rare"')[2].partition("</details>")[0]
    assert signs.keys() == {"emergency", "urgent", "soon"}
    assert signs["emergency"] == samples.NOW
    assert "1 signs of other days" not in folded and "1 sign of other days" in folded
    assert [each["value"] for each in Tags(folded).all("input")] == ["brown_patches"]
    assert Tags(html).all("details")[0].keys() == {"class", "id"}


def test_what_is_pressed_proposes_an_urgency_at_its_question_alone() -> None:
    before, *after = render.drawn(samples.TRIAGE).split('<p class="proposed" role="status"></p>')

    assert len(after) == 1
    assert before.rindex("Urgency") < len(before) and "Urgency" not in after[0]


def test_what_was_filled_in_before_stands_in_its_input() -> None:
    kinds = {
        FieldKind.NUMBER: (36.8, "36.8"),
        FieldKind.DATE: (date(2026, 2, 3), "2026-02-03"),
        FieldKind.TIME: (time(9, 5), "09:05"),
    }
    filled = tuple(
        FormField(name=kind, label=kind, kind=kind, value=value) for kind, (value, _) in kinds.items()
    )
    chosen = FormField(
        name="areas",
        label="Areas",
        kind=FieldKind.SEVERAL,
        options=(("face", "Face"), ("neck", "Neck")),
        value=("neck",),
    )
    part = replace(samples.FORM.parts[0], fields=(*filled, chosen))

    html = render.drawn(replace(samples.FORM, parts=(part,)))

    inputs = Tags(html).all("input")
    assert [each["value"] for each in inputs[:3]] == [typed for _, typed in kinds.values()]
    assert [each["value"] for each in inputs if "checked" in each] == ["neck"]


def test_a_field_is_named_by_its_task_and_itself() -> None:
    html = render.drawn(samples.FORM)

    names = {each["name"] for each in Tags(html).all("input")}
    assert "K7Q2:g.same_day_check:1:1 temperature" in names
    assert "K7Q2:g.same_day_check:1:1 in_area[]" in names


def test_an_error_stands_at_its_field() -> None:
    part = samples.FORM.parts[0]
    wrong = replace(part.fields[0], error="Say how warm.")

    html = render.drawn(replace(samples.FORM, parts=(replace(part, fields=(wrong,)),)))

    assert re.search(r'class="field wrong".*?<span class="error">Say how warm\.</span>', html, re.DOTALL)


def test_a_form_with_other_outcomes_asks_what_is_different_once() -> None:
    plain = replace(samples.FORM, outcomes=())

    assert "What is different" in words_of(render.drawn(samples.FORM))
    assert render.drawn(samples.FORM).count('name="note"') == 1
    assert 'name="note"' not in render.drawn(plain)


def test_the_phone_shows_days_messages_reminders_and_what_is_over() -> None:
    html = render.fragments(
        scene(
            message(1, samples.PREP, over="Answered by Sam Reed 10:20."),
            message(2, samples.WORKLIST, edited=MORNING),
            message(3, thread=2, text="Two lines are still open."),
        )
    )

    words = words_of(html)
    assert "Monday 16 February" in words
    assert "Prep · CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2 Answered by Sam Reed 10:20." in words
    assert "08:45 · edited 08:45" in words
    assert 'href="#m2"' in html


def test_a_card_that_was_edited_on_another_day_says_on_which() -> None:
    html = render.fragments(scene(message(2, samples.WORKLIST, edited=MORNING + timedelta(days=2))))

    assert "08:45 · edited 18 Feb 08:45" in words_of(html)


def test_a_settled_decision_looks_like_no_stop() -> None:
    settled = replace(samples.DECISION, reasons=(), closed=True, level=Level.NONE)

    assert ("data-settled" in render.drawn(settled), "#i-check" in render.drawn(settled)) == (True, True)
    assert "data-settled" not in render.drawn(replace(samples.DECISION, closed=True))


def test_a_message_can_be_answered_by_where_it_stands() -> None:
    html = render.fragments(scene(message(7, samples.WORKLIST)))

    (ref,) = re.findall(r'data-reply="([^"]*)"', html)
    assert json.loads(unescape(ref)) == {"platform": "local", "channel": "@jo", "message": "7"}


def test_a_line_under_the_board_names_whom_it_mentions() -> None:
    lines = ["@jo K7Q2 was cleared, now stopped.", "@nobody is known by that.", "@", "K7Q2 is ready."]
    posts = [message(2, boards.BOARD), *(message(3 + i, thread=2, text=each) for i, each in enumerate(lines))]

    words = words_of(render.fragments(scene(posts=posts)))

    assert "@Jo Park K7Q2 was cleared, now stopped." in words
    assert all(each in words for each in lines[1:])


def test_only_the_newest_board_lives_in_the_channel() -> None:
    old = message(1, replace(boards.BOARD, heading="Yesterday"))
    shown = scene(posts=[old, message(2, boards.BOARD)])

    assert shown.board is not None
    assert shown.board.id == 2
    assert ([each.id for each in shown.boards], shown.others) == ([1], [])
    assert "Yesterday 1 complication · 4 today" in words_of(render.fragments(shown))


def test_the_clock_has_its_buttons_only_where_the_time_can_be_moved() -> None:
    moved = render.fragments(scene(clock=True))
    real = render.fragments(scene())

    assert re.findall(r'data-stage="(\w+)"', moved) == ["next", "hour", "day", "play"]
    assert "data-stage" not in real


def test_a_played_day_can_be_paused_and_has_a_caption() -> None:
    html = render.fragments(scene(clock=True, playing=True, caption="09:00 Jo's list arrives."))

    assert 'data-stage="pause"' in html
    assert "09:00 Jo&#39;s list arrives." in html


@pytest.mark.parametrize(
    ("name", "initials", "short"),
    [("Jo Park", "JP", "Jo"), ("Dr Ali Reza", "AR", "Dr Ali"), ("Kim", "K", "Kim")],
)
def test_a_face_has_initials_and_a_short_name(name: str, initials: str, short: str) -> None:
    face = render.Face(account="x", name=name, work="nurse")

    assert (face.initials, face.short) == (initials, short)


def test_a_notice_that_comes_unasked_is_a_message_with_its_heading() -> None:
    html = render.page(scene(message(1, samples.REVIEW)))

    assert "Review of abl" in words_of(html)
    assert "its review is due on 16 Mar 2027" in words_of(html)


def test_a_new_code_is_drawn_large_to_be_written_down() -> None:
    assert '<p class="code">K7Q2</p>' in render.drawn(samples.BOOKED)


def test_a_link_of_a_notice_opens_beside_the_page() -> None:
    html = render.drawn(Notice(text="It opens once.", link=("See who K7Q2 is", "/who/secret")))

    assert '<a class="button" href="/who/secret" target="_blank" rel="noopener noreferrer">' in html


def test_a_time_out_says_what_is_open_before_what_is_said_aloud() -> None:
    drawn = unescape(render.page(scene(message(1, samples.TIMEOUT))))

    open_now, aloud = drawn.index("Not yet. Still open:"), drawn.index("Say aloud:")
    assert open_now < drawn.index("Consent signed: no answer yet (Dr Ali Reza)") < aloud
    assert aloud < drawn.index("Allergies said: latex") < drawn.index("Everybody in the room")


@pytest.mark.parametrize(("count", "folded"), [(30, 0), (40, 10)])
def test_a_long_list_stands_open_for_thirty_lines_and_the_rest_is_behind_a_fold(
    count: int, folded: int
) -> None:
    lines = tuple(replace(samples.WORKLIST.lines[0], number=number) for number in range(1, count + 1))

    before, _, behind = render.drawn(replace(samples.WORKLIST, lines=lines)).partition(f"Show all {count}")

    assert (before.count('<li class="line"'), behind.count('<li class="line"')) == (count - folded, folded)


def test_a_long_notice_is_folded_in_the_same_way() -> None:
    notice = Notice(text="40 today.", lines=tuple(f"case {number}" for number in range(40)))

    before, fold, behind = render.drawn(notice).partition("Show all 40")

    assert fold and "case 29" in before and "case 30" in behind
