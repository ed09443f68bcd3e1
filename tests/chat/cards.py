"""Cards larger and stranger than any clinic's: every length, and words that would break formatting."""

from dataclasses import replace

from hypothesis import strategies as st

from bot.core.actions import Action, Button
from bot.core.boards import Board, BoardPart, BoardRow, RowState
from bot.core.case import Outcome
from bot.core.kinds import CardKind, FieldKind, Level
from bot.core.messages import (
    CaseView,
    DecisionCard,
    Form,
    FormField,
    FormPart,
    Line,
    LineState,
    Notice,
    TaskCard,
    Watch,
)
from bot.core.red_flags import Urgency

NASTY = [
    "<!channel>",
    "&amp;",
    "<@U0ALI>",
    "&" * 3000,
    "a\n*b*\n",
    "<https://a.b|c>",
    "[a](https://b.c) **b** _i_",
    "<at>Jo Park</at>",
    "{{DATE(2027-02-18T09:30:00Z)}}",
    "",
    " ",
    "🩹" * 400,
    "é" * 90,
]

texts = st.one_of(st.text(max_size=60), st.sampled_from(NASTY))
ids = st.from_regex(r"[a-z]{1,6}\.[a-z_]{1,30}", fullmatch=True)
codes = st.from_regex(r"[A-HJ-NP-Z2-9]{4}", fullmatch=True)


@st.composite
def task_keys(draw: st.DrawFn) -> str:
    return f"{draw(codes)}:{draw(ids)}:{draw(st.integers(1, 12))}:{draw(st.integers(1, 3))}"


buttons = st.builds(
    Button,
    action=st.sampled_from(Action),
    label=texts,
    tasks=st.lists(task_keys(), max_size=80).map(tuple),
    revision=st.integers(0, 99),
    value=st.sampled_from(["", "proceed", "arrived"]),
    style=st.sampled_from(["", "primary", "danger", "loud"]),
)
some_buttons = st.lists(buttons, max_size=3).map(tuple)
some_texts = st.lists(texts, max_size=30).map(tuple)


def lines_of(number: int) -> st.SearchStrategy[Line]:
    return st.builds(
        Line,
        number=st.just(number),
        task=task_keys(),
        revision=st.integers(0, 9),
        title=texts,
        state=st.sampled_from(LineState),
        level=st.sampled_from(Level),
        why=texts,
        label=texts,
        due=texts,
        said=texts,
        buttons=some_buttons,
    )


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, ...]:
    few = draw(st.lists(st.integers(1, 9), max_size=8).flatmap(lambda n: st.tuples(*map(lines_of, n))))
    # drawing two hundred lines one by one would take hypothesis for ever
    return few * draw(st.sampled_from([1, 1, 4, 25]))


task_cards = st.builds(
    TaskCard,
    kind=st.sampled_from(CardKind),
    heading=texts,
    text=texts,
    label=texts,
    lines=lines(),
    buttons=st.lists(buttons, max_size=40).map(tuple),
    news=some_texts,
    closed=st.booleans(),
)
decision_cards = st.builds(
    DecisionCard,
    heading=texts,
    text=texts,
    label=texts,
    title=texts,
    level=st.sampled_from(Level),
    reasons=some_texts,
    said=texts,
    why=texts,
    first_allowed=texts,
    buttons=some_buttons,
)
rows = st.builds(
    BoardRow,
    code=codes,
    label=texts,
    state=st.sampled_from(RowState),
    summary=texts,
    blocks=some_texts,
    owner=texts,
    since=texts,
    ahead=texts,
    overdue=st.booleans(),
    part=st.sampled_from(BoardPart),
)
any_board = st.builds(
    Board,
    heading=texts,
    text=texts,
    counts=texts,
    rows=st.builds(
        lambda some, times: tuple(some) * times, st.lists(rows, max_size=6), st.sampled_from([1, 30])
    ),
    checked=texts,
    notes=some_texts,
    closed=texts,
    praise=texts,
)
case_views = st.builds(
    CaseView,
    code=codes,
    heading=texts,
    text=texts,
    label=texts,
    gates=st.lists(st.tuples(texts, texts), max_size=9).map(tuple),
    lines=lines(),
    history=some_texts,
    buttons=some_buttons,
    notes=some_texts,
)
notices = st.builds(
    Notice,
    text=texts,
    tone=st.sampled_from(["good", "plain", "bad"]),
    buttons=some_buttons,
    lines=some_texts,
)


@st.composite
def fields(draw: st.DrawFn) -> FormField:
    kind = draw(st.sampled_from(FieldKind))
    words = draw(st.lists(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), max_size=14, unique=True))
    if kind in (FieldKind.CHOICE, FieldKind.SEVERAL) and draw(st.integers(0, 9)) == 0:
        words = [f"choice_{number}" for number in range(draw(st.integers(90, 120)))]
    return FormField(
        name=draw(st.from_regex(r"[a-z_]{1,30}", fullmatch=True)),
        label=draw(texts),
        kind=kind,
        options=tuple((word, draw(texts)) for word in words[:14]) + tuple((w, w) for w in words[14:]),
        speaks={word: (draw(st.sampled_from(Urgency)), draw(texts)) for word in words[:3]},
        rare=tuple(words[2:5]),
        proposed=draw(st.booleans()),
        required=draw(st.booleans()),
        unit=draw(texts),
        help=draw(texts),
        error=draw(texts),
    )


parts = st.builds(
    FormPart,
    task=task_keys(),
    revision=st.integers(0, 99),
    title=texts,
    fields=st.lists(fields(), max_size=6, unique_by=lambda field: field.name).map(tuple),
    level=st.sampled_from(Level),
    why=texts,
    rule=texts,
    error=texts,
    watching=texts,
    watch=st.lists(
        st.builds(Watch, urgency=st.sampled_from(Urgency), title=texts, signs=texts, act=texts, then=texts),
        max_size=25,
    ).map(tuple),
)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    few = draw(st.lists(parts, max_size=6, unique_by=lambda part: part.task))
    many = draw(st.sampled_from([1, 1, 30]))
    repeated = [_renamed(part, number) for number in range(many) for part in few]
    return Form(
        heading=draw(texts),
        label=draw(texts),
        parts=tuple(repeated),
        outcomes=draw(st.sampled_from([(), tuple((each, each.value) for each in Outcome)])),
        submit=draw(st.sampled_from(["Save", "Proceed with a changed plan"])),
    )


def _renamed(part: FormPart, number: int) -> FormPart:
    case, step, session, occurrence = part.task.split(":")
    task = f"{case}:{step}_{number}:{session}:{occurrence}" if number else part.task
    return replace(part, task=task)
