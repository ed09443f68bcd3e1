"""Several people and one item, card by card in Teams: who goes ahead, checks again, takes over or claims.

The real service and door, and a connector of our own; a stop and its decision are in test_whole_case.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.kinds import FieldKind
from bot.core.people import Role, Shift
from bot.core.playbook import Field, Playbook
from tests.chat.teams.at_work import CLINIC, NURSES, AtWork, at_work
from tests.chat.teams.fake import BOARD
from tests.chat.teams.hands import Hands
from tests.service.clinic import ALI, JO, KIT, MAX, SAM, abl

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")
OTHER = "19:other@thread.tacv2"
CREAM = "g.topical_anaesthetic"
#: Jo goes home at two, and nobody comes after her.
NOBODY_LEFT = {date(2027, 1, 12): {Role.NURSE: (Shift(person=JO, starts=time(8), ends=time(14)),)}}


async def test_a_second_person_says_go_and_it_stays_on_the_board() -> None:
    async with at_work("g.change_check", "g.readiness") as on:
        await on.until("2027-02-16 14:30")
        kit = on.person(KIT)
        await kit.say("override K7Q2")
        asked = kit.card("Override as second person", "Open: Anything new?")

        said = {"Why": "Answered elsewhere", "Who asks for it": "Fran Draft", "In a line": "by telephone"}
        await kit.press(asked, "Go ahead", **said)
        await on.until("2027-02-16 14:35")

        assert "K7Q2 may go ahead for coming" in on.person(KIT).reads(asked)
        assert "ready with override: answered elsewhere, by telephone" in on.boards()[-1]


async def test_who_may_not_says_go_for_nobody() -> None:
    async with at_work("g.change_check", "g.readiness") as on:
        await on.until("2027-02-16 14:30")
        max_, before = on.person(MAX), on.state()

        await max_.say("override K7Q2")

        assert "Go ahead" not in [label for each in max_.own() for label in max_.labels(each)]
        assert on.state() == before


async def test_two_people_answer_unseen_and_differ_and_the_physician_settles_it() -> None:
    async with at_work(book=cream_twice(), anaesthesia="topical") as on:
        await on.until("2027-02-18 08:31")
        hands = Hands(on)
        sam, jo, ali = hands.people[SAM], hands.people[JO], hands.people[ALI]
        await gives(hands, SAM, "20")
        second = jo.card("Second check: Numbing cream")
        unseen = jo.reads(second)
        await gives(hands, JO, "30")

        differ = [who.card("Numbing cream", "two answers differ") for who in (sam, jo)]
        decision = ali.card("Your decision: Numbing cream", "20 or 30")
        await ali.press(decision, "Both answer anew")
        await on.speak()
        await gives(hands, SAM, "25")
        await gives(hands, JO, "25")

        assert len(differ) == 2 and "20" not in unseen.replace("2027", "")
        assert on.riverside.statuses(CREAM) == {CREAM: "done"}
        assert "Both answer anew" not in on.person(ALI).labels(decision)


async def gives(hands: Hands, who: str, grams: str) -> None:
    """Answer how many grams of the cream there were."""
    person = hands.people[who]
    card = person.card("Numbing cream", "Answer")
    (answer,) = [label for label in person.labels(card) if label.startswith("Answer")]
    await hands.answer(person, card, answer, grams=grams)


def cream_twice() -> Playbook:
    """A playbook whose one step two people answer, each with a number."""
    whole = abl(CREAM)
    grams = Field(name="grams", label="Grams", kind=FieldKind.NUMBER, normal=1.0)
    (cream,) = whole.steps
    return replace(whole, steps=(replace(cream, double=True, ask=(*cream.ask, grams)),), digest="twice")


@pytest.mark.parametrize(("label", "has_it"), [("Accept", JO), ("Decline", SAM)])
async def test_what_is_handed_over_goes_only_where_it_is_accepted(label: str, has_it: str) -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:11")
        sam, jo = on.person(SAM), on.person(JO)
        await hands_on(on, to="Jo Sample")
        offer = jo.card("Sam Specimen asks: will you take them?")

        await jo.press(offer, label)
        await on.until("2027-01-12 15:15")

        asked = [who for who in (SAM, JO) if any(still_asks(on, who))]
        assert asked == [has_it]
        assert not {"Accept", "Decline"} & {*on.person(JO).labels(offer)}
        assert ("cannot take it" in sam.reads(sam.own()[-1])) is (has_it == SAM)


async def hands_on(on: AtWork, *, to: str) -> None:
    """Let Sam hand all that she is asked to somebody, by the form of the card."""
    sam = on.person(SAM)
    card = sam.card("Medication disclosure")
    await sam.press(card, "Hand off")
    save = next(label for label in sam.labels(card) if label not in ("Back", "Open in a window"))
    await sam.press(card, save, **{"To whom": to})
    await on.speak()


def still_asks(on: AtWork, who: str) -> list[str]:
    person = on.person(who)
    return [label for each in person.own() for label in person.labels(each) if label.startswith("Answer")]


async def test_of_two_who_claim_the_first_has_it_and_the_other_hears_who() -> None:
    async with at_work(*STEPS, clinic=replace(CLINIC, roster_changes=NOBODY_LEFT)) as on:
        await on.until("2027-01-12 15:10")
        (card,) = on.teams.cards(NURSES)
        sam, jo = on.person(SAM), on.person(JO)

        await sam.press(card, "Claim")
        await jo.press(card, "Claim")
        await on.speak()

        assert sam.told == ["You have it: 2 items · K7Q2. Thank you."]
        assert jo.told == ["Sam Specimen has it. Thank you."]
        assert "Sam Specimen has it" in jo.reads(card) and jo.labels(card) == []
        assert still_asks(on, SAM) and not still_asks(on, JO)


async def test_a_form_is_filled_in_in_a_window_and_everybody_sees_the_card_as_it_is_then() -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        hands = Hands(on)
        sam = hands.people[SAM]
        card = sam.card("Medication disclosure")
        (answer,) = [label for label in sam.labels(card) if label.startswith("Answer")]
        await sam.press(card, answer)
        values = hands.usual(sam, card)

        await sam.press(card, "Open in a window")
        await sam.send_dialog("Confirm", **values)
        await on.speak()

        assert sam.dialog == {} and sam.told[-1].startswith("Medication disclosure: confirmed")
        assert on.riverside.statuses("g.medicines") == {"g.medicines": "done"}
        assert "Confirmed by Sam Specimen" in on.person(SAM).reads(card)


async def test_the_manager_gives_rooms_away_at_the_huddle_in_a_form_that_nobody_else_sees() -> None:
    async with at_work("g.same_day_check") as on:
        for code, room in (("K8R3", "room-1"), ("M4T5", "room-2")):
            on.riverside.book("2027-02-18 09:45", code=code, room=room, operator=MAX)
        await on.until("2027-02-18 08:10")
        kit, huddle = on.person(KIT), on.boards()[-1]
        await kit.mention("rooms")
        form = kit.card("Who has which room")

        await kit.press(form, "Give away", **{"Room 1, nurse": "Jo Sample", "Room 2, nurse": "Sam Specimen"})
        await on.until("2027-02-18 09:40")

        assert "K8R3" in huddle and "Who has which room" not in "\n".join(on.stands(BOARD))
        assert "For today: Room 1: Jo Sample; Room 2: Sam Specimen." in kit.reads(form)
        asked = {who: "\n".join(on.stands(who)) for who in (JO, SAM)}
        assert [who for who, words in asked.items() if "K8R3" in words] == [JO]
        assert [who for who, words in asked.items() if "M4T5" in words] == [SAM]


async def test_the_board_moves_to_the_channel_in_which_a_manager_says_here() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:10")
        (first,) = on.boards()

        await on.person(KIT).mention("here", channel=NURSES)
        await on.until("2027-01-12 15:11")

        assert on.boards() == ["The board moved to another channel."] != [first]
        assert any(each.startswith("Riverside · Tue 12 Jan") for each in on.stands(NURSES))


@pytest.mark.parametrize("kind", ["private", "shared"])
async def test_no_board_moves_where_it_could_not_stand(kind: str) -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:10")
        on.teams.open_channel(OTHER, type=kind)
        await on.person(JO).happens("channelCreated", channel=OTHER)
        kit, before = on.person(KIT), on.boards()

        await kit.mention("here", channel=OTHER)
        await on.until("2027-01-12 15:11")

        assert "I cannot show it in a direct conversation" in kit.reads(kit.own()[-1])
        assert on.boards() == before
