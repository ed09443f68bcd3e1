"""What one person answered lately is found at once, however much the others answered meanwhile."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the index by which it is found."""
    op.create_index("ix_answers_by_person", "answers", ["by_person", "at"])
