"""The guard on what people type: words that tell who a patient is, or how to reach one, are not kept.

It looks for birth dates, numbers of telephones and records, addresses, and names: those of the clinic's own
patients where `minding` says who they are, else what only a name looks like. It errs towards asking for other
words: that costs seconds. `python -m tests.guard` measures how often it errs, either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, permutations

from bot.core import spelling
from bot.core.errors import WrongValues
from bot.core.identity import Identity
from bot.core.names import ALSO_WORDS, FIRST_NAMES

#: How long a note may be: a line or two, not a letter.
LONGEST = 1000
#: From this year on a whole date is taken for something that happened or is planned, not for a birth date.
LATELY = 2020
#: Lasers and lamps: numbers of a handpiece, in nanometres, that stand in a row and reach nobody.
WAVELENGTHS = frozenset(
    (308, 488, 511, 532, 540, 560, 577, 585, 590, 595, 640, 650, 694, 695, 755, 800, 808, 810, 940, 980)
) | {1064, 1319, 1320, 1340, 1410, 1440, 1450, 1470, 1540, 1550, 1565, 1570, 1927, 2790, 2936, 2940, 10600}
#: A word of a patient's name that is shorter is looked for only beside another one of it.
SHORTEST = 4
#: Two words of it that were typed as one are looked for from this length on.
TOGETHER = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Minded:
    """Whose names count: the clinic's `patients`, read only when words were typed, and not its staff's."""

    patients: Callable[[], Sequence[Sought]]
    staff: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """What is looked for of a patient: words of the name, those that are enough by themselves, the record."""

    name: frozenset[str]
    enough: frozenset[str]
    record: re.Pattern[str] | None


_NOBODY = Minded(patients=tuple, staff=frozenset())
_MINDED: ContextVar[Minded] = ContextVar("minded", default=_NOBODY)


@contextmanager
def minding(patients: Callable[[], Iterable[Identity]], staff: Iterable[str]) -> Iterator[None]:
    """Look for these patients' names in all that is typed meanwhile; `staff` are names that may stay."""
    words = frozenset(word for name in staff for word in spelling.words(name))
    # read once for all the texts of a form
    sought = cache(lambda: [_sought(each, words) for each in patients()])
    before = _MINDED.set(Minded(patients=sought, staff=words))
    try:
        yield
    finally:
        _MINDED.reset(before)


def noted(text: str) -> str:
    """Return a typed note, trimmed; raise WrongValues if it looks as if it named a patient."""
    try:
        return unnamed(text)
    except ValueError as wrong:
        raise WrongValues({"note": str(wrong)}) from None


def unnamed(text: str) -> str:
    """Return typed words, trimmed and without characters that nobody sees; raise ValueError with what looks
    as if it named a patient.
    """
    seen = spelling.visible(text[: LONGEST + 1]).strip()
    if len(text) > LONGEST:
        raise ValueError(f"Please keep it under {LONGEST} characters; nothing was kept.")
    if what := looks_like(seen):
        raise ValueError(
            f"This looks like {what}. Please leave it out, or write the case code; nothing was kept."
        )
    return seen


def looks_like(text: str) -> str:
    """Return what in a text tells who a patient is or how to reach one, in words; "" where nothing does."""
    plain, minded = spelling.plain(text), _MINDED.get()
    return _dated(plain) or _numbered(plain) or _called(plain, minded.staff) or _known(plain, minded)


# every repetition is bounded: no text can make one of these take long
_MONTHS = (
    "jan",
    "feb",
    "mar|mär|maer",
    "apr|abr|avr",
    "may|mai",
    "jun",
    "jul",
    "aug|ago|aoû",
    "sep",
    "oct|okt",
)
_MONTH = rf"(?:{'|'.join((*_MONTHS, 'nov', 'dec|dez|dic|déc'))})[^\W\d_]{{0,7}}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<![\d.])(?<!\d[-/])(?:(\d{{4}})(?P<one> ?[-/._] ?){_DAY}(?P=one){_DAY}"
    rf"|{_DAY}(?P<other> ?[-/._] ?){_DAY}(?P=other)(\d{{4}}|\d\d)"
    rf"|{_DAY}(?:st|nd|rd|th|\.)? ?(?:of )?{_MONTH}\.?,? ?['’]?(\d{{4}}|\d\d(?!:))"
    rf"|{_MONTH} {_DAY}(?:st|nd|rd|th)?,? (?:(\d{{4}})|['’](\d\d)))"
    # not four settings in a row, nor three doses
    r"(?!\d|[-/]\d| ?(?:mg|ml|j|ms|mm|nm|w|hz|%)\b)",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:dob|d\.o\.b|born|birth ?da(?:te|y)|date of birth|geb|geboren|née? le|nacid[oa]|nat[oa] il)\b"
    r"[^\d\n]{0,8}\d[\d .]{1,8}",
    re.IGNORECASE,
)


def _dated(plain: str) -> str:
    """Find a day of birth: one that is told as such, or a whole date of long ago."""
    told = any(map(_long_ago, _DATE.finditer(plain)))
    return "a birth date (of another day, write month and year alone)" if told or _BORN.search(plain) else ""


def _long_ago(found: re.Match[str]) -> bool:
    year = next(each for each in found.groups() if each and each.isdecimal())
    # nobody was born in a year to come; of two digits, those of this decade are lately
    return int(year) < LATELY if len(year) == 4 else not LATELY <= 2000 + int(year) < LATELY + 10


#: A batch, a device: its number is nobody's.
_LOT = re.compile(
    r"\b(?:lot|batch|charge|serial|s/?n|ref|gtin|ndc|udi|seal|exp|order|version)\b\W{0,2}"
    r"(?:(?:no|nr|number)\b\W{0,2})?(?!0\d{10}\b)[\w/-]{1,16}"
    # or what is counted, or a place in a network
    r"|\b\d{1,9} (?:shots?|pulses?|passes)\b|\bcount(?:er)?\b\W{0,2}\d{1,9}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])")
_RUN = re.compile(r"\+?\(?(?<!\w)\d(?:[\s.()/\u2010-\u2015-]{0,3}\d){5,40}")
_CALL = re.compile(
    r"(?:tel|call|phone|mobile|cell|ring|number|text|whatsapp|handy)[^\d\n]{0,12}$", re.IGNORECASE
)
_PHONE_OR_RECORD = "a phone or record number"
_MAIL = "an e-mail address"
_NUMBER = r"(?:no|nr|number|id)\b"
_FILE = "rec(?:ord)?|chart|file|dossier|pat(?:ient)?|pt|client|hosp(?:ital)?|insurance|passport|card|id"
_STREET = "street|st|road|rd|avenue|ave|lane|drive|close|court|crescent|boulevard|blvd"
_TOLD = tuple(
    (re.compile(pattern, re.IGNORECASE), what)
    for pattern, what in (
        (
            r"[\w.+-]{1,64}@ ?[\w-]{1,64}\.\w|\w ?[(\[]at[)\]] ?\w|\w @ [\w-]{1,64}\.\w| at \w{2,30} dot \w",
            _MAIL,
        ),
        (rf"\b(?:mrn|nhs|ssn)\b\W{{0,3}}(?:{_NUMBER}\W{{0,3}})?\d{{3}}", _PHONE_OR_RECORD),
        (
            rf"\b(?:{_FILE})\b\W{{0,3}}(?:{_NUMBER}|#)\W{{0,3}}[a-z]{{0,3}}-?\d[\w-]{{2}}",
            _PHONE_OR_RECORD,
        ),
        (rf"\b\d{{1,4}}[a-z]?,? (?:[a-z]\w{{1,20}} ){{1,2}}(?:{_STREET})\b", "an address"),
        (r"\b\w{3,30}(?:straße|strasse|str\.|gasse|platz|weg) \d", "an address"),
        (r"\b(?:rue|calle|avenida) (?:(?:de|la|del|des) ?){0,2}\W?\w{3,30}", "an address"),
    )
)


def _numbered(plain: str) -> str:
    """Find a number or an address by which somebody is reached or looked up."""
    rest = _DATE.sub("…", _LOT.sub("…", plain))
    for pattern, what in _TOLD:
        if pattern.search(rest):
            return what
    rest = _DECIMAL.sub("…", rest)
    reaches = any(_reaches(found[0], rest[: found.start()]) for found in _RUN.finditer(rest))
    return _PHONE_OR_RECORD if reaches else ""


def _reaches(run: str, before: str) -> bool:
    """Say whether digits in a row are a telephone's or a record's, and not what a device was set to."""
    groups = re.findall(r"\d+", run)
    long, lengths = len("".join(groups)), {len(group) for group in groups}
    if all(int(group) in WAVELENGTHS for group in groups):
        return False
    if run.startswith("+") or max(lengths) >= 7 or _CALL.search(before):
        return True
    if run.lstrip("(").startswith("0") and long >= 9:
        return True
    # (202) 555-0143, 943 476 5919, 078-05-1120; not 300 400 500 600
    return len(lengths) > 1 and ((long >= 9 and max(lengths) >= 3) or (long == 8 and max(lengths) >= 4))


_CAPITAL = r"[^\W\d_a-zà-ÿ]"
_OF = r"(?:(?:van|von|der|den|de|di|da|la|le) ){0,3}"
_TITLED = re.compile(
    rf"\b(?i:mrs|mr|mx|frau|herrn?|mme|mlle|madame|monsieur|señora?|signora?)\b\.? (?i:and mrs\.? )?{_OF}"
    rf"([^\W\d_][\w'’-]{{1,30}})"
    rf"|\b(?:Ms|Miss|Master|Lady|Sra?|Sig)\b\.? {_OF}({_CAPITAL}[\w'’-]{{1,30}})"
)
_DEAR = re.compile(rf"\b[Dd]ear ({_CAPITAL}[^\W\d_]{{1,20}})")
#: What follows "Mrs" or "Dear" and is nobody's name.
_NOBODYS = frozenset(
    [
        "all",
        "asked",
        "called",
        "came",
        "colleagues",
        "doctor",
        "has",
        "is",
        "rang",
        "said",
        "team",
        "wants",
        "was",
        "who",
        "will",
        "with",
    ]
)
#: What stands before a colleague's name.
_COLLEAGUE = re.compile(r"\b(?:[Dd]r|[Pp]rof|[Nn]urse|Sister|[Dd]octor|St)\.? $|@$")
#: An initial and a name; not a bacterium, nor who makes needles.
_INITIAL = re.compile(rf"\b{_CAPITAL}\. ?({_CAPITAL}[^\W\d_A-Z]{{3,30}})")
_MADE_OF = frozenset(["braun", "coli", "aureus", "acnes"])


def _called(plain: str, staff: frozenset[str]) -> str:
    """Find what only a name looks like: Mrs and a word, J. and a word, a first name."""
    found = ("".join(names) for names in (*_TITLED.findall(plain), *_DEAR.findall(plain)))
    told = [name for name in found if name.casefold() not in _NOBODYS]
    told += [name for name in _INITIAL.findall(plain) if name.casefold() not in _MADE_OF]
    told += [
        each[0]
        for each in re.finditer(r"[^\W\d_]+", plain)
        if each[0].casefold() in FIRST_NAMES and not _COLLEAGUE.search(plain[: each.start()])
        # a herb
        if not plain.startswith("'s wort", each.end())
    ]
    return "a name" if any(not staff.issuperset(spelling.words(name)) for name in told) else ""


def _known(plain: str, minded: Minded) -> str:
    """Find a patient of the clinic's own."""
    typed = spelling.meant(plain)
    words, spelt = spelling.words(typed), spelling.spelt(typed)
    if not words or minded is _NOBODY:
        return ""
    for patient in minded.patients():
        if _names(words, patient) or (spelt != words and _names(spelt, patient)):
            return "a patient's name"
        if patient.record and patient.record.search(plain):
            return _PHONE_OR_RECORD
    return ""


def _sought(patient: Identity, staff: frozenset[str]) -> Sought:
    words = spelling.words(patient.name)
    name = {word for word in (*words, *spelling.spelt(patient.name)) if len(word) > 1}
    # O'Brien is typed as "obrien", too
    together = {"".join(two) for two in permutations(words, 2)}
    enough = {word for word in name if len(word) >= SHORTEST} - ALSO_WORDS - staff
    return Sought(
        name=frozenset(name),
        enough=frozenset(enough | {word for word in together if len(word) >= TOGETHER}),
        record=_record(patient.record),
    )


def _names(words: list[str], patient: Sought) -> bool:
    # "testovas", of whom it is
    if not patient.enough.isdisjoint({*words, *(word.removesuffix("s") for word in words)}):
        return True
    return any(one != other and {one, other} <= patient.name for one, other in pairwise(words))


def _record(record: str) -> re.Pattern[str] | None:
    signs = re.findall(r"\w", record)
    told = r"[\W_]{0,2}".join(map(re.escape, signs))
    return re.compile(rf"(?<!\w){told}(?!\w)", re.IGNORECASE) if len(signs) >= SHORTEST else None
