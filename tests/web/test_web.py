"""The server's own promises: one size limit, one way to say what went wrong, a port that is free."""

import asyncio
import socket
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.core.errors import (
    BookendError,
    Conflict,
    Mistake,
    Mistakes,
    NotAllowed,
    NotFound,
    Settled,
    StoreTrouble,
    Undeliverable,
    WrongValues,
)
from bot.web import Health, asgi, is_loopback, serve, take_port, well
from bot.web.bodies import LARGEST

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def measure(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


def raising(error: Exception) -> Route:
    async def answer(_: Request) -> Response:
        raise error

    return Route("/fail", answer)


async def ask(
    *routes: Route,
    path: str = "/health",
    content: bytes | AsyncIterator[bytes] | None = None,
    health: Health = well,
) -> httpx.Response:
    wire = httpx.ASGITransport(app=asgi(routes, health=health), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as client:
        return await client.request("POST" if content is not None else "GET", path, content=content)


async def test_health_says_ok_and_what_app_adds() -> None:
    answer = await ask(health=lambda: {"last_check": "2 min ago"})

    assert answer.json() == {"status": "ok", "last_check": "2 min ago"}


async def test_health_says_what_is_wrong() -> None:
    def ill() -> dict[str, str]:
        raise StoreTrouble("The disk is full. Free some space.")

    answer = await ask(health=ill)

    assert (answer.status_code, answer.json()["error"]) == (503, "The disk is full. Free some space.")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("case", "K7Q3", ["K7Q2"]), 404),
        (NotAllowed("Only the physician may do this."), 403),
        (Settled("Answered by Jo Park."), 409),
        (Conflict("Look again."), 409),
        (WrongValues({"age": "is a number"}), 422),
        (Mistakes([Mistake(file="abl.yaml", line=1, column=2, what="unknown key")]), 422),
        (StoreTrouble("Locked."), 503),
        (Undeliverable("No such channel."), 503),
        (BookendError("Something of ours."), 400),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_an_error_of_ours_is_answered_in_its_own_words(error: BookendError, status: int) -> None:
    answer = await ask(raising(error), path="/fail")

    assert (answer.status_code, answer.json()) == (status, {"error": str(error)})


async def test_a_surprise_is_answered_without_its_traceback() -> None:
    answer = await ask(raising(RuntimeError("secret of the house")), path="/fail")

    assert answer.status_code == 500
    assert answer.json() == {"error": "Something went wrong here. Try again."}


async def test_whoever_hangs_up_before_all_was_sent_is_no_accident() -> None:
    said = list[MutableMapping[str, Any]]()

    async def hung_up() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def answered(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/measure", "headers": [], "query_string": b""}
    await asgi([Route("/measure", measure, methods=["POST"])])(scope, hung_up, answered)

    assert said[0]["status"] == 400


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/docs", 404), ("/openapi.json", 404), ("/health/", 404)]
)
async def test_what_is_not_there_is_answered_in_json(path: str, status: int) -> None:
    answer = await ask(path=path)

    assert (answer.status_code, set(answer.json())) == (status, {"error"})


async def test_a_body_may_be_as_long_as_the_limit_and_no_longer() -> None:
    measured = Route("/measure", measure, methods=["POST"])

    right = await ask(measured, path="/measure", content=b"x" * LARGEST)
    long = await ask(measured, path="/measure", content=b"x" * (LARGEST + 1))
    unsaid = await ask(measured, path="/measure", content=pieces(LARGEST // 1000 + 1))

    assert right.json() == {"bytes": LARGEST}
    assert [(each.status_code, set(each.json())) for each in (long, unsaid)] == [(413, {"error"})] * 2


async def pieces(number: int) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x" * 1000


async def test_a_port_that_is_taken_is_said_to_be_with_what_to_do() -> None:
    first = take_port("127.0.0.1", 0)

    with pytest.raises(BookendError, match="choose another port"):
        take_port("127.0.0.1", first.getsockname()[1])

    first.close()


async def test_no_answer_waits_until_what_came_before_it_was_acknowledged() -> None:
    delays: asyncio.Queue[bool] = asyncio.Queue()

    async def reached(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        delays.put_nowait(not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    here = take_port("127.0.0.1", 0)
    async with await asyncio.start_server(reached, sock=here):
        reader, writer = await asyncio.open_connection(*here.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()

    assert await delays.get() is False


async def test_leaving_ends_an_answer_that_would_go_on_for_ever() -> None:
    left = asyncio.Event()

    async def words() -> AsyncIterator[str]:
        yield "begun"
        await left.wait()

    async def endless(_: Request) -> Response:
        return StreamingResponse(words())

    here = take_port("127.0.0.1", 0)
    server = asyncio.create_task(serve(asgi([Route("/endless", endless)]), here, leaving=left.set))
    reader, writer = await asyncio.open_connection(*here.getsockname())
    writer.write(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n")
    await reader.readuntil(b"begun")

    server.cancel()
    rest = await asyncio.wait_for(reader.read(), timeout=5)
    await asyncio.wait([server])

    assert rest.endswith(b"0\r\n\r\n")
    assert server.cancelled()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
async def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "clinic.example", "0.0.0.0", "192.168.1.2", "localhost.example"])
async def test_names_of_other_machines(host: str) -> None:
    assert not is_loopback(host)
