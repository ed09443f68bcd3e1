"""Between the core's values and rows of tables; every pair of functions is each other's inverse."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from bot.core.added import Added
from bot.core.case import Answer, Case, Choice, Decision, Outcome, Override, Session, Task, TaskStatus
from bot.core.kinds import Catch, Level
from bot.core.outgoing import Entry, Parcel, Posting, Verb
from bot.core.people import Role
from bot.core.replies import Address, MessageRef
from bot.core.said import Said
from bot.store.chain import Line
from bot.store.plain import from_text, same, shared, to_text

Columns = dict[str, Any]
Row = RowMapping | Columns
#: The columns that say where a posting stands.
REF = ("ref_platform", "ref_channel", "ref_message")


def case_columns(case: Case) -> Columns:
    """Return the columns of a case, but for those of its history."""
    return {
        "code": case.code,
        "clinic": case.clinic,
        "playbook": case.playbook,
        "digest": case.digest,
        "opened": case.opened,
        "booked": case.booked,
        "consult": case.consult,
        "starts": min((session.start for session in case.sessions), default=case.consult),
        "sessions": [_fields_of(session) for session in case.sessions],
        "facts": case.facts,
        "said": {fact: [_fields_of(each) for each in its] for fact, its in case.said.items()},
        "extra": [_fields_of(each) for each in case.extra] or None,
        "assigned": case.assigned,
        "cancelled": case.cancelled,
        "closed_at": case.closed,
        "shadow": case.shadow,
        "asks_at": case.asks_at,
        "revision": case.revision,
    }


def case_of_row(row: Row) -> Case:
    """Return the case of a row."""
    return Case(
        code=row["code"],
        clinic=row["clinic"],
        playbook=row["playbook"],
        digest=row["digest"],
        opened=row["opened"],
        booked=row["booked"],
        consult=row["consult"],
        sessions=tuple(Session(**session) for session in row["sessions"]),
        facts=shared(row["facts"]),
        said={fact: tuple(Said(**each) for each in its) for fact, its in row["said"].items()},
        extra=tuple(_added(each) for each in row["extra"] or ()),
        assigned={Role(role): person for role, person in row["assigned"].items()},
        cancelled=row["cancelled"],
        closed=row["closed_at"],
        shadow=row["shadow"],
        asks_at=row["asks_at"],
        revision=row["revision"],
    )


def task_columns(task: Task, clinic: str) -> Columns:
    """Return the columns of a task of a clinic."""
    return {
        "key": task.key,
        "code": task.case,
        "clinic": clinic,
        "step": task.step,
        "session": task.session,
        "occurrence": task.occurrence,
        "status": task.status.value,
        "due": task.due,
        "floor": task.floor,
        "anchored": task.anchored,
        "late": task.late,
        "on_call": task.on_call,
        "reopened": task.reopened,
        "answer": _fields_of(task.answer) if task.answer else None,
        "decision": _fields_of(task.decision) if task.decision else None,
        "asking": task.asking,
        "rung": task.rung,
        "next_prompt_at": task.next_prompt_at,
        "revision": task.revision,
        "holder": task.holder or None,
        "acknowledged": task.acknowledged,
        "ladder": task.ladder or None,
        "snoozed": task.snoozed or None,
        "first": _fields_of(task.first) if task.first else None,
        "tried": task.tried or None,
        "held": task.held,
    }


def task_of_row(row: Row) -> Task:
    """Return the task of a row."""
    return Task(
        case=same(row["code"]),
        step=same(row["step"]),
        session=row["session"],
        due=row["due"],
        floor=row["floor"],
        occurrence=row["occurrence"],
        status=TaskStatus(row["status"]),
        late=row["late"],
        on_call=row["on_call"],
        anchored=row["anchored"],
        answer=_answer(row["answer"]) if row["answer"] else None,
        decision=_decision(row["decision"]) if row["decision"] else None,
        reopened=row["reopened"],
        asking=row["asking"],
        rung=row["rung"],
        next_prompt_at=row["next_prompt_at"],
        revision=row["revision"],
        holder=row["holder"] or "",
        acknowledged=row["acknowledged"],
        ladder=tuple(row["ladder"] or ()),
        snoozed=bool(row["snoozed"]),
        first=_answer(row["first"]) if row["first"] else None,
        tried=row["tried"] or 0,
        held=row["held"],
    )


def _added(given: dict[str, Any]) -> Added:
    return Added(**given | {"role": Role(given["role"]), "level": Level(given["level"])})


def _fields_of(value: Session | Answer | Decision | Said | Added) -> dict[str, Any]:
    """Return the fields without going into them, as `asdict` would: a mapping of answers stays what it is."""
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _answer(given: dict[str, Any]) -> Answer:
    caught = Catch(given["caught"]) if given.get("caught") else None
    words = {"by": same(given["by"]), "role": Role(given["role"]), "outcome": Outcome(given["outcome"])}
    return Answer(**given | words | {"values": shared(given["values"]), "caught": caught})


def _decision(given: dict[str, Any]) -> Decision:
    return Decision(**given | {"choice": Choice(given["choice"])})


def answer_columns(task: str, answer: Answer) -> Columns:
    """Return the columns of one of the answers that a task ever got."""
    return {
        "task": task,
        "at": answer.at,
        "by_person": answer.by,
        "role": answer.role.value,
        "outcome": answer.outcome.value,
        "together": answer.together,
        "given": answer.values,
        "note": answer.note,
        "caught": answer.caught.value if answer.caught else None,
        "amends": answer.amends,
    }


def answer_of_row(row: RowMapping) -> Answer:
    """Return an answer; values and note are empty where they were erased."""
    return Answer(
        by=row["by_person"],
        role=Role(row["role"]),
        at=row["at"],
        outcome=Outcome(row["outcome"]),
        values=row["given"] or {},
        note=row["note"] or "",
        together=row["together"],
        caught=Catch(row["caught"]) if row["caught"] else None,
        amends=row["amends"],
    )


def line_columns(line: Line, link: str) -> Columns:
    """Return the columns of a line of history."""
    return {
        "code": line.code,
        "seq": line.seq,
        "at": line.at,
        "kind": line.kind,
        "by_person": line.by,
        "detail": line.detail,
        "salt": line.salt,
        "content_digest": line.content_digest,
        "link": link,
    }


def line_of_row(row: RowMapping) -> Line:
    """Return the line of a row as it is chained."""
    return Line(
        code=row["code"],
        seq=row["seq"],
        at=row["at"],
        kind=row["kind"],
        by=row["by_person"],
        content_digest=row["content_digest"],
        detail=row["detail"],
        salt=row["salt"],
    )


def entry_of_row(row: RowMapping) -> Entry:
    """Return the line of a row as people read it; its detail is empty where it was erased."""
    detail = from_text(row["detail"]) if row["detail"] is not None else {}
    return Entry(kind=row["kind"], at=row["at"], by=row["by_person"], detail=detail)


def override_columns(code: str, override: Override) -> Columns:
    """Return the columns of an override of a case."""
    return {
        "code": code,
        "session": override.session,
        "gate": override.gate,
        "by_person": override.by,
        "at": override.at,
        "covers": to_text(override.covers),
        "reason": override.reason,
    }


def override_of_row(row: RowMapping) -> Override:
    """Return an override; its reason is empty where it was erased."""
    return Override(
        session=row["session"],
        gate=row["gate"],
        by=row["by_person"],
        at=row["at"],
        reason=row["reason"] or "",
        covers=tuple(from_text(row["covers"])),
    )


def posting_columns(posting: Posting) -> Columns:
    """Return the columns of a posting."""
    return {
        "key": posting.key,
        "clinic": posting.clinic,
        "kind": posting.kind,
        "to_platform": posting.to.platform,
        "to_account": posting.to.account,
        "to_channel": posting.to.channel,
        "person": posting.person,
        "code": posting.case,
        "session": posting.session,
        "day": posting.day,
        "closed": posting.closed,
    } | ref_columns(posting.ref)


def ref_columns(ref: MessageRef | None) -> Columns:
    """Return where a posting stands, as columns."""
    return dict(zip(REF, (ref.platform, ref.channel, ref.message) if ref else (None,) * 3, strict=True))


def posting_of_row(row: RowMapping) -> Posting:
    """Return the posting of a row."""
    return Posting(
        key=row["key"],
        clinic=row["clinic"],
        kind=row["kind"],
        to=Address(platform=row["to_platform"], account=row["to_account"], channel=row["to_channel"]),
        person=row["person"],
        case=row["code"],
        session=row["session"],
        day=row["day"],
        ref=_ref(row),
        closed=row["closed"],
    )


def _ref(row: RowMapping) -> MessageRef | None:
    if row["ref_message"] is None:
        return None
    return MessageRef(platform=row["ref_platform"], channel=row["ref_channel"], message=row["ref_message"])


def parcel_of_row(row: RowMapping, *, unsure: bool, attempts: int) -> Parcel:
    """Return the parcel of a row as the try that starts now sees it."""
    return Parcel(
        id=row["id"],
        card=row["card"],
        verb=Verb(row["verb"]),
        at=row["at"],
        text=row["text"],
        attempts=attempts,
        unsure=unsure,
        followed=row["followed"],
    )
