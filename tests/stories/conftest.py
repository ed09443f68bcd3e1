"""Whose hands play a story: the service's, the local page's, Slack's, or Teams'."""

import pytest

from tests.service.riverside import Riverside
from tests.stories.in_slack import InSlack
from tests.stories.in_teams import InTeams
from tests.stories.on_the_page import OnThePage


@pytest.fixture(params=[Riverside, OnThePage, InSlack, InTeams], ids=["service", "page", "slack", "teams"])
def opened(request: pytest.FixtureRequest) -> type[Riverside]:
    """What opens the clinic: a story that asks for it is played on each of the four."""
    found: type[Riverside] = request.param
    return found
