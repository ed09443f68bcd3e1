"""The bench of the door: both get what Slack sends, and a press that was not taken is no measure."""

import asyncio

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web import asgi
from tests.bench.clicked import LETTER
from tests.bench.door import QUICK, Door, door, letters


def test_a_press_at_the_door_is_as_large_as_the_goal_says() -> None:
    assert LETTER <= len(next(letters()).letter()) < LETTER * 1.2


def test_the_door_is_measured_against_bolt() -> None:
    (figure,) = door(QUICK)

    assert min(figure.ours, figure.theirs or 0) > 0


def test_what_a_server_did_not_take_is_no_measure() -> None:
    async def knock() -> None:
        await Door(asgi([]), H11Protocol).answers(b"GET /nowhere HTTP/1.1\r\nhost: bot\r\n\r\n")

    with pytest.raises(RuntimeError, match="404"):
        asyncio.run(knock())
