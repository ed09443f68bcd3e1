"""What stops a procedure, in the notation of the tables: read from their stop column, not from the playbooks.

Only what can be reached is written down: what facts alone decide, and the answers that the scripts here give.
`within` is this notation's "less than ... before the day of treatment"; a missing date is always within.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from tests.oracle import TABLES

Values = Mapping[str, Any]
RECENT = "isotretinoin_last_dose within 6 months"
TAN = "sunburn = yes or visible_tan = yes or self_tanner_left = yes or last_unprotected_sun within 28 days"
NO_TAN = {
    "hard": "sunburn = yes",
    "md": "visible_tan = yes or last_unprotected_sun within 28 days",
}
PDT = {
    "hard": "photosensitiser = pdt_drug",
    "md": "photosensitiser in [amiodarone, minocycline, st_johns_wort, unknown]",
}
PRESCRIBED = {"md": "prescribed = no and reason_for_none = none"}
DOSE = {"md": "first_dose_taken = no"}
SPOT = {"md": "result in [PIH, blister, other, not_done]"}
STOPS: dict[str, dict[str, str]] = {
    "g.skin_exam": {"hard": "exam_done = no"},
    "g.lesion_check": {"hard": "lesion = undiagnosed"},
    "g.medical_history": {
        "md": "diabetes in [yes, unknown] or immune in [immunosuppressed, diabetes_uncontrolled, unknown]"
        " or keloid in [yes, unknown] or koebner in [yes, unknown] or photodermatosis in [yes, unknown]"
        " or epilepsy in [yes, unknown] or hsv_history in [yes, unknown] or smoker in [yes, unknown]"
        " or implant in [pacemaker_icd, neurostimulator, metal_in_area, unknown]"
    },
    "g.allergies": {
        "md": "allergic_to_something_planned = yes or lidocaine_allergy = yes and anaesthesia != none"
    },
    "g.expectations": {"md": "unrealistic_expectation = yes or body_image_concern = yes"},
    "g.consent_info": {
        "md": "discussed = no or consent_info_date within 1 days"
        " or consent_info_date within 7 days and playbook in [abl, pel]"
        " or consent_info_date within 7 days and age < 18"
    },
    "g.minor": {"hard": "guardian_consent = no or seven_day_wait_kept = no"},
    "g.escort": {"hard": "will_stay_to_discharge = no"},
    "g.change_check": {
        "md": "new_medicine = yes or fever_or_illness = yes or cold_sore = yes or sun_or_tan = yes"
    },
    "g.readiness": {"hard": "decision = postpone"},
    "g.identity_arrival": {"hard": "both_match = no"},
    "g.same_day_check": {"hard": "temperature > 37.9 or cold_sore = yes or open_wound = yes"},
    "g.pregnancy_day": {"hard": "pregnant in [possible, yes]"},
    "g.immediate_response": {"md": "blister = yes"},
    "abl.isotretinoin": {
        "hard": f"mode = full_field and isotretinoin = current or mode = full_field and {RECENT}",
        "md": f"mode != full_field and isotretinoin = current or mode != full_field and {RECENT}",
    },
    "abl.hsv_prescribed": PRESCRIBED,
    "abl.hsv_started": DOSE,
    "abl.smoking_stop": {"md": "still_smoking = yes"},
    "abl.sun_day": NO_TAN,
    "abl.test_spot": SPOT,
    "abl.call_1": {"md": "fever = yes"},
    "abl.check_3": {"md": "crust_or_pus = yes or vesicles = yes"},
    "naf.isotretinoin": {"md": "isotretinoin in [current, unknown]"},
    "naf.interval": {"md": "previous_session within 28 days"},
    "naf.hsv_started": DOSE,
    "naf.sun_day": NO_TAN,
    "naf.test_spot": SPOT,
    "lhr.isotretinoin": {"md": "isotretinoin in [current, unknown]"},
    "lhr.photosens": PDT,
    "lhr.tan_day": {"hard": TAN},
    "lhr.hsv_started": DOSE,
    "vas.isotretinoin": {"md": "isotretinoin in [current, unknown]"},
    "vas.photosens": PDT,
    "vas.photodermatosis": {"md": "photodermatosis in [yes, unknown]"},
    "vas.dark_skin": {
        "hard": "device_class = ipl and fitzpatrick in [V, VI]",
        "md": "fitzpatrick in [V, VI, unknown]",
    },
    "vas.tan_day": {"hard": TAN},
    "vas.hsv_started": DOSE,
    "pig.ink_allergy": {"hard": "ink_allergy = yes", "md": "ink_allergy = unknown"},
    "pig.gold": {"hard": "gold_ever = yes", "md": "gold_ever = unknown"},
    "pig.isotretinoin": {"md": "isotretinoin in [current, unknown]"},
    "pig.lesion_dx": {"hard": "benign = no"},
    "pig.photosens": PDT,
    "pig.interval": {"md": "previous_session within 42 days"},
    "pig.tan_day": {"hard": TAN},
    "pig.hsv_started": DOSE,
    "pel.agent": {"hard": "depth = deep"},
    "pel.isotretinoin": {
        "hard": f"isotretinoin = current or {RECENT}",
        "md": "isotretinoin_last_dose within 12 months",
    },
    "pel.photosens": {"md": "photosensitiser != none"},
    "pel.sun_day": NO_TAN,
    "pel.hsv_started": DOSE,
    "mnd.implant": {
        "hard": "implant in [pacemaker_icd, neurostimulator]",
        "md": "implant in [metal_in_area, unknown]",
    },
    "mnd.age_label": {"md": "age < 22"},
    "mnd.isotretinoin": {"md": f"isotretinoin in [current, unknown] or device_class = rf and {RECENT}"},
    "mnd.sun_day": NO_TAN,
    "mnd.hsv_started": DOSE,
    "mnd.topicals": {"hard": "product = cosmetic_or_home_product"},
}
#: Dates that an answer always holds; a rehearsal gives harmless ones.
DATES = {
    "g.consent_info": ("consent_info_date",),
    **{f"{name}.sun_day": ("last_unprotected_sun",) for name in ("abl", "naf", "pel", "mnd")},
    **{f"{name}.tan_day": ("last_unprotected_sun",) for name in ("lhr", "vas", "pig")},
}
#: Fields that set a fact of another name: as they are (`None`), or by these words.
SETS: dict[tuple[str, str], tuple[str, Mapping[str, str] | None]] = {
    ("g.medicines", "immunosuppressant"): ("immune", {"yes": "immunosuppressed"}),
    ("g.prior_procedures", "gold_exposure"): ("gold_ever", {"yes": "yes"}),
    ("e.triage", "urgency"): ("event_urgency", None),
    ("abl.isotretinoin", "last_dose_date"): ("isotretinoin_last_dose", None),
    ("pel.isotretinoin", "last_dose_date"): ("isotretinoin_last_dose", None),
    ("abl.antimicrobial_plan", "antibiotic"): ("prep_rx_issued", dict.fromkeys(("oral", "topical"), "yes")),
    **{
        (f"{name}.hsv_prescribed", "prescribed"): ("prep_rx_issued", {"yes": "yes"})
        for name in ("abl", "naf", "lhr", "vas", "pig", "pel", "mnd")
    },
}
#: In these the physician decides in the form itself; the usual answer is to go on.
DECIDES = frozenset(
    f"{name}.{step}"
    for step, names in {
        "isotretinoin": "abl naf lhr vas pig pel mnd",
        "photosens": "lhr vas pig pel",
        "photodermatosis": "vas",
        "dark_skin": "vas",
        "ink_allergy": "pig",
        "gold": "pig",
        "implant": "mnd",
        "age_label": "mnd",
    }.items()
    for name in names.split()
)


def facts_set(step: str, values: Values) -> dict[str, Any]:
    """Return the facts that answers set: a field that is named like a fact, and those of `SETS`."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        fact, words = SETS.get((step, name), (name if name in TABLES["facts"] else "", None))
        if fact and words is None:
            found[fact] = value
        elif fact and words and value in words:
            found[fact] = words[value]
    return found


def reasons(step: str, level: str, facts: Values, values: Values, start: date) -> set[tuple[str, str]]:
    """Return what stops at a level, as names with their values; of a fact, what is known now counts."""
    own = {name: value for name, value in values.items() if name not in TABLES["facts"]}
    known = {**facts, **own}
    expression = STOPS.get(step, {}).get(level, "")
    found: set[tuple[str, str]] = set()
    for part in expression.split(" or ") if expression else ():
        comparisons = [each.split(" ", 2) for each in part.split(" and ")]
        if all(_true(known.get(name), sign, limit, start) for name, sign, limit in comparisons):
            found |= {(name, str(known.get(name))) for name, _, _ in comparisons}
    return found


def _true(value: Any, sign: str, limit: str, start: date) -> bool:
    match sign:
        case "within":
            return value in (None, "") or start < _later(value, limit)
        case "=":
            return bool(value == limit)
        case "!=":
            return bool(value != limit)
        case "in":
            return value in limit.strip("[]").split(", ")
        case "<":
            return value is not None and float(value) < float(limit)
        case ">":
            return value is not None and float(value) > float(limit)
    raise ValueError(sign)


def _later(day: date | str, limit: str) -> date:
    """Return the first day that is no longer within; of months, the last day of a shorter one counts."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    number, unit = limit.split()
    if unit == "days":
        return day + timedelta(days=int(number))
    year, month = divmod(day.year * 12 + day.month - 1 + int(number), 12)
    for number_of_day in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number_of_day)
        except ValueError:
            continue
    raise ValueError(limit)
