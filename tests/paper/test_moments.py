"""Where a step stands on the page, and which steps stand there at all."""

import pytest

from bot.core.conditions import AllOf, AnyOf, Bounds, Condition, Is, Not, Within
from bot.core.narrowing import ever_asked
from bot.core.sentences import Glossary
from bot.paper.brief import allowed_words, brief_words
from bot.paper.moments import Moment, moment_of, short_due, tiny_due
from tests.core import made
from tests.paper.shown import SHIPPED, shown


@pytest.mark.parametrize(
    ("written", "moment", "short", "tiny"),
    [
        ("BOOKED+0m", Moment.BOOKING, "at once", ""),
        ("CONSULT+60m", Moment.CONSULT, "1 hour after its start", "+1 h"),
        ("T0-14d@09:00 prev", Moment.WEEKS, "14 days before, 09:00", "−14 d 09:00"),
        ("T0-7d@10:00 prev", Moment.WEEKS, "7 days before, 10:00", "−7 d 10:00"),
        ("T0-6d@10:00 prev", Moment.DAYS, "6 days before, 10:00", "−6 d 10:00"),
        ("T0-2d@15:00 prev", Moment.DAYS, "2 days before, 15:00", "−2 d 15:00"),
        ("T0-1d@10:00 none", Moment.EVE, "1 day before, 10:00", "−1 d 10:00"),
        ("T0+0d@07:00 none", Moment.EVE, "the same day, 07:00", "+0 d 07:00"),
        ("ARRIVE+0m", Moment.ARRIVAL, "on arrival", ""),
        ("T0-90m", Moment.START, "90 min before start", "−90 min"),
        ("T0+0m", Moment.START, "at the start", ""),
        ("END+10m", Moment.AFTER, "10 min after the end", "+10 min"),
        ("T0+1d@10:00 none", Moment.NEXT_DAYS, "day 1, 10:00", "+1 d 10:00"),
        ("T0+14d@10:00 next", Moment.LATER, "day 14, 10:00", "+14 d 10:00"),
        ("EVENT+240m", Moment.EVENT, "within 4 hours", "+4 h"),
        ("CANCEL+0m", Moment.CANCEL, "at once", ""),
        ("MOVE+60m", Moment.MOVE, "within 1 hour", "+1 h"),
    ],
)
def test_a_due_moment_has_its_part_of_the_page(written: str, moment: Moment, short: str, tiny: str) -> None:
    due = made.due(written)

    assert (moment_of(due), short_due(due), tiny_due(due)) == (moment, short, tiny)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_step_that_can_be_asked_stands_on_the_page_once(name: str) -> None:
    book = SHIPPED[name]

    drawn = [line.step.id for part in shown(name).parts for line in part.lines]

    assert sorted(drawn) == sorted(step.id for step in book.steps if ever_asked(step, book))


def test_with_facts_only_what_that_patient_would_be_asked_is_left() -> None:
    smokes, careful = shown("abl", {"smoker": "yes"}), shown("abl", {})

    asked = [{line.step.id for part in each.parts for line in part.lines} for each in (smokes, careful)]

    assert asked[0] - asked[1] == {"abl.smoking_stop", "abl.smoking_after"}
    assert "g.minor" not in asked[1]
    conditional = {line.step.id for part in careful.parts for line in part.lines if line.when}
    assert conditional == {"e.same_day_review", "c.med_instructions", "x.med_instructions"}


KNOWN = Glossary(titles={"smoker": "Smoker", "skin": "Skin type", "sedation": "Sedation"})
SMOKES, DARK = Is(name="smoker", words=("yes", "unknown")), Is(name="skin", words=("V", "VI", "unknown"))
SEDATED = Not(part=Is(name="sedation", words=("none",)))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (SMOKES, "Smoker"),
        (DARK, "Skin type V/VI"),
        (SEDATED, "Sedation"),
        (AnyOf(parts=(SMOKES, DARK)), "Smoker or Skin type V/VI"),
        (AllOf(parts=(SEDATED, AnyOf(parts=(SMOKES, DARK)))), "Sedation and (Smoker or Skin type V/VI)"),
        (AllOf(parts=(SMOKES,)), "Smoker"),
        (Within(name="dose", months=6), "dose under 6 months before"),
        (Bounds(name="age", below=18), "age is below 18"),
        (Not(part=SMOKES), "Smoker is not yes or unknown"),
    ],
)
def test_a_brief_condition_leaves_out_only_what_the_reader_knows(condition: Condition, said: str) -> None:
    assert brief_words(condition, KNOWN) == said


def test_a_limit_is_told_as_what_is_allowed() -> None:
    assert allowed_words(Bounds(name="t", at_least=38)) == "below 38"
    assert allowed_words(Bounds(name="t", below=36)) == "at least 36"
    assert allowed_words(Within(name="sun", days=28)) == "28 days before or more"
