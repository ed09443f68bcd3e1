"""Something differs: which line? Only that one opens; the others can still be answered as read aloud."""

from __future__ import annotations

from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.case import TaskStatus
from bot.core.errors import Settled
from bot.core.messages import Response, TaskCard
from bot.core.people import Clinic, Person
from bot.core.replies import Pressed
from bot.ports import Reading
from bot.service.forms import form_for
from bot.service.lines import label_of, line
from bot.service.practice import Practice


def which_differs(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Response:
    """Ask which line of a card differs; where only one is open, open its form."""
    tasks = [task for task in map(reading.task, pressed.tasks) if task.status is TaskStatus.OPEN]
    if not tasks:
        raise Settled("Nothing on this card is open any more; nothing was changed.")
    if len(tasks) == 1:
        only = replace(pressed, action=Action.FORM, tasks=(tasks[0].key,))
        return form_for(practice, reading, clinic, person, only)
    course, now = practice.course(reading, tasks[0].case), practice.clock.now()
    lines = tuple(
        replace(
            line(course, task, clinic, now, number=number, mixed=False),
            buttons=(Button(action=Action.FORM, label="This one", tasks=(task.key,), revision=task.asking),),
        )
        for number, task in enumerate(tasks, start=1)
    )
    return TaskCard(
        kind=course.step(tasks[0]).card,
        heading="Which line differs?",
        text="Which line differs? Only that one opens; answer the others with “All as read aloud” after it.",
        label=label_of(course, tasks[0], clinic),
        lines=lines,
    )
