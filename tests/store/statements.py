"""What a database is asked, written down while somebody works."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements() -> Iterator[list[str]]:
    """Write down what the databases are asked."""
    asked: list[str] = []

    def note(*what: Any) -> None:
        asked.append(" ".join(what[2].split()))

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)
