"""What a button carries: every command that opens a form can be behind one."""

import pytest

from bot.chat.buttons import command, commanded
from bot.core.replies import OPENING


@pytest.mark.parametrize("word", OPENING)
def test_the_form_of_a_command_can_be_opened_again(word: str) -> None:
    said = command((word, "K7Q2")) or command((word, "2027-01-12"))

    assert commanded(said)[0] == word
