"""The group of clinics whose people press: files that `bookend serve` reads, signed, and who is in Slack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.stocked import KEY, round_clinic
from tests.chat.slack.fake import SECRET, TOKEN, FakeSlack, channel, user
from tests.serving import environment, shipped
from tests.signed import sign_all

PLAYBOOK = "abl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One clinic of the group: nobody, and no channel, is in two of them."""

    number: int
    #: How many patients it has today.
    cases: int
    #: Of how many of them a nurse and an operator have the lines.
    pair: int

    @property
    def id(self) -> str:
        """Return what its file calls it: much of what is over may be stored of it."""
        return round_clinic(self.number)

    @property
    def board(self) -> str:
        """Return its channel."""
        return f"C{self.number}BOARD"

    @property
    def nurses(self) -> list[str]:
        """Return its nurses."""
        return [f"nurse-{each}" for each in range(self._pairs)]

    @property
    def operators(self) -> list[str]:
        """Return its operators."""
        return [f"operator-{each}" for each in range(self._pairs)]

    @property
    def accounts(self) -> dict[str, str]:
        """Return everybody's account in Slack."""
        people = (*self.nurses, *self.operators, "physician", "manager")
        return {each: f"U{self.number}{each.upper().replace('-', '')}" for each in people}

    @property
    def _pairs(self) -> int:
        return -(-self.cases // self.pair)

    def text(self) -> str:
        """Return its file: it never closes, for a bench runs at any hour."""
        roles = dict.fromkeys(self.nurses, "nurse") | dict.fromkeys(self.operators, "operator")
        roles |= {"physician": "physician, medical_director", "manager": "front_desk, manager"}
        named = (
            f"  {id}: {{name: {id} of {self.id}, roles: [{roles[id]}], slack: {account}}}"
            for id, account in self.accounts.items()
        )
        return "\n".join(
            (
                f"clinic: {self.id}",
                f"title: Clinic {self.number}",
                "timezone: Europe/London",
                "open: {mon-sun: 00:00-23:59}",
                "rooms: {room-1: {devices: [CO₂ laser]}}",
                "people:",
                *named,
                "roster:",
                f"  mon-sun: {{nurse: [{', '.join(self.nurses)}], operator: [{', '.join(self.operators)}],",
                "    physician: [physician], front_desk: [manager], manager: [manager]}",
                f"channels: {{slack: {{board: {self.board}}}}}",
                f"playbooks: [{PLAYBOOK}]",
                "",
            )
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """So many clinics in one workspace of Slack."""

    clinics: int
    #: How many patients each of them has today.
    cases: int
    #: How many of them a nurse and an operator have together.
    pair: int = 20

    @property
    def places(self) -> list[Place]:
        """Return its clinics."""
        return [Place(number=each, cases=self.cases, pair=self.pair) for each in range(self.clinics)]

    @property
    def people(self) -> int:
        """Return how many people press."""
        return sum(len(place.nurses) + len(place.operators) for place in self.places)

    def furnish(self, folder: Path, database: str) -> dict[str, str]:
        """Write its files into a folder, signed; return the environment of a `bookend serve` of it."""
        shelf = folder / "playbooks"
        shelf.mkdir()
        for name, text in shipped().items():
            (shelf / name).write_text(text, "utf-8")
        files = [folder / f"{place.id}.yaml" for place in self.places]
        for place, file in zip(self.places, files, strict=True):
            file.write_text(place.text(), "utf-8")
        settings = {
            "BOOKEND_CLINIC": ",".join(map(str, files)),
            "BOOKEND_PLAYBOOKS": str(shelf),
            "BOOKEND_DATABASE_URL": database,
            "BOOKEND_HISTORY_KEY": KEY.decode(),
            "BOOKEND_SLACK_BOT_TOKEN": TOKEN,
            "BOOKEND_SLACK_SIGNING_SECRET": SECRET,
            "PORT": "0",
        }
        sign_all(settings)
        return environment() | settings

    def enter(self, slack: FakeSlack) -> None:
        """Let everybody into the workspace, and every board."""
        for place in self.places:
            accounts = place.accounts.values()
            slack.users |= {account: user(account) for account in accounts}
            slack.channels[place.board] = channel(place.board)
            slack.members[place.board] = {*accounts}
