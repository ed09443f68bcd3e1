"""What the tests of the desk begin with: a consultation whose forms have come, and buttons as sent."""

from bot.core.actions import Action
from bot.core.replies import Pressed
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

HISTORY = "g.medical_history"
EXAM = "g.skin_exam"
MEDICINES = "g.medicines"


def at_the_consultation(*steps: str) -> Riverside:
    """A case whose consultation form has just come."""
    return Riverside(*(steps or (EXAM, HISTORY, MEDICINES))).book().until("2027-01-12 15:00")


def key(step: str, session: int = 1) -> str:
    return f"K7Q2:{step}:{session}:1"


def pressed(who: str, action: Action, *tasks: str, once: str = "one", value: str = "") -> Pressed:
    return Pressed(platform=PLATFORM, account=who, once=once, action=action, tasks=tasks, value=value)
