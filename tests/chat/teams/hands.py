"""The staff's hands in Teams: they press what stands on their cards, and fill in what is usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.chat.buttons import pressed
from bot.chat.teams.drawing.asked import Asked
from bot.chat.teams.drawing.carried import KEY, WHICH
from bot.chat.teams.drawing.inputs import KEY as INPUT
from bot.chat.teams.drawing.inputs import as_value
from bot.core.actions import Action, Button
from bot.core.case import TaskStatus
from bot.core.conditions import Value
from bot.core.usual import usual_values
from tests.chat.teams.at_work import AtWork
from tests.chat.teams.fake import Answer, Json, Person
from tests.chat.teams.fake.filling import Given, within
from tests.service.clinic import london

#: What is pressed wherever it stands, when its time has come.
ALWAYS = ("Arrived", "Started")
_WAITS = (TaskStatus.OPEN, TaskStatus.BLOCKED)
_ASKED = (Action.FORM, Action.CONFIRM)


@dataclass
class Hands:
    """Everybody who works there, each with one device."""

    on: AtWork

    def __post_init__(self) -> None:
        self.people = {name: self.on.person(name) for name in self.on.riverside.clinic.people}

    def waiting(self) -> set[str]:
        """The tasks that nobody has answered though their time has come."""
        tasks, now = self.on.riverside.course().tasks, self.on.riverside.clock.now()
        return {each.key for each in tasks if each.status in _WAITS and each.due <= now}

    async def until(self, wall: str) -> None:
        """Let time pass up to a moment while everybody answers what is due."""
        while (moment := self.on.riverside.next_moment()) is not None and moment <= london(wall):
            await self.on.at(moment)
            await self.answer_everything()
        await self.on.at(london(wall))

    async def answer_everything(self) -> None:
        """Press and fill in whatever is to be answered now, until nothing is left."""
        while found := next(self._to_do(), None):
            await self.answer(*found)

    async def answer(self, who: Person, message: Json, label: str, which: str = "", **changed: str) -> Answer:
        """Press a button, and answer the form as usual but for what is named; then the outbox speaks."""
        answer = await who.press(message, label, **({WHICH: which} if which else {}))
        if save := self._save(who, message):
            values = self.usual(who, message) | self._named(who, message, changed)
            answer = await who.press(message, save, **values)
        await self.on.speak()
        return answer

    def usual(self, who: Person, message: Json) -> dict[str, Given]:
        """The usual answers to the form that stands at a message, by the ids of its inputs."""
        action, fields = next(each for each in within(who.sees(message)) if each[0].get("verb") == "save")
        asked = Asked.of(action["data"])
        assert asked is not None
        course = self.on.riverside.course()
        found: dict[str, Given] = {}
        for field in fields:
            if key := INPUT.fullmatch(field["id"]):
                task = next(each for each in course.tasks if each.key == asked.tasks[int(key["part"])])
                found[field["id"]] = _typed(usual_values(course, task).get(key["name"]), field)
        return {id: value for id, value in found.items() if value}

    def _named(self, who: Person, message: Json, changed: dict[str, str]) -> dict[str, Given]:
        fields = next(fields for each, fields in within(who.sees(message)) if each.get("verb") == "save")
        ids = {field["id"].rpartition(".")[2]: field["id"] for field in fields}
        return {ids[name]: value for name, value in changed.items()}

    def _save(self, who: Person, message: Json) -> str:
        there = (each for each, _ in within(who.sees(message)) if each.get("verb") == "save")
        return str(next(there, {}).get("title", ""))

    def _to_do(self) -> Iterator[tuple[Person, Json, str, str]]:
        due = self.waiting()
        for who in self.people.values():
            for message in who.own():
                for label, which, button in _offered(who.sees(message)):
                    read = button.action is Action.ALL_AS_READ and due.intersection(button.tasks)
                    asked = button.action in _ASKED and button.tasks and due.issuperset(button.tasks)
                    if label in ALWAYS or read or asked:
                        yield who, message, label, which


def _offered(card: Json) -> Iterator[tuple[str, str, Button]]:
    """Every button with what must be chosen before it is pressed."""
    for action, _ in within(card):
        carried = (action.get("data") or {}).get(KEY, {})
        if "press" in carried:
            yield action["title"], "", pressed(carried["press"])
        for place, button in carried.get("choose", ()):
            yield action["title"], str(place), pressed(button)


def _typed(value: Value | None, field: Json) -> Given:
    match value:
        case datetime() | date():
            return value.isoformat()[:10]
        case time():
            return f"{value:%H:%M}"
        case float() | int():
            return f"{value:g}"
        case tuple():
            return [as_value(str(each)) for each in value if as_value(str(each)) in _values(field)]
        case None:
            return _values(field)[0] if field.get("isRequired") and _values(field) else ""
    return as_value(str(value)) if field.get("choices") else str(value)


def _values(field: Json) -> list[str]:
    return [each["value"] for each in field.get("choices", ())]
