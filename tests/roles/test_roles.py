"""Every deed tried by every role at every face: allowed it happens, refused it changes nothing.

Refused, it is said to that person alone, and with who may. Each face opens one clinic for all its cells,
which is put back as it was before each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.core.people import Role
from bot.core.permissions import Deed
from tests.examples import some_of
from tests.roles.deeds import ELSEWHERE
from tests.roles.floor import Floor
from tests.roles.trying import OPENS, Cell, cells, forgeries, wrong


@pytest.mark.parametrize("face", OPENS)
@pytest.mark.parametrize("what", [cells, forgeries], ids=["table", "forged"])
def test_the_table_holds_both_ways_at_every_face(face: str, what: Callable[[], list[Cell]]) -> None:
    assert asyncio.run(wrong(face, Floor(), some_of(what()))) == []


def test_no_role_and_no_deed_is_left_out_of_the_table() -> None:
    tried = {(cell.done.deed, cell.role) for cell in cells()}

    assert tried == {(deed, role) for deed in Deed for role in Role if deed not in ELSEWHERE}
