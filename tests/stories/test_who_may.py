"""Who may do what, and who this is: refused alone, with who can; one look at a name, written down."""

from datetime import date

import pytest

from bot.core.case import Choice
from bot.core.errors import NotAllowed, Settled
from bot.core.identity import Identity
from bot.core.messages import Notice, Response
from bot.service import who
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX, SAM
from tests.service.riverside import Riverside
from tests.stories.test_stories import told

ADDRESS = "https://bookend.riverside.example"
ADA = Identity(name="Ada Invented", born=date(1968, 3, 9))


def test_everybody_tries_what_is_not_theirs(opened: type[Riverside]) -> None:
    clinic = opened("g.medical_history", "g.skin_exam").book().until("2027-01-12 15:10")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:12")
    for person, words in (
        (JO, "move K7Q2 2027-03-18 09:30"),
        (JO, "override K7Q2"),
        (JO, "hold Room 2 fault reported"),
        (FRAN, "fact K7Q2 smoker no"),
        (MAX, "cancel K7Q2 patient is ill"),
        (KIT, "who K7Q2"),
    ):
        with pytest.raises(NotAllowed):
            clinic.command(person, words)
    with pytest.raises(NotAllowed):
        clinic.said(SAM, "answers Skin exam", lambda: clinic.early(SAM, "g.skin_exam"))
    clinic.decide(ALI, Choice.PROCEED, "stopped last week")
    clinic.until("2027-01-12 15:20")

    assert clinic.story == told("everybody_tries_what_is_not_theirs")
    assert {each.by for each in clinic.history() if each.kind in ("answered", "decided")} == {JO, ALI}


def test_ali_looks_once(opened: type[Riverside]) -> None:
    clinic = opened("g.skin_exam", public_url=ADDRESS).book()
    with clinic.store.writing() as tx:
        tx.identify(CODE, ADA, clinic.clock.now())
    clinic.until("2027-01-12 15:10")
    first = clinic.press(ALI, "Who is this?")
    opens(clinic, first)
    opens(clinic.until("2027-01-12 15:11"), first)
    with pytest.raises(NotAllowed):
        clinic.command(KIT, "who K7Q2")
    second = clinic.command(JO, "who K7Q2")
    opens(clinic.until("2027-01-12 15:17"), second)

    assert clinic.story == told("ali_looks_once")
    assert [each.by for each in clinic.history() if each.kind == "looked"] == [ALI]


def opens(clinic: Riverside, said: Response) -> None:
    """Press the button of the page behind a link, and write into the story what is seen."""
    assert isinstance(said, Notice) and said.link is not None
    try:
        seen = who.look(clinic.practice, said.link[1].removeprefix(f"{ADDRESS}{who.PATH}"))
        clinic.lines.append(f"         the page shows {seen.identity.name if seen.identity else 'nobody'}")
    except Settled as over:
        clinic.lines.append(f"         the page says: {over}")
