"""Every kind of mistake in a playbook folder: found, in its place, in words that say what was expected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BookendError, Mistakes
from bot.files.playbooks import parse_playbook
from tests.files.samples import FACTS, HEAD, SIGN, STEP, TEXTS, TINY, place, pointed, step

DOSE = "isotretinoin_last_dose"
CHOICE = "{first: [yes, no]}"

#: What is written in a step, and a part of what is said of it.
STEPS = {
    "an unknown key": ({"▸titel": "One"}, "there is no key 'titel' here. Did you mean 'title'?"),
    "an id in capitals": ({"id": "▸One"}, "a step is named like abl.skin_exam"),
    "an id that comes twice": ({"id": "▸g.skin_exam"}, "two steps named 'g.skin_exam'"),
    "an unknown role": ({"role": "▸nures"}, "Did you mean 'nurse'?"),
    "a role that is never asked": ({"role": "▸manager"}, "one of front_desk, nurse, operator, physician"),
    "an unknown phase": ({"phase": "▸prae"}, "Did you mean 'pre'?"),
    "an unknown scope": ({"scope": "▸sesion"}, "Did you mean 'session'?"),
    "an unknown card": ({"card": "▸prop"}, "Did you mean 'prep'"),
    "an unknown ladder": ({"ladder": "▸urgnt"}, "Did you mean 'urgent'?"),
    "an unknown grade": ({"grade": "▸A"}, "one of G, R, T, C, P"),
    "an id of Bookend's own": ({"id": "▸bookend.one"}, "only Bookend's own steps"),
    "an id of a question for all": ({"id": "▸added.one"}, "only what `ask-all` adds begins with 'added.'"),
    "an event that counts from the start": (
        {"phase": "event", "due": "▸start + 1 day at 10:00, even if closed"},
        "a step of the phase event counts from event, not from start",
    ),
    "a usual number that is not allowed": (
        {"ask": "{first: {number: mg, between: [1, 5], normal: ▸6}}"},
        "6 is not between 1 and 5",
    ),
    "a stop beyond the limits of a number": (
        {"ask": "{first: {number: mg, between: [1, 5]}}", "stop": "{md: ▸{first: {above: 5}}}"},
        "never be true",
    ),
    "an answer that this playbook does not allow": (
        {"ask": "{device_class: ▸{choose: [chemical, laser]}}"},
        "device_class is narrowed to chemical; laser is no answer here",
    ),
    "a decision on nothing": (
        {"role": "physician", "ask": "{first: {choose: [a, b], decides: ▸[a]}}"},
        "no `md` stop here to decide on",
    ),
    "a field that reads what nobody knows": (
        {"ask": "{first: {choose: [a, b], reads: [▸smokr]}}"},
        "Did you mean 'smoker'?",
    ),
    "a field that reads a step that is not there": (
        {"ask": "{first: {choose: [a, b], reads: [▸g.nothing_here]}}"},
        "there is no step 'g.nothing_here' here",
    ),
    "an attempt before the one before it": (
        {"attempts": "[evening, 3 days, ▸1 day]"},
        "each attempt comes after the one before it",
    ),
    "an attempt at no moment": ({"attempts": "[▸soon]"}, "expected a length in days"),
    "an attempt on the same day in days": ({"attempts": "[▸0 days]"}, "the same day is `evening`"),
    "a booking by a field that is not there": (
        {"ask": "{on: {date: future}}", "books": "▸when"},
        "there is no field of this step 'when'",
    ),
    "a booking without a date": (
        {"ask": "{on: {choose: [a, b]}}", "books": "▸on"},
        "on is no date that is kept and must be given",
    ),
    "an unknown way to share": ({"shared": "▸yes"}, "room_day"),
    "an unknown way to verify": ({"verify": "▸twice"}, "double"),
    "sources that are no list": ({"sources": "▸S01"}, "a list such as [a, b]"),
    "a validity in months": ({"valid_for": "▸3 months"}, "a length in days"),
    "a validity of centuries": ({"valid_for": "▸9999 weeks"}, "more than a hundred years"),
    "an impossible time": (
        {"due": "▸start - 1 day at 25:00, even if closed"},
        "no such time of day as '25:00'",
    ),
    "an unknown anchor": ({"due": "▸strt - 1 day at 10:00, even if closed"}, "Did you mean 'start'"),
    "days without a time": ({"due": "▸start - 1 day, even if closed"}, "add `at 10:00`"),
    "days without a word on closed days": (
        {"due": "▸start - 1 day at 10:00"},
        "say what happens on a closed day",
    ),
    "an unknown word on closed days": (
        {"due": "▸start - 1 day at 10:00, previous day"},
        "Did you mean 'previous open day'?",
    ),
    "minutes at a time of day": ({"due": "▸start - 30 min at 10:00"}, "only days take a time of day"),
    "an unknown unit": ({"due": "▸start - 30 mints"}, "Did you mean"),
    "a due time in another notation": ({"due": "▸T0-14d@09:00 prev"}, "such as `consult + 60 min`"),
    "an anchor of another phase": ({"due": "▸event + 60 min"}, "only a step of the phase event"),
    "a due time that is a list": ({"due": "▸[start]"}, "expected text, found a list"),
    "a condition on an unknown fact": ({"when": "{▸smokr: yes}"}, "Did you mean 'smoker'?"),
    "a condition on an unknown value": ({"when": "{smoker: ▸maybe}"}, "one of no, yes, unknown"),
    "a truth of JSON": ({"when": "{smoker: ▸true}"}, "Did you mean 'yes'?"),
    "a value in capitals": ({"when": "{smoker: ▸YES}"}, "Did you mean 'yes'?"),
    "a condition in prose": ({"when": "▸smoker = yes"}, "a condition such as {smoker: [yes, unknown]}"),
    "an empty condition": ({"when": "▸{}"}, "leave it out"),
    "one of nothing": ({"when": "{smoker: ▸[]}"}, "at least one word"),
    "any of nothing": ({"when": "{any: ▸[]}"}, "at least one condition"),
    "any of a mapping": ({"when": "{any: ▸{smoker: yes}}"}, "expected a list"),
    "an unknown comparison": ({"when": "{age: {▸beow: 18}}"}, "Did you mean 'below'?"),
    "a comparison with nothing": ({"when": "{age: ▸{}}"}, "one of below, above"),
    "a number that is a word": ({"when": "{age: {below: ▸adult}}"}, "expected a number"),
    "a bare number": ({"when": "{age: ▸18}"}, "write {below: 18}"),
    "a word compared with a number": ({"when": "{smoker: ▸{below: 3}}"}, "not a number"),
    "a word compared with a length": ({"when": "{smoker: {within: ▸3 days}}"}, "not a date"),
    "a length without a unit": ({"when": "{isotretinoin_last_dose: {within: ▸6}}"}, "days or months"),
    "parts that exclude each other": ({"when": "▸{all: [{smoker: yes}, {smoker: no}]}"}, "can never be true"),
    "bounds that exclude each other": ({"when": "▸{age: {below: 18, above: 60}}"}, "can never be true"),
    "a value and its opposite": ({"when": "▸{smoker: yes, not: {smoker: [yes, no]}}"}, "can never be true"),
    "dates that exclude each other": (
        {"when": f"▸{{all: [{{{DOSE}: {{within: 5 days}}}}, {{not: {{{DOSE}: {{within: 2 months}}}}}}]}}"},
        "never",
    ),
    "a value that the playbook rules out": ({"when": "▸{device_class: ipl}"}, "can never be true"),
    "a field without a kind": ({"ask": "{first: ▸{label: First}}"}, "exactly one of choose"),
    "a field of two kinds": ({"ask": "{first: ▸{choose: [a], text: any}}"}, "exactly one of choose"),
    "an unknown kind of field": ({"ask": "{first: {▸choos: [a]}}"}, "Did you mean 'choose'"),
    "an unknown short field": ({"ask": "{first: ▸yesno}"}, "Did you mean 'yes_no'"),
    "a key of another kind of field": ({"ask": "{first: {text: any, ▸between: [1, 2]}}"}, "no key 'between'"),
    "a field in capitals": ({"ask": "{▸First dose: text}"}, "small letters, digits and underscores"),
    "a field named like a word of conditions": ({"ask": "{▸any: text}"}, "a word of conditions"),
    "a field that comes twice": ({"ask": "{first: text, ▸first: date}"}, "'first' stands here twice"),
    "no choices": ({"ask": "{first: {choose: ▸[]}}"}, "at least one word"),
    "a choice that comes twice": ({"ask": "{first: [a, ▸a]}"}, "'a' stands here twice"),
    "a normal that is no choice": ({"ask": "{first: {choose: [yes, no], normal: ▸maybe}}"}, "one of yes, no"),
    "several normals of which one is no choice": (
        {"ask": "{first: {choose_many: [a, b], normal: [a, ▸c]}}"},
        "one of a, b",
    ),
    "limits the wrong way round": (
        {"ask": "{first: {number: mg, between: ▸[5, 1]}}"},
        "the least and the most",
    ),
    "an unknown tense": ({"ask": "{first: {date: ▸yesterday}}"}, "one of past, future, any"),
    "a text of some kind": ({"ask": "{first: {text: ▸some}}"}, "one of any"),
    "a time of some kind": ({"ask": "{first: {time: ▸noon}}"}, "one of any"),
    "several choices that set a fact": (
        {"ask": "{first: {choose_many: [a], sets: ▸{smoker: {a: yes}}}}"},
        "one choice sets a fact",
    ),
    "a flag that is neither": ({"ask": "{first: {text: any, optional: ▸often}}"}, "one of yes, no"),
    "a division by words": ({"ask": "{first: {divide: [▸a, b]}, a: text, b: number}"}, "cannot be divided"),
    "a division by nothing known": (
        {"ask": "{first: {divide: [a, ▸bb]}, a: number}"},
        "no field of this step 'bb'",
    ),
    "a division by one": ({"ask": "{first: {divide: ▸[a]}, a: number}"}, "two number fields"),
    "a decision that is no choice": (
        {"role": "physician", "ask": "{first: {choose: [a, b], decides: [▸c]}}", "stop": "{md: {first: b}}"},
        "one of a, b",
    ),
    "a decision by a nurse": (
        {"ask": "{first: {choose: [a, b], decides: ▸[a]}}"},
        "only a physician decides",
    ),
    "a field that sets an unknown fact": (
        {"ask": "{first: {choose: [yes], sets: ▸smokr}}"},
        "Did you mean 'smoker'?",
    ),
    "a field that sets what a fact cannot be": (
        {"ask": "{first: {choose: [often], sets: ▸smoker}}"},
        "one of no, yes, unknown, never often",
    ),
    "a field of a fact's name with other words": ({"ask": "{smoker: ▸[often]}"}, "`sets: nothing` leaves"),
    "a field of a fact's name of another kind": ({"ask": "{smoker: ▸text}"}, "cannot hold a text"),
    "a field that sets a fact of the booking": (
        {"ask": "{first: {choose: [yes, no], sets: ▸last_session}}"},
        "follows from the booking",
    ),
    "an answer that cannot be given": (
        {"ask": "{first: {choose: [a], sets: {smoker: {▸b: yes}}}}"},
        "one of a",
    ),
    "a value that cannot be set": (
        {"ask": "{first: {choose: [a], sets: {smoker: {a: ▸maybe}}}}"},
        "one of no, yes, unknown",
    ),
    "a number set by words": ({"ask": "{first: {choose: [a], sets: {▸age: {a: 3}}}}"}, "made of words"),
    "a line of the chart that sets a fact": (
        {"ask": "{first: {choose: [yes], record: chart, sets: ▸smoker}}"},
        "sets no fact",
    ),
    "a line of the chart that stops": (
        {"ask": "{first: {choose: [yes], record: chart}}", "stop": "{md: {▸first: yes}}"},
        "cannot stop anything",
    ),
    "a stop on a value that cannot be chosen": (
        {"ask": CHOICE, "stop": "{md: {first: ▸never}}"},
        "one of yes, no",
    ),
    "a stop on an unknown field": ({"ask": CHOICE, "stop": "{md: {▸frist: no}}"}, "Did you mean 'first'?"),
    "a stop of an unknown level": ({"ask": CHOICE, "stop": "{▸mdd: {first: no}}"}, "Did you mean 'md'?"),
    "an empty stop": ({"stop": "▸{}"}, "`hard:` or `md:` with a condition"),
    "a stop in one unknown word": ({"stop": "▸soft"}, "one of hard, md"),
    "a stop that can never be": (
        {"ask": CHOICE, "stop": "{hard: ▸{first: no, not: {first: no}}}"},
        "never be true",
    ),
    "fields that are no mapping": ({"ask": "▸[yes, no]"}, "`name: value` lines"),
}


def mistakes_in(texts: dict[str, str]) -> Mistakes:
    """Return what is wrong with the small playbook."""
    with pytest.raises(Mistakes) as wrong:
        parse_playbook(texts, "tiny")
    return wrong.value


@pytest.mark.parametrize("name", STEPS)
def test_a_mistake_in_a_step_is_found_in_its_place(name: str) -> None:
    lines, words = STEPS[name]
    text, where = pointed(HEAD + step(**lines), "tiny.yaml")

    mistakes = mistakes_in({**TEXTS, "tiny.yaml": text}).mistakes

    assert [place(mistake) for mistake in mistakes] == [where]
    assert words in mistakes[0].what


#: Which file is changed, what in it is replaced by what, and a part of what is said of it.
FILES = {
    "an unknown key of a playbook": (
        "tiny.yaml",
        "version: 3",
        "version: 3\n▸versoin: 4",
        "Did you mean 'version'?",
    ),
    "a version in words": ("tiny.yaml", "version: 3", "version: ▸three", "a whole number"),
    "more minutes than a day has": ("tiny.yaml", "minutes: 45", "minutes: ▸99999", "from 1 to 1440"),
    "an include that comes twice": ("tiny.yaml", "[every]", "[every, ▸every]", "'g.skin_exam' a second time"),
    "a usual number of a fact that is not allowed": (
        "facts.yaml",
        "default: 40",
        "between: [0, 30], default: ▸40",
        "40 is not between 0 and 30",
    ),
    "no minutes": ("tiny.yaml", "minutes: 45", "minutes: ▸0", "from 1 to 1440"),
    "a key that comes twice": (
        "tiny.yaml",
        "version: 3",
        "version: 3\n▸version: 3",
        "the first is on line 4",
    ),
    "an include that does not exist": ("tiny.yaml", "[every]", "[▸evry]", "Did you mean 'every'?"),
    "a fact that cannot be narrowed": (
        "tiny.yaml",
        "device_class",
        "▸device",
        "Did you mean 'device_class'?",
    ),
    "a value that cannot be narrowed to": (
        "tiny.yaml",
        "[chemical]",
        "[▸chemicals]",
        "Did you mean 'chemical'?",
    ),
    "nothing that is allowed": ("tiny.yaml", "[chemical]", "▸[]", "at least one value"),
    "steps that are no list": ("tiny.yaml", STEP, "  ▸a: b\n", "a list such as"),
    "a step that is a word": ("tiny.yaml", STEP, "  - ▸a\n", "`name: value` lines"),
    "a review on no day": (
        "tiny.yaml",
        "steps:",
        "review: {medical_director: Dr Ali, reviewed_on: ▸2027-02-30, next_review: 2028-01-01}\nsteps:",
        "no such date",
    ),
    "a next review before this one": (
        "tiny.yaml",
        "steps:",
        "review: {medical_director: Dr Ali, reviewed_on: 2027-02-20, next_review: ▸2027-01-01}\nsteps:",
        "lies before",
    ),
    "a step without a title": (
        "every.yaml",
        "id: g.skin_exam\n    phase: consult\n    title: Skin exam\n",
        "▸id: g.skin_exam\n    phase: consult\n",
        "`title` is missing",
    ),
    "a mistake in an included step": (
        "every.yaml",
        "role: physician",
        "role: ▸physican",
        "Did you mean 'physician'?",
    ),
    "a file that cannot be read": ("every.yaml", "steps:", "▸\tsteps:", "not valid YAML"),
    "an empty playbook": ("tiny.yaml", TINY, SIGN, "nothing that Bookend reads"),
    "an unknown key of a facts file": ("facts.yaml", "facts:\n", "▸version: 2\nfacts:\n", "no key 'version'"),
    "an unknown key of an include": ("every.yaml", "steps:", "▸minutes: 2\nsteps:", "no key 'minutes'"),
    "an unknown key of a review": (
        "tiny.yaml",
        "steps:",
        "review: {▸director: Dr Ali}\nsteps:",
        "medical_director",
    ),
    "an arrival after the usual one": (
        "tiny.yaml",
        "steps:",
        "arrive: {usually: 45 min, earlier: [{before: ▸30 min, when: {smoker: yes}}]}\nsteps:",
        "no earlier than usual, which is 45 min",
    ),
    "an arrival in days": ("every.yaml", "steps:", "arrive: {usually: ▸1 day}\nsteps:", "a length in min"),
    "an arrival without a reason": (
        "tiny.yaml",
        "steps:",
        "arrive: {usually: 45 min, earlier: [▸{before: 60 min}]}\nsteps:",
        "`when` is missing",
    ),
    "an unknown key of an arrival": ("tiny.yaml", "steps:", "arrive: {▸usual: 45 min}\nsteps:", "'usually'"),
    "a fact that starts with no word of its own": (
        "facts.yaml",
        "{title: Face, ",
        "{title: Face, starts: ▸maybe, ",
        "one of no, yes",
    ),
    "a number that starts with a word": (
        "facts.yaml",
        "{title: Age, ",
        "{title: Age, starts: ▸forty, ",
        "only a fact made of words",
    ),
    "a fact of Bookend's own in another kind": (
        "facts.yaml",
        'session_no: {title: Session, number: "", default: 1}',
        "session_no: ▸{title: Session, date: any}",
        "set by Bookend itself and is a number",
    ),
    "a default of a word": ("facts.yaml", "{title: Face, ", "{title: Face, default: ▸no, ", "only a number"),
    "an unknown tense of a fact": ("facts.yaml", "date: past", "date: ▸before", "one of past, future, any"),
    "an unknown key of a fact": (
        "facts.yaml",
        "{title: Face, ",
        "{title: Face, ▸valus: [no], ",
        "mean 'values'",
    ),
    "a fact of two kinds": ("facts.yaml", "{title: Age,", "▸{title: Age, values: [a],", "exactly one of"),
    "a fact without a title": (
        "facts.yaml",
        "  area_face: {title: Face, ",
        "  area_face: ▸{",
        "`title` is missing",
    ),
    "a value that comes twice": ("facts.yaml", "[no, yes]", "[no, yes, ▸yes]", "'yes' stands here twice"),
    "a default that is no number": ("facts.yaml", "default: 40", "default: ▸forty", "expected a number"),
    "a fact named like a word of conditions": (
        "facts.yaml",
        "facts:\n",
        "facts:\n  ▸not: {title: Not, values: [a]}\n",
        "a word of conditions",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_mistake_in_a_file_is_found_in_its_place(name: str) -> None:
    file, before, after, words = FILES[name]
    assert before in TEXTS[file]
    text, where = pointed(TEXTS[file].replace(before, after, 1), file)

    mistakes = mistakes_in({**TEXTS, file: text}).mistakes

    assert where in [place(mistake) for mistake in mistakes]
    assert words in str(Mistakes(mistake for mistake in mistakes if place(mistake) == where))


def test_all_mistakes_of_all_files_come_out_at_once_in_order() -> None:
    texts = {
        "facts.yaml": FACTS.replace("default: 40", "default: forty"),
        "every.yaml": TEXTS["every.yaml"].replace("phase: consult", "phase: consultation"),
        "tiny.yaml": TINY.replace("role: nurse", "role: nurs").replace(
            "{first_dose_taken: no}", "{first_dose: no}"
        ),
    }

    wrong = mistakes_in(texts)

    assert [place(mistake) for mistake in wrong.mistakes] == [
        *("every.yaml:4:12", "facts.yaml:2:51", "tiny.yaml:13:11", "tiny.yaml:19:17")
    ]
    assert len(str(wrong).splitlines()) == 4


def test_a_playbook_without_facts_says_only_that() -> None:
    wrong = mistakes_in({name: text for name, text in TEXTS.items() if name != "facts.yaml"})

    assert str(wrong) == "tiny.yaml:1:1: there is no facts file (`facts:`) beside this playbook"


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(min_value=0, max_value=2000),
    st.integers(min_value=0, max_value=12),
    st.text(max_size=3)
    | st.sampled_from(["yes", "[", "]", "{", "}", ": ", "- ", "\n", "\n  ", "*a", "&a ", "null", "9"]),
)
def test_however_a_file_is_mangled_it_is_read_or_every_mistake_has_a_place(
    file: str, at: int, length: int, put: str
) -> None:
    text = TEXTS[file]
    at %= len(text)
    texts = {**TEXTS, file: text[:at] + put + text[at + length :]}

    try:
        parse_playbook(texts, "tiny")
    except Mistakes as wrong:
        assert all(mistake.line and mistake.column and mistake.what for mistake in wrong.mistakes)
    except BookendError as wrong:
        assert "playbook" in str(wrong)
