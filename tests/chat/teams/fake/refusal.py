"""What the connector answers when it does not do what it is asked, in both shapes that Microsoft describes.

https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability (status codes).
"""

from __future__ import annotations

import json

from tests.chat.teams.fake.names import Json

#: The number that stands for a refusal whose code is in the words, as the older shape has it.
_OLD = 209


class Refusal(Exception):
    """The connector answers with this status and code, in the `older` shape or today's."""

    def __init__(self, status: int, code: str, *, older: bool = False) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.older = status, code, older

    def body(self) -> Json:
        words = f"Invented words about {self.code}."
        if self.older:
            return {"errorCode": _OLD, "message": json.dumps({"subCode": self.code, "details": words})}
        return {"error": {"code": self.code, "message": words}}


def bad(code: str = "BadSyntax") -> Refusal:
    """What is not understood."""
    return Refusal(400, code)


def gone(what: str) -> Refusal:
    """What does not stand there."""
    return Refusal(404, what)
