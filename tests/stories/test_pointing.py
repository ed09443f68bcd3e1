"""A problem is reported from a message, where a platform has a menu for it; the page has none."""

from pathlib import Path

import pytest

from bot.core.errors import Unclear
from bot.core.messages import Form
from bot.core.replies import MessageRef
from tests.service.clinic import JO
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.stories.in_slack import InSlack

#: What a colleague wrote, in a channel where Bookend is.
LINE = MessageRef(platform=PLATFORM, channel="#staff", message="1")


@pytest.mark.parametrize("opened", [Riverside, InSlack])
def test_a_problem_in_a_colleagues_message(opened: type[Riverside]) -> None:
    clinic = opened("abl.check_3", "e.triage").book().book("2027-02-25 11:30", code="M3XY")
    clinic.visited().until("2027-02-19 09:00")
    with pytest.raises(Unclear, match="no case"):
        clinic.point(JO, LINE, text="Who has the spare goggles?")
    asked = clinic.point(JO, LINE, text="K7Q2 rang, swollen. M3XY asks when to come.")
    assert isinstance(asked, Form)
    form = clinic.send(JO, asked, which="K7Q2")
    assert isinstance(form, Form)
    clinic.send(JO, form, symptoms=("rising_pain",), urgency="urgent")
    clinic.until("2027-02-19 09:10").answer(
        JO, "Complication, first call", urgency="urgent", symptoms=("rising_pain",)
    )
    clinic.until("2027-02-19 09:20")

    story = Path(__file__).with_name("a_problem_in_a_colleagues_message.txt")
    assert clinic.story == story.read_text(encoding="utf-8").rstrip("\n")
