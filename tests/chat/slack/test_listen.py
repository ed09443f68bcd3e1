"""What people do in Slack, as the desk hears it; and what they see then, and nobody else."""

from html import unescape

import pytest

from bot.chat.buttons import carried
from bot.chat.slack.drawing.modal import modal
from bot.core.actions import Action, Button
from bot.core.case import Outcome
from bot.core.errors import NotFound, Settled, StoreTrouble, WrongValues
from bot.core.messages import Notice, Response
from bot.core.replies import Command, Filled, MessageRef, Pressed, Typed
from tests.chat import boards, samples
from tests.chat.slack import limits
from tests.chat.slack.fake import BOARD, JO
from tests.chat.slack.front import IMPATIENT, command, front, line, press, submission

pytestmark = pytest.mark.anyio

CHECK = "K7Q2:g.same_day_check:1:1"
UNDO = Button(action=Action.UNDO, label="Undo", tasks=(CHECK,), revision=3)
CONFIRM = carried(Button(action=Action.CONFIRM, label="Confirm", tasks=(CHECK,), revision=3))
LINE = "line:D0JO:1000.000002"
THREAD = MessageRef(platform="slack", channel="D0JO", message="1000.000001")


async def test_a_button_reaches_the_desk_and_its_answer_the_person_alone() -> None:
    async with front() as on:
        on.desk.says = Notice(text="Escort: confirmed · K7Q2", tone="good", buttons=(UNDO,))

        answer = await on.interact(press(CONFIRM))
        await on.slack.until_said()

        assert (answer.status_code, answer.content) == (200, b"")
        assert on.desk.heard == [
            Pressed(
                platform="slack",
                account=JO,
                once="press:D0JO:1000.000001:1.5:U0JO",
                action=Action.CONFIRM,
                tasks=(CHECK,),
                revision=3,
            )
        ]
        (whisper,) = on.slack.whispers
        assert (whisper["channel"], whisper["user"]) == ("D0JO", JO)
        assert "Undo" in str(whisper["blocks"])


async def test_a_repeat_of_a_press_has_the_same_name_and_a_second_press_another() -> None:
    async with front() as on:
        for at in ("1.5", "1.5", "2.5"):
            await on.interact(press(CONFIRM, at=at))

        first, repeat, second = (said.once for said in on.desk.heard)
        assert first == repeat != second


async def test_a_form_opens_with_the_press_and_carries_where_its_answer_goes() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.interact(press(CONFIRM))
        await on.slack.until_said()

        assert on.slack.views == [modal(samples.FORM, channel="D0JO")]


async def test_a_form_that_opens_too_late_says_so() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.interact(press(CONFIRM, trigger="late"))
        await on.slack.until_said()

        assert "press again" in on.whispered()


async def test_a_form_comes_back_to_the_desk_and_closes() -> None:
    async with front() as on:
        view = modal(samples.FORM, channel="D0JO")

        answer = await on.interact(submission(view, **{f"{CHECK}/temperature": {"value": "36.8"}}))
        await on.slack.until_said()

        assert (answer.status_code, answer.content) == (200, b"")
        (heard,) = on.desk.heard
        assert isinstance(heard, Filled)
        assert heard.entries[CHECK] == {"temperature": "36.8"}
        assert (heard.account, heard.outcome) == (JO, Outcome.CONFIRMED)
        assert on.slack.whispers[0]["channel"] == "D0JO"


async def test_mistakes_stand_at_their_fields_and_the_form_stays_open() -> None:
    async with front() as on:
        on.desk.says = WrongValues({f"{CHECK}/temperature": "'warm' is not a number."})

        answer = await on.interact(submission(modal(samples.FORM, channel="D0JO")))

        assert answer.json() == {
            "response_action": "errors",
            "errors": {f"{CHECK}/temperature": "'warm' is not a number."},
        }
        assert on.slack.whispers == []


async def test_a_form_that_comes_too_late_keeps_what_was_typed_and_says_who_was_first() -> None:
    async with front() as on:
        on.desk.says = Settled("Same-day check: Confirmed by Sam Reed 10:20. Nothing was changed.")

        answer = await on.interact(submission(modal(samples.FORM, channel="D0JO")))

        assert "Sam Reed 10:20" in answer.json()["errors"][f"{CHECK}/temperature"]


async def test_not_quite_so_redraws_the_open_form() -> None:
    async with front() as on:
        on.desk.says = samples.FORM
        await on.interact(press(CONFIRM))
        await on.slack.until_said()
        (view,) = on.slack.opened.values()
        on.desk.heard.clear()
        action = {"type": "button", "action_id": "otherwise.problem", "value": "problem", "action_ts": "1"}
        body = press("") | {"container": {"type": "view"}, "view": view, "actions": [action]}

        answer = await on.interact(body)
        await on.slack.until_said(2)

        assert answer.status_code == 200
        assert on.desk.heard == []
        assert '"outcome":"problem"' in on.slack.views[1]["private_metadata"]


async def test_here_in_a_thread_answers_the_question_above_it() -> None:
    async with front() as on:
        await on.event(line("here", thread_ts="1000.000001"))

        (typed,) = on.desk.heard
        assert isinstance(typed, Typed) and typed.message is not None


async def test_a_line_in_a_thread_answers_the_card_above_it() -> None:
    async with front() as on:
        await on.event(line("2 na &lt;no&gt; medicines &amp; such", thread_ts="1000.000001"))
        await on.slack.until_said()

        text = "2 na <no> medicines & such"
        expected = Typed(platform="slack", account=JO, once=LINE, text=text, message=THREAD)
        assert on.desk.heard == [expected]
        assert on.slack.whispers[0]["thread_ts"] == "1000.000001"


async def test_a_plain_line_stands_alone() -> None:
    async with front() as on:
        await on.event(line("done"))

        assert on.desk.heard == [Typed(platform="slack", account=JO, once=LINE, text="done")]


async def test_a_plain_line_that_asks_for_something_is_a_command() -> None:
    async with front() as on:
        await on.event(line("Case K7Q2"))

        words = ("Case", "K7Q2")
        assert on.desk.heard == [Command(platform="slack", account=JO, once=LINE, words=words)]


@pytest.mark.parametrize(
    "said",
    [
        line("done", channel_type="channel"),
        line("done", subtype="message_changed"),
        line("done", subtype="bot_message"),
        line("done", bot_id="B0OTHER"),
        line("done", user=None),
        {"type": "app_home_opened", "user": JO},
    ],
    ids=["in a channel", "an edit", "a bot", "another bot", "nobody", "another event"],
)
async def test_what_is_nobodys_answer_is_taken_and_left(said: dict[str, object]) -> None:
    async with front() as on:
        answer = await on.event(said)

        assert answer.status_code == 200
        assert on.desk.heard == []


async def test_a_photograph_sent_with_the_words_does_not_hide_them() -> None:
    async with front() as on:
        await on.event(line("done", subtype="file_share", thread_ts="1000.000001"))

        assert len(on.desk.heard) == 1


async def test_a_command_is_answered_for_the_person_alone() -> None:
    async with front() as on:
        on.desk.says = boards.BOARD

        answer = await on.command(command("status"))

        expected = Command(platform="slack", account=JO, once="command:t9", words=("status",))
        assert on.desk.heard == [expected]
        assert answer.json()["response_type"] == "ephemeral"
        assert "2 in aftercare" in str(answer.json()["blocks"])
        assert limits.of_message(answer.json()["text"], answer.json()["blocks"]) == []


async def test_a_command_that_needs_a_form_opens_it() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.command(command("new"))
        await on.slack.until_said()

        assert len(on.slack.views) == 1


async def test_a_command_may_hold_any_word() -> None:
    async with front() as on:
        await on.command(command("cancel K7Q2 payload too heavy & late"))

        (heard,) = on.desk.heard
        assert isinstance(heard, Command)
        assert heard.words == ("cancel", "K7Q2", "payload", "too", "heavy", "&", "late")


@pytest.mark.parametrize(
    "error",
    [
        NotFound("case", "K7Q3", ["K7Q2"]),
        Settled("Answered by Sam Reed 10:20."),
        StoreTrouble("The disk is full. Nothing was kept."),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_the_desk_refuses_is_said_to_the_person_alone(error: Exception) -> None:
    async with front() as on:
        on.desk.says = error

        answer = await on.interact(press(CONFIRM))
        await on.slack.until_said()

        assert answer.status_code == 200
        assert unescape(on.whispered()) == str(error)


async def test_an_accident_is_reported_to_slack_so_that_it_tells_the_person() -> None:
    async with front() as on:
        on.desk.says = RuntimeError("unforeseen")

        answer = await on.event(line("done"))

        assert answer.status_code == 500


async def test_a_button_of_another_version_is_refused_kindly() -> None:
    async with front() as on:
        await on.interact(press("from long ago"))
        await on.slack.until_said()

        assert "another version" in on.whispered()
        assert on.desk.heard == []


@pytest.mark.parametrize(
    "account", ["U0GUEST", "U0ULTRA", "U0GONE", "U0ROBOT", "U0STRANGE", "U0OTHER", "U0NOBODY"]
)
async def test_nobody_but_a_full_member_of_the_workspace_is_heard(account: str) -> None:
    async with front() as on:
        form = modal(samples.FORM, channel="D0JO")
        on.slack.members[BOARD].add(account)
        await on.interact(press(CONFIRM, account=account, channel=BOARD))
        await on.event(line("done", account=account, channel=BOARD))
        refused = await on.command(command("status", account=account))
        late = await on.interact(submission(form, account=account))
        await on.slack.until_said(2)

        assert on.desk.heard == []
        assert "full members" in on.whispered()
        assert "full members" in refused.json()["text"]
        assert "full members" in str(late.json()["errors"])


async def test_where_slack_does_not_say_who_somebody_is_they_are_not_heard_and_told_so() -> None:
    async with front() as on:
        on.slack.troubles["users.info"].append("502")

        answer = await on.command(command("status"))

        assert on.desk.heard == []
        assert "Slack" in answer.json()["text"]


async def test_another_workspace_is_not_heard() -> None:
    async with front() as on:
        await on.interact(press(CONFIRM, team="T0OTHER"))
        await on.event(line("done"), team="T0OTHER")
        await on.command(command("status", team="T0OTHER"))

        assert on.desk.heard == []


@pytest.mark.parametrize("response", [samples.WORKLIST, samples.CASE, boards.BOARD, samples.FORM])
async def test_whatever_the_desk_says_to_a_typed_line_can_be_shown(response: Response) -> None:
    async with front() as on:
        on.desk.says = response

        await on.event(line("mine", thread_ts="1000.000001"))
        await on.slack.until_said()

        assert len(on.slack.whispers) == 1


async def test_an_answer_that_slack_does_not_take_is_let_go() -> None:
    async with front() as on:
        on.slack.troubles["chat.postEphemeral"].append("refuse:user_not_in_channel")

        assert (await on.interact(press(CONFIRM))).status_code == 200
        await on.interact(press(CONFIRM, at="2.5"))
        await on.slack.until_said()

        assert len(on.slack.whispers) == 1


@pytest.mark.parametrize(
    ("says", "method"), [(Notice(text="Noted."), "chat.postEphemeral"), (samples.FORM, "views.open")]
)
async def test_that_an_answer_was_taken_waits_for_nothing_that_is_said_to_slack(
    says: Response, method: str
) -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = says
        on.slack.troubles[method].append("wait")

        answer = await on.interact(press(CONFIRM))

        assert answer.status_code == 200
        assert on.slack.whispers + on.slack.views == []
        on.slack.patience.set()
        await on.slack.until_said()


async def test_when_bookend_ends_answers_on_their_way_still_arrive() -> None:
    async with front() as on:
        await on.interact(press(CONFIRM))

        await on.connected.stop()

        assert len(on.slack.whispers) == 1
