"""A clinic at work: who took a task over, its frozen ladder, the first of two answers; arrangements."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what tasks carry from here on, NULL in those that are there, and the table of arrangements."""
    op.add_column("tasks", sa.Column("holder", TEXT))
    op.add_column("tasks", sa.Column("acknowledged", MOMENT))
    op.add_column("tasks", sa.Column("ladder", TEXT))
    op.add_column("tasks", sa.Column("snoozed", sa.Boolean()))
    op.add_column("tasks", sa.Column("first", TEXT))
    op.add_column("tasks", sa.Column("held", MOMENT))
    op.add_column("parcels", sa.Column("heard_at", MOMENT))
    heard = sa.text("heard_at IS NOT NULL")
    op.create_index("ix_parcels_heard", "parcels", ["heard_at"], sqlite_where=heard, postgresql_where=heard)
    arrangements()


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
