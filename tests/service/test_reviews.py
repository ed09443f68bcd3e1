"""Reviews that lapse: who is told, when, how often, and that nothing else happens."""

from dataclasses import replace
from datetime import date, timedelta

from bot.core.messages import Notice
from bot.core.outgoing import Verb
from bot.core.people import Clinic, Role
from bot.service.reviews import tell_reviews
from tests.service.clinic import ALI, KIT, OPENED, PIA, REVIEW, RIVERSIDE, WITH_BOARD, abl, london, sign
from tests.service.riverside import Riverside

#: A Tuesday; Dr Ali signed until then.
DUE = REVIEW


class Years(Riverside):
    """Riverside, long after its playbook was signed."""

    def on(self, day: date, at: str = "09:30") -> "Years":
        """A turn of `bookend serve` at that moment."""
        self.clock.advance(london(f"{day} {at}"))
        tell_reviews(self.practice)
        self.speak()
        return self

    def told(self, who: str) -> list[str]:
        return [message.card.text for message in self.workspace.of(who)]


def test_director_and_manager_are_told_30_7_and_0_days_before() -> None:
    clinic = Years()

    counts = [
        len(clinic.on(DUE - timedelta(days=left)).told(who))
        for left in (32, 29, 28, 8, 7, 6, 1, 0, -1, -30)
        for who in (ALI, KIT)
    ]

    assert counts == [0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]
    assert clinic.told(ALI) == clinic.told(KIT)
    assert clinic.told(ALI)[0].startswith("abl: its review is due on 4 Jan 2028. Dr Ali signed it last.")
    assert clinic.told(ALI)[2].startswith("abl: its review is due today, 4 Jan 2028.")


def test_after_an_outage_the_notice_of_that_day_comes_and_no_older_one() -> None:
    clinic = Years()

    clinic.on(DUE + timedelta(days=2))

    (said,) = clinic.told(KIT)
    assert said.startswith("abl: its review was due on 4 Jan 2028.")


def test_once_told_nothing_more_is_written() -> None:
    clinic = Years().on(DUE - timedelta(days=7))

    assert tell_reviews(clinic.practice) == 0


def test_a_new_process_tells_nobody_again() -> None:
    clinic = Years().on(DUE - timedelta(days=7))

    again = Years(store=clinic.store, workspace=clinic.workspace, now=clinic.clock.now())
    again.on(DUE - timedelta(days=7), "10:30")

    assert len(again.told(ALI)) == 1


def test_nobody_is_told_on_a_closed_day_or_at_night() -> None:
    clinic = Years()
    sunday = DUE - timedelta(days=2)

    clinic.on(sunday).on(DUE - timedelta(days=1), "06:00")
    assert clinic.told(ALI) == []

    assert len(clinic.on(DUE - timedelta(days=1)).told(ALI)) == 1


def test_once_signed_anew_the_old_notices_are_over_and_say_so() -> None:
    clinic = Years().on(DUE - timedelta(days=7))

    sign(clinic.practice, clinic.clinic, abl(), DUE + timedelta(days=365))
    clinic.on(DUE)

    assert len(clinic.told(ALI)) == 1
    with clinic.store.writing() as tx:
        key = f"review:{RIVERSIDE.id}:abl:1:7:{ALI}"
        assert tx.posting(key) is not None
        tx.queue(key, Verb.DRAW, key="look", at=clinic.clock.now())
    clinic.speak()
    (message,) = clinic.workspace.of(ALI)
    assert isinstance(message.card, Notice)
    assert message.card.text.startswith("abl: Dr Ali signed it anew")


def without(clinic: Clinic, person: str) -> Clinic:
    people = {name: each for name, each in clinic.people.items() if name != person}
    roles = people[PIA].roles | {Role.MEDICAL_DIRECTOR}
    return replace(clinic, people={**people, PIA: replace(people[PIA], roles=roles)})


def test_where_the_one_who_signed_has_left_the_directors_of_today_are_told() -> None:
    before = Years()
    clinic = replace(without(RIVERSIDE, ALI), roster={}, on_call={})

    after = Years(store=before.store, clinic=clinic, workspace=before.workspace, signed=False)
    after.on(DUE)

    assert (len(after.told(PIA)), len(after.told(KIT)), after.told(ALI)) == (1, 1, [])


def test_who_has_no_account_is_told_in_the_channel_once() -> None:
    people = {name: replace(each, accounts={}) for name, each in WITH_BOARD.people.items()}
    clinic = Years(clinic=replace(WITH_BOARD, people=people)).on(DUE)

    notices = [each for each in clinic.workspace.of("#procedures") if isinstance(each.card, Notice)]
    assert len(notices) == 1


def test_a_lapsed_review_stops_no_prompt() -> None:
    clinic = Years("g.medicines", now=OPENED)
    sign(clinic.practice, clinic.clinic, abl("g.medicines"), date(2027, 1, 13))
    clinic.on(date(2027, 1, 14))

    clinic.book(code="M4XD").until("2027-01-14 16:00")

    with clinic.store.reading() as reading:
        assert not reading.case("M4XD").shadow
    assert any(not isinstance(each.card, Notice) for each in clinic.workspace.messages)
