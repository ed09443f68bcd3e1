"""Home: what somebody sees first, drawn from state each time: what is theirs today, and where they can go."""

from __future__ import annotations

from datetime import datetime

from bot.core import wording
from bot.core.messages import Home
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import OF_COMMAND, may
from bot.ports import Reading
from bot.service.huddle import draw_board
from bot.service.lists import mine_today
from bot.service.practice import Practice

#: The doors in their order; nobody sees one behind which they would be refused.
DOORS = (("new", "New appointment"), ("today", "Today"), ("overdue", "Overdue"), ("help", "Help"))
#: Who has the whole clinic in view.
LEADS = (Role.MANAGER, Role.MEDICAL_DIRECTOR)


def home(practice: Practice, reading: Reading, clinic: Clinic, person: Person, now: datetime) -> Home:
    """Draw what a person sees first."""
    card, later = mine_today(practice, reading, clinic, person, now)
    return Home(
        heading=f"{person.name} · {wording.day_words(clinic.calendar.day(now))}",
        mine=card,
        later=later,
        doors=tuple((word, label) for word, label in DOORS if may(person, OF_COMMAND[word])),
        board=draw_board(practice, reading, clinic, now) if person.may(*LEADS) else None,
    )
