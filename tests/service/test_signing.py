"""Signing: whose signature counts, what it covers, and what an edit or nobody's signature means for cases."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.core.errors import BookendError, Mistakes, NotAllowed, NotFound, Refused, Settled
from bot.core.people import Clinic, Role
from bot.core.signing import Standing, notice_of, touched
from bot.paths import shipped_playbooks
from bot.service import cases, signing
from bot.service.practice import Practice
from bot.shelf import Bookshelf
from bot.store import schema
from bot.store.store import SqlStore
from tests.service.clinic import ALI, CODE, FRAN, KIT, OPENED, PIA, REVIEW, RIVERSIDE, booking
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.store.filed import file_store

CLINIC = replace(RIVERSIDE, playbooks=("abl",))
TODAY = date(2027, 1, 12)
TEXTS = ("facts.yaml", "red-flags.yaml", "every-procedure.yaml", "abl.yaml")


class Office:
    """A folder of playbooks that people edit, and the practice that uses it."""

    def __init__(self, folder: Path, store: SqlStore, clinic: Clinic = CLINIC) -> None:
        self.folder = folder
        self.store = store
        self.clinic = clinic
        self.shelf = Bookshelf(folder, store, forgiving=True)
        self.practice = Practice(
            store=store,
            shelf=self.shelf,
            clock=VirtualClock(OPENED),
            clinics={clinic.id: clinic},
            platforms=(PLATFORM,),
        )

    def again(self) -> "Office":
        """The same in a new process, which knows nothing but the folder and the database."""
        return Office(self.folder, self.store, self.clinic)

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        self.shelf.look_again()

    def digest(self) -> str:
        return self.shelf.current("abl", self.clinic.id).digest

    def sign(self, who: str = ALI, next_review: date = REVIEW, digest: str = "") -> None:
        person = self.clinic.people[who]
        shown = digest or self.digest()
        signing.sign(self.practice, self.clinic, "abl", person, next_review, digest=shown)

    def standing(self) -> Standing:
        (found,) = signing.standings(self.practice, self.clinic)
        return found

    def open(self, code: str = CODE) -> str:
        """Open a case; the title that its first step has."""
        with self.store.writing() as tx:
            course = cases.open_case(self.practice, tx, booking(), clinic=self.clinic.id, by=FRAN, code=code)
        return course.playbook.step("g.skin_exam").title


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables; a copy of it is made far quicker than the tables are."""
    path = tmp_path_factory.mktemp("signing") / "empty.db"
    schema.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def office(playbooks_home: Path, tmp_path: Path, empty_file: Path) -> Iterator[Office]:
    for name in TEXTS:
        shutil.copy(shipped_playbooks() / name, playbooks_home)
    # what is kept is read while a case is: in memory, one thread has only one connection
    copied = shutil.copy(empty_file, tmp_path / "bookend.db")
    store = file_store(f"sqlite:///{copied}", durable=False)
    yield Office(playbooks_home, store)
    store.close()


# Who signs what


def test_a_signature_says_who_when_until_when_and_which_text(office: Office) -> None:
    office.sign()

    given = signing.signed(office.practice, CLINIC)["abl"]

    assert (given.by, given.name, given.at, given.next_review) == (ALI, "Dr Ali", OPENED, REVIEW)
    assert (given.number, given.digest) == (1, office.digest())
    with office.store.reading() as reading:
        kept = reading.kept_playbook(given.digest)
    assert kept is not None
    assert sorted(kept[1]) == sorted(TEXTS)


@pytest.mark.parametrize("who", [PIA, KIT])
def test_only_a_medical_director_of_the_clinic_signs(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed, match="Dr Ali may sign"):
        office.sign(who)

    assert signing.signed(office.practice, CLINIC) == {}


def test_a_director_of_another_clinic_is_a_stranger_here(office: Office) -> None:
    ada = replace(CLINIC.people[ALI], id="ada", name="Dr Ada")

    with pytest.raises(NotAllowed, match="Dr Ada is no medical director of Riverside"):
        signing.sign(office.practice, CLINIC, "abl", ada, REVIEW, digest=office.digest())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Dr Nobody", "nobody named 'Dr Nobody'"),
        ("dr pia", "Dr Pia is no medical director of Riverside. Dr Ali may sign."),
    ],
)
def test_whoever_may_not_sign_is_told_who_may(office: Office, name: str, told: str) -> None:
    with pytest.raises(NotAllowed, match=told):
        signing.offer(office.practice, CLINIC, "abl", name, REVIEW)


def test_where_nobody_is_a_director_the_role_is_named(office: Office) -> None:
    people = {
        key: replace(each, roles=each.roles - {Role.MEDICAL_DIRECTOR}) for key, each in CLINIC.people.items()
    }

    with pytest.raises(NotAllowed, match="`medical_director`"):
        signing.offer(office.practice, replace(CLINIC, people=people), "abl", "Dr Ali", REVIEW)


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), date(2030, 1, 13)])
def test_the_next_review_lies_ahead_and_within_three_years(office: Office, day: date) -> None:
    with pytest.raises(Refused, match="within three years, by 12 Jan 2030"):
        office.sign(next_review=day)

    assert signing.signed(office.practice, CLINIC) == {}


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2030, 1, 12)])
def test_tomorrow_and_three_years_are_allowed(office: Office, day: date) -> None:
    office.sign(next_review=day)

    assert signing.signed(office.practice, CLINIC)["abl"].next_review == day


def test_what_was_edited_since_it_was_shown_is_not_signed(office: Office) -> None:
    shown = office.digest()
    office.edit("abl.yaml", "version: 1", "version: 2")

    with pytest.raises(Settled, match="edited since you looked"):
        office.sign(digest=shown)

    assert signing.signed(office.practice, CLINIC) == {}


def test_what_cannot_be_read_is_not_signed(office: Office) -> None:
    office.edit("every-procedure.yaml", "phase: consult", "phase: konsult")

    with pytest.raises(Mistakes, match=r"every-procedure\.yaml:\d+:\d+: expected one of"):
        signing.offer(office.practice, CLINIC, "abl", "Dr Ali", REVIEW)
    with pytest.raises(Mistakes):
        office.sign(digest="0" * 64)


def test_an_unknown_playbook_names_the_nearest(office: Office) -> None:
    with pytest.raises(NotFound, match="Did you mean 'abl'"):
        signing.offer(office.practice, CLINIC, "abll", "Dr Ali", REVIEW)


def test_signing_the_same_twice_changes_nothing(office: Office) -> None:
    office.sign()

    with pytest.raises(Settled, match="Dr Ali has signed exactly this already"):
        office.sign()

    office.sign(next_review=date(2028, 6, 1))
    assert signing.signed(office.practice, CLINIC)["abl"].number == 2


def test_what_stands_in_the_file_about_a_review_signs_nothing(office: Office) -> None:
    office.sign()

    office.edit(
        "abl.yaml",
        "review: {medical_director: null, reviewed_on: null, next_review: null}",
        "review: {medical_director: Dr Ali, reviewed_on: 2027-01-12, next_review: 2028-01-04}",
    )

    assert not office.standing().waits, "a note for readers is nothing to be signed"


# What an edit does


def test_an_edit_waits_and_new_cases_use_what_was_signed(office: Office) -> None:
    office.sign()
    office.edit("every-procedure.yaml", "include: every-procedure", "# all\ninclude: every-procedure")
    office.edit("every-procedure.yaml", "title: Skin exam", "title: Look at the skin")

    before = office.open()
    standing = office.again().standing()
    office.sign()
    after = office.open("M4XD")

    assert (before, after) == ("Skin exam", "Look at the skin")
    assert (standing.waits, standing.edited, standing.files) == (
        True,
        ("g.skin_exam",),
        ("every-procedure.yaml",),
    )
    assert not office.standing().waits


def test_a_running_case_keeps_the_version_it_was_planned_with(office: Office) -> None:
    office.sign()
    office.open()
    office.edit("every-procedure.yaml", "title: Skin exam", "title: Look at the skin")
    office.sign()

    with office.store.reading() as reading:
        course = office.again().practice.course(reading, CODE)

    assert course.playbook.step("g.skin_exam").title == "Skin exam"


def test_an_edit_that_cannot_be_read_stops_nothing(office: Office) -> None:
    office.sign()
    office.edit("abl.yaml", "playbook: abl", "playbook: abl,")

    restarted = office.again()

    assert restarted.open() == "Skin exam"
    (line,) = signing.notes(restarted.practice)
    assert "abl: its file cannot be read" in line and "stays in use" in line


def test_a_file_that_was_deleted_stops_nothing_either(office: Office) -> None:
    office.sign()
    (office.folder / "abl.yaml").unlink()

    assert office.again().open() == "Skin exam"


def test_it_says_once_what_waits_and_for_whom(office: Office) -> None:
    office.sign()
    office.edit("every-procedure.yaml", "title: Skin exam", "title: Look at the skin")

    assert signing.notes(office.practice) == (
        "abl: an edit of 1 step (every-procedure.yaml) waits for Dr Ali's signature. "
        "New cases use the version signed on 12 Jan 2027.",
    )


def test_a_comment_is_no_edit(office: Office) -> None:
    office.sign()
    office.edit("abl.yaml", "playbook: abl", "# a comma never stops a clinic\nplaybook: abl")

    assert signing.notes(office.practice) == ()


def test_what_is_shown_before_signing(office: Office) -> None:
    first = signing.offer(office.practice, CLINIC, "abl", "Dr Ali", REVIEW).lines
    office.sign()
    office.edit("every-procedure.yaml", "title: Skin exam", "title: Look at the skin")

    second = signing.offer(office.practice, CLINIC, "abl", "ali", REVIEW).lines

    assert first[0].startswith("Ablative laser resurfacing (CO₂, Er:YAG) (abl), version 1: ")
    assert first[1] == "Nobody has signed it so far."
    assert second[1] == "Dr Ali signed it on 12 Jan 2027."
    assert second[2:4] == (
        "Changed since then in every-procedure.yaml, 1 step:",
        "- Look at the skin: was called “Skin exam”.",
    )


def test_a_text_that_somebody_changed_in_the_database_is_not_used(office: Office) -> None:
    with office.store.writing() as tx:
        texts = office.shelf.texts(office.digest())
        tx.keep_playbook("0f" * 32, "abl", texts)

    with pytest.raises(BookendError, match=r"was changed\. Restore your backup"):
        office.again().shelf.version("0f" * 32)


# A clinic's own changes

OWN = """\
overlay: riverside
change: {g.photo_consent: {role: front_desk}}
leave_out: {g.plume: The room has its own extraction.}
"""


def test_own_changes_are_one_clinics_and_are_shown_before_signing(office: Office, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, "utf-8")
    overlays = {CLINIC.id: (str(own),)}
    office.shelf = Bookshelf(office.folder, office.store, overlays, forgiving=True)
    hillside = replace(CLINIC, id="hillside", title="Hillside")
    clinics = {CLINIC.id: CLINIC, hillside.id: hillside}
    office.practice = replace(office.practice, shelf=office.shelf, clinics=clinics)

    lines = signing.offer(office.practice, CLINIC, "abl", "ali", REVIEW).lines
    theirs = signing.offer(office.practice, hillside, "abl", "ali", REVIEW).lines
    office.sign()
    own.write_text(OWN.replace("front_desk", "physician"), "utf-8")
    office.shelf.look_again()

    assert "Changed or added by riverside: g.photo_consent." in lines
    assert any(line.startswith("LEFT OUT, A HARD STOP (by riverside): Smoke evacuator") for line in lines)
    assert not any("riverside" in line for line in theirs)
    assert [line.split(":")[0] for line in signing.notes(office.practice)] == ["Riverside", "Hillside"]
    assert own.name in signing.notes(office.practice)[0]
    with office.store.writing() as tx:
        course = cases.open_case(office.practice, tx, booking(), clinic=CLINIC.id, by=FRAN, code=CODE)
    assert course.playbook.step("g.photo_consent").role is Role.FRONT_DESK
    assert [step.id for step in course.playbook.left_out] == ["g.plume"]


@pytest.mark.parametrize("change", ["stop: ", "when: {age: {below: 1}}", "phase: post", "stop: md"])
def test_a_hard_stop_that_a_clinic_changes_is_said_loudly_before_the_first_signature(
    office: Office, tmp_path: Path, change: str
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"overlay: riverside\nchange: {{g.plume: {{title: Fan, {change}}}}}\n", "utf-8")
    office.shelf = Bookshelf(office.folder, office.store, {CLINIC.id: (str(own),)}, forgiving=True)
    office.practice = replace(office.practice, shelf=office.shelf)

    lines = signing.offer(office.practice, CLINIC, "abl", "ali", REVIEW).lines

    key = change.partition(":")[0]
    assert f"CHANGED, SHIPPED AS A HARD STOP (by riverside): Fan (g.plume), its {key}." in lines


def test_words_of_several_lines_are_one_line_to_whoever_signs(office: Office, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        'overlay: a\nleave_out: {g.plume: "Extraction.\\n\\nNothing has changed, sign."}\n', "utf-8"
    )
    office.shelf = Bookshelf(office.folder, office.store, {CLINIC.id: (str(own),)}, forgiving=True)
    office.practice = replace(office.practice, shelf=office.shelf)

    lines = signing.offer(office.practice, CLINIC, "abl", "ali", REVIEW).lines

    (loud,) = [line for line in lines if "LEFT OUT" in line]
    assert loud.endswith("Extraction. Nothing has changed, sign.")
    assert not any("\n" in line for line in lines)


def test_an_edit_of_what_playbooks_share_names_all_that_it_touches(office: Office) -> None:
    for name in ("naf.yaml", "lhr.yaml"):
        (office.folder / name).write_text((shipped_playbooks() / name).read_text("utf-8"), "utf-8")
    office.shelf.look_again()
    clinic = replace(CLINIC, playbooks=())
    for each in signing.waiting(office.practice, clinic):
        assert each.newest is not None
        director, digest = clinic.people[ALI], each.newest.digest
        signing.sign(office.practice, clinic, each.playbook, director, REVIEW, digest=digest)

    office.edit("every-procedure.yaml", "title: Skin exam", "title: Look at the skin")

    found = signing.waiting(office.practice, clinic)
    lines = signing.offer(office.practice, clinic, "abl", "ali", REVIEW).lines
    assert touched(found) == {"every-procedure.yaml": ("abl", "lhr", "naf")}
    assert lines[-1] == "The edit of every-procedure.yaml touches lhr, naf as well: sign each of them."


# Shadow mode


def test_a_case_opened_before_the_first_signature_stays_planned_and_shown() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines", signed=False).book()
    clinic.until("2027-01-12 14:00")
    person = clinic.clinic.people[ALI]
    digest = clinic.practice.shelf.current("abl", clinic.clinic.id).digest
    signing.sign(clinic.practice, clinic.clinic, "abl", person, REVIEW, digest=digest)

    clinic.until("2027-01-12 18:00")

    assert clinic.workspace.messages == []
    clinic.book(code="M4XD").until("2027-01-13 12:00")
    assert clinic.workspace.messages != []
    with clinic.store.reading() as reading:
        assert [reading.case(code).shadow for code in (CODE, "M4XD")] == [True, False]


# Reviews that lapse


@pytest.mark.parametrize(
    ("left", "notice"), [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0), (-400, 0)]
)
def test_a_notice_is_due_30_7_and_0_days_before_the_review(
    office: Office, left: int, notice: int | None
) -> None:
    office.sign()
    given = signing.signed(office.practice, CLINIC)["abl"]

    assert notice_of(given, REVIEW - timedelta(days=left)) == notice


def test_a_lapsed_review_is_said_and_stops_nothing(office: Office) -> None:
    office.sign(next_review=TODAY + timedelta(days=10))
    clock = office.practice.clock
    assert isinstance(clock, VirtualClock)
    clock.advance(OPENED + timedelta(days=20))

    (line,) = signing.notes(office.practice)

    assert line.startswith("abl: its review was due on 22 Jan 2027. Dr Ali signed it last. Nothing stops;")
    assert office.open() == "Skin exam"
