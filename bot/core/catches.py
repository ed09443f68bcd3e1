"""Good catches: what a checklist found and somebody put right, counted by kind and without a patient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bot.core.case import Answer, Outcome
from bot.core.kinds import Catch

#: How each kind is named to people, in the order in which forms offer them.
CATCHES: Mapping[Catch, str] = {
    Catch.MEDICINE: "Medicine or allergy",
    Catch.CONSENT: "Consent",
    Catch.SKIN: "Skin or tan",
    Catch.COLD_SORE: "Cold sore",
    Catch.IDENTITY: "Identity or site",
    Catch.DEVICE: "Device or room",
    Catch.BOOKING: "Booking",
    Catch.OTHER: "Other",
}

#: Beginnings of the words by which a typed line names its kind; what is nearest to the patient first.
_SIGNS: Mapping[Catch, tuple[str, ...]] = {
    Catch.COLD_SORE: ("cold sore", "herpes", "hsv"),
    Catch.MEDICINE: ("medic", "drug", "allerg", "tablet", "antibiotic", "anticoag"),
    Catch.CONSENT: ("consent", "signature", "signed"),
    Catch.SKIN: ("skin", "tan", "tanned", "sun", "sunburn", "skin type", "rash"),
    Catch.DEVICE: (
        *("device", "room", "lens", "shield", "sign", "door", "fire", "plume"),
        *("suction", "filter", "handpiece", "setting", "kit", "shutter"),
    ),
    Catch.IDENTITY: ("identity", "name", "site", "side", "area", "mark", "patient", "wristband"),
    Catch.BOOKING: ("book", "date", "appointment", "time", "interval", "slot"),
}


def catch_of(*texts: str) -> Catch:
    """Return the kind that a typed line names, else the next text's, else `OTHER`."""
    for text in texts:
        for kind, signs in _SIGNS.items():
            if re.search(rf"\b(?:{'|'.join(signs)})", text.lower()):
                return kind
    return Catch.OTHER


def good_catches(answers: Iterable[Answer]) -> Mapping[Catch, int]:
    """Count what was caught and fixed, by kind, the most frequent first; an answer that was corrected and the
    correction count once.
    """
    given = list(answers)
    corrected = {each.amends for each in given if each.amends}
    kinds = [
        each.caught or Catch.OTHER
        for each in given
        if each.outcome is Outcome.CAUGHT and each.at not in corrected
    ]
    return dict(Counter(kinds).most_common())


def catches_words(counted: Mapping[Catch, int]) -> str:
    """Return "3 good catches: medicine or allergy 2, booking 1", "" for none."""
    total = sum(counted.values())
    kinds = ", ".join(f"{CATCHES[kind].lower()} {number}" for kind, number in counted.items())
    return f"{total} good catch{'' if total == 1 else 'es'}: {kinds}" if total else ""
