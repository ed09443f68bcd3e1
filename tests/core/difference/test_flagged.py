"""What changed in the red flags of a playbook, in sentences."""

from dataclasses import replace

from bot.core.conditions import Is
from bot.core.difference.told import difference
from bot.core.playbook import Playbook
from bot.core.red_flags import RedFlag, Urgency
from tests.core.made import playbook

BURN = RedFlag(
    id="burn",
    title="Burn",
    window="Two days.",
    urgency=Urgency.URGENT,
    signs=("blister",),
    days={"": (0, 2)},
)


def with_flags(*flags: RedFlag) -> Playbook:
    return replace(playbook(), red_flags=flags)


def told(old: Playbook, new: Playbook) -> list[str]:
    return [str(change) for change in difference(old, new)]


def test_a_red_flag_that_came_or_went_is_said() -> None:
    assert told(with_flags(), with_flags(BURN)) == ["Red flag “Burn”: is new."]
    assert told(with_flags(BURN), with_flags()) == ["Red flag “Burn”: is no longer known."]


def test_every_part_of_a_red_flag_that_changed_is_said_in_words() -> None:
    later = replace(
        BURN,
        title="Burns",
        urgency=Urgency.EMERGENCY,
        signs=("blister", "crust"),
        days={"abl": (0, 2), "naf": (0, 3)},
        playbooks=("abl", "naf"),
        when=Is(name="mode", words=("full_field",)),
    )

    said = told(with_flags(BURN), with_flags(later))

    assert [words.removeprefix("Red flag “Burns”: ") for words in said] == [
        "was called “Burn”.",
        "its urgency is now “emergency”; was “urgent”.",
        "its signs are now “blister” and “crust”; was “blister”.",
        "its days are now 0 to 2 for abl and 0 to 3 for naf; was 0 to 2.",
        "its playbooks are now abl and naf; was all.",
        "its condition is now “Mode” is full field; was always.",
    ]


def test_a_window_in_minutes_is_said() -> None:
    hour = replace(BURN, days={}, minutes=(0, 60))

    assert told(with_flags(BURN), with_flags(hour)) == [
        "Red flag “Burn”: its days are now none; was 0 to 2.",
        "Red flag “Burn”: its minutes are now 0 to 60; was none.",
    ]
