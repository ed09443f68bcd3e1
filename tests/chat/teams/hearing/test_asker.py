"""Who said something in Teams, and by which name it is known again."""

from bot.chat.teams.hearing.asker import asker_of
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.core.replies import MessageRef

PRESSED = Activity(
    kind=Kind.PRESS,
    id="f:1",
    account="00000000-0000-4000-8000-00000000000a",
    conversation="a:1-jo",
    reply_to="1800",
    personal=True,
    data={"b": {"press": "x"}},
)


def typed(**more: object) -> Activity:
    """A line that Jo wrote."""
    said = {"kind": Kind.MESSAGE, "id": "1801", "account": PRESSED.account, "conversation": "19:board"}
    return Activity(**{**said, **more})  # type: ignore[arg-type]


def test_a_press_is_about_the_message_on_which_it_was_made() -> None:
    asker = asker_of(PRESSED)

    assert asker.at == MessageRef(platform="teams", channel="a:1-jo", message="1800")
    assert (asker.account, asker.personal, asker.address.account) == (PRESSED.account, True, PRESSED.account)


def test_the_same_that_comes_again_has_the_same_name_and_another_deed_another_one() -> None:
    again = asker_of(PRESSED).once
    other = asker_of(Activity(kind=Kind.PRESS, id="f:2", conversation="a:1-jo", reply_to="1800")).once

    assert (asker_of(PRESSED).once, other == again) == (again, False)


def test_what_teams_gave_no_id_is_named_by_what_it_says() -> None:
    named = [asker_of(typed(id="", text=text)).once for text in ("done", "done", "undo")]

    assert named[0] == named[1] != named[2]
    assert "done" not in named[0]


def test_a_line_in_a_thread_is_about_its_first_message_and_a_post_of_its_own_about_none() -> None:
    under = MessageRef(platform="teams", channel="19:board", message="1800")

    assert asker_of(typed(thread="1800")).at == under
    assert asker_of(typed(thread="1801")).at is None
    assert asker_of(typed()).at is None
