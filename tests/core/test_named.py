"""Names beside codes: who may read them where, and on what they find a place."""

from dataclasses import replace

import pytest

from bot.core.instants import listening
from bot.core.kinds import CardKind
from bot.core.messages import Form, Notice
from bot.core.named import SHOWN, codes_on, named, names_may_stand, reader_of
from bot.core.people import Person, Role
from bot.core.permissions import WHO, Deed, may
from bot.core.replies import Address
from tests.chat.gallery.edges import decision, line, tasks
from tests.service.clinic import JO, KIT, RIVERSIDE
from tests.service.workspace import PLATFORM

FULL = replace(RIVERSIDE, names_on=frozenset({PLATFORM}))
ADA = {"K7Q2": "Ada Invented"}


@pytest.mark.parametrize("role", Role)
def test_a_name_is_read_by_those_who_may_see_it(role: Role) -> None:
    person = Person(id="x", name="X", roles=frozenset({role}))

    assert names_may_stand(FULL, PLATFORM, person) is may(person, Deed.SEE_NAME)
    assert not names_may_stand(FULL, "local", person)
    assert not names_may_stand(RIVERSIDE, PLATFORM, person)


def test_a_channel_reads_names_where_its_platform_does() -> None:
    assert names_may_stand(FULL, PLATFORM, reader_of(FULL, Address(platform=PLATFORM, channel="#board")))
    assert not names_may_stand(RIVERSIDE, PLATFORM, None)


@pytest.mark.parametrize("name", ["board", "escalations", *Role])
def test_a_channel_reads_names_only_where_it_is_for_somebody_who_may(name: str) -> None:
    clinic = replace(FULL, channels={PLATFORM: {name: "#here", "weekly": "#elsewhere"}})

    may_stand = names_may_stand(
        clinic, PLATFORM, reader_of(clinic, Address(platform=PLATFORM, channel="#here"))
    )

    assert may_stand is (name in ("board", *WHO[Deed.SEE_NAME]))


def test_a_channel_of_several_purposes_reads_names_for_one_of_them() -> None:
    clinic = replace(FULL, channels={PLATFORM: {"board": "#one", "escalations": "#one"}})

    assert names_may_stand(clinic, PLATFORM, reader_of(clinic, Address(platform=PLATFORM, channel="#one")))


def test_an_account_that_nobody_has_any_more_reads_no_name() -> None:
    gone = reader_of(FULL, Address(platform=PLATFORM, account="U0GONE"))

    assert not names_may_stand(FULL, PLATFORM, gone)
    assert reader_of(FULL, Address(platform=PLATFORM, account=JO)) == FULL.people[JO]
    assert not names_may_stand(FULL, PLATFORM, reader_of(FULL, Address(platform=PLATFORM, account=KIT)))


def test_a_card_of_one_case_names_it_once_above_its_lines() -> None:
    card = replace(tasks(CardKind.PREP, 2), lines=(replace(line(1), label=""), replace(line(2), label="")))

    drawn = named(card, ADA)

    assert (drawn.who, [each.who for each in drawn.lines]) == ("Ada Invented", ["", ""])


def test_a_list_names_each_of_its_lines() -> None:
    card = replace(tasks(CardKind.WORKLIST, 2), label="2 items")

    drawn = named(card, ADA)

    assert (drawn.who, [each.who for each in drawn.lines]) == ("", ["Ada Invented"] * 2)
    assert set(codes_on(card)) == {"K7Q2"}


def test_a_code_whose_name_nobody_wrote_down_stands_alone() -> None:
    assert named(decision(), {"M4XD": "Somebody Else"}).who == ""
    assert named(decision(), {}) == decision()


def test_a_notice_is_of_codes_alone() -> None:
    notice = Notice(text="K7Q2 is booked.")

    assert [*codes_on(notice)] == [] and named(notice, ADA) == notice


def test_a_long_name_is_cut_and_a_time_in_it_is_but_text() -> None:
    form = Form(heading="Prep", label="CO₂ · K7Q2", parts=())

    with listening() as heard:
        drawn = named(form, {"K7Q2": "Ada 09:30 " + "van der Meer " * 9})

    assert len(drawn.who) <= SHOWN and drawn.who.endswith("…")
    assert heard.instants.own == (drawn.who,)
