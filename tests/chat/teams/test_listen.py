"""What people press and type in Teams: it reaches the desk once, and is answered where they look."""

from dataclasses import replace

import pytest

from bot.chat.teams import PLATFORM
from bot.chat.teams.showing.answering import BELOW, ELSEWHERE, NOWHERE, RINGS
from bot.core.actions import Action, Button
from bot.core.errors import Settled, StoreTrouble, Unclear
from bot.core.messages import Notice
from bot.core.replies import Command, MessageRef, Pressed, Typed
from tests.chat import boards, samples
from tests.chat.teams.fake import BOARD, AtOnce, account, direct
from tests.chat.teams.front import TeamsDesk, front
from tests.chat.teams.trial import BOARD_THERE

pytestmark = pytest.mark.anyio

DONE = Notice(
    text="Same-day check: done · K7Q2",
    tone="good",
    buttons=(Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.same_day_check:1:1",), revision=1),),
)
CASE = "Case"


# --- presses in the personal chat


async def test_a_press_is_answered_by_the_card_as_it_is_now_with_a_word_on_top() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)

        answer = await at.jo.press(card, at.jo.labels(card)[0])

        assert answer.taken
        assert samples.DECISION.heading in at.jo.reads(card) and DONE.text in at.jo.reads(card)
        (pressed,) = at.desk.heard
        assert isinstance(pressed, Pressed)
        assert (pressed.platform, pressed.account) == (PLATFORM, at.jo.account)


async def test_what_was_said_on_top_and_its_undo_outlast_the_cards_next_drawing() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        await at.jo.press(card, at.jo.labels(card)[0])

        await at.connected.chat.update(at.ref(card), samples.DECISION)
        await at.jo.press(card, "Undo")

        undone = at.desk.heard[-1]
        assert isinstance(undone, Pressed) and undone.action is Action.UNDO
        assert card["edits"] == 1


async def test_a_link_that_shows_a_name_is_not_left_standing() -> None:
    link = Notice(text="This shows who K7Q2 is, once.", link=("Show", "https://bookend.example/who/abc"))
    async with front(TeamsDesk(says=link)) as at:
        card = await at.stands(samples.DECISION)
        await at.jo.press(card, at.jo.labels(card)[0])

        await at.connected.chat.update(at.ref(card), replace(samples.DECISION, title="Another title"))

        assert "shows who" not in at.jo.reads(card)


async def test_a_refusal_is_said_on_the_card_as_it_is_now_and_stands_nowhere_else() -> None:
    async with front(TeamsDesk(says=Settled("Sam Reed answered at 09:12."))) as at:
        card = await at.stands(samples.DECISION)
        at.desk.stands = replace(samples.DECISION, heading="Settled: Smoker")

        await at.jo.press(card, at.jo.labels(card)[0])

        assert "Sam Reed answered at 09:12." in at.jo.reads(card) and "Settled: Smoker" in at.jo.reads(card)
        await at.connected.chat.update(at.ref(card), at.desk.stands)
        assert "Sam Reed answered" not in at.jo.reads(card)


async def test_what_was_refused_is_heard_when_it_is_pressed_again() -> None:
    async with front(TeamsDesk(then=[StoreTrouble("The database is busy."), DONE])) as at:
        card = await at.stands(samples.DECISION)
        label = at.jo.labels(card)[0]
        await at.jo.press(card, label)

        await at.jo.press(card, label)

        assert DONE.text in at.jo.reads(card)
        assert len([each for each in at.desk.heard if isinstance(each, Pressed)]) == 2


async def test_a_view_is_a_message_below_the_card() -> None:
    async with front(TeamsDesk(says=samples.CASE)) as at:
        card = await at.stands(samples.PREP)

        await at.jo.press(card, CASE)
        await at.settled()

        assert at.jo.told == [BELOW]
        assert samples.CASE.heading in at.jo.reads(at.jo.own()[-1])
        assert samples.PREP.heading in at.jo.reads(card)


async def test_a_press_on_an_answer_draws_the_answer_anew_with_a_word_on_top() -> None:
    async with front(TeamsDesk(says=samples.WORKLIST)) as at:
        await at.jo.say("mine")
        answer = at.jo.own()[-1]
        at.desk.then = [DONE, replace(samples.WORKLIST, heading="Waiting for you, less")]

        await at.jo.press(answer, "Answer both")
        await at.settled()

        assert DONE.text in at.jo.reads(answer) and "Waiting for you, less" in at.jo.reads(answer)
        assert answer["edits"] == 1, "a look from another device shows the same"


async def test_a_refusal_on_an_answer_stands_on_it_for_whoever_met_it_and_nowhere_else() -> None:
    async with front(TeamsDesk(says=samples.WORKLIST)) as at:
        await at.jo.say("mine")
        answer = at.jo.own()[-1]
        at.desk.then = [Settled("Sam Reed answered at 09:12."), samples.WORKLIST]

        await at.jo.press(answer, "Answer both")
        await at.settled()

        assert "Sam Reed answered at 09:12." in at.jo.reads(answer)
        assert samples.WORKLIST.heading in at.jo.reads(answer) and answer["edits"] == 0


async def test_the_same_press_that_comes_twice_at_once_is_one_deed_with_one_answer() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        twice = AtOnce(ways=[at.door, at.door])
        at.jo.way = twice

        await at.jo.press(card, at.jo.labels(card)[0])

        first, second = twice.answers
        assert (first, len(at.desk.heard)) == (second, 1)


async def test_a_second_press_later_is_another_deed_of_another_name() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        first, second, *_ = at.jo.labels(card)
        await at.jo.press(card, first)
        await at.jo.press(card, second)

        await at.jo.press(card, first)

        names = [each.once for each in at.desk.heard if not isinstance(each, MessageRef)]
        assert len({*names}) == len(names) == 3


async def test_a_button_that_no_bookend_drew_is_refused_in_words_and_asks_the_desk_nothing() -> None:
    async with front() as at:
        card = await at.stands(samples.DECISION)
        card["attachments"][0]["content"]["actions"][0]["data"] = {}

        answer = await at.jo.press(card, at.jo.labels(card)[0])

        assert answer.taken and at.desk.heard == []
        assert "another version of Bookend" in at.jo.reads(card)


async def test_an_older_client_is_answered_by_the_card_itself() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        card = await at.stands(samples.DECISION)
        action = card["attachments"][0]["content"]["actions"][0]
        card["attachments"][0]["content"]["actions"][0] = action["fallback"]

        await at.jo.press(card, action["title"])

        assert DONE.text in at.jo.reads(card) and card["edits"] == 1


async def test_who_is_no_full_member_is_told_so_and_nothing_else() -> None:
    async with front() as at:
        gus = at.person("gus", userRole="guest")

        await gus.say("status")

        assert at.desk.heard == []
        assert "Your account is a guest" in gus.reads(gus.own()[-1])


# --- presses in a channel


async def test_a_short_word_to_a_press_in_a_channel_is_seen_by_whoever_pressed_alone() -> None:
    async with front(TeamsDesk(says=Notice(text="Taken: Prep, K7Q2. It is in our chat."))) as at:
        card = await at.stands(samples.CLAIM, BOARD_THERE)

        await at.jo.press(card, at.jo.labels(card)[0])

        assert at.jo.told == ["Taken: Prep, K7Q2. It is in our chat."]
        assert len(at.teams.cards(BOARD)) == 1 and card["edits"] == 0


LINES = Notice(text="Overdue: 1 item.", lines=("Escort · K7Q2",))
LINK = Notice(text="This shows who it is.", link=("Show", "https://bookend.example/who/abc"))


@pytest.mark.parametrize(
    "said",
    [samples.CASE, samples.FORM, DONE, LINES, LINK],
    ids=["a case", "a form", "an undo", "lines", "a link"],
)
async def test_what_tells_of_a_case_goes_to_the_personal_chat(said: object) -> None:
    async with front(TeamsDesk(says=said)) as at:  # type: ignore[arg-type]
        card = await at.stands(samples.CLAIM, BOARD_THERE)

        await at.jo.press(card, at.jo.labels(card)[0])
        await at.settled()

        assert (at.jo.told, len(at.teams.cards(BOARD))) == ([ELSEWHERE], 1)
        assert len(at.jo.own()) == 1


async def test_where_teams_is_slow_to_open_a_chat_the_answer_waits_for_it() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        sam = at.person("sam")
        card = await at.stands(samples.CLAIM, BOARD_THERE)
        at.teams.troubles["converse"] += ["429:0", "429:0"]

        answer = await sam.press(card, sam.labels(card)[0])
        await at.settled()

        assert answer.taken and sam.told == [ELSEWHERE]
        assert DONE.text in sam.reads(sam.own()[-1])


# --- typed lines


async def test_a_command_in_the_personal_chat_is_answered_there_and_rings_without_a_word_of_it() -> None:
    async with front(TeamsDesk(says=samples.CASE)) as at:
        answer = await at.jo.say("case K7Q2")

        (asked,) = at.desk.heard
        assert isinstance(asked, Command) and asked.words == ("case", "K7Q2")
        assert answer.taken and asked.at is not None
        shown = at.jo.own()[-1]
        assert samples.CASE.heading in at.jo.reads(shown) and shown["summary"] == RINGS


@pytest.mark.parametrize("text", ["hello", "Hi!", "help", " Hello&nbsp;"])
async def test_who_says_hello_gets_help(text: str) -> None:
    async with front() as at:
        await at.jo.say(text)

        (asked,) = at.desk.heard
        assert isinstance(asked, Command) and asked.words[0].lower().startswith("help")


async def test_a_reply_without_a_quotation_stands_alone() -> None:
    async with front() as at:
        await at.stands(samples.PREP)

        await at.jo.say("all ok")

        (typed,) = at.desk.heard
        assert isinstance(typed, Typed)
        assert (typed.text, typed.message, typed.alone) == ("all ok", None, True)


async def test_a_quoted_card_is_the_one_that_is_meant() -> None:
    async with front() as at:
        card = await at.stands(samples.PREP)

        await at.jo.say("all ok", quoted=card)

        (typed,) = at.desk.heard
        assert isinstance(typed, Typed)
        assert (typed.text, typed.message) == ("all ok", at.ref(card))


async def test_a_line_in_a_channel_without_bookends_name_is_not_read() -> None:
    async with front() as at:
        place = at.teams.conversations[BOARD]
        at.teams.keep(place, {"from": {"id": "29:jo"}, "text": "mine"})

        await at.jo._typed(place, {"text": "mine", "entities": []})

        assert at.desk.heard == [] and at.teams.cards(BOARD) == []


async def test_a_command_in_a_channel_is_answered_in_the_personal_chat() -> None:
    async with front(TeamsDesk(says=samples.CASE)) as at:
        await at.jo.mention("case K7Q2")

        (asked,) = at.desk.heard
        assert isinstance(asked, Command) and (asked.words, asked.channel) == (("case", "K7Q2"), "")
        (line,) = at.teams.cards(BOARD)
        assert at.jo.reads(line) == ELSEWHERE and "thread" in line
        assert samples.CASE.heading in at.jo.reads(at.jo.own()[-1])


async def test_a_mention_alone_gets_help() -> None:
    async with front() as at:
        await at.jo.mention("")

        (asked,) = at.desk.heard
        assert isinstance(asked, Command) and asked.words == ()


async def test_a_reply_in_the_thread_of_a_card_answers_that_card() -> None:
    async with front() as at:
        card = await at.stands(samples.CLAIM, BOARD_THERE)

        await at.jo.mention("1 done", under=card)

        (typed,) = at.desk.heard
        assert isinstance(typed, Typed) and not typed.alone
        assert typed.message == MessageRef(platform=PLATFORM, channel=BOARD, message=card["id"])


async def test_who_has_no_chat_with_bookend_is_told_how_to_open_one() -> None:
    async with front() as at:
        await at.jo.remove()

        await at.jo.mention("status")

        (line,) = at.teams.cards(BOARD)
        assert at.jo.reads(line) == NOWHERE


@pytest.mark.parametrize(("sort", "about"), [("standard", BOARD), ("shared", ""), ("private", "")])
async def test_here_is_about_the_channel_in_which_it_is_written_if_that_is_the_clinics_alone(
    sort: str, about: str
) -> None:
    async with front() as at:
        at.teams.conversations[BOARD].type = sort

        await at.jo.mention("here")

        (asked,) = at.desk.heard
        assert isinstance(asked, Command) and asked.channel == about


async def test_here_is_the_patient_where_a_question_is_answered() -> None:
    async with front() as at:
        card = await at.stands(samples.CLAIM, BOARD_THERE)
        await at.jo.mention("here", under=card)
        await at.jo.say("here")

        under, alone = at.desk.heard

        assert isinstance(under, Typed) and under.message is not None
        assert isinstance(alone, Typed) and alone.alone


async def test_whom_a_reply_mentions_is_handed_in_by_account() -> None:
    async with front() as at:
        sam = at.person("sam")
        await sam.say("mine")

        await at.jo._typed(
            at.teams.conversations[direct("jo")],
            {
                "text": "to <at>Sam</at>",
                "entities": [{"type": "mention", "text": "<at>Sam</at>", "mentioned": {"id": "29:sam"}}],
            },
        )

        typed = at.desk.heard[-1]
        assert isinstance(typed, Typed) and typed.text == f"to @{account('sam')}"


async def test_a_picture_is_not_read_and_says_so() -> None:
    async with front() as at:
        await at.jo.say("")

        assert at.desk.heard == [] and "I read only words" in at.jo.reads(at.jo.own()[-1])


async def test_a_line_that_is_unclear_is_answered_with_the_choices() -> None:
    async with front(TeamsDesk(says=Unclear("Which one? Write `K7Q2 done`."))) as at:
        await at.jo.say("done")

        said = at.jo.reads(at.jo.own()[-1])
        assert "Which one? Write" in said and "K7Q2 done" in said and "`" not in said


async def test_an_answer_waits_until_teams_takes_it() -> None:
    async with front(TeamsDesk(says=DONE)) as at:
        at.teams.troubles["post"].append("429:0")

        await at.jo.say("1 done")

        assert DONE.text in at.jo.reads(at.jo.own()[-1])


async def test_the_board_says_how_it_is_answered() -> None:
    async with front() as at:
        card = await at.stands(boards.BOARD, BOARD_THERE)

        assert "@Bookend" in at.jo.reads(card)
