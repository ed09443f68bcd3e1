"""What is known when a case begins: unknown where it can be, told by the booking where it cannot."""

import pytest

from bot.core.beginning import to_be_told, unasked
from bot.core.playbook import Playbook
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks


@pytest.fixture(scope="module")
def abl() -> Playbook:
    return load_playbooks(shipped_playbooks())["abl"]


def test_every_fact_with_a_word_for_it_begins_as_not_asked(abl: Playbook) -> None:
    begins = unasked(abl)

    assert begins.pop("prep_rx_issued") == "no", "only something later changes it"
    assert set(begins.values()) == {"unknown", "not_asked"}
    assert {"smoker", "hsv_history", "photo_consent_clinical"} <= begins.keys()


def test_a_booking_names_what_cannot_be_unknown_and_nothing_the_playbook_never_reads(abl: Playbook) -> None:
    told = {fact.name for fact in to_be_told(abl)}

    assert told == {"age", "area_face", "area_periocular", "anaesthesia", "sedation", "mode"}


def test_what_follows_from_the_booking_or_comes_later_is_not_asked_for(abl: Playbook) -> None:
    told = {fact.name for fact in to_be_told(abl)}

    assert told.isdisjoint({"playbook", "session_no", "last_session", "event_urgency", "prep_rx_issued"})
    assert "device_class" not in told, "this playbook allows one kind of device only"
    assert "isotretinoin_last_dose" not in told, "a missing date is read as the worst case"
