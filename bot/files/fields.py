"""The fields of a step: what `ask` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.conditions import Value
from bot.core.facts import DERIVED, FROM_THE_CASE, Fact, FactKind
from bot.core.kinds import FieldKind
from bot.core.playbook import ANY, PEOPLE, PROCEDURE, Field
from bot.core.red_flags import OTHER
from bot.files.entry import Entry
from bot.files.facts import between, plain_name, within, words

#: The key that says what a field takes.
KINDS = {
    "choose": FieldKind.CHOICE,
    "choose_many": FieldKind.SEVERAL,
    "text": FieldKind.TEXT,
    "number": FieldKind.NUMBER,
    "date": FieldKind.DATE,
    "time": FieldKind.TIME,
    "divide": FieldKind.RATIO,
}
#: Fields in one word.
SHORT = {
    "yes_no": (FieldKind.CHOICE, ("yes", "no"), None),
    "no_yes": (FieldKind.CHOICE, ("no", "yes"), "no"),
    "text": (FieldKind.TEXT, (), None),
    "number": (FieldKind.NUMBER, (), None),
    "date": (FieldKind.DATE, (), None),
    "time": (FieldKind.TIME, (), None),
}
#: Instead of a list of choices: the signs of all red flags, and "other".
SIGNS = "red_flags"
COMMON = ("label", "help", "optional", "identity", "record", "sets", "reads")
#: Further keys that only some kinds have.
FURTHER = {
    FieldKind.CHOICE: ("normal", "decides"),
    FieldKind.SEVERAL: ("normal",),
    FieldKind.TEXT: ("normal",),
    FieldKind.NUMBER: ("normal", "between"),
    FieldKind.DATE: ("known",),
    FieldKind.TIME: (),
    FieldKind.RATIO: ("unit",),
}
_HOLDS = {FieldKind.CHOICE: FactKind.WORD, FieldKind.NUMBER: FactKind.NUMBER, FieldKind.DATE: FactKind.DATE}
_OTHERWISE = "`sets: nothing` leaves the fact alone"

Facts = Mapping[str, Fact]


def parse_fields(entry: Entry, facts: Facts, signs: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """Return the fields of a step in their order; `signs` are those of the red flags beside it."""
    fields = tuple(_field(key, value, facts, signs) for key, value in entry.pairs())
    by_name = {field.name: field for field in fields}
    for key, value in entry.pairs():
        divided = by_name[key.text()]
        if divided.of:
            _check_divided(value, divided.of, by_name)
    return fields


def _check_divided(entry: Entry, names: Iterable[str], fields: Mapping[str, Field]) -> None:
    for name, each in zip(names, entry.need("divide").each(), strict=False):
        if name not in fields:
            each.known(fields, "field of this step")
        elif fields[name].kind is not FieldKind.NUMBER:
            each.wrong(f"{name} is no number and cannot be divided")


def _field(key: Entry, entry: Entry, facts: Facts, signs: tuple[str, ...]) -> Field:
    name = plain_name(key, "field")
    label = name.replace("_", " ").strip().capitalize()
    if entry.is_mapping:
        return _long(name, label, entry, facts, signs)
    if entry.is_list:
        kind, choices, normal = FieldKind.CHOICE, words(entry), None
    else:
        kind, choices, normal = SHORT[entry.one_of(SHORT)]
    sets = _by_name(entry, name, kind, choices, facts)
    return Field(name=name, label=label, kind=kind, choices=choices, normal=normal, sets=sets)


def _long(name: str, label: str, entry: Entry, facts: Facts, signs: tuple[str, ...]) -> Field:
    key = _kind(entry)
    if key is None:
        return Field(name=name, label=label, kind=FieldKind.TEXT)
    kind = KINDS[key]
    value = entry.get(key) or Entry(source=entry.source, line=entry.line, column=entry.column)
    choices = _choices(value, kind, signs)
    chart = entry.maybe("record", lambda record: record.one_of(("chart",)), "") != ""
    least, most = between(entry)
    if kind in (FieldKind.TEXT, FieldKind.TIME):
        value.one_of(("any",))
    return Field(
        name=name,
        label=entry.maybe("label", Entry.text, label),
        kind=kind,
        choices=choices,
        normal=_normal(entry, kind, choices),
        optional=entry.maybe("optional", Entry.flag, False),
        unit=_unit(value) if kind is FieldKind.NUMBER else entry.maybe("unit", Entry.text, ""),
        least=least,
        most=most,
        of=_of(value) if kind is FieldKind.RATIO else None,
        identity=entry.maybe("identity", Entry.flag, False),
        chart=chart,
        sets=_sets(entry, name, kind, choices, facts, chart=chart),
        decides=entry.maybe("decides", lambda decides: decides.all_of(choices), ()),
        help=entry.maybe("help", Entry.text, ""),
        tense=value.one_of(("past", "future", "any")).removeprefix("any") if kind is FieldKind.DATE else "",
        known=entry.maybe("known", lambda known: known.one_of(FROM_THE_CASE), ""),
        signs=_of_signs(value, kind),
        reads=entry.maybe("reads", lambda reads: _reads(reads, facts), ()),
    )


def _reads(entry: Entry, facts: Facts) -> tuple[str, ...]:
    # which steps there are is known when all of them were read
    return tuple(each.text() if "." in str(each.content) else _read(each, facts) for each in entry.each())


def _read(entry: Entry, facts: Facts) -> str:
    return entry.known([*facts, PROCEDURE, PEOPLE], "fact or step to read")


def check_reads(step: Entry, known: Iterable[str]) -> None:
    """Note every step that a field of this step would read and that is not there."""
    asked = step.get("ask")
    for _, field in asked.pairs() if asked and asked.is_mapping else ():
        reads = field.get("reads") if field.is_mapping else None
        for each in reads.each() if reads else ():
            if "." in str(each.content) and not str(each.content).startswith(ANY):
                each.known(known, "step")


def _of_signs(entry: Entry, kind: FieldKind) -> bool:
    return kind is FieldKind.SEVERAL and entry.content == SIGNS


def _choices(entry: Entry, kind: FieldKind, signs: tuple[str, ...]) -> tuple[str, ...]:
    if not _of_signs(entry, kind):
        return words(entry) if kind in (FieldKind.CHOICE, FieldKind.SEVERAL) else ()
    if not signs:
        entry.wrong("there is no file with `red_flags:` beside this one to take the signs from")
    return (*signs, OTHER)


def _kind(entry: Entry) -> str | None:
    found = [name for name in KINDS if isinstance(entry.content, dict) and name in entry.content]
    if len(found) == 1:
        entry.only(found[0], *COMMON, *FURTHER[KINDS[found[0]]])
        return found[0]
    if entry.only(*KINDS, *COMMON, *{key for keys in FURTHER.values() for key in keys}):
        entry.wrong(f"a field has exactly one of {', '.join(KINDS)}")
    return None


def _unit(entry: Entry) -> str:
    return entry.text() if entry.is_word and entry.content else ""


def _of(entry: Entry) -> tuple[str, str] | None:
    names = entry.texts()
    if len(names) == 2:
        return names[0], names[1]
    entry.wrong("expected two number fields: the first is divided by the second")
    return None


def _normal(entry: Entry, kind: FieldKind, choices: tuple[str, ...]) -> Value:
    normal = entry.get("normal")
    if normal is None:
        return None
    if kind is FieldKind.CHOICE:
        return normal.one_of(choices)
    if kind is FieldKind.SEVERAL:
        return normal.all_of(choices)
    return within(normal, between(entry)) if kind is FieldKind.NUMBER else normal.text()


def _sets(
    entry: Entry, name: str, kind: FieldKind, choices: tuple[str, ...], facts: Facts, *, chart: bool
) -> dict[str, dict[str, str]]:
    sets = entry.get("sets")
    if chart:
        if sets:
            sets.wrong("what is only written in the chart sets no fact; take `record: chart` or `sets` away")
        return {}
    if sets is None:
        return _by_name(entry, name, kind, choices, facts)
    if sets.is_mapping:
        if kind is not FieldKind.CHOICE:
            sets.wrong(f"only a field with one choice sets a fact word by word, not a {kind}")
        return {key.text(): _mapping(key, value, choices, facts) for key, value in sets.pairs()}
    if sets.content == "nothing":
        return {}
    fact = sets.known(facts, "fact")
    _check_fact(sets, fact, kind, choices, facts)
    return {fact: {}}


def _by_name(
    entry: Entry, name: str, kind: FieldKind, choices: tuple[str, ...], facts: Facts
) -> dict[str, dict[str, str]]:
    if name not in facts:
        return {}
    _check_fact(entry, name, kind, choices, facts)
    return {name: {}}


def _check_fact(entry: Entry, name: str, kind: FieldKind, choices: tuple[str, ...], facts: Facts) -> None:
    fact = facts.get(name)
    if fact is None:
        return
    if name in DERIVED:
        entry.wrong(f"{name} follows from the booking and cannot be set; {_OTHERWISE}")
    elif _HOLDS.get(kind) is not fact.kind:
        entry.wrong(f"the fact {name} is a {fact.kind} and cannot hold a {kind}; {_OTHERWISE}")
    elif strange := [word for word in choices if word not in fact.words]:
        never = ", ".join(strange)
        entry.wrong(f"the fact {name} is one of {', '.join(fact.words)}, never {never}; {_OTHERWISE}")


def _mapping(key: Entry, entry: Entry, choices: tuple[str, ...], facts: Facts) -> dict[str, str]:
    name = key.known([each for each in facts if each not in DERIVED], "fact that can be set")
    known = facts[name].words if name in facts else ()
    if known:
        return {answer.one_of(choices): value.one_of(known) for answer, value in entry.pairs()}
    if name in facts:
        key.wrong(f"{name} is a {facts[name].kind}; only a fact made of words can be set word by word")
    return {}
