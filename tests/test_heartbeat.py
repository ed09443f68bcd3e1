"""The heartbeat: heard once a minute while all is well, and never in anybody's way."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread, Timer
from typing import ClassVar

import pytest

from bot import heartbeat
from bot.config import Settings
from bot.core.watched import Watched
from bot.heartbeat import beat
from bot.minute import watch_out
from tests.service.clinic import london
from tests.service.riverside import Riverside


class Listener(BaseHTTPRequestHandler):
    """Remembers what was called, and answers as it is told."""

    heard: ClassVar[list[str]] = []
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(self.status)
        if self.status in (301, 302, 307):
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Listener.heard, Listener.status = [], 200
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a-secret"
        server.shutdown()
        thread.join()


def settings(monkeypatch: pytest.MonkeyPatch, address: str) -> Settings:
    monkeypatch.setenv("BOOKEND_HEARTBEAT_URL", address)
    return Settings()


def test_it_is_heard_while_all_that_is_due_goes_out_and_stays_away_while_something_does_not(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic, told = Riverside("g.skin_exam").book(), settings(monkeypatch, address)
    saw: list[Mapping[str, Watched]] = []

    watch_out(told, clinic.practice, saw.append)
    clinic.clock.advance(london("2027-01-12 15:06"))
    watch_out(told, clinic.practice, saw.append)
    late = list(Listener.heard)
    clinic.speak()
    watch_out(told, clinic.practice, saw.append)

    assert (late, Listener.heard) == (["/a-secret"], ["/a-secret", "/a-secret"])
    assert [each["riverside"].well for each in saw] == [True, False, True]


def test_without_an_address_nobody_is_called_and_all_the_same_it_is_looked(address: str) -> None:
    saw: list[Mapping[str, Watched]] = []

    watch_out(Settings(), Riverside("g.skin_exam").practice, saw.append)

    assert (Listener.heard, len(saw)) == ([], 1)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_who_did_not_hear_it_is_named_in_the_log_without_the_secret(
    address: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    Listener.status = status

    with caplog.at_level(logging.WARNING):
        heard = beat(address)

    assert (heard, Listener.heard) == (False, ["/a-secret"])
    assert caplog.messages == [f"The heartbeat was not heard by 127.0.0.1: {status}"]


def test_an_answer_that_comes_letter_by_letter_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(heartbeat, "PATIENCE", 0.2)
    ended = Event()

    def drip(door: socket.socket) -> None:
        caller, _ = door.accept()
        with caller, suppress(OSError):
            caller.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.02):
                caller.sendall(b"y")

    with socket.create_server(("127.0.0.1", 0)) as door:
        dripping = Thread(target=drip, args=(door,))
        dripping.start()
        # a program that is held up for longer is let go of by force
        late = Timer(3.0, ended.set)
        late.start()
        heard = beat(f"http://127.0.0.1:{door.getsockname()[1]}/a-secret")
        in_time = not ended.is_set()
        late.cancel()
        ended.set()
        dripping.join()

    assert (heard, in_time) == (False, True)
    assert [each.startswith("The heartbeat was not heard by 127.0.0.1") for each in caplog.messages] == [True]


def test_an_address_where_nobody_is_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        heard = beat("http://127.0.0.1:1/a-secret")

    assert (heard, caplog.messages) == (False, ["The heartbeat was not heard by 127.0.0.1: URLError"])
