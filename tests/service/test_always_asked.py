"""Whatever the roster: what is due has somebody or a channel, and a next moment, on every day of a week."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.case import Task, TaskStatus
from bot.core.due import CLAIM
from bot.core.people import Clinic, Role, Shift
from tests.examples import some
from tests.service.clinic import RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

STEPS = ("g.medicines", "g.skin_exam", "g.change_check", "g.same_day_check", "abl.check_3")
ROLES = (Role.NURSE, Role.PHYSICIAN, Role.OPERATOR, Role.MANAGER)
ALONE = replace(RIVERSIDE, channels={PLATFORM: {"escalations": "#help"}})
HOURS = st.tuples(st.sampled_from([8, 9, 11]), st.sampled_from([12, 15, 18]))
#: From the day before the procedure to the third day after it.
MOMENTS = [f"2027-02-{day} {at}" for day in range(16, 22) for at in ("07:00", "11:30", "19:00")]


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    """Riverside with nobody, one or two on duty for some hours, whoever has the role."""
    roster = {}
    for role in ROLES:
        people = sorted(id for id, person in RIVERSIDE.people.items() if person.may(role))
        chosen = draw(st.lists(st.tuples(st.sampled_from(people), HOURS), max_size=2))
        roster[role] = tuple(Shift(person=id, starts=time(a), ends=time(b)) for id, (a, b) in chosen)
    called = draw(st.sampled_from([{}, RIVERSIDE.on_call]))
    return replace(ALONE, roster=dict.fromkeys(range(5), roster), on_call=called)


def due(clinic: Riverside) -> Iterator[Task]:
    now = clinic.clock.now()
    for task in clinic.course().tasks:
        if task.status is TaskStatus.OPEN and task.due <= now:
            yield task


@settings(max_examples=some(18))
@given(clinics(), st.integers(0, len(MOMENTS) - 1))
def test_what_is_due_has_somebody_or_a_channel_and_a_next_moment(clinic: Clinic, until: int) -> None:
    house = Riverside(*STEPS, clinic=clinic).book()
    house.clock.advance(london("2027-02-16 06:00"))

    house.until(MOMENTS[until]).speak()

    waiting = list(due(house))
    with house.store.reading() as reading:
        last = reading.asked_on(task.key for task in waiting)
    now = house.clock.now()
    for task in waiting:
        assert task.next_prompt_at is not None and task.next_prompt_at > now, task
        assert task.rung == 0 or task.key in last, task
        posting = last.get(task.key)
        if posting is not None:
            role = house.course().step(task).role
            assert posting.kind == CLAIM or clinic.people[posting.person].may(role), posting
    assert len({message.once for message in house.workspace.messages}) == len(house.workspace.messages)
