"""The log: our own sentences, ids and case codes; no name, no typed text, no value of a row."""

import ast
import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.core.errors import (
    BookendError,
    ChatTrouble,
    Mistake,
    Mistakes,
    NotFound,
    StoreTrouble,
    TryLater,
    WrongValues,
)
from bot.core.happened import Happened, Kind
from bot.core.logged import WITHHELD, Ours, shown
from bot.logs import Form, Journal, begin
from bot.metrics import Counts
from tests.test_house import modules, tree

#: An invented patient, as somebody might type her.
JANE = "Zebulina Quillfeather, born 1 March 1977"
OUR_FILE = str(Path(__file__).parents[1] / "bot" / "work.py")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Form], io.StringIO]]:
    """Begin the log in a form; what is written there."""
    root, hook = logging.getLogger(), threading.excepthook
    before = (root.handlers[:], root.level, logging.getLogger("bot").level)

    def begun(form: Form) -> io.StringIO:
        monkeypatch.setattr(sys, "stderr", stream := io.StringIO())
        begin(form)
        return stream

    yield begun
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    logging.getLogger("bot").setLevel(before[2])
    threading.excepthook = hook


def ours(message: str, *given: object, fault: BaseException | None = None, **extra: Any) -> None:
    """A line as one of Bookend's own modules writes it."""
    log = logging.getLogger("bot.work")
    info = (type(fault), fault, fault.__traceback__) if fault else None
    record = log.makeRecord(log.name, logging.WARNING, OUR_FILE, 7, message, given, info, extra=extra)
    log.handle(record)


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except Exception as found:
        return found


@pytest.mark.parametrize(
    "value",
    ["K7Q2", "K7Q2:g.exam:1:1", "U0JO", "19:abc@thread.tacv2", "", 3, 2.5, True, None, timedelta(1)],
    ids=repr,
)
def test_an_id_and_a_number_are_shown(value: object) -> None:
    assert shown(value) == value


@pytest.mark.parametrize(
    "value",
    [JANE, "Jane Doe", "Zoë", "K7Q2\n", {"name": JANE}, [JANE], JANE.encode(), object(), "x" * 201],
    # not the object's own words: they tell where in memory it lies, and two workers would not agree
    ids=lambda value: type(value).__name__,
)
def test_what_may_be_somebodys_words_is_withheld(value: object) -> None:
    assert shown(value) == WITHHELD


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StoreTrouble("The disk is full."), "The disk is full."),
        (TryLater("Slack asks for a pause.", timedelta(1)), "Slack asks for a pause."),
        (NotFound("case", JANE), "NotFound"),
        (WrongValues({"note": JANE}), "WrongValues"),
        (Mistakes([Mistake(file="x", what=JANE)]), "Mistakes"),
        (ValueError(JANE), "ValueError"),
        (raised(KeyError("x"), ValueError(JANE)), "KeyError < ValueError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_is_shown_in_its_words_only_where_they_are_ours(error: Exception, words: str) -> None:
    assert shown(error) == words


def test_a_platforms_words_neither_begin_a_line_nor_steer_a_terminal(
    written: Callable[[Form], io.StringIO],
) -> None:
    log = written(Form.PLAIN)

    ours("Nothing went out: %s", ChatTrouble("it says\nBookend: all is well\x1b[2K\u202e"))

    assert log.getvalue() == "Nothing went out: it says Bookend: all is well [2K \n"


@pytest.mark.parametrize("form", Form)
def test_what_a_person_said_is_in_no_line_however_it_came_there(
    form: Form, written: Callable[[Form], io.StringIO]
) -> None:
    lines = written(form)

    ours("What waits for %s cannot be delivered: %s", "U0JO", NotFound("case", JANE))
    ours("It met an accident", fault=raised(ValueError(JANE)))
    ours("It was %(what)s", {"what": JANE})
    ours("About it", about={"case": "K7Q2", "note": JANE})
    logging.getLogger("slack_sdk").warning(f"Failed to send {JANE}")
    logging.getLogger("uvicorn.error").error("Exception in ASGI", exc_info=raised(KeyError(JANE)))
    thread = threading.Thread(target=_die)
    thread.start()
    thread.join()

    said = lines.getvalue()
    assert "Quillfeather" not in said
    assert "U0JO" in said and said.count("\n") >= 7


def _die() -> None:
    raise ValueError(JANE)


def test_the_values_of_a_row_are_not_written_when_the_database_refuses_it(
    written: Callable[[Form], io.StringIO],
) -> None:
    lines, engine = written(Form.JSON), create_engine("sqlite://")

    with pytest.raises(Exception, match="Quillfeather") as refused, engine.connect() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:who)"), {"who": JANE})
    ours("Sealing the history met an accident", fault=refused.value)
    engine.dispose()

    assert "Quillfeather" not in lines.getvalue()
    assert json.loads(lines.getvalue())["fault"]["kind"] == "OperationalError < OperationalError"


def test_a_line_for_programs_is_one_json_object(written: Callable[[Form], io.StringIO]) -> None:
    lines = written(Form.JSON)

    ours("%s: %s", Ours("Sealing the history"), StoreTrouble("The disk is full."), about={"case": "K7Q2"})

    (line,) = map(json.loads, lines.getvalue().splitlines())
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "from": "bot.work",
        "what": "Sealing the history: The disk is full.",
        "case": "K7Q2",
    }


def test_an_accident_says_where_in_our_code_it_happened(written: Callable[[Form], io.StringIO]) -> None:
    lines = written(Form.JSON)

    with pytest.raises(BookendError) as found:
        Ours("x")  # a place in a file of ours follows
        from bot.web import take_port

        take_port("192.0.2.7", 1)
    ours("It met an accident", fault=found.value)

    (place,) = json.loads(lines.getvalue())["fault"]["at"]
    assert place.startswith("bot/web/") and place.endswith(" take_port")


def test_what_happens_is_a_line_each_for_programs_and_none_for_people(
    written: Callable[[Form], io.StringIO],
) -> None:
    sent = Happened(
        kind=Kind.SENT,
        platform="slack",
        clinic="riverside",
        why="draw",
        about="prep:K7Q2:1",
        waited=timedelta(0),
    )
    counts = Counts()

    lines = written(Form.JSON)
    Journal(counts).note(sent)
    told = json.loads(lines.getvalue())
    plain = written(Form.PLAIN)
    Journal(counts).note(sent)

    assert told["what"] == "sent" and told["about"] == "prep:K7Q2:1" and told["waited"] == 0
    assert plain.getvalue() == ""
    assert counts.counted(Kind.SENT) == {("slack", "riverside", "draw"): 2}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every line of code that writes into a log, with its place."""
    for path in modules():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.func.attr != "setLevel"
            ):
                yield f"{path.name}:{node.lineno}", node


def test_every_line_of_the_log_is_a_sentence_that_stands_in_the_code() -> None:
    lines = [*calls()]

    assert len(lines) > 20
    assert [where for where, call in lines if not isinstance(call.args[0], ast.Constant)] == []


def test_only_our_own_sentences_are_marked_as_ours() -> None:
    """Each was looked at: none of them can hold what somebody said."""
    marked = {
        ast.unparse(node.args[0])
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Ours"
    }

    assert marked == {
        *("chore.name", "why", "known", "what", "line"),
        *("_where(accident)", "wording.platform(name)"),
    }


def test_a_platform_that_refuses_is_named_with_its_own_word(written: Callable[[Form], io.StringIO]) -> None:
    lines = written(Form.PLAIN)

    ours("An answer did not reach anybody: %s", ChatTrouble("Slack refused the message (msg_too_long)."))

    assert lines.getvalue() == "An answer did not reach anybody: Slack refused the message (msg_too_long).\n"
