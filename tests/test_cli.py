"""The commands as people use them: what they say, on which stream, and with which exit code."""

import io
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest

from bot.cli import run
from bot.cli.checking import only_files
from bot.cli.commands import app
from bot.cli.terminal import say, table
from bot.clock import WallClock
from bot.paths import shipped_playbooks
from tests import contract

BOOKING = {**contract.BOOKING, "sessions": ["2027-02-18T09:30"], "facts": {"age": 52, "area_face": "yes"}}
#: What cannot be unknown when a case begins.
TOLD = {"mode": "fractional", "area_periocular": "no", "anaesthesia": "none", "sedation": "none"}
#: Days on which procedures can be booked whenever this is run.
SOON, LATER = (WallClock().now().date() + timedelta(days=days) for days in (120, 127))
NEW = {"playbook": "abl", "start": f"{SOON}T09:30", "facts": {"age": 52, "area_face": "yes", **TOLD}}
COMMANDS = ("demo", "serve", "check", "plan", "rehearse", "status", "case", "new", "move", "cancel", "event")
COMMANDS += (
    "import",
    "init",
    "session",
    "diff",
    "preview",
    "sign",
    "migrate",
    "rekey",
    "backup",
    "restore",
    "erase",
    "purge",
    "doctor",
    "audit",
    "schema",
    "export",
    "sheet",
    "new-playbook",
    "weekly",
    "noise",
    "ask-all",
    "slack-manifest",
    "teams-package",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Keyboard(io.StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


Bookend = Callable[..., Said]


@pytest.fixture
def bookend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Bookend]:
    """Runs a command in an empty folder of a clinic that has nothing but its file."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BOOKEND_") or name == "PORT"]:
        monkeypatch.delenv(name)
    clinic = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
    (tmp_path / "clinic.yaml").write_text(clinic, "utf-8")
    monkeypatch.setenv("BOOKEND_CLINIC", "clinic.yaml")

    def typed(*words: str, piped: str = "", keyboard: str | None = None) -> Said:
        given = io.TextIOWrapper(io.BytesIO(piped.encode())) if keyboard is None else Keyboard(keyboard)
        monkeypatch.setattr(sys, "stdin", given)
        code = run(words)
        captured = capsys.readouterr()
        return Said(code=code, out=captured.out, err=captured.err)

    yield typed


def written(name: str, what: object) -> str:
    Path(name).write_text(what if isinstance(what, str) else json.dumps(what), "utf-8")
    return name


def a_case(bookend: Bookend) -> str:
    code: str = bookend("new", written("new.json", NEW), "--json").data["case"]
    return code


# Help and use


def test_every_command_is_listed_with_a_whole_sentence(bookend: Bookend) -> None:
    said = bookend("--help")

    listed = {line.split()[0]: line for line in said.out.splitlines() if line.startswith("  ")}
    assert said.code == 0
    assert set(COMMANDS) <= set(listed)
    assert not any(line.endswith("...") for line in listed.values())


@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS), ("audit", "verify"), ("audit", "seal")])
def test_each_command_explains_itself_with_an_example(bookend: Bookend, command: tuple[str, ...]) -> None:
    said = bookend(*command, "--help")

    assert said.code == 0
    assert command == ("audit",) or f"Example: bookend {' '.join(command)}" in said.out.replace(
        "BOOKEND_CLINIC=clinic.yaml ", ""
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("plam",), "Did you mean 'plan'?"),
        (("plan",), "Missing argument 'BOOKING'. See `bookend plan --help`."),
        (("plan", "nowhere.json"), "There is no file nowhere.json. See `bookend plan --help`."),
        (("plan", "."), ". is a folder."),
        (("check", "nowhere.yaml"), "There is no file nowhere.yaml."),
        (("demo", "--port", "many"), "Input should be a valid integer"),
        (("demo", "--port", "70000"), "less than or equal to 65535."),
        (("move", "K7Q2"), "Missing argument 'START'."),
        (("audit", "prove"), "No such command 'prove'."),
        ((), "Usage: bookend"),
    ],
)
def test_a_command_used_wrongly_says_so_in_a_sentence_and_ends_with_2(
    bookend: Bookend, words: tuple[str, ...], sentence: str
) -> None:
    said = bookend(*words)

    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


# Planning and playing


def test_a_plan_is_the_rows_of_the_contract(bookend: Bookend) -> None:
    rows = bookend("plan", written("booking.json", BOOKING), "--json").data["tasks"]

    first, check = rows[0], next(row for row in rows if row["id"] == "abl.check_3")
    assert first == {
        "id": "abl.antimicrobial_plan",
        "session": 1,
        "phase": "consult",
        "role": "physician",
        "stop": "no",
        "due_local": "2027-01-12T15:00",
        "due_utc": "2027-01-12T21:00Z",
        "on_call": False,
        "late": False,
    }
    assert (check["due_local"], check["on_call"]) == ("2027-02-21T10:00", True)
    assert [(row["due_utc"], row["id"]) for row in rows] == sorted(
        (row["due_utc"], row["id"]) for row in rows
    )


def test_yaml_json_and_what_is_piped_in_plan_alike(bookend: Bookend) -> None:
    as_json = bookend("plan", written("booking.json", BOOKING), "--json")
    piped = bookend("plan", "-", "--json", piped=json.dumps(BOOKING))
    as_yaml = bookend(
        "plan",
        written("booking.yaml", "\n".join(f"{name}: {json.dumps(value)}" for name, value in BOOKING.items())),
        "--json",
    )

    assert as_json == piped == as_yaml


def test_a_plan_for_people_is_plain_when_it_is_piped(bookend: Bookend) -> None:
    said = bookend("plan", written("booking.json", BOOKING))

    assert "2027-02-21 10:00  abl.check_3" in said.out
    assert "on call" in said.out
    assert said.out.isprintable() is False and all(line.isprintable() for line in said.out.splitlines())
    assert not set("│─┃━╭╮╰╯\x1b") & set(said.out)


class Screen(io.StringIO):
    """A terminal at which somebody looks."""

    def isatty(self) -> bool:
        return True


def test_a_table_on_a_terminal_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", screen := Screen())
    monkeypatch.setenv("TERM", "xterm-256color")

    table(("Item", "Stop"), [("Skin exam", "hard")])

    assert "─" in screen.getvalue()
    assert "\x1b[" in screen.getvalue()


def test_words_of_a_file_do_not_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say("Left out: a stop", "\x1b[1A\x1b[2KAll\tis \x9b31mwell\r\u202eon")

    said = capsys.readouterr().out
    assert not set("\x1b\x9b\r\u202e") & set(said)
    assert "All\tis" in said and "Left out: a stop\n" in said

    monkeypatch.setattr(sys, "stdout", screen := Screen())
    table(("Item", "Stop"), [("Skin\x1b[2K", "hard")])
    assert "\x1b[2K" not in screen.getvalue()


def test_a_rehearsal_gives_tasks_transcript_and_readiness(bookend: Bookend) -> None:
    story = {"booking": BOOKING, "script": [{"do": "answer_when_due", "until": "2027-02-16T15:00"}]}

    played = bookend("rehearse", written("story.json", story), "--json").data

    gates = {row["gate"]: row["state"] for row in played["readiness"]}
    states = {row["id"]: (row["status"], row["reopened"]) for row in played["tasks"]}
    assert (gates["cleared_to_come"], gates["cleared_to_start"]) == ("ready", "not_ready")
    assert states["g.skin_exam"] == ("done", False)
    assert states["g.timeout"] == ("open", False)
    assert any("g.readiness: confirmed" in line for line in played["transcript"])


def test_a_rehearsal_of_a_hard_stop_ends_well_for_the_command(bookend: Bookend) -> None:
    said = bookend("rehearse", str(shipped_playbooks() / "demo" / "T9BD.yaml"))

    assert said.code == 0
    assert "Cleared to come" in said.out


@pytest.mark.parametrize("command", ["plan", "rehearse", "new"])
@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("{", "this is not valid YAML"),
        ("", "expected"),
        ("playbook: [", "this is not valid YAML"),
        ('{"playbook": "abll", "start": "2027-02-18T09:30", "facts": {"smokr": "yes"}}', "Did you mean"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place_and_ends_with_1(
    bookend: Bookend, command: str, text: str, mistake: str
) -> None:
    said = bookend(command, written("broken.json", text), "--json")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("broken.json:")
    assert command == "rehearse" or mistake in said.err


# Checking


def test_what_is_shipped_is_checked_without_any_file(bookend: Bookend) -> None:
    said = bookend("check")

    assert (said.code, said.err) == (0, "")
    assert "no mistakes" in said.out


def test_a_clinic_file_a_booking_and_a_script_can_be_checked(bookend: Bookend) -> None:
    story = written("story.json", {"booking": BOOKING, "script": []})

    said = bookend("check", "clinic.yaml", written("booking.json", BOOKING), story)

    assert (said.code, said.out) == (0, "3 files checked: no mistakes.\n")


@pytest.mark.parametrize("named", ["clinic.yaml", "bad.yaml", "abl.yaml", "facts.yaml", "folder"])
def test_files_alone_are_checked_as_typer_would_have_them_checked(bookend: Bookend, named: str) -> None:
    Path("folder").mkdir()
    for shipped in ("abl.yaml", "facts.yaml"):
        written(shipped, (shipped_playbooks() / shipped).read_text("utf-8"))
    written("bad.yaml", "clinic: riverside\npeople: nobody\n")
    written("folder/mine.yaml", "playbook: mine\n")

    at_once, understood = bookend("check", named, "clinic.yaml"), bookend("check", "--", named, "clinic.yaml")

    assert at_once == understood
    assert f"{named}" in at_once.out + at_once.err or "2 files checked" in at_once.out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("check",),
        ("check", "clinic.yaml", "--json"),
        ("check", "--help"),
        ("check", "-"),
        ("check", "clinic.yaml", "gone.yaml"),
        ("plan", "clinic.yaml"),
    ],
)
def test_whatever_is_more_than_files_that_are_there_is_for_typer(
    bookend: Bookend, words: tuple[str, ...]
) -> None:
    assert only_files(("check", "clinic.yaml")) == [Path("clinic.yaml")]
    for odd in ("--json", "--help", "-"):
        written(odd, "a: b")

    assert only_files(words) == []


def test_every_mistake_is_told_at_once(bookend: Bookend) -> None:
    clinic = Path("clinic.yaml").read_text("utf-8").replace("timezone: Europe/London", "timezone: London")
    bad = written("bad.yaml", clinic.replace("privacy: strict", "privacy: secret"))

    said, found = bookend("check", bad), bookend("check", bad, "--json")

    assert said.code == found.code == 1
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["bad.yaml", "bad.yaml"]
    assert "Did you mean 'Europe/London'?" in said.err
    assert [each["line"] > 0 for each in found.data["mistakes"]] == [True, True]


def test_the_schema_is_the_one_that_is_shipped(bookend: Bookend) -> None:
    shipped = (shipped_playbooks() / "playbook.schema.json").read_text("utf-8")

    assert bookend("schema").out == shipped


# A clinic's cases


def test_a_new_case_prints_its_code_and_is_on_the_board(bookend: Bookend) -> None:
    said = bookend("new", written("new.json", NEW), "--json")

    code = said.data["case"]
    (board,) = bookend("status", "--json").data["boards"]
    case = bookend("case", code.lower(), "--json").data
    assert said.out == json.dumps({"case": code}, indent=1) + "\n"
    assert "no medical director has signed abl" in said.err
    assert [row["code"] for row in board["rows"]] == [code]
    assert {row["status"] for row in case["tasks"]} == {"open"}


def test_what_nobody_asked_is_unknown_and_so_on_the_list(bookend: Bookend) -> None:
    code = a_case(bookend)

    ids = {row["id"] for row in bookend("case", code, "--json").data["tasks"]}
    assert {"abl.smoking_stop", "g.keloid", "g.immune"} <= ids


def test_a_new_case_must_be_told_what_cannot_be_unknown(bookend: Bookend) -> None:
    booking = {**NEW, "facts": {"area_face": "yes"}}

    said = bookend("new", written("new.json", booking))

    assert said.code == 1
    assert [name for name in (*TOLD, "age") if f"`{name}` is missing" not in said.err] == []
    assert bookend("status").code == 0


@pytest.mark.parametrize(("name", "value"), [("room", "room-9"), ("operator", "maxx")])
def test_a_room_or_person_that_the_clinic_lacks_is_refused(bookend: Bookend, name: str, value: str) -> None:
    said = bookend("new", written("new.json", {**NEW, name: value}))

    assert said.code == 1
    assert "Did you mean" in said.err


def test_a_booking_may_bring_its_own_zone_and_is_planned_in_the_clinics(bookend: Bookend) -> None:
    booking = {**NEW, "clinic": BOOKING["clinic"], "opened": f"{LATER}T13:45"}
    timeout = datetime.combine(SOON, time(9, 25), tzinfo=ZoneInfo("America/Chicago"))

    code = bookend("new", written("new.json", booking), "--json").data["case"]

    rows = {row["id"]: row for row in bookend("case", code, "--json").data["tasks"]}
    assert rows["g.timeout"]["due_utc"] == f"{timeout.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    assert rows["g.timeout"]["due_local"] == f"{timeout.astimezone(ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M}"


def test_a_case_is_moved_reported_and_cancelled(bookend: Bookend) -> None:
    code = a_case(bookend)

    moved = bookend("move", code, str(LATER), "10:00")
    again = bookend("move", code, f"{LATER}T10:30", "--session", "1")
    event = bookend("event", code, "urgent")
    cancelled = bookend("cancel", code, "patient", "is", "ill")

    rows = bookend("case", code, "--json").data["tasks"]
    day = f"{LATER:%a} {LATER.day} {LATER:%b}"
    assert moved.out.startswith(f"Moved to {day} 10:00")
    assert again.out.startswith(f"Moved to {day} 10:30")
    assert "complication reported, urgent" in event.out
    assert "is cancelled" in cancelled.out
    assert [row["status"] for row in rows if row["id"] == "g.timeout"] == ["void"]
    assert [row["status"] for row in rows if row["phase"] == "cancel"] == ["open"] * 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("case", "NOPE"), "There is no case 'NOPE'."),
        (("export", "NOPE"), "There is no case 'NOPE'."),
        (("cancel", "NOPE"), "There is no case 'NOPE'."),
        (("move", "CODE", "soon"), "To when? Write it like `bookend move CODE 2027-02-18 09:30`."),
        (("move", "CODE", "2020-02-18", "09:30"), "That moment has passed already."),
        (("move", "CODE", f"{LATER}T10:00", "--session", "3"), "There is no session of CODE '3'."),
        (("event", "CODE", "bad"), "How urgent?"),
        (("event", "CODE", "none"), "How urgent?"),
        (("cancel", "CODE", "Anna", "born", "1.2.1970"), "Please leave it out, or write the case code"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(
    bookend: Bookend, words: tuple[str, ...], sentence: str
) -> None:
    code = a_case(bookend)

    said = bookend(*(code if word == "CODE" else word for word in words))

    assert (said.code, said.out) == (1, "")
    assert sentence.replace("CODE", code) in said.err
    assert "Traceback" not in said.err


def test_an_unknown_code_names_the_nearest_one(bookend: Bookend) -> None:
    code = a_case(bookend)

    said = bookend("case", code[:3] + "0")

    assert f"Did you mean '{code}'?" in said.err


def test_all_that_is_kept_of_a_case_can_be_printed(bookend: Bookend) -> None:
    code = a_case(bookend)
    bookend("cancel", code, "no-show")

    kept = bookend("export", code).data

    assert [(entry["kind"], entry["by"]) for entry in kept["history"]] == [
        ("opened", "command line"),
        ("cancelled", "command line"),
    ]
    assert kept["facts"]["smoker"] == "unknown"


def test_a_case_becomes_a_pack_for_an_inspector_that_only_its_owner_reads(bookend: Bookend) -> None:
    code = a_case(bookend)

    said = bookend("export", code, "--pack", "pack.zip")

    with zipfile.ZipFile("pack.zip") as pack:
        names = pack.namelist()
    assert said.out == f"pack.zip is written: all that is kept of {code}. It names no patient.\n"
    assert {"case.pdf", "case.json", "answers.csv", "playbook/abl.yaml"} <= {*names}
    assert Path("pack.zip").stat().st_mode & 0o777 == 0o600


def test_a_case_becomes_a_script_that_plays_to_the_same_end(bookend: Bookend) -> None:
    code = a_case(bookend)
    bookend("move", code, str(LATER), "10:00")
    bookend("event", code, "routine")

    script = written("told.yaml", bookend("export", code, "--as-script").out)

    same = bookend("export", code, "--as-script", "--json").data
    there, here = bookend("rehearse", script, "--json").data, bookend("case", code, "--json").data
    # a script tells time to the second: within one, the order of lines may differ
    same_order = [
        sorted(rows["tasks"], key=lambda row: (row["due_utc"], row["id"])) for rows in (there, here)
    ]
    assert same_order[0] == same_order[1]
    assert bookend("check", script).code == 0
    assert [line["do"] for line in same["script"]] == ["move", "event", "nothing"]


def test_a_case_of_a_clinic_with_its_own_changes_is_told_with_their_name(bookend: Bookend) -> None:
    written("own.yaml", "overlay: riverside\nchange: {g.photo_consent: {role: nurse}}\n")
    written("clinic.yaml", Path("clinic.yaml").read_text("utf-8") + "overlays: [own.yaml]\n")

    told = bookend("export", a_case(bookend), "--as-script").out

    assert told.partition("\n")[0].endswith("play it with `bookend rehearse` and `--overlay` for riverside.")
    assert bookend("rehearse", written("told.yaml", told), "--overlay", "own.yaml").code == 0


def test_of_two_clinics_a_new_case_names_one(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path("clinic.yaml").read_text("utf-8").replace("clinic: riverside", "clinic: hillside")
    other = other.replace("U0", "U1").replace("8f0e", "9f0e")
    monkeypatch.setenv("BOOKEND_CLINIC", f"clinic.yaml, {written('other.yaml', other)}")
    booking = written("new.json", NEW)

    unnamed = bookend("new", booking)
    misnamed = bookend("new", booking, "--clinic", "hillsid")
    named = bookend("new", booking, "--clinic", "hillside", "--json")

    assert (unnamed.code, misnamed.code, named.code) == (1, 1, 0)
    assert "riverside, hillside" in unnamed.err
    assert "Did you mean 'hillside'" in misnamed.err


# The database


def test_a_database_is_begun_and_then_up_to_date(bookend: Bookend) -> None:
    before = bookend("status")
    first, second = bookend("migrate"), bookend("migrate")

    assert (before.code, before.out) == (1, "")
    assert "Begin one with `bookend migrate`" in before.err
    assert first.out.startswith("Done: ")
    assert second.out.startswith("It was up to date")
    assert bookend("status").code == 0


def test_names_are_encrypted_anew_and_counted(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    bookend("migrate")
    monkeypatch.setenv("BOOKEND_IDENTITY_KEYS", "a new secret that is long enough")

    assert bookend("rekey").out == "Done: 0 names. Nothing needs an older secret any more.\n"


def test_a_secret_for_names_that_could_be_guessed_is_refused(
    bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    bookend("migrate")
    monkeypatch.setenv("BOOKEND_IDENTITY_KEYS", "a secret of good length,short")

    said = bookend("rekey")

    assert said.code == 1
    assert "each needs 16 characters or more" in said.err


def test_looking_where_there_is_nothing_leaves_nothing_behind(bookend: Bookend) -> None:
    bookend("status")

    assert [path.name for path in Path().iterdir()] == ["clinic.yaml"]


def test_a_newer_database_is_named_and_left_alone(bookend: Bookend) -> None:
    bookend("migrate")
    with sqlite3.connect("bookend.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    said = [bookend("status"), bookend("new", written("new.json", NEW)), bookend("migrate")]

    assert [each.code for each in said] == [1, 1, 1]
    assert all("9999" in each.err and "newer Bookend" in each.err for each in said[1:])


def test_a_locked_database_says_what_to_do(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.engines.PATIENCE", 0.1)
    bookend("migrate")
    holder = sqlite3.connect("bookend.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    said = bookend("new", written("new.json", NEW))

    holder.close()
    assert said.code == 1
    assert "Another program holds the database bookend.db" in said.err


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda: Path("bookend.db.key").unlink(), "The key file bookend.db.key is missing"),
        (lambda: Path("bookend.db.key").write_text("00"), "The key file bookend.db.key is damaged"),
        (lambda: Path("bookend.db.key").write_text("zz"), "The key file bookend.db.key is damaged"),
        (lambda: Path("bookend.db.key").write_text("ab" * 32), "begun with another history key"),
        (lambda: Path("bookend.db").write_text("no database, but long enough to be read" * 9), "no database"),
    ],
)
def test_a_damaged_database_or_key_says_what_to_do(
    bookend: Bookend, damage: Callable[[], None], sentence: str
) -> None:
    a_case(bookend)
    damage()

    said = bookend("status")

    assert (said.code, said.out) == (1, "")
    assert sentence in said.err


def test_the_audit_finds_a_line_that_was_changed(bookend: Bookend) -> None:
    code = a_case(bookend)
    whole = bookend("audit", "verify")
    with sqlite3.connect("bookend.db") as database:
        database.execute("DROP TRIGGER history_grows")
        database.execute("UPDATE history SET by_person = 'somebody else'")
    database.close()

    said, found = bookend("audit", "verify"), bookend("audit", "verify", "--json")

    assert (whole.code, whole.out) == (0, "Every history is as it was written.\n")
    assert (said.code, found.code) == (1, 1)
    assert said.err.startswith(f"{code}: line 1")
    assert len(found.data["problems"]) == 1


def test_a_seal_that_was_kept_elsewhere_is_compared(bookend: Bookend) -> None:
    a_case(bookend)

    nothing = bookend("audit", "seal")
    foreign = bookend("audit", "verify", "--seal", written("seal.json", {"seal": 3, "link": "00"}))
    broken = bookend("audit", "verify", "--seal", written("seal.json", "not a seal"))

    assert "There is no seal yet" in nothing.err
    assert "seal 3" in foreign.err
    assert "seal.json is not what Bookend wrote" in broken.err
    assert (nothing.code, foreign.code, broken.code) == (1, 1, 1)


# Settings and platforms


def test_serve_says_what_is_missing(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    no_platform = bookend("serve")
    monkeypatch.setenv("BOOKEND_SLACK_BOT_TOKEN", "xoxb-invented")
    half = bookend("serve")
    monkeypatch.setenv("BOOKEND_SLACK_APP_TOKEN", "xapp-invented")
    monkeypatch.delenv("BOOKEND_CLINIC")
    no_clinic = bookend("serve")

    assert "No platform is configured." in no_platform.err
    assert "BOOKEND_SLACK_APP_TOKEN or BOOKEND_SLACK_SIGNING_SECRET" in half.err
    assert "Set BOOKEND_CLINIC" in no_clinic.err
    assert (no_platform.code, half.code, no_clinic.code) == (1, 1, 1)


def test_a_port_that_is_taken_is_named(bookend: Bookend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        said = bookend("demo", "--no-browser", "--port", port)

    assert (said.code, said.out) == (1, "")
    assert f"Port {port}" in said.err


def test_the_doctor_looks_at_everything_and_says_what_is_wrong(
    bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("BOOKEND_DATABASEURL", "sqlite:///elsewhere.db")

    ill = bookend("doctor")
    bookend("migrate")
    well = bookend("doctor", "--json")

    assert ill.code == 1
    assert "There is no database bookend.db yet." in ill.out
    assert "Did you mean 'BOOKEND_DATABASE_URL'" in ill.out
    assert well.code == 0
    states = {(each["what"], each["state"]) for each in well.data["findings"]}
    assert {("Clinic", "good"), ("Database", "good"), ("Playbooks", "note"), ("Port", "good")} <= states


def test_the_doctor_does_not_call_it_wrong_that_somebody_serves_already(
    bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as serving:
        monkeypatch.setenv("PORT", str(serving.getsockname()[1]))
        findings = bookend("doctor", "--json").data["findings"]

    (port,) = [each for each in findings if each["what"] == "Port"]
    assert port["state"] == "note"
    assert "`bookend serve`" in port["found"]


def test_the_doctor_tells_every_wrong_setting(bookend: Bookend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("BOOKEND_DEBUG", "perhaps")

    said = bookend("doctor")

    assert said.code == 1
    assert "PORT" in said.out and "BOOKEND_DEBUG" in said.out


# Slack


def test_the_manifest_is_printed_for_either_way_of_being_reached(bookend: Bookend) -> None:
    socket = bookend("slack-manifest", "--name", "Bookend north")
    signed = bookend("slack-manifest", "--url", "https://bookend.our-clinic.example", "--user-groups")

    assert (socket.code, socket.err) == (0, "")
    assert socket.data["display_information"]["name"] == "Bookend north"
    assert socket.data["settings"]["socket_mode_enabled"] is True
    assert signed.data["settings"]["socket_mode_enabled"] is False
    assert "usergroups:read" in signed.data["oauth_config"]["scopes"]["bot"]


def test_the_manifest_needs_no_clinic_and_asks_for_what_a_clinics_file_uses(
    bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = Path("clinic.yaml").read_text("utf-8").replace("slack: U0SAM", "slack: sam@our-clinic.example")
    written("emails.yaml", text)

    usual = bookend("slack-manifest").data
    monkeypatch.setenv("BOOKEND_CLINIC", "emails.yaml")
    emails = bookend("slack-manifest").data
    monkeypatch.delenv("BOOKEND_CLINIC")
    nobody = bookend("slack-manifest").data

    assert usual == nobody
    assert "users:read.email" not in usual["oauth_config"]["scopes"]["bot"]
    assert "users:read.email" in emails["oauth_config"]["scopes"]["bot"]


def test_an_address_that_slack_cannot_call_is_refused_in_a_sentence(bookend: Bookend) -> None:
    said = bookend("slack-manifest", "--url", "http://bookend.our-clinic.example")

    assert (said.code, said.out) == (1, "")
    assert "with https" in said.err


# Signing


def test_a_director_signs_and_from_then_on_cases_are_asked(bookend: Bookend) -> None:
    sign = ("sign", "abl", "--director", "dr ali example", "--next-review", str(LATER), "--yes")

    said = bookend(*sign)
    new = bookend("new", written("new.json", NEW))

    assert (said.code, said.err) == (0, "")
    first, *_, last = said.out.splitlines()
    assert first.startswith("Ablative laser resurfacing (CO₂, Er:YAG) (abl), version 1: ")
    assert last == f"Signed: abl, by Dr Ali Example, next review {LATER}."
    assert "shown" not in new.err
    assert "abl runs in shadow mode" not in bookend("status").out
    assert "Dr Ali Example signed it on" in bookend("doctor").out


@pytest.mark.parametrize(
    ("changed", "code", "told"),
    [
        ({"--director": "Jo Sample"}, 1, "Dr Ali Example may sign"),
        ({"--director": "Dr Nobody"}, 1, "nobody named 'Dr Nobody'"),
        ({"--next-review": "2020-01-01"}, 1, "must lie ahead"),
        ({"--next-review": "soon"}, 2, "soon"),
        ({"--clinic": "hillside"}, 1, "There is no clinic 'hillside'"),
    ],
)
def test_what_cannot_be_signed_is_a_sentence(
    bookend: Bookend, changed: dict[str, str], code: int, told: str
) -> None:
    options = {"--director": "Dr Ali Example", "--next-review": str(LATER), **changed}

    said = bookend("sign", "abl", "--yes", *(word for pair in options.items() for word in pair))

    assert (said.code, said.out) == (code, "")
    assert told in said.err


QUESTION = ("--question", "A new photosensitiser?", "--role", "nurse")


def test_one_question_more_is_shown_and_then_asked_in_every_booked_case(bookend: Bookend) -> None:
    code = bookend("new", written("new.json", NEW), "--json").out.split('"')[3]

    said = bookend("ask-all", "abl", *QUESTION, "--by", "ali", "--stops", "md_yes", "--yes")

    assert (said.code, said.err) == (0, "")
    assert "1 booked case would be asked: “A new photosensitiser?”" in said.out and code in said.out
    assert said.out.endswith("“A new photosensitiser?” is asked in 1 case now.\n")
    assert "A new photosensitiser?" in bookend("case", code).out


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--by", "ali"), 2, "add --yes"),
        (("--by", "jo", "--yes"), 1, "may ask something more"),
        (("--by", "kit", "--stops", "hard_no", "--yes"), 1, "Only the medical director"),
        (("--by", "ali", "--due", "later", "--yes"), 1, "When? Write it like"),
        (("--by", "nobody", "--yes"), 1, "There is no person 'nobody'"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_sentence(
    bookend: Bookend, options: tuple[str, ...], code: int, told: str
) -> None:
    bookend("new", written("new.json", NEW))

    said = bookend("ask-all", "abl", *QUESTION, *options)

    assert said.code == code and told in said.err


def test_where_nobody_can_confirm_nothing_is_signed(bookend: Bookend) -> None:
    said = bookend("sign", "abl", "--director", "Dr Ali Example", "--next-review", str(LATER))

    assert said.code == 2
    assert "add --yes" in said.err
    assert "abl runs in shadow mode" in bookend("status").out


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_at_a_terminal_the_director_is_asked_once_more(bookend: Bookend, typed: str, code: int) -> None:
    said = bookend("sign", "abl", "--director", "ali", "--next-review", str(LATER), keyboard=typed)

    assert said.code == code
    assert f"Sign this as Dr Ali Example, next review {LATER}?" in said.out
    assert ("Nothing was signed." in said.err) is (code == 1)
    assert ("Signed: abl" in said.out) is (code == 0)


def test_a_plan_shows_what_an_overlay_changed(bookend: Bookend) -> None:
    Path("own.yaml").write_text(
        "overlay: riverside\nchange: {g.photo_consent: {role: front_desk}}\n"
        "leave_out: {g.plume: The room has its own extraction.}\n",
        "utf-8",
    )
    booking = written("plan.json", BOOKING)

    said = bookend("plan", booking, "--overlay", "own.yaml")
    rows = {
        row["id"]: row for row in bookend("plan", booking, "--overlay", "own.yaml", "--json").data["tasks"]
    }

    assert "by riverside" in said.out
    assert (rows["g.photo_consent"]["role"], rows["g.photo_consent"]["overlay"]) == (
        "front_desk",
        "riverside",
    )
    assert "g.plume" not in rows
    assert [row["id"] for row in rows.values() if "overlay" in row] == ["g.photo_consent"]
    bookend("preview", "abl", "--overlay", "own.yaml")
    assert "from riverside&#39;s own changes" in Path("abl.html").read_text("utf-8")


# What nobody foresaw


def test_a_surprise_is_a_sentence_and_its_traceback_is_for_those_who_ask(
    bookend: Bookend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_: object) -> None:
        raise KeyError("something")

    monkeypatch.setattr("bot.app.planned", surprise)
    booking = written("booking.json", BOOKING)

    said = bookend("plan", booking)
    monkeypatch.setenv("BOOKEND_DEBUG", "1")

    assert said.code == 1
    assert "nobody foresaw (KeyError: 'something')" in said.err
    assert len(said.err.splitlines()) == 1
    with pytest.raises(KeyError):
        bookend("plan", booking)


# In a process of its own


def python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOOKEND_")}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)


def test_looking_at_files_loads_neither_a_platform_nor_the_database(tmp_path: Path) -> None:
    (tmp_path / "booking.json").write_text(json.dumps(BOOKING), "utf-8")
    looks = [["--help"], ["check"], ["plan", "booking.json", "--json"]]
    heavy = (
        "slack_bolt",
        "slack_sdk",
        "microsoft_teams",
        "sqlalchemy",
        "uvicorn",
        "starlette",
        "apscheduler",
    )
    code = (
        "import sys; from bot.cli import run\n"
        f"for words in {looks!r}:\n"
        f"    print(words[0], run(words), *set(sys.modules) & set({heavy!r}), file=sys.stderr)"
    )

    said = python("-c", code, folder=tmp_path)

    assert said.stderr.splitlines() == ["--help 0", "check 0", "plan 0"]


@pytest.mark.parametrize(
    ("words", "spared"),
    [
        (["check", "abl.yaml"], ("typer", "pydantic", "rich", "holidays", "sqlalchemy")),
        (["--help"], ("rich", "yaml", "holidays", "bot.ports", "bot.service", "bot.store")),
    ],
)
def test_what_is_typed_most_loads_only_what_it_uses(words: list[str], spared: tuple[str, ...]) -> None:
    code = (
        f"import sys; from bot.cli import run; code = run({words!r})\n"
        f"print(code, *set(sys.modules) & set({spared!r}), file=sys.stderr)"
    )

    said = python("-c", code, folder=shipped_playbooks())

    assert said.stderr == "0\n"


def test_the_package_runs_like_the_command(tmp_path: Path) -> None:
    said = python("-m", "bot", "--help", folder=tmp_path)

    assert (said.returncode, said.stderr) == (0, "")
    assert "Usage: bookend" in said.stdout


def test_a_reader_that_goes_away_is_no_mistake(tmp_path: Path) -> None:
    command = f"{sys.executable} -m bot schema | head -n 1"

    said = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (said.stdout, said.stderr) == ("{\n", "")


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_check_that_nobody_reads_any_more_says_nothing_of_it(more: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "bot", "check", str(shipped_playbooks() / "abl.yaml"), *more]
    reader, writer = os.pipe()
    os.close(reader)

    said = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)

    os.close(writer)
    assert (said.returncode, said.stderr) == (1, b"")


def test_ctrl_c_ends_a_check_without_a_word() -> None:
    code = "import sys; from bot import cli\ndef stopped(_): raise KeyboardInterrupt\n"
    code += "cli.checking.check = stopped; sys.argv[1:] = ['check', 'abl.yaml']; cli.main()"

    said = python("-c", code, folder=shipped_playbooks())

    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


def test_the_demo_opens_a_page_and_leaves_nothing_when_it_is_told_to_end(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "bot", "demo", "--no-browser", "--port", "0"]
    ours = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=ours, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        opened = running.stdout.readline()
        address = next(word for word in opened.split() if word.startswith("http://127.0.0.1:"))
        with urlopen(address) as page:
            text = page.read().decode()
        running.send_signal(signal.SIGINT)
        rest, errors = running.communicate(timeout=10)

    assert "Bookend" in text
    assert (running.returncode, rest, errors) == (0, "", "Preparing eight invented patients …\n")
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_our_letters_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "booking.json").write_text(json.dumps(BOOKING), "utf-8")
    command = [sys.executable, "-m", "bot", "plan", "booking.json"]
    ours = {**os.environ, "PYTHONIOENCODING": "ascii"}

    said = subprocess.run(command, cwd=tmp_path, env=ours, capture_output=True, text=True, check=True)

    assert said.stdout.startswith("Ablative laser resurfacing (CO\\u2082, Er:YAG)")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no full disk here to write to.")
def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "schema"]

    with Path("/dev/full").open("w") as full:
        said = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)

    assert (said.returncode, said.stderr) == (1, b"No space left on device.\n")


def test_ctrl_c_while_the_demo_prepares_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "bot", "demo", "--no-browser", "--port", "0", "--data", "kept"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        began = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=10)

    assert began.startswith("Preparing")
    assert (out, errors) == ("", "")
    assert not (tmp_path / "kept" / "ready").exists(), "the next demo there begins anew"


def test_what_was_half_made_when_it_was_interrupted_says_nothing_as_it_goes() -> None:
    told = "import sys\nclass Half:\n    def __del__(self): raise ValueError('half made')\n"
    told += "from bot import cli\ncli.run = lambda _: bool(Half()) - 1\ncli.main()"

    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=20)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_every_registered_command_is_one_of_the_contract() -> None:
    names = {
        each.name or getattr(each.callback, "__name__", "").replace("_", "-")
        for each in app.registered_commands
    }
    groups = {each.name for each in app.registered_groups}

    assert names | groups == set(COMMANDS)


@pytest.mark.parametrize("ending", ["KeyboardInterrupt", "SystemExit"])
def test_an_end_that_falls_on_what_is_tidied_up_is_no_less_an_end(tmp_path: Path, ending: str) -> None:
    program = (
        "import signal, sys, threading, bot.cli as cli\n"
        "class Tidied:\n"
        f"    def __del__(self): raise {ending}\n"
        "def busy(words):\n"
        "    gone = Tidied(); del gone\n"
        "    threading.Event().wait(30)\n"
        "cli.run = busy; cli.main()"
    )

    said = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, timeout=20, check=False)

    assert said.returncode != 0
