"""Whose hands play a story: the service's, the local page's, or Slack's."""

import pytest

from tests.service.riverside import Riverside
from tests.stories.in_slack import InSlack
from tests.stories.on_the_page import OnThePage


@pytest.fixture(params=[Riverside, OnThePage, InSlack], ids=["service", "page", "slack"])
def opened(request: pytest.FixtureRequest) -> type[Riverside]:
    """What opens the clinic: a story that asks for it is played on each of the three."""
    found: type[Riverside] = request.param
    return found
