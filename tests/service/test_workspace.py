"""A database belongs to one workspace: another is refused, unless somebody moves on purpose."""

import pytest

from bot.clock import VirtualClock
from bot.core.errors import BookendError
from bot.service.practice import Practice
from bot.service.workspace import Team, enter, workspace_before
from tests.service.clinic import OPENED, practice
from tests.store.memory import memory_store


@pytest.fixture
def river() -> Practice:
    found: Practice = practice(memory_store(), VirtualClock(OPENED))
    enter(found, "slack", "T0RIVER", name="River")
    return found


def test_the_first_workspace_is_remembered_and_met_again(river: Practice) -> None:
    enter(river, "slack", "T0RIVER", name="River, renamed")

    assert workspace_before(river, "slack") == Team(id="T0RIVER", name="River")
    assert workspace_before(river, "teams") is None


def test_another_workspace_is_refused_with_what_to_do(river: Practice) -> None:
    with pytest.raises(BookendError) as refused:
        enter(river, "slack", "T0HILL", name="Hill")

    assert "belongs to River (T0RIVER), and the bot is of Hill (T0HILL)" in str(refused.value)
    assert "set BOOKEND_SLACK_TEAM=T0HILL" in str(refused.value)
    assert workspace_before(river, "slack") == Team(id="T0RIVER", name="River")


def test_whoever_names_the_new_workspace_moves(river: Practice) -> None:
    enter(river, "slack", "T0HILL", name="Hill", meant="T0HILL")

    enter(river, "slack", "T0HILL", name="Hill")
    with pytest.raises(BookendError, match="belongs to Hill"):
        enter(river, "slack", "T0RIVER", name="River")


def test_a_token_of_another_workspace_than_the_one_named_is_refused(river: Practice) -> None:
    with pytest.raises(BookendError, match=r"of Hill \(T0HILL\), and BOOKEND_SLACK_TEAM names T0RIVER"):
        enter(river, "slack", "T0HILL", name="Hill", meant="T0RIVER")


def test_two_platforms_are_kept_apart(river: Practice) -> None:
    enter(river, "teams", "tenant", name="River")

    assert workspace_before(river, "slack") == Team(id="T0RIVER", name="River")
