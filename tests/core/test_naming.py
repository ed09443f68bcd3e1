"""Whom somebody means: by id, by account, by name, and never one of two."""

from dataclasses import replace

import pytest

from bot.core.errors import NotFound, Unclear
from bot.core.naming import person_meant
from tests.service.clinic import RIVERSIDE

JO = replace(RIVERSIDE.people["jo"], accounts={"slack": "U0JO"})
OTHER = replace(JO, id="joan", name="Jo Other", accounts={})
CLINIC = replace(RIVERSIDE, people={**RIVERSIDE.people, "jo": JO})


@pytest.mark.parametrize("said", ["jo", "@jo", "@Jo", "<@U0JO>", "<@U0JO|jo>", "Jo Sample", "sample", " jo "])
def test_a_person_is_meant_by_id_account_or_name(said: str) -> None:
    assert person_meant(CLINIC, said) == JO


def test_where_two_fit_the_choices_are_said() -> None:
    two = replace(CLINIC, people={"jos": replace(JO, id="jos"), "joan": OTHER})

    with pytest.raises(Unclear, match="`@jos` \\(Jo Sample\\) or `@joan` \\(Jo Other\\)"):
        person_meant(two, "@Jo")


def test_nobody_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="Did you mean 'sam'"):
        person_meant(CLINIC, "@sem")
