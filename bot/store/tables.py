"""Every table; `bot.store.migrations` builds the same ones step by step, and a test compares the two.

`history`, `answers`, `overrides`, `seals`, `kept_playbooks` and `signatures` only ever grow:
`bot.store.guards` has the database refuse anything else. Case codes are in columns named `code`; `number`
counts rows in the order in which they were written.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    literal_column,
)

from bot.store.columns import Moment, Typed, Words, counted, index_where, metadata

#: The version that the newest file in `migrations/versions` leads to.
SCHEMA = "0004"

cases = Table(
    "cases",
    metadata,
    Column("code", Words, primary_key=True),
    Column("clinic", Words, nullable=False),
    Column("playbook", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("booked", Moment, nullable=False),
    Column("consult", Moment, nullable=False),
    # The earliest start of its sessions: what a list of cases is sorted by.
    Column("starts", Moment, nullable=False),
    Column("sessions", Typed, nullable=False),
    Column("facts", Typed, nullable=False),
    Column("said", Typed, nullable=False),
    Column("assigned", Typed, nullable=False),
    Column("cancelled", Moment),
    Column("closed_at", Moment),
    Column("shadow", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    # The end of its history, and how far the last seal covers it (`bot.store.chain`).
    Column("history_count", Integer, nullable=False),
    Column("history_head", String(64), nullable=False),
    Column("sealed_count", Integer, nullable=False),
    Column("asks_at", Moment),
    Column("extra", Typed),
)
index_where(cases.c.closed_at.is_(None), "ix_cases_open", cases.c.clinic, cases.c.starts)
index_where(cases.c.asks_at.is_not(None), "ix_cases_asks", cases.c.asks_at, cases.c.clinic)
index_where(cases.c.history_count > cases.c.sealed_count, "ix_cases_unsealed", cases.c.code)

tasks = Table(
    "tasks",
    metadata,
    Column("key", Words, primary_key=True),
    Column("code", ForeignKey("cases.code"), nullable=False, index=True),
    Column("clinic", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("session", Integer, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("status", Words, nullable=False),
    Column("due", Moment, nullable=False),
    Column("floor", Moment, nullable=False),
    Column("anchored", Moment),
    Column("late", Boolean, nullable=False),
    Column("on_call", Boolean, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("answer", Typed),
    Column("decision", Typed),
    Column("asking", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("next_prompt_at", Moment),
    Column("revision", Integer, nullable=False),
    # NULL for "", nobody, the ladder that its step names, no.
    Column("holder", Words),
    Column("acknowledged", Moment),
    Column("ladder", Typed),
    Column("snoozed", Boolean),
    Column("first", Typed),
    Column("tried", Integer),
    Column("held", Moment),
)
# The database is the schedule: this index is all that a sweep looks at.
index_where(tasks.c.next_prompt_at.is_not(None), "ix_tasks_prompts", tasks.c.next_prompt_at, tasks.c.clinic)
#: What somebody must still answer or decide on; written out, so that an index of it is known to fit.
WAITING = literal_column("status").in_(literal_column(f"'{each}'") for each in ("open", "blocked"))
index_where(WAITING, "ix_tasks_waiting", tasks.c.clinic, tasks.c.due)
# What a week was about, closed cases as well; the clinic last, or a sweep would be led to it for its clinic.
Index("ix_tasks_due", tasks.c.due, tasks.c.clinic)

history = Table(
    "history",
    metadata,
    Column("code", ForeignKey("cases.code"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Words, nullable=False),
    Column("by_person", Words, nullable=False),
    # Both become NULL when the detail is erased.
    Column("detail", Text),
    Column("salt", String(32)),
    Column("content_digest", String(64), nullable=False),
    Column("link", String(64), nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Column("heads", Text, nullable=False),
    Column("heads_digest", String(64), nullable=False),
    Column("link", String(64), nullable=False),
)

#: One row: proof that the history key is the one this database was begun with.
history_keys = Table(
    "history_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("proof", String(64), nullable=False),
)

answers = Table(
    "answers",
    metadata,
    counted(),
    Column("task", ForeignKey("tasks.key"), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("by_person", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("together", Boolean, nullable=False),
    # Both become NULL when they are erased.
    Column("given", Typed),
    Column("note", Words),
    Column("caught", Words),
    Column("amends", Moment),
)
Index("ix_answers_by_person", answers.c.by_person, answers.c.at)

overrides = Table(
    "overrides",
    metadata,
    counted(),
    Column("code", ForeignKey("cases.code"), nullable=False, index=True),
    Column("session", Integer, nullable=False),
    Column("gate", Words, nullable=False),
    Column("by_person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("covers", Words, nullable=False),
    # Becomes NULL when it is erased.
    Column("reason", Words),
)

postings = Table(
    "postings",
    metadata,
    Column("key", Words, primary_key=True),
    Column("clinic", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("to_platform", Words, nullable=False),
    Column("to_account", Words, nullable=False),
    Column("to_channel", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("code", Words, nullable=False),
    Column("session", Integer, nullable=False),
    Column("day", Date),
    Column("ref_platform", Words),
    Column("ref_channel", Words),
    Column("ref_message", Words),
    Column("closed", Boolean, nullable=False),
)
index_where(
    postings.c.ref_message.is_not(None),
    "ix_postings_ref",
    postings.c.ref_message,
    postings.c.ref_channel,
    postings.c.ref_platform,
)

posting_lines = Table(
    "posting_lines",
    metadata,
    counted("position"),
    Column("card", Words, nullable=False),
    Column("task", Words, nullable=False, index=True),
)
Index("uq_posting_lines", posting_lines.c.card, posting_lines.c.task, unique=True)

asked = Table(
    "asked",
    metadata,
    Column("task", Words, primary_key=True),
    Column("asking", Integer, primary_key=True, autoincrement=False),
    Column("rung", Integer, primary_key=True, autoincrement=False),
    Column("card", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

parcels = Table(
    "parcels",
    metadata,
    counted(),
    Column("id", Words, nullable=False, unique=True),
    Column("key", Words, nullable=False, unique=True),
    Column("card", Words, nullable=False),
    Column("verb", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Column("state", Words, nullable=False),
    # When it may be claimed (again): its time, the end of its lease; NULL once it is over.
    Column("free_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("unsure", Boolean, nullable=False),
    Column("why", Words, nullable=False),
    Column("ended_at", Moment),
    Column("heard_at", Moment),  # when it made a telephone buzz: not as an edit
)
index_where(parcels.c.free_at.is_not(None), "ix_parcels_free", parcels.c.free_at)
index_where(parcels.c.free_at.is_not(None), "ix_parcels_card", parcels.c.card, parcels.c.at, parcels.c.number)

index_where(parcels.c.heard_at.is_not(None), "ix_parcels_heard", parcels.c.heard_at)

inbox = Table(
    "inbox",
    metadata,
    Column("once", Words, primary_key=True),
    Column("said", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

arrangements = Table(
    "arrangements",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("clinic", Words, nullable=False),
    Column("by_person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Typed, nullable=False),
    Column("ended_at", Moment),
    Column("revision", Integer, nullable=False),
)
_standing = arrangements.c.ended_at.is_(None)
index_where(_standing, "ix_arrangements_standing", *(arrangements.c[n] for n in ("clinic", "kind", "at")))

#: Apart from everything else, and only ever encrypted (`bot.store.identities`).
identities = Table(
    "identities",
    metadata,
    Column("code", ForeignKey("cases.code"), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

kept_playbooks = Table(
    "kept_playbooks",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("playbook", Words, nullable=False),
    Column("texts", Typed, nullable=False),
)

signatures = Table(
    "signatures",
    metadata,
    Column("clinic", Words, primary_key=True),
    Column("playbook", Words, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", ForeignKey("kept_playbooks.digest"), nullable=False),
    Column("by_person", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("next_review", Date, nullable=False),
    Column("link", String(64), nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Words, primary_key=True),
    Column("holder", Words, nullable=False),
    Column("until", Moment, nullable=False),
)
