"""Whoever keeps the server waiting, or takes too much of it, is cut off; everybody else is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.web import asgi, bodies, connections, kept_here, serve, take_port

pytestmark = pytest.mark.anyio

#: Long enough for this machine to answer, and short enough to wait for, in seconds.
MOMENT = 0.2
#: How long a test waits at most for what must come.
PATIENCE = 10
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def measure(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


@asynccontextmanager
async def served(*routes: Route) -> AsyncIterator[tuple[str, int]]:
    here = take_port("127.0.0.1", 0)
    app = asgi([Route("/measure", measure, methods=["POST"]), *routes])
    server = asyncio.create_task(serve(app, here, leaving=lambda: None))
    try:
        yield here.getsockname()
    finally:
        server.cancel()
        await asyncio.wait([server])


@asynccontextmanager
async def line(at: tuple[str, int], sent: bytes = b"") -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(*at)
    writer.write(sent)
    try:
        yield reader, writer
    finally:
        writer.close()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other end hangs up, "" also where it is cut."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


def post(length: int, body: bytes = b"", *more: str) -> bytes:
    headers = ["POST /measure HTTP/1.1", "Host: here", f"Content-Length: {length}", *more]
    return "\r\n".join([*headers, "", ""]).encode() + body


@pytest.mark.parametrize(
    "begun", [b"", b"POST /measure HTTP/1.1\r\nHost:", b"POST /nowhere HTTP/1.1\r\nContent-Le"]
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ARRIVES", MOMENT)

    async with served() as at, line(at, begun) as (reader, _):
        assert await rest_of(reader) == b""


async def test_a_letter_now_and_then_prolongs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ARRIVES", MOMENT)

    async with served() as at, line(at, b"POST /measure HTTP/1.1\r\n") as (reader, writer):
        read = asyncio.create_task(rest_of(reader))
        while not read.done():
            writer.write(b"X: y\r\n")
            await asyncio.wait([read], timeout=MOMENT / 10)

        assert await read == b""


async def test_a_body_that_does_not_come_is_answered_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "SLOWEST", MOMENT)

    async with served() as at, line(at, post(10, b"half")) as (reader, _):
        said = await rest_of(reader)

    assert said.startswith(b"HTTP/1.1 408 ") and b"did not come within" in said
    assert b"connection: close" in said.lower()


async def test_a_body_that_says_it_is_too_long_is_refused_before_it_comes_and_its_sender_heard_no_more() -> (
    None
):
    async with served() as at, line(at, post(bodies.LARGEST + 1)) as (reader, _):
        answer = await rest_of(reader)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()


async def test_a_body_that_nobody_wants_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ARRIVES", MOMENT)

    async with served() as at, line(at, post(1000).replace(b"/measure", b"/nowhere")) as (reader, writer):
        read = asyncio.create_task(rest_of(reader))
        while not read.done():
            writer.write(b"x")
            await asyncio.wait([read], timeout=MOMENT / 10)

        # a connection that is cut may take along what was answered first
        assert (await read)[:13] in (b"", b"HTTP/1.1 404 ")


async def test_whoever_reads_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READ", MOMENT)
    cut = asyncio.Event()

    async def words() -> AsyncIterator[bytes]:
        try:
            for _ in range(1000):
                yield b"x" * 100_000
        finally:
            cut.set()

    async def flood(_: Request) -> Response:
        return StreamingResponse(words())

    async with served(Route("/flood", flood)) as at, line(at, b"GET /flood HTTP/1.1\r\nHost: here\r\n\r\n"):
        async with asyncio.timeout(PATIENCE):
            assert await cut.wait()


async def test_as_many_connections_are_open_as_is_said_and_then_room_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "MOST", 2)
    monkeypatch.setattr(connections.Connection, "_told", float("-inf"))

    async with served() as at:
        async with line(at) as (one, _), line(at) as (second, _), line(at, post(2, b"ok")) as (third, _):
            # whoever waits longest for nothing makes room for whoever asks
            assert await rest_of(one) == b""
            async with asyncio.timeout(PATIENCE):
                assert await third.readuntil(b'{"bytes":2}')
            assert not second.at_eof()
        async with asyncio.timeout(PATIENCE):
            # the server hears of those that hung up in its own time
            while not (said := await asked_again(at)):
                pass

    assert said.endswith(b'{"bytes":2}')
    assert "More than 2 connections are open" in caplog.text


async def test_that_there_are_too_many_is_said_once_and_not_of_each(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "MOST", 1)
    monkeypatch.setattr(connections.Connection, "_told", float("-inf"))

    async with served() as at, line(at) as (one, _), line(at) as (two, _), line(at) as (three, _), line(at):
        assert [await rest_of(each) for each in (one, two, three)] == [b""] * 3

    assert len(caplog.messages) == 1


async def test_whoever_is_being_answered_is_not_cut_to_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Request) -> Response:
        begun.set()
        await go_on.wait()
        return JSONResponse({"done": True})

    async with (
        served(Route("/slow", slow)) as at,
        line(at, b"GET /slow HTTP/1.1\r\nHost: here\r\n\r\n") as one,
    ):
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        async with line(at, post(2, b"ok")) as (late, _):
            assert await rest_of(late) == b""
        go_on.set()
        async with asyncio.timeout(PATIENCE):
            assert await one[0].readuntil(b'{"done":true}')


async def asked_again(at: tuple[str, int]) -> bytes:
    async with line(at, post(2, b"ok", "Connection: close")) as (reader, _):
        return await rest_of(reader)


@pytest.mark.parametrize("length", [20_000, 200_000])
async def test_headers_without_end_are_refused(length: int) -> None:
    async with served() as at, line(at, b"GET / HTTP/1.1\r\nX: " + b"y" * length) as (reader, _):
        said = await rest_of(reader)

    # what was still on its way when the server hung up takes the answer with it
    assert said == b"" or said.startswith(b"HTTP/1.1 400 ")


async def test_whoever_hangs_up_in_the_middle_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    async with served() as at:
        async with line(at, post(10, b"half")) as (_, writer):
            await writer.drain()
        said = await asked_again(at)

    assert said.endswith(b'{"bytes":2}')
    assert capfd.readouterr().err == ""


async def test_what_comes_in_time_is_answered_as_often_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ARRIVES", PATIENCE)

    async with served() as at, line(at) as (reader, writer):
        for number in range(3):
            writer.write(post(3, b"one"))
            async with asyncio.timeout(PATIENCE):
                assert b" 200 OK" in await reader.readuntil(b'{"bytes":3}'), number


@pytest.mark.parametrize(("spoken", "status"), [("HTTP/1.1", b"200"), ("HTTP/1.0", b"403")])
async def test_a_proxy_that_says_nothing_of_itself_is_not_taken_for_this_machine(
    spoken: str, status: bytes
) -> None:
    async def own(_: Request) -> Response:
        return Response(b"for this machine alone")

    # as nginx asks for whoever called it, where nobody set it to say more
    asked = f"GET /own {spoken}\r\nHost: 127.0.0.1:3000\r\nConnection: close\r\n\r\n".encode()
    async with served(Route("/own", kept_here(own))) as at, line(at, asked) as (reader, _):
        said = await rest_of(reader)

    assert said.split()[1] == status
