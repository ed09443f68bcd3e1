"""Triggers that let some tables only grow: no row is removed, and an update may do nothing but erase.

They stop mistakes and honest tools; what somebody does who takes them away shows in the history chain.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from bot.store.tables import answers, history, kept_playbooks, overrides, seals, signatures

#: The tables that only grow, and which of their columns may become NULL.
GROWING: dict[Table, tuple[str, ...]] = {
    history: ("detail", "salt"),
    seals: (),
    answers: ("given", "note"),
    overrides: ("reason",),
    kept_playbooks: (),
    signatures: (),
}

_POSTGRES_FUNCTION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept jsonb;
    erasable text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := to_jsonb(OLD);
        FOREACH erasable IN ARRAY coalesce(TG_ARGV, '{}') LOOP
            IF to_jsonb(NEW) -> erasable = 'null' THEN
                kept := jsonb_set(kept, ARRAY[erasable], 'null');
            END IF;
        END LOOP;
        IF to_jsonb(NEW) = kept THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' only grows';
END $$
"""


def statements(dialect: str) -> Iterator[str]:
    """Yield what makes the triggers of a database."""
    if dialect == "postgresql":
        yield _POSTGRES_FUNCTION.strip()
    for table, erasable in GROWING.items():
        yield from (_postgres if dialect == "postgresql" else _sqlite)(table, erasable)


def _postgres(table: Table, erasable: tuple[str, ...]) -> Iterator[str]:
    names = ", ".join(f"'{name}'" for name in erasable)
    yield (
        f"CREATE TRIGGER {table.name}_grows BEFORE UPDATE OR DELETE ON {table.name} "
        f"FOR EACH ROW EXECUTE FUNCTION append_only({names})"
    )
    yield (
        f"CREATE TRIGGER {table.name}_stays BEFORE TRUNCATE ON {table.name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def _sqlite(table: Table, erasable: tuple[str, ...]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table.name} only grows'); END"
    same = [f"NEW.{column.name} IS OLD.{column.name}" for column in table.c if column.name not in erasable]
    gone = [f"(NEW.{name} IS NULL OR NEW.{name} IS OLD.{name})" for name in erasable]
    yield (
        f"CREATE TRIGGER {table.name}_grows BEFORE UPDATE ON {table.name} "
        f"WHEN NOT ({' AND '.join(same + gone)}) {refuse}"
    )
    yield f"CREATE TRIGGER {table.name}_stays BEFORE DELETE ON {table.name} {refuse}"
