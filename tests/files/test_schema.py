"""The JSON Schema: an editor takes what `bookend check` takes, and sees the slips of everyday writing."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.core.errors import Mistakes
from bot.files.desk_schema import DONE
from bot.files.playbooks import parse_playbook
from bot.files.schema import playbook_schema, schema_of, schema_text
from bot.files.scripts import parse_script
from bot.paths import shipped_playbooks
from tests.files.samples import CLINIC, HEAD, TEXTS, TINY, step
from tests.files.test_mistakes import STEPS
from tests.files.test_overlays import OWN
from tests.files.test_playbooks import CONDITIONS, DUES, FIELDS, STOPS

SCHEMA = shipped_playbooks() / "playbook.schema.json"
FACTS = parse_playbook(TEXTS, "tiny").facts


class Editor(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: only true and false are truths, and a date is a text."""


Editor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"|~|null", "~n"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), [*first, ""])  # type: ignore[no-untyped-call]


def complaints(text: str, schema: dict[str, Any]) -> list[str]:
    """Return what an editor would underline."""
    validator = jsonschema.Draft7Validator(schema)
    return [wrong.message for wrong in validator.iter_errors(yaml.load(text, Editor))]


def test_it_is_a_schema_with_facts_and_without() -> None:
    for schema in (playbook_schema(), playbook_schema(FACTS)):
        jsonschema.Draft7Validator.check_schema(schema)


def test_every_shipped_file_that_names_the_schema_is_accepted() -> None:
    texts = {path.name: path.read_text("utf-8") for path in shipped_playbooks().glob("*.yaml")}
    naming = {name for name, text in texts.items() if SCHEMA.name in text.splitlines()[0]}

    assert naming >= {"facts.yaml", "every-procedure.yaml", "abl.yaml"}
    assert [complaints(texts[name], schema_of(shipped_playbooks())) for name in sorted(naming)] == [[]] * len(
        naming
    )


def test_the_shipped_schema_is_the_one_of_this_version() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(shipped_playbooks())


@pytest.mark.parametrize("name", TEXTS)
def test_the_samples_are_accepted(name: str) -> None:
    assert complaints(TEXTS[name], playbook_schema(FACTS)) == complaints(TEXTS[name], playbook_schema()) == []


ACCEPTED = [
    *({"due": due} for due in DUES),
    *({"when": when} for when in CONDITIONS),
    *({"ask": f"{{first: {said}}}"} for said in FIELDS),
    *({"ask": "{first: [a, b, c]}", "stop": stop} for stop in STOPS),
]


@pytest.mark.parametrize("lines", ACCEPTED, ids=str)
def test_what_the_parser_takes_the_schema_takes(lines: dict[str, str]) -> None:
    assert complaints(HEAD + step(**lines), playbook_schema(FACTS)) == []


#: What needs more than a look at one place: `bookend check` finds it.
BEYOND = {
    *("an event that counts from the start", "a stop beyond the limits of a number"),
    *("a usual number that is not allowed", "an answer that this playbook does not allow"),
    "a decision on nothing",
    *(
        "an id that comes twice",
        "an id of a question for all",
        "an anchor of another phase",
        "a validity of centuries",
    ),
    *("parts that exclude each other", "bounds that exclude each other", "a value and its opposite"),
    *("dates that exclude each other", "a value that the playbook rules out", "a stop that can never be"),
    *("a stop on a value that cannot be chosen", "a stop on an unknown field"),
    *(
        "a normal that is no choice",
        "several normals of which one is no choice",
        "limits the wrong way round",
    ),
    *("a field that comes twice", "a field named like a word of conditions", "a length without a unit"),
    *(
        "a division by words",
        "a division by nothing known",
        "a decision that is no choice",
        "a decision by a nurse",
    ),
    *("a field that sets what a fact cannot be", "a field of a fact's name with other words"),
    *("a field of a fact's name of another kind", "a field that sets a fact of the booking"),
    *(
        "an answer that cannot be given",
        "a line of the chart that sets a fact",
        "a line of the chart that stops",
    ),
    *("an attempt before the one before it", "an attempt on the same day in days"),
    *("a booking by a field that is not there", "a booking without a date"),
    *("a field that reads what nobody knows", "a field that reads a step that is not there"),
}


@pytest.mark.parametrize("name", sorted(STEPS.keys() - BEYOND))
def test_everyday_slips_are_underlined_while_typing(name: str) -> None:
    lines, _ = STEPS[name]
    text = (HEAD + step(**lines)).replace("▸", "")

    assert complaints(text, playbook_schema(FACTS))


def test_a_playbook_file_needs_its_title_version_and_steps() -> None:
    for line in ("title: A small peel\n", "version: 3\n"):
        assert complaints(TINY.replace(line, ""), playbook_schema(FACTS))


def test_the_schema_completes_the_clinics_own_facts() -> None:
    text = json.dumps(playbook_schema(FACTS))

    assert '"isotretinoin_last_dose"' in text
    assert "Cold sores" in text


def test_an_overlay_is_accepted() -> None:
    assert complaints(OWN, playbook_schema(FACTS)) == []


@pytest.mark.parametrize(
    "text",
    [
        "change: {tiny.hsv_started: {role: nurse}}",
        "overlay: a\nchange: {tiny.hsv_started: {rol: nurse}}",
        "overlay: a\nchange: {tiny.hsv_started: {id: tiny.other}}",
        "overlay: a\nchange: {tiny.hsv_started: {role: nures}}",
        "overlay: a\nchange: {tiny.hsv_started: {role: null}}",
        "overlay: a\nleave_out: [g.skin_exam]",
        "overlay: a\nadd: {tiny: {id: a.one}}",
    ],
)
def test_slips_in_an_overlay_are_underlined(text: str) -> None:
    assert complaints(text, playbook_schema(FACTS))


DESK = sorted((shipped_playbooks() / "demo").glob("*.yaml"))


@pytest.mark.parametrize("path", DESK, ids=lambda path: path.stem)
def test_a_clinics_file_and_its_scripts_are_accepted(path: Path) -> None:
    assert complaints(path.read_text("utf-8"), schema_of(shipped_playbooks())) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("roles: [nurse, front_desk]", "roles: [nurse, frontdesk]"),
        ("open: {mon-fri: 08:00-18:00}", "open: {mo-fr: 08:00-18:00}"),
        ("open: {mon-fri: 08:00-18:00}", "open: {mon-fri: 8 to 18}"),
        ("channels: {slack:", "channels: {slak:"),
        ("privacy: strict", "privacy: none"),
        ("privacy: strict", "privacy: {local: full}"),
        ("privacy: strict", "privacy: {slack: none}"),
        ("privacy: strict", "baa: {with: Slack, signed_on: 2026-01-04}"),
        ("timezone:", "timezon:"),
        ("slack: U0JO", "slack: '@jo'"),
        ("slack: U0JO", "teams: U0JO"),
        ("{slack: {board: C0BOARD", "{teams: {board: C0BOARD"),
        ("privacy: strict", "user_groups: {slack: {nurse: nurses}}"),
        ("privacy: strict", "user_groups: {teams: {nurse: S0NURSES}}"),
    ],
)
def test_slips_in_a_clinics_file_are_underlined(before: str, after: str) -> None:
    assert complaints(CLINIC, playbook_schema(FACTS)) == []

    assert complaints(CLINIC.replace(before, after, 1), playbook_schema(FACTS))


def test_a_clinics_file_with_an_e_mail_address_and_a_user_group_is_accepted() -> None:
    text = CLINIC.replace("slack: U0JO", "slack: jo@clinic.example")

    assert complaints(f"user_groups: {{slack: {{nurse: S0NURSES}}}}\n{text}", playbook_schema(FACTS)) == []


def test_a_level_of_privacy_for_each_platform_is_accepted() -> None:
    agreed = "{slack: full, teams: strict}\nbaa: {slack: {with: Slack, signed_on: 2026-01-04}}"

    assert complaints(CLINIC.replace("strict", agreed), playbook_schema(FACTS)) == []


BOOKING = "playbook: tiny\nclinic: {timezone: UTC}\nopened: 2027-01-12T13:45\nstart: 2027-02-18T09:30\n"


@pytest.mark.parametrize(
    "slip", ["facts: {smoker: often}", "facts: {smokr: no}", "minutes: 0", "consult: today"]
)
def test_slips_in_a_booking_are_underlined(slip: str) -> None:
    assert complaints(BOOKING, playbook_schema(FACTS)) == []

    assert complaints(BOOKING + slip, playbook_schema(FACTS))


def test_a_line_of_a_script_can_do_in_an_editor_what_it_can_do_in_a_rehearsal() -> None:
    inside = "".join(f"  {line}\n" for line in BOOKING.splitlines())
    text = f"booking:\n{inside}script: [{{do: dance}}]\n"

    with pytest.raises(Mistakes) as wrong:
        parse_script(text, "script.yaml", {"tiny": parse_playbook(TEXTS, "tiny")})

    assert f"expected one of {', '.join(DONE)}, found 'dance'" in str(wrong.value)
    assert complaints(text, playbook_schema(FACTS))
    assert (
        complaints(text.replace("do: dance", "do: cancel, at: 2027-02-01T10:00"), playbook_schema(FACTS))
        == []
    )
