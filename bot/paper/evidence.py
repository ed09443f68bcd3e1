"""The page of evidence for an audit, drawn: one page of HTML without a script, for a screen and for A4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.sentences import listed
from bot.paper.pages import template


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A heading and what stands below it; `none` is said where there is no row."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    none: str = ""


#: What goes from where to where, and what keeps it from the wrong eyes.
FLOWS = (
    ("A booking, or a table of them", "Bookend", "dates and facts; not who it is", "your server"),
    ("Staff in Slack or Teams", "Bookend", "buttons, forms, replies", "TLS; the platform's signature"),
    ("Bookend", "Slack or Teams", "cards with a case code; a name only if allowed", "TLS; a token"),
    ("Bookend", "its database", "cases, answers, history; names encrypted", "a file, or TLS to PostgreSQL"),
    ("Bookend", "one person's browser", "a name, once, within five minutes", "HTTPS; a link for one person"),
    ("Bookend", "whoever watches it", "/health, /metrics, logs: counts and codes", "this machine alone"),
)
#: What is kept elsewhere than in the database, and for how long.
ELSEWHERE = (
    ("Cards", "Slack or Microsoft 365", "as long as the clinic's own plan there keeps messages"),
    ("Secrets that names and history need", "settings, or files beside it", "as long as the database"),
    ("Logs", "wherever the clinic's server puts them", "as long as it keeps them; ids and codes alone"),
)


def page(
    *,
    clinics: Sequence[str],
    span: tuple[str, str],
    made: str,
    kept: Sequence[Sequence[str]],
    tables: Sequence[Table],
) -> str:
    """Draw it for the clinics of these titles; `kept` are the rows of what their database keeps."""
    rights, rest = tables[:2], tables[2:]
    flow = Table(title="What flows where", head=("From", "To", "What", "Kept from others by"), rows=FLOWS)
    head = ("What", "Where", "How long")
    where = Table(title="What is kept, where, and how long", head=head, rows=(*kept, *ELSEWHERE))
    told = {"clinics": listed([*clinics]), "since": span[0], "until": span[1], "made": made}
    return template("evidence.html").render(told, tables=(flow, where, *rights, *rest))
