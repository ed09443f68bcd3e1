"""What was said of a fact: what stands, what is disputed, and what that does to the list and to stops."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core import changes
from bot.core.case import TaskStatus
from bot.core.conditions import Value
from bot.core.contradictions import news
from bot.core.course import Course
from bot.core.people import Role
from bot.core.said import Said, disputes, standing
from tests.core.made import HISTORY, OPENED, SMOKING, answer, course, get, has, step, word

LATER = OPENED + timedelta(days=1)
SETTLE = "bookend.settle_smoker"
#: A second place that asks of smoking, and the physician's own.
AGAIN = step("again", "T0-14d@09:00 prev", ask=(word("smoker", "no", "yes", "unknown", sets="smoker"),))
DOCTOR = step(
    "doctor",
    "T0-14d@09:00 prev",
    role=Role.PHYSICIAN,
    ask=(word("smoker", "no", "yes", "unknown", sets="smoker"),),
)


def said(value: Value, by: str = "jo", where: str = "history", *, settles: bool = False) -> Said:
    return Said(value=value, by=by, at=OPENED, where=where, settles=settles)


def values(*its: Said) -> list[Value]:
    return [each.value for each in standing(its)]


def test_what_two_people_say_stands_side_by_side() -> None:
    assert values(said("yes"), said("no", by="sam")) == ["yes", "no"]


def test_a_correction_by_the_same_person_in_the_same_place_replaces() -> None:
    assert values(said("yes"), said("no")) == ["no"]


def test_the_same_person_in_another_place_does_not_correct() -> None:
    assert values(said("yes"), said("no", where="medicines")) == ["yes", "no"]


def test_not_knowing_is_replaced_by_whatever_is_known_later_and_replaces_nothing() -> None:
    assert values(said("unknown"), said("no", by="sam")) == ["no"]
    assert values(said("yes"), said("unknown", by="sam")) == ["yes", "unknown"]


def test_a_physicians_word_settles_and_can_be_contradicted_again() -> None:
    settled = (said("yes"), said("no", by="sam"), said("no", by="ali", settles=True))

    assert values(*settled) == ["no"]
    assert values(*settled, said("yes", by="max")) == ["no", "yes"]


def test_only_different_values_are_a_dispute() -> None:
    agreed, differ = (said("no"), said("no", by="sam")), (said("no"), said("yes", by="sam"))

    assert disputes({"smoker": agreed, "keloid": differ}) == {"keloid": differ}


# --- in a case


def twice(first: str, second: str, by: str = "sam", steps: str = "again") -> Course:
    """Jo says one thing in the history, somebody another in another place."""
    before = course(steps=(HISTORY, AGAIN, SMOKING), smoker="unknown")
    one = changes.answered(before, get(before, "history"), answer(smoker=first, fever="no"), now=OPENED)
    given = replace(answer(at=LATER, smoker=second), by=by)
    return changes.answered(one, get(one, steps), given, now=LATER)


def test_a_later_no_does_not_take_away_what_a_yes_has_added() -> None:
    after = twice("yes", "no")

    assert after.case.facts["smoker"] == "no"
    assert get(after, "smoking").status is TaskStatus.OPEN
    assert get(after, "history").status is TaskStatus.BLOCKED
    assert list(news(twice("yes", "yes"), after)) == [
        "Smoker: yes and no were both said. "
        "What either asks for stays, and the physician is asked to settle it."
    ]


def test_a_later_yes_adds_at_once() -> None:
    after = twice("no", "yes")

    assert after.case.facts["smoker"] == "yes"
    assert get(after, "smoking").status is TaskStatus.OPEN
    assert has(after, SETTLE)


def test_unknown_and_then_known_is_no_contradiction() -> None:
    after = twice("unknown", "no")

    assert not has(after, SETTLE)
    assert get(after, "smoking").status is TaskStatus.VOID


def test_what_the_booking_said_contradicts_like_any_other_word() -> None:
    before = course(steps=(HISTORY, SMOKING), smoker="yes")

    after = changes.answered(before, get(before, "history"), answer(smoker="no", fever="no"), now=LATER)

    assert get(after, "smoking").status is TaskStatus.OPEN
    assert has(after, SETTLE)


def test_what_nobody_said_is_contradicted_by_nobody() -> None:
    before = course(steps=(HISTORY, SMOKING))

    after = changes.answered(before, get(before, "history"), answer(smoker="yes", fever="no"), now=LATER)

    assert not has(after, SETTLE)


@pytest.mark.parametrize(("value", "left"), [("no", TaskStatus.VOID), ("yes", TaskStatus.OPEN)])
def test_the_physician_settles_it_and_the_plan_follows_at_once(value: str, left: TaskStatus) -> None:
    before = twice("yes", "no")
    word = answer(at=LATER, role=Role.PHYSICIAN, smoker=value)

    after = changes.answered(before, get(before, SETTLE), word, now=LATER)

    assert get(after, SETTLE).status is TaskStatus.DONE
    assert (after.case.disputed, after.case.facts["smoker"]) == ({}, value)
    assert get(after, "smoking").status is left


def test_the_physician_is_asked_once_and_again_for_the_next_contradiction() -> None:
    before = twice("yes", "no")
    settled = changes.answered(
        before, get(before, SETTLE), answer(at=LATER, role=Role.PHYSICIAN, smoker="yes"), now=LATER
    )
    word = Said(value=None, by="max", at=LATER, where="fact")

    again = changes.fact_set(settled, {"smoker": "no"}, now=LATER, word=word)

    assert sum(task.step == SETTLE for task in before.tasks) == 1
    assert [task.status for task in again.tasks if task.step == SETTLE] == [TaskStatus.DONE, TaskStatus.OPEN]


def test_an_open_step_of_the_physicians_own_is_where_it_is_settled() -> None:
    before = course(steps=(HISTORY, DOCTOR, SMOKING), smoker="yes")
    one = changes.answered(before, get(before, "history"), answer(smoker="no", fever="no"), now=OPENED)
    word = answer(at=LATER, role=Role.PHYSICIAN, smoker="no")

    after = changes.answered(one, get(one, "doctor"), word, now=LATER)

    assert one.case.disputed and not has(one, SETTLE)
    assert not after.case.disputed
    assert get(after, "smoking").status is TaskStatus.VOID


def test_taking_the_contradicting_answer_back_ends_the_contradiction() -> None:
    before = twice("yes", "no")

    after = changes.undone(before, get(before, "again"), now=LATER)

    assert (after.case.disputed, after.case.facts["smoker"]) == ({}, "yes")
    assert get(after, SETTLE).status is TaskStatus.VOID


def test_taking_back_what_settled_opens_the_contradiction_again() -> None:
    before = twice("yes", "no")
    word = answer(at=LATER, role=Role.PHYSICIAN, smoker="no")
    settled = changes.answered(before, get(before, SETTLE), word, now=LATER)

    after = changes.undone(settled, get(settled, SETTLE), now=LATER)

    assert after.case.disputed.keys() == {"smoker"}
    assert get(after, SETTLE).status is TaskStatus.OPEN
    assert get(after, "smoking").status is TaskStatus.OPEN


def test_of_two_last_doses_the_one_that_stops_harder_counts() -> None:
    before = course(mode="full_field", isotretinoin="past", last_dose=date(2026, 1, 1))
    given = answer(role=Role.PHYSICIAN, isotretinoin="past", last_dose=date(2026, 1, 1), decision="proceed")
    done = changes.answered(before, get(before, "isotretinoin"), given, now=OPENED)
    word = Said(value=None, by="max", at=LATER, where="fact")

    stopped = changes.fact_set(done, {"last_dose": date(2026, 12, 1)}, now=LATER, word=word)
    back = changes.fact_set(stopped, {"last_dose": date(2025, 12, 1)}, now=LATER, word=replace(word, by="jo"))

    assert get(done, "isotretinoin").status is TaskStatus.DONE
    for each in (stopped, back):
        assert get(each, "isotretinoin").status is TaskStatus.BLOCKED
        assert each.verdict(get(each, "isotretinoin")).first_allowed == date(2027, 6, 1)


def test_arrival_is_early_enough_for_whatever_was_said_of_numbing() -> None:
    before = course(anaesthesia="topical")
    word = Said(value=None, by="max", at=LATER, where="fact")

    after = changes.fact_set(before, {"anaesthesia": "none"}, now=LATER, word=word)

    assert get(after, "arrival").due == get(before, "arrival").due
    assert get(after, "numbing").status is TaskStatus.OPEN


def test_a_cancelled_case_settles_nothing() -> None:
    after = changes.cancelled(twice("yes", "no"), None, now=LATER)

    assert get(after, SETTLE).status is TaskStatus.VOID


def test_what_changes_with_time_contradicts_nobody() -> None:
    before = twice("yes", "no")
    changing = replace(before.playbook.facts["smoker"], changes=True)
    book = replace(before.playbook, facts={**before.playbook.facts, "smoker": changing})
    free = course(steps=book.steps, smoker="yes")
    free = replace(free, playbook=book, case=replace(free.case, said={}))

    after = changes.answered(free, get(free, "history"), answer(smoker="no", fever="no"), now=LATER)

    assert not after.case.said
    assert get(after, "smoking").status is TaskStatus.VOID


def test_a_dozen_disputed_facts_are_read_two_at_a_time_and_every_value_is_still_looked_at() -> None:
    facts = [f"fact_{number}" for number in range(12)]
    asks = step(
        "history", "T0-14d@09:00 prev", ask=tuple(word(name, "no", "yes", sets=name) for name in facts)
    )
    planned = course(steps=(asks,))
    both = {name: (said("no"), said("yes", by="sam")) for name in facts}
    case = replace(planned.case, facts={**planned.case.facts, **dict.fromkeys(facts, "no")}, said=both)

    found = list(planned.with_case(case).circumstances(case.sessions[0]).readings(asks))

    assert len(found) < 2 * len(facts) ** 2
    assert all({reading[name] for reading in found} == {"no", "yes"} for name in facts)
