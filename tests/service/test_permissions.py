"""The table of roles and deeds as the service keeps it: every deed tried by every role, through the desk."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.core.actions import Action, Button
from bot.core.case import Choice
from bot.core.errors import BookendError, NotAllowed
from bot.core.people import Person, Role
from bot.core.permissions import OF_ACTION, OF_COMMAND, WHO, Deed
from bot.core.replies import Filled
from bot.service.signing import sign
from tests.examples import some_of
from tests.service.clinic import JO, REVIEW, RIVERSIDE, london
from tests.service.consultation import EXAM, HISTORY, key
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

STAFF = {
    role.value: Person(
        id=role.value,
        name=f"Only {role.value}",
        roles=frozenset({role}),
        accounts={PLATFORM: role.value},
    )
    for role in Role
}
CLINIC = replace(RIVERSIDE, people={**RIVERSIDE.people, **STAFF})


def stopped() -> Riverside:
    """A case whose medical history stops it and whose skin exam is still asked."""
    clinic = Riverside(EXAM, HISTORY, clinic=CLINIC).book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    return clinic


def decide(clinic: Riverside, who: str) -> None:
    reply = Filled(
        platform=PLATFORM,
        account=who,
        once=clinic.once(),
        entries={key(HISTORY): {"reason": "two a week"}},
        revisions={},
        action=Action.DECIDE,
        value=Choice.PROCEED.value,
    )
    clinic.desk.reply(reply)


def press(action: Action, about: str, value: str = "") -> Callable[[Riverside, str], object]:
    button = Button(action=action, label="", tasks=(about,), value=value)
    return lambda clinic, who: clinic.desk.reply(clinic.pressed(who, button))


def say(words: str) -> Callable[[Riverside, str], object]:
    return lambda clinic, who: clinic.command(who, words)


def put_a_name_under(clinic: Riverside, who: str) -> None:
    book = clinic.practice.shelf.current("abl", CLINIC.id)
    sign(clinic.practice, CLINIC, "abl", CLINIC.people[who], REVIEW + timedelta(days=7), digest=book.digest)


def arrive_on_the_day(clinic: Riverside, who: str) -> None:
    clinic.clock.advance(london("2027-02-18 08:40"))
    press(Action.MARK, "K7Q2:1", "arrived")(clinic, who)


#: Each deed as people do it. A deed that nothing leads to yet has no line here.
DONE: Mapping[Deed, Callable[[Riverside, str], object]] = {
    Deed.SEE: press(Action.CASE, "K7Q2"),
    Deed.ANSWER: lambda clinic, who: clinic.early(who, EXAM),
    Deed.DECIDE: decide,
    Deed.TELL: say("fact K7Q2 smoker no"),
    Deed.OVERRIDE: say("override K7Q2 seen @fran in person"),
    Deed.MARK: arrive_on_the_day,
    Deed.REPORT: say("event K7Q2 urgent"),
    Deed.BOOK: say("session K7Q2 2027-04-08 09:30"),
    Deed.MOVE: say("move K7Q2 2027-03-18 09:30"),
    Deed.CANCEL: say("cancel K7Q2 patient is ill"),
    Deed.SIGN: put_a_name_under,
}


@pytest.mark.parametrize(("deed", "role"), some_of(product(DONE, Role)), ids=lambda each: each.name.lower())
def test_a_deed_is_for_the_roles_of_the_table_and_changes_nothing_for_others(deed: Deed, role: Role) -> None:
    clinic = stopped()
    own = (Role.PHYSICIAN,) if deed is Deed.ANSWER else WHO[deed]
    before = clinic.history()

    if role in own:
        DONE[deed](clinic, role.value)
    else:
        with pytest.raises(NotAllowed):
            DONE[deed](clinic, role.value)

    changed = clinic.history() != before
    assert changed == (role in own and deed not in (Deed.SEE, Deed.SIGN))


@pytest.mark.parametrize("role", Role)
def test_no_button_gets_further_than_its_deed(role: Role) -> None:
    clinic = stopped()

    for action, deed in OF_ACTION.items():
        if deed is not Deed.ANSWER and role not in WHO[deed]:
            with pytest.raises(NotAllowed, match=deed.value):
                press(action, key(HISTORY))(clinic, role.value)
            with pytest.raises(NotAllowed, match=deed.value):
                clinic.desk.reply(_form_of(clinic, role, action))


@pytest.mark.parametrize("role", Role)
def test_no_command_gets_further_than_its_deed(role: Role) -> None:
    clinic = stopped()

    for word, deed in OF_COMMAND.items():
        if role not in WHO[deed]:
            with pytest.raises(NotAllowed, match=deed.value):
                clinic.command(role.value, f"{word} K7Q2 2027-03-18 09:30")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PHYSICIAN}))
def test_a_form_that_one_may_not_send_in_does_not_even_open(role: Role) -> None:
    clinic = stopped()

    with pytest.raises(NotAllowed, match="Skin exam is for the physician to answer: Dr Ali is on duty"):
        press(Action.FORM, key(EXAM))(clinic, role.value)


@pytest.mark.parametrize("word", OF_COMMAND)
def test_what_the_table_allows_is_not_refused_for_the_role(word: str) -> None:
    clinic = stopped()

    for role in WHO[OF_COMMAND[word]]:
        try:
            clinic.command(role.value, f"{word} K7Q2")
        except NotAllowed:
            raise
        except BookendError:
            continue


@pytest.mark.parametrize("role", Role)
def test_no_button_of_the_table_is_refused_to_a_role_that_may_press_it(role: Role) -> None:
    clinic = stopped()

    for action, deed in OF_ACTION.items():
        if deed is not Deed.ANSWER and role in WHO[deed]:
            try:
                press(action, key(HISTORY))(clinic, role.value)
            except BookendError as refusal:
                assert deed.value not in str(refusal), (action, str(refusal))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.MEDICAL_DIRECTOR])
@pytest.mark.parametrize("step", [EXAM, HISTORY])
def test_no_button_answers_for_somebody_who_answers_nothing(role: Role, step: str) -> None:
    clinic = stopped()
    before = clinic.history()

    for action, deed in OF_ACTION.items():
        if deed is Deed.ANSWER:
            with pytest.raises(BookendError):
                press(action, key(step))(clinic, role.value)
            with pytest.raises(BookendError):
                clinic.desk.reply(_form_of(clinic, role, action))

    assert clinic.history() == before


def _form_of(clinic: Riverside, role: Role, action: Action) -> Filled:
    return Filled(
        platform=PLATFORM,
        account=role.value,
        once=clinic.once(),
        entries={key(HISTORY): {}},
        revisions={},
        action=action,
    )
