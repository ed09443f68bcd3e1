"""A clinic at work: what a task carries while it is asked; arrangements; who patients are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)

KEPT = ("number", "task", "at", "by_person", "role", "outcome", "together", "caught", "amends")
ANSWERS_GROW = (
    "CREATE TRIGGER answers_grows BEFORE UPDATE ON answers "
    f"WHEN NOT ({' AND '.join(f'NEW.{name} IS OLD.{name}' for name in KEPT)} "
    "AND (NEW.given IS NULL OR NEW.given IS OLD.given) AND (NEW.note IS NULL OR NEW.note IS OLD.note)) "
    "BEGIN SELECT RAISE(ABORT, 'answers only grows'); END"
)


def upgrade() -> None:
    """Add what tasks carry from here on, NULL in those that are there, and the table of arrangements."""
    op.add_column("tasks", sa.Column("holder", TEXT))
    op.add_column("tasks", sa.Column("acknowledged", MOMENT))
    op.add_column("tasks", sa.Column("ladder", TEXT))
    op.add_column("tasks", sa.Column("snoozed", sa.Boolean()))
    op.add_column("tasks", sa.Column("first", TEXT))
    op.add_column("tasks", sa.Column("tried", sa.Integer()))
    op.add_column("tasks", sa.Column("held", MOMENT))
    op.create_index("ix_tasks_due", "tasks", ["due", "clinic"])
    waits = sa.text("status IN ('open', 'blocked')")
    op.create_index(
        "ix_tasks_waiting", "tasks", ["clinic", "due"], sqlite_where=waits, postgresql_where=waits
    )
    op.add_column("parcels", sa.Column("heard_at", MOMENT))
    heard = sa.text("heard_at IS NOT NULL")
    op.create_index("ix_parcels_heard", "parcels", ["heard_at"], sqlite_where=heard, postgresql_where=heard)
    arrangements()
    moments()
    answers()
    identities()


def moments() -> None:
    op.add_column("cases", sa.Column("asks_at", MOMENT))
    op.add_column("cases", sa.Column("extra", TEXT))
    asked = sa.text("asks_at IS NOT NULL")
    op.create_index(
        "ix_cases_asks", "cases", ["asks_at", "clinic"], sqlite_where=asked, postgresql_where=asked
    )


def answers() -> None:
    op.add_column("answers", sa.Column("caught", TEXT))
    op.add_column("answers", sa.Column("amends", MOMENT))
    op.create_index("ix_answers_at", "answers", ["at"])
    if op.get_bind().dialect.name == "sqlite":
        # its trigger names the columns that may not change, and now there are two more
        op.execute("DROP TRIGGER answers_grows")
        op.execute(ANSWERS_GROW)


def arrangements() -> None:
    op.create_table(
        "arrangements",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("clinic", TEXT, nullable=False),
        sa.Column("by_person", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_arrangements"),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_arrangements_standing",
        "arrangements",
        ["clinic", "kind", "at"],
        sqlite_where=standing,
        postgresql_where=standing,
    )


def identities() -> None:
    op.create_table(
        "identities",
        sa.Column("code", TEXT, nullable=False),
        sa.Column("sealed", TEXT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_identities"),
        sa.ForeignKeyConstraint(["code"], ["cases.code"], name="fk_identities_code"),
    )
