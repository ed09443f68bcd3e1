"""What a shipped step makes of an answer, for a session on one Thursday in February 2027."""

from datetime import UTC, date, datetime

from bot.core.case import Answer, Outcome
from bot.core.conditions import Value
from bot.core.facts import nothing_found
from bot.core.people import Role
from bot.core.playbook import Playbook, Step
from bot.core.stops import Verdict, facts_set, judge
from tests.playbooks.tables import shipped

START = date(2027, 2, 18)


def owner(step_id: str) -> Playbook:
    """The playbook a step belongs to; what all share is looked at in that of ablative resurfacing."""
    return shipped().get(step_id.partition(".")[0], shipped()["abl"])


def answered(step: Step, values: dict[str, Value], role: Role | None = None) -> Answer:
    at = datetime(2027, 2, 18, 15, tzinfo=UTC)
    given = {name: value for name, value in values.items() if value is not None}
    return Answer(by="ali", role=role or step.role, at=at, outcome=Outcome.CONFIRMED, values=given)


def facts_after(step: Step, answer: Answer, found: dict[str, Value]) -> dict[str, Value]:
    """The facts as they are once the answer has been taken."""
    playbook = owner(step.id)
    nothing = nothing_found(playbook.facts.values(), playbook.narrowed)
    return {**nothing, "playbook": playbook.id, **found, **facts_set(step, answer.values)}


def judged(
    step_id: str, values: dict[str, Value], found: dict[str, Value] | None = None, start: date = START
) -> Verdict:
    """What these answers come to; `found` is what else is known of the patient."""
    step = owner(step_id).step(step_id)
    answer = answered(step, values)
    return judge(step, answer, facts_after(step, answer, found or {}), start)
