"""A short run of spoilt requests at every face, each time with numbers of its own, which a failure names."""

from __future__ import annotations

import asyncio
import secrets

import pytest

from tests.examples import some
from tests.fuzz.requests import DOORS, knocked
from tests.roles.floor import Floor


@pytest.mark.parametrize("name", DOORS)
def test_no_spoilt_request_raises_anything_takes_long_or_changes_what_it_may_not(name: str) -> None:
    begin = secrets.randbelow(2**32)

    found = asyncio.run(knocked(name, Floor(), range(begin, begin + some(120))))

    assert found.total() == some(120)
