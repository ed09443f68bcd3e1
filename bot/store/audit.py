"""The audit: reads lines, seals and signatures again, and says in plain sentences what is not as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from bot.store import chain, rows, signatures
from bot.store.plain import from_text
from bot.store.seals import newest
from bot.store.tables import cases, history, seals

#: Case code -> the number of its last sealed line, and that line's link.
Sealed = dict[str, tuple[int, str]]
#: What reading a value raises that somebody changed by hand into something else.
_UNREADABLE = (ValueError, TypeError)


def verify(connection: Connection, key: bytes, outside: Mapping[str, Any] | None = None) -> list[str]:
    """Return what is wrong, nothing if all is whole; `outside` is a seal that was kept elsewhere."""
    sealed: Sealed = {}
    signed: list[tuple[str, int, str]] = []
    problems = [*_readable("the seals", _seals(connection, key, sealed, signed))]
    problems += _readable("the signatures", signatures.verify(connection, key))
    problems += signatures.against_seals(connection, signed)
    problems += _outside(connection, outside) if outside is not None else []
    ends = {row["code"]: row for row in connection.execute(_ends).mappings()}
    written = set(connection.scalars(select(history.c.code).distinct()))
    for code in sorted(written | ends.keys() | sealed.keys()):
        problems += _readable(code, _case(connection, key, code, ends.get(code), sealed.get(code)))
    return problems


def proof(connection: Connection, key: bytes, code: str) -> dict[str, Any]:
    """Return a case's lines as they are chained, in plain JSON, and what is wrong with them."""
    sealed: Sealed = {}
    problems = [*_readable("the seals", _seals(connection, key, sealed, []))]
    end = connection.execute(_ends.where(cases.c.code == code)).mappings().first()
    problems += _readable(code, _case(connection, key, code, end, sealed.get(code)))
    found = connection.execute(select(history).where(history.c.code == code).order_by(history.c.seq))
    return {
        "problems": problems,
        "head": end["history_head"] if end else "",
        "newest_seal": newest(connection),
        "lines": [
            {name: row[name] for name in _LINE} | {"at": chain.moment(row["at"])} for row in found.mappings()
        ],
    }


def _in_json(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in _LINE} | {"at": chain.moment(row["at"])}


#: A line of history as it is chained.
_LINE = ("seq", "at", "kind", "by_person", "detail", "salt", "content_digest", "link")
_ends = select(cases.c.code, cases.c.history_count, cases.c.history_head)


def _readable(what: str, problems: Iterator[str]) -> Iterator[str]:
    try:
        yield from problems
    except _UNREADABLE:
        yield f"{what}: something cannot be read: it was changed by hand."


def _seals(
    connection: Connection, key: bytes, sealed: Sealed, signed: list[tuple[str, int, str]]
) -> Iterator[str]:
    """Check the seals, and note which lines and signatures they cover."""
    before, expected = chain.NOTHING, 1
    for row in connection.execute(select(seals).order_by(seals.c.seq)).mappings():
        if row["seq"] > expected:
            yield f"seal {_span(expected, row['seq'] - 1)} gone."
        elif not _is_whole_seal(key, before, row):
            yield f"seal {row['seq']} was changed or put there by somebody else."
        before, expected = row["link"], row["seq"] + 1
        heads = [(name, seq, link) for name, seq, link in from_text(row["heads"])]
        signed += [each for each in heads if signatures.STROKE in each[0]]
        sealed.update((code, (seq, link)) for code, seq, link in heads if signatures.STROKE not in code)


def _is_whole_seal(key: bytes, before: str, row: RowMapping) -> bool:
    digest = chain.heads_digest(row["heads"])
    seal = chain.Seal(seq=row["seq"], at=row["at"], lines=row["lines"], heads_digest=digest)
    return chain.same(chain.seal_link(key, before, seal), row["link"])


def _outside(connection: Connection, outside: Mapping[str, Any]) -> list[str]:
    seq, link = outside.get("seal"), outside.get("link")
    if not isinstance(seq, int) or not isinstance(link, str):
        return ["the seal that was kept outside is not one that Bookend wrote."]
    name = f"seal {seq} of {outside.get('at', 'an unknown time')}, kept outside,"
    stored = connection.scalar(select(seals.c.link).where(seals.c.seq == seq))
    if stored is None:
        return [f"{name} is not here: lines were removed, or an older copy was put back."]
    return [] if chain.same(stored, link) else [f"{name} differs from the one here: history was rewritten."]


def _case(
    connection: Connection, key: bytes, code: str, end: RowMapping | None, sealed: tuple[int, str] | None
) -> Iterator[str]:
    found = connection.execute(select(history).where(history.c.code == code).order_by(history.c.seq))
    lines = found.mappings().all()
    if end is None:
        yield f"{code}: the case is gone, but its history was written."
        return
    wrong = [*_lines(key, code, lines), *_length(code, lines, end["history_count"])]
    if not wrong and not chain.same(_head(key, lines), end["history_head"]):
        wrong.append(f"{code}: the last lines are gone, or the case's own row was changed.")
    yield from wrong
    if sealed is not None:
        yield from _against_seal(code, lines, *sealed)


def _lines(key: bytes, code: str, lines: Sequence[RowMapping]) -> Iterator[str]:
    before, expected = chain.NOTHING, 1
    for row in lines:
        line = rows.line_of_row(row)
        if line.seq > expected:
            yield f"{code}: line {_span(expected, line.seq - 1)} gone."
        elif not chain.same(chain.link(key, before, line), row["link"]):
            yield f"{code}: line {_shown(line)} was changed, moved or put there by somebody else."
        if not _detail_fits(line):
            yield f"{code}: the detail of line {_shown(line)} was changed."
        before, expected = row["link"], line.seq + 1


def _detail_fits(line: chain.Line) -> bool:
    """Say whether the detail is the one that was written, or properly erased."""
    if line.detail is None or line.salt is None:
        return line.detail is line.salt
    return chain.same(chain.content_digest(line.salt, line.detail), line.content_digest)


def _length(code: str, lines: Sequence[RowMapping], count: int) -> Iterator[str]:
    last = lines[-1]["seq"] if lines else 0
    if last < count:
        yield f"{code}: line {_span(last + 1, count)} gone from the end."
    elif last > count:
        yield f"{code}: line {_span(count + 1, last)} too many: put there by somebody else."


def _head(key: bytes, lines: Sequence[RowMapping]) -> str:
    head = chain.NOTHING
    for row in lines:
        head = chain.head(key, head, row["link"])
    return head


def _against_seal(code: str, lines: Sequence[RowMapping], seq: int, link: str) -> Iterator[str]:
    there = {row["seq"]: row["link"] for row in lines}
    if seq not in there:
        yield f"{code}: line {seq} was sealed and is gone."
    elif there[seq] != link:
        yield f"{code}: line {seq} is not the one that was sealed."


def _span(first: int, last: int) -> str:
    return f"{first} is" if first == last else f"{first} to {last} are"


def _shown(line: chain.Line) -> str:
    return f"{line.seq} ({line.kind} by {line.by}, {line.at:%Y-%m-%d %H:%M} UTC)"
