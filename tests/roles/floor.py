"""A clinic in which everybody has one role alone; it is put back as it was before each try."""

from __future__ import annotations

from dataclasses import replace
from sqlite3 import connect

from bot.core.actions import Action
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.service.desk import ClinicDesk
from tests.chat.teams.fake.names import account
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, RIVERSIDE, SAM, abl
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.memory import raw

#: Where people are met, and what that is called in the clinic's file.
FACES = {"service": PLATFORM, "page": "local", "slack": "slack", "socket": "slack", "teams": "teams"}
#: An item of each role that answers anything, all of them asked after the consultation.
ITEMS = {
    Role.FRONT_DESK: "g.contacts",
    Role.NURSE: "g.medicines",
    Role.OPERATOR: "g.expectations",
    Role.PHYSICIAN: "g.skin_exam",
}
#: What was answered so that only a physician can go on: by a decision, and by a correction.
DECIDED, CORRECTED = "g.medical_history", "abl.isotretinoin"
#: What somebody took who has left since: the manager has it.
LEFT_BEHIND = "g.allergies"
COLLEAGUES = {
    Role.FRONT_DESK: FRAN,
    Role.NURSE: JO,
    Role.OPERATOR: MAX,
    Role.PHYSICIAN: ALI,
    Role.MANAGER: KIT,
}


def accounts(name: str) -> dict[str, str]:
    """How somebody is called on each platform."""
    return {PLATFORM: name, "local": name, "slack": f"U0{name.upper()}", "teams": account(name)}


def _staff() -> dict[str, Person]:
    alone = {
        role.value: Person(id=role.value, name=f"Solo {role.value}", roles=frozenset({role})) for role in Role
    }
    everybody = {**RIVERSIDE.people, **alone}
    return {name: replace(each, accounts=accounts(name)) for name, each in everybody.items()}


#: Whoever has one role alone is asked first, and has a colleague.
DUTY = {role: (role.value, each, SAM) for role, each in COLLEAGUES.items()}
CLINIC: Clinic = replace(
    RIVERSIDE,
    people=_staff(),
    rooms={"room-2": ("Laser B",)},
    roster=dict.fromkeys(range(5), DUTY),
    on_call={},
)


def _book() -> Playbook:
    """The steps of the table; a clinic may ask an operator, too, after a consultation."""
    book = abl(*ITEMS.values(), DECIDED, CORRECTED, LEFT_BEHIND)
    theirs = ITEMS[Role.OPERATOR]
    steps = (replace(step, role=Role.OPERATOR) if step.id == theirs else step for step in book.steps)
    return replace(book, steps=tuple(steps))


def _field(name: str) -> FormField:
    return FormField(name=name, label="", kind=FieldKind.TEXT)


class Floor:
    """Riverside with a case of which everybody is asked something, and which is stopped twice."""

    def __init__(self) -> None:
        self.clinic = Riverside(book=_book(), clinic=CLINIC, public_url="https://bookend.example")
        self.clinic.book(room="room-2", isotretinoin="current", mode="full_field")
        self.clinic.until("2027-01-12 15:00")
        self.clinic.early(ALI, CORRECTED, isotretinoin="current", decision="proceed")
        self.clinic.early(SAM, DECIDED, smoker="yes")
        self._leave_behind()
        self.clinic.until("2027-01-12 15:20")
        self._stored = connect(":memory:", check_same_thread=False)
        raw(self.clinic.store).backup(self._stored)

    def _leave_behind(self) -> None:
        """Let Sam take something over, and leave."""
        key, card = self.key(LEFT_BEHIND), self.card(LEFT_BEHIND)
        nurse = Role.NURSE.value
        part = FormPart(task=key, revision=0, title="", fields=(_field("to"), _field("lines")))
        form = Form(
            heading="Hand off", label="", parts=(part,), action=Action.HAND_OFF, submit="", value=card
        )
        self.clinic.send(nurse, form, to=SAM, lines=(key,))
        self.clinic.speak()
        (offer,) = (each.card for each in self.clinic.workspace.of(SAM))
        self.clinic.press_on(SAM, offer, "Accept")
        self.clinic.speak()
        self.clinic.type(SAM, "on it")
        self.clinic.look(refused={SAM: "has left"}).speak()

    def again(self) -> None:
        """Forget what was tried."""
        self._stored.backup(raw(self.clinic.store))

    def desk(self, face: str) -> ClinicDesk:
        """The desk as one platform has it."""
        return ClinicDesk(practice=replace(self.clinic.practice, platforms=(FACES[face],)))

    def state(self) -> tuple[str, ...]:
        """All that is stored, but for where Teams says that it reaches somebody."""
        return tuple(line for line in raw(self.clinic.store).iterdump() if "'place'" not in line)

    def key(self, step: str) -> str:
        return self.clinic.task(step).key

    def card(self, step: str) -> str:
        """The card on which a step was asked last, by the name that buttons carry."""
        return self.clinic.postings(step)[-1].key
