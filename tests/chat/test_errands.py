"""What is done after a platform heard that something is taken: nothing of it ends unseen."""

import logging

import pytest

from bot.chat.errands import Errands, log

pytestmark = pytest.mark.anyio


async def test_an_accident_of_an_errand_stands_in_the_log_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def errand() -> None:
        raise RuntimeError("unforeseen")

    errands = Errands()
    with caplog.at_level(logging.WARNING, log.name):
        errands.later(errand())
        await errands.finish()

    (told,) = caplog.records
    assert "met an accident" in told.message and told.exc_info is not None
