"""The page of evidence for an audit: rights, who looked, overrides, whether history is whole; no patient."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.slack.joining.scopes import SCOPES
from bot.chat.teams.joining.manifest import RIGHTS, manifest
from bot.cli import run
from bot.core.keeping import Because, Erasure, Keep
from bot.core.keeping import Span as Length
from bot.core.replies import Command
from bot.evidence import Span, page
from bot.paths import shipped_playbooks
from bot.service import who
from bot.service.erasing import erase
from bot.store.store import SqlStore
from tests.chat.teams.joining.test_manifest import WANTED
from tests.service.clinic import ALI, JO, RIVERSIDE
from tests.service.consultation import EXAM, HISTORY
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

DAY = timedelta(days=1)
ODD = replace(RIVERSIDE, title="<b>Riverside & Co</b>")


def looked_at() -> Riverside:
    """A clinic in which Jo looked at a name and wrote it down."""
    clinic = Riverside(EXAM, HISTORY, clinic=ODD, public_url="https://b.example").book()
    clinic.until("2027-01-12 15:00")
    asked = Command(platform=PLATFORM, account=JO, once="1", words=("who", "K7Q2"))
    notice = clinic.desk.command(asked)
    token = notice.link[1].rpartition("/")[2]
    who.look(clinic.practice, token)
    who.write_down(clinic.practice, token, {"name": "Zebulina Quillfeather", "born": "1977-03-01"})
    return clinic


def drawn(clinic: Riverside, *, since: timedelta = DAY, until: timedelta = DAY) -> str:
    now, store = clinic.clock.now(), clinic.store
    assert isinstance(store, SqlStore)
    return page(clinic.practice, store, Span(since=now - since, until=now + until), schema="0004")


def rows(text: str, heading: str) -> list[list[str]]:
    section = text.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", section.partition("<tbody>")[2], re.DOTALL)
    return [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in found]


@pytest.fixture(scope="module")
def text() -> str:
    return drawn(looked_at())


def test_each_right_stands_there_with_its_reason(text: str) -> None:
    assert [name for name, _ in rows(text, "Rights asked of Slack")] == [*SCOPES]
    assert [name for name, _ in rows(text, "Rights asked of Microsoft Teams")] == [*RIGHTS]
    assert manifest(WANTED)["permissions"] == [*RIGHTS]


def test_how_long_it_is_kept_is_what_the_clinics_file_says() -> None:
    keep = Keep(names=Length(days=30), answers=Length(months=120), messages=None)
    clinic = Riverside(EXAM, clinic=replace(RIVERSIDE, keep=keep))

    found = {row[0]: row[2] for row in rows(drawn(clinic), "What is kept, where, and how long")}

    assert found["Names, birth dates, record numbers"] == "30 days, from the day the case closed"
    assert found["Facts, answers, notes, reasons"] == "120 months, from the day the case closed"
    assert found["What was sent and came in"] == "until somebody erases it"


def test_who_looked_at_a_name_stands_there_and_the_name_does_not(text: str) -> None:
    found = rows(text, "Who looked at names")

    assert [row[1:] for row in found] == [
        ["Jo Sample (jo)", "looked at the name", "K7Q2"],
        ["Jo Sample (jo)", "wrote the name down", "K7Q2"],
    ]
    assert not any(word in text for word in ("Zebulina", "Quillfeather", "1977"))


def test_what_was_before_or_after_its_time_is_left_out() -> None:
    clinic = looked_at()

    before = drawn(clinic, since=2 * DAY, until=timedelta(0))
    after = drawn(clinic, since=-timedelta(seconds=1))

    assert "Nobody looked at a name in this time." in before
    assert "Nobody looked at a name in this time." in after


def test_an_override_names_who_and_which_gate_and_leaves_the_reason_with_the_case() -> None:
    clinic = Riverside(EXAM, HISTORY).book("2027-01-20 09:30")
    clinic.until("2027-01-19 10:00")
    why = ("laser", "is", "booked")
    clinic.desk.command(
        Command(platform=PLATFORM, account=ALI, once="1", words=("override", "K7Q2", "seen", "@jo", *why))
    )

    ((_, by, gate, code),) = rows(drawn(clinic), "Overrides")

    assert (by, code) == ("Dr Ali (ali)", "K7Q2") and gate
    assert " ".join(why) not in drawn(clinic)


def test_what_was_erased_is_named_with_why_and_by_whom() -> None:
    clinic = looked_at()
    now = clinic.clock.now()
    erase(clinic.practice, Erasure(code="K7Q2", by="kit", because=Because.REQUEST, at=now))

    found = rows(drawn(clinic), "Erased")

    assert [row[1:] for row in found] == [["Kit Pattern (kit)", "request", "K7Q2"]]


def test_whether_history_is_whole_and_its_seal(text: str) -> None:
    clinic = looked_at()
    store = clinic.store
    assert isinstance(store, SqlStore)
    store.seal(clinic.clock.now())

    sealed = dict(rows(drawn(clinic), "History"))

    assert dict(rows(text, "History"))["Newest seal"] == "none yet"
    assert sealed["History"] == "whole: every line is as it was written"
    assert sealed["Newest seal"].startswith("number 1, 2027-01-12 ")


def test_a_title_is_text_and_the_page_loads_nothing(text: str) -> None:
    assert "&lt;b&gt;Riverside &amp; Co&lt;/b&gt;" in text
    assert not re.search(r"<script|src=|href=|url\(|<b>Riverside", text)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("BOOKEND_CLINIC", str(shipped_playbooks() / "clinic-example.yaml"))
    monkeypatch.setenv("BOOKEND_DATABASE_URL", f"sqlite:///{tmp_path / 'bookend.db'}")
    yield tmp_path


def test_the_command_writes_it_for_the_days_that_are_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["migrate"])
    out = str(home / "audit.html")

    ended = run(["audit", "page", "--out", out, "--since", "2026-01-01", "--until", "2026-12-31"])

    assert ended == 0
    assert "from 2026-01-01 until 2026-12-31" in capsys.readouterr().out
    written = (home / "audit.html").read_text("utf-8")
    assert "From 2026-01-01 00:00 until 2027-01-01 00:00." in written


def test_without_a_database_it_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = run(["audit", "page", "--out", str(home / "audit.html")])

    assert ended == 1
    assert "bookend migrate" in capsys.readouterr().err


def test_one_clinic_sees_its_own_lines_alone() -> None:
    clinic = looked_at()
    now = clinic.clock.now()
    with clinic.store.reading() as reading:
        assert reading.lines_of("hillside", ["looked"], now - DAY, now + DAY) == ()
        assert len(reading.lines_of(RIVERSIDE.id, ["looked"], now - DAY, now + DAY)) == 1
