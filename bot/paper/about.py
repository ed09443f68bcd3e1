"""The page that says what Bookend is, what it keeps, and under which terms it runs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.sentences import listed
from bot.paper.pages import template

WHAT = (
    "Bookend asks the staff of a clinic to confirm what must be true before and after every procedure, "
    "reminds them, and shows managers who is ready and who is not.",
    "It writes to each of the staff in their own chat. In a channel it hears only what mentions it.",
)
KEPT = (
    "Of a patient: a random code, dates, the facts that change the plan, every answer with who gave it and "
    "when, and short notes. Names stay out of chat, unless the clinic has an agreement for that with whoever "
    "runs the chat.",
    "Where a clinic wants names at all, they are encrypted, apart from everything else, and each look at one "
    "is written down.",
    "Of the staff: their name, role and account as the clinic's file has them, where they are reached in "
    "chat, and what they did in a case.",
    "All of it lies in the clinic's own database. It goes to the chat that the clinic connected, and to "
    "nobody else.",
)
TERMS = (
    "Bookend is free software under the Apache License 2.0, which gives no warranty.",
    "Its playbooks are not medical advice and not a standard of care: a clinic's medical director changes, "
    "signs and owns them.",
)


def about(clinics: Sequence[str]) -> str:
    """Draw the page for the clinics of these titles."""
    runs = f"It is run by {listed([*clinics])}: ask there what is kept of you, and to have it put right."
    parts = (
        ("what", "What it does", WHAT),
        ("kept", "What is kept", (*KEPT, runs)),
        ("terms", "Terms", TERMS),
    )
    return template("about.html").render(parts=parts)
