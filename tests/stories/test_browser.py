"""A whole case in a real browser: every card pressed by the person it is for, from booking to the visit of
day 7.

After each step the board on the page is held against the board that the store gives: what a manager sees is
true.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from bot.core.asking import asked_person
from bot.core.case import Booking, Session, TaskStatus
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.huddle import live
from bot.core.standing import on_board, row
from bot.core.usual import usual_values
from bot.demo import Scene, opened, show
from bot.service import cases
from bot.web import take_port
from tests.chat.local.test_page import LAPTOP, QUIET

CODE = "Z9KM"
#: How long what is due may take until it can be pressed, in seconds.
PATIENCE = 10
#: What a person presses first when several things can be pressed.
FIRST = ("Arrived", "All as read aloud", "Answer all", "Answer", "Started", "Finish", "Proceed")
THREE = {
    "g.skin_exam": "Skin exam",
    "g.medicines": "Medication disclosure",
    "g.followups_booked": "Follow-up bookings",
}


@contextmanager
def shown(scene: Scene) -> Iterator[str]:
    here = take_port("127.0.0.1", 0)
    loop = asyncio.new_event_loop()
    showing = loop.create_task(show(scene, here, lambda said: None, browser=False))

    def until_told() -> None:
        loop.run_until_complete(asyncio.gather(showing, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=until_told)
    thread.start()
    try:
        yield f"http://127.0.0.1:{here.getsockname()[1]}/"
    finally:
        loop.call_soon_threadsafe(showing.cancel)
        thread.join(timeout=10)


@dataclass(kw_only=True)
class Clinic:
    """The page, and the store behind it to hold the page against."""

    scene: Scene
    page: Page
    address: str
    seen: list[str] = field(default_factory=list)

    def course(self) -> Course:
        with self.scene.practice.store.reading() as reading:
            return self.scene.practice.course(reading, CODE)

    def look_at_the_board(self) -> None:
        now = self.scene.clock.now()
        if not live(self.scene.clinic, now):
            # before the huddle and after closing it stands as it was
            return
        line = self.page.locator("#panel article.live").locator(f".row[id$='-{CODE}']")
        if not on_board(self.course(), now):
            expect(line).to_have_count(0)
            return
        true = row(self.course(), (), self.scene.clinic, now)
        for words in (true.summary, *true.blocks, true.owner):
            expect(line).to_contain_text(words)
        if self.seen[-1:] != [true.state.value]:
            self.seen.append(true.state.value)

    def next_prompt(self) -> None:
        with self.scene.practice.store.reading() as reading:
            moment = reading.next_prompt()
        assert moment is not None
        self.page.get_by_role("button", name="Next prompt").click()
        expect(self.page.locator("time[datetime]").first).to_have_attribute("datetime", moment.isoformat())

    def asked(self) -> list[str]:
        """Return who has something to press now."""
        course, clinic, now = self.course(), self.scene.clinic, self.scene.clock.now()
        due = [task for task in course.tasks if task.status is TaskStatus.OPEN and task.due <= now]
        people = [asked_person(task, course.step(task), course.case, clinic, now) for task in due]
        session = course.case.sessions[0]
        moments = ["max"] if self.at_the_moment(session) else []
        return list(dict.fromkeys([*filter(None, people), *moments]))

    def at_the_moment(self, session: Session) -> bool:
        now = self.scene.clock.now()
        to_start = session.started is None and session.start <= now
        return to_start or (session.started is not None and session.finished is None and session.end <= now)

    def work(self) -> None:
        """Let everybody who is asked sit down and answer until nothing of theirs is left."""
        while people := self.asked():
            before, until = self.course().case.revision, monotonic() + PATIENCE
            # what is due stands in the store a moment before it stands on the page
            while self.course().case.revision == before and monotonic() < until:
                self.sit_down(people)
            assert self.course().case.revision > before, f"{people} are asked and have nothing to press"

    def sit_down(self, people: list[str]) -> None:
        for who in people:
            self.page.goto(f"{self.address}?as={who}")
            while self.press_one():
                self.look_at_the_board()

    def press_one(self) -> bool:
        course = self.course()
        now = self.scene.clock.now()
        due = {task.key for task in course.tasks if task.status is TaskStatus.OPEN and task.due <= now}
        session = course.case.sessions[0]
        moment = self.at_the_moment(session)
        for label in FIRST:
            for button in self.page.locator("#messages button[data-press]").filter(has_text=label).all():
                asks = json.loads(button.get_attribute("data-press") or "{}")
                marks = asks["action"] == "mark" and (
                    moment if label != "Arrived" else session.arrived is None
                )
                if marks or (asks["action"] != "mark" and due.intersection(asks["tasks"])):
                    return self.press(button, asks)
        return False

    def press(self, button: Locator, asks: dict[str, Any]) -> bool:
        revision = self.course().case.revision
        self.page.evaluate("document.querySelector('#toast').replaceChildren()")
        button.click()
        sheet = self.page.locator("#sheet[open]")
        toast = self.page.locator("#toast *").first
        expect(sheet.or_(toast).first).to_be_visible()
        if sheet.count():
            self.fill(sheet)
            sheet.get_by_role("button", name="Confirm", exact=True).click()
            expect(sheet).to_have_count(0)
        expect(toast).to_be_visible()
        assert self.course().case.revision > revision, toast.inner_text()
        # the page follows a moment later: what was answered cannot be pressed any more
        answered = [asks["value"]] if asks["action"] == "mark" else asks["tasks"]
        for words in answered:
            same = f"#messages button[data-press*='{asks['action']}'][data-press*='\"{words}\"']"
            expect(self.page.locator(same)).to_have_count(0)
        return True

    def fill(self, sheet: Locator) -> None:
        with self.scene.practice.store.reading() as reading:
            course = self.scene.practice.course(reading, CODE)
            keys = [
                part.get_attribute("data-task") or "" for part in sheet.locator("fieldset[data-task]").all()
            ]
            usual = {key: usual_values(course, reading.task(key)) for key in keys}
        for each in sheet.locator("fieldset .field[data-field]").all():
            key, name = each.get_attribute("data-task") or "", each.get_attribute("data-field") or ""
            value = usual[key].get(name, "yes" if each.locator("input[value=yes]").count() else None)
            for word in value if isinstance(value, tuple) else (value,):
                self.enter(each, word)

    def enter(self, place: Locator, value: Value) -> None:
        options = place.locator("label.option")
        if value is None:
            return
        if options.count():
            options.filter(has=self.page.locator(f"input[value='{value}']")).click()
        elif place.locator("select").count():
            place.locator("select").select_option(str(value))
        else:
            words = (
                f"{value:%H:%M}"
                if isinstance(value, time)
                else f"{value:g}"
                if isinstance(value, float)
                else str(value)
            )
            place.locator("input, textarea").first.fill(words)


@pytest.fixture
def clinic(need_chromium: Path, tmp_path: Path) -> Iterator[Clinic]:
    with opened(tmp_path) as scene, shown(scene) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=need_chromium, args=QUIET)
        page = browser.new_context(viewport=LAPTOP, reduced_motion="reduce").new_page()
        page.set_default_timeout(10_000)
        yield Clinic(scene=scene, page=page, address=address)
        browser.close()


def test_a_whole_case_is_pressed_through_from_booking_to_the_visit_of_day_7(clinic: Clinic) -> None:
    zone = clinic.scene.clinic.calendar.zone
    start = datetime(2027, 2, 16, 9, 30, tzinfo=zone)
    booking = Booking(
        playbook="abl",
        calendar=clinic.scene.clinic.calendar,
        opened=datetime(2027, 1, 11, 9, 30, tzinfo=zone),
        consult=datetime(2027, 1, 11, 10, tzinfo=zone),
        starts=(start,),
        facts={"age": 52.0, "area_face": "yes"},
        room="room-2",
    )
    clinic.scene.clock.advance(booking.opened)
    with clinic.scene.practice.store.writing() as tx:
        cases.open_case(
            clinic.scene.practice, tx, booking, clinic=clinic.scene.clinic.id, by="fay", code=CODE
        )
    clinic.page.goto(clinic.address)

    while clinic.scene.clock.now() < start + timedelta(days=8):
        clinic.next_prompt()
        clinic.work()
        clinic.look_at_the_board()

    answers = {task.step: task for task in clinic.course().tasks}
    assert [answers[step].status for step in (*THREE, "abl.visit_7")] == [TaskStatus.DONE] * 4
    assert [clinic.course().playbook.step(step).title for step in THREE] == list(THREE.values())
    assert [s for s in clinic.seen if s in ("ready", "after")][-2:] == ["ready", "after"]
    assert clinic.seen[0] in ("not_ready", "on_track")
