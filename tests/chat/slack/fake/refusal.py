"""What Slack answers when it does not do what it is asked."""

from __future__ import annotations

from collections.abc import Iterable

from tests.chat.slack.fake.names import Json


class Refusal(Exception):
    """Slack answers with this error, and with `more` beside it."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.more = more

    def answer(self) -> Json:
        return {"ok": False, "error": str(self), **self.more}


class TooMany(Exception):
    """Slack asks for a pause of so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def refused(code: str, problems: Iterable[str]) -> None:
    """Refuse with Slack's list of what is wrong, unless nothing is."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    if messages:
        raise Refusal(code, response_metadata={"messages": messages})
