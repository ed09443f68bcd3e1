"""What somebody can do who has the database but not the key: write into it behind Bookend's back."""

from sqlalchemy import create_engine, text

_PAST_THE_GUARDS = {
    "postgresql": ["SET session_replication_role = replica"],
    "sqlite": [
        "PRAGMA foreign_keys = OFF",
        *(
            f"DROP TRIGGER IF EXISTS {table}_{what}"
            for table in ("history", "seals", "answers", "overrides", "kept_playbooks", "signatures")
            for what in ("grows", "stays")
        ),
    ],
}


def tamper(url: str, *statements: str) -> None:
    """Run statements with all guards of the database taken away."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in (*_PAST_THE_GUARDS[engine.dialect.name], *statements):
            connection.execute(text(statement))
    engine.dispose()
