"""The first tables: cases, tasks, history, seals, answers, cards, outbox, inbox, playbooks, signatures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.Integer()
BIG = sa.BigInteger()
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAG = sa.Boolean()
DIGEST = sa.String(64)


def upgrade() -> None:
    """Make every table of an empty database."""
    cases()
    tasks()
    history()
    answers_and_overrides()
    cards()
    outbox_and_inbox()
    playbooks_and_leases()


def column(name: str, kind: Any, *more: Any) -> sa.Column[Any]:
    """Return a column that is never NULL."""
    return sa.Column(name, kind, *more, nullable=False)


def index(name: str, table: str, columns: list[str], where: str) -> None:
    """Index only the rows for which a condition holds."""
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def cases() -> None:
    op.create_table(
        "cases",
        column("code", TEXT),
        column("clinic", TEXT),
        column("playbook", TEXT),
        column("digest", TEXT),
        column("opened", MOMENT),
        column("booked", MOMENT),
        column("consult", MOMENT),
        column("starts", MOMENT),
        column("sessions", TEXT),
        column("facts", TEXT),
        column("said", TEXT),
        column("assigned", TEXT),
        sa.Column("cancelled", MOMENT),
        sa.Column("closed_at", MOMENT),
        column("shadow", FLAG),
        column("revision", NUMBER),
        column("history_count", NUMBER),
        column("history_head", DIGEST),
        column("sealed_count", NUMBER),
        sa.PrimaryKeyConstraint("code", name="pk_cases"),
    )
    index("ix_cases_open", "cases", ["clinic", "starts"], "closed_at IS NULL")
    index("ix_cases_unsealed", "cases", ["code"], "history_count > sealed_count")


def tasks() -> None:
    op.create_table(
        "tasks",
        column("key", TEXT),
        column("code", TEXT),
        column("clinic", TEXT),
        column("step", TEXT),
        column("session", NUMBER),
        column("occurrence", NUMBER),
        column("status", TEXT),
        column("due", MOMENT),
        column("floor", MOMENT),
        sa.Column("anchored", MOMENT),
        column("late", FLAG),
        column("on_call", FLAG),
        column("reopened", FLAG),
        sa.Column("answer", TEXT),
        sa.Column("decision", TEXT),
        column("asking", NUMBER),
        column("rung", NUMBER),
        sa.Column("next_prompt_at", MOMENT),
        column("revision", NUMBER),
        sa.PrimaryKeyConstraint("key", name="pk_tasks"),
        sa.ForeignKeyConstraint(["code"], ["cases.code"], name="fk_tasks_code"),
    )
    op.create_index("ix_tasks_code", "tasks", ["code"])
    index("ix_tasks_prompts", "tasks", ["next_prompt_at", "clinic"], "next_prompt_at IS NOT NULL")


def history() -> None:
    op.create_table(
        "history",
        column("code", TEXT),
        column("seq", NUMBER),
        column("at", MOMENT),
        column("kind", TEXT),
        column("by_person", TEXT),
        sa.Column("detail", TEXT),
        sa.Column("salt", sa.String(32)),
        column("content_digest", DIGEST),
        column("link", DIGEST),
        sa.PrimaryKeyConstraint("code", "seq", name="pk_history"),
        sa.ForeignKeyConstraint(["code"], ["cases.code"], name="fk_history_code"),
    )
    op.create_table(
        "seals",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        column("at", MOMENT),
        column("lines", BIG),
        column("heads", TEXT),
        column("heads_digest", DIGEST),
        column("link", DIGEST),
        sa.PrimaryKeyConstraint("seq", name="pk_seals"),
    )
    op.create_table(
        "history_keys",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        column("proof", DIGEST),
        sa.PrimaryKeyConstraint("number", name="pk_history_keys"),
    )


def answers_and_overrides() -> None:
    op.create_table(
        "answers",
        column("number", COUNTED),
        column("task", TEXT),
        column("at", MOMENT),
        column("by_person", TEXT),
        column("role", TEXT),
        column("outcome", TEXT),
        column("together", FLAG),
        sa.Column("given", TEXT),
        sa.Column("note", TEXT),
        sa.PrimaryKeyConstraint("number", name="pk_answers"),
        sa.ForeignKeyConstraint(["task"], ["tasks.key"], name="fk_answers_task"),
    )
    op.create_index("ix_answers_task", "answers", ["task"])
    op.create_table(
        "overrides",
        column("number", COUNTED),
        column("code", TEXT),
        column("session", NUMBER),
        column("gate", TEXT),
        column("by_person", TEXT),
        column("at", MOMENT),
        column("covers", TEXT),
        sa.Column("reason", TEXT),
        sa.PrimaryKeyConstraint("number", name="pk_overrides"),
        sa.ForeignKeyConstraint(["code"], ["cases.code"], name="fk_overrides_code"),
    )
    op.create_index("ix_overrides_code", "overrides", ["code"])


def cards() -> None:
    op.create_table(
        "postings",
        column("key", TEXT),
        column("clinic", TEXT),
        column("kind", TEXT),
        column("to_platform", TEXT),
        column("to_account", TEXT),
        column("to_channel", TEXT),
        column("person", TEXT),
        column("code", TEXT),
        column("session", NUMBER),
        sa.Column("day", sa.Date()),
        sa.Column("ref_platform", TEXT),
        sa.Column("ref_channel", TEXT),
        sa.Column("ref_message", TEXT),
        column("closed", FLAG),
        sa.PrimaryKeyConstraint("key", name="pk_postings"),
    )
    ref = ["ref_message", "ref_channel", "ref_platform"]
    index("ix_postings_ref", "postings", ref, "ref_message IS NOT NULL")
    op.create_table(
        "posting_lines",
        column("position", COUNTED),
        column("card", TEXT),
        column("task", TEXT),
        sa.PrimaryKeyConstraint("position", name="pk_posting_lines"),
    )
    op.create_index("ix_posting_lines_task", "posting_lines", ["task"])
    op.create_index("uq_posting_lines", "posting_lines", ["card", "task"], unique=True)
    op.create_table(
        "asked",
        column("task", TEXT),
        sa.Column("asking", NUMBER, autoincrement=False, nullable=False),
        sa.Column("rung", NUMBER, autoincrement=False, nullable=False),
        column("card", TEXT),
        column("at", MOMENT),
        sa.PrimaryKeyConstraint("task", "asking", "rung", name="pk_asked"),
    )


def outbox_and_inbox() -> None:
    op.create_table(
        "parcels",
        column("number", COUNTED),
        column("id", TEXT),
        column("key", TEXT),
        column("card", TEXT),
        column("verb", TEXT),
        column("at", MOMENT),
        column("text", TEXT),
        column("state", TEXT),
        sa.Column("free_at", MOMENT),
        column("attempts", NUMBER),
        column("unsure", FLAG),
        column("why", TEXT),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("number", name="pk_parcels"),
        sa.UniqueConstraint("id", name="uq_parcels_id"),
        sa.UniqueConstraint("key", name="uq_parcels_key"),
    )
    index("ix_parcels_free", "parcels", ["free_at"], "free_at IS NOT NULL")
    index("ix_parcels_card", "parcels", ["card", "at", "number"], "free_at IS NOT NULL")
    op.create_table(
        "inbox",
        column("once", TEXT),
        column("said", TEXT),
        column("at", MOMENT),
        sa.PrimaryKeyConstraint("once", name="pk_inbox"),
    )


def playbooks_and_leases() -> None:
    op.create_table(
        "kept_playbooks",
        column("digest", TEXT),
        column("playbook", TEXT),
        column("texts", TEXT),
        sa.PrimaryKeyConstraint("digest", name="pk_kept_playbooks"),
    )
    op.create_table(
        "signatures",
        column("clinic", TEXT),
        column("playbook", TEXT),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        column("digest", TEXT),
        column("by_person", TEXT),
        column("name", TEXT),
        column("at", MOMENT),
        column("next_review", sa.Date()),
        column("link", DIGEST),
        sa.PrimaryKeyConstraint("clinic", "playbook", "number", name="pk_signatures"),
        sa.ForeignKeyConstraint(["digest"], ["kept_playbooks.digest"], name="fk_signatures_digest"),
    )
    op.create_table(
        "leases",
        column("name", TEXT),
        column("holder", TEXT),
        column("until", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
