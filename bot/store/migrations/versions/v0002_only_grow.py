"""History, seals, answers, overrides and signatures only grow: no row goes, an update may only erase."""

from alembic import op

revision = "0002"
down_revision = "0001"

ERASABLE = {
    "history": ["detail", "salt"],
    "seals": [],
    "answers": ["given", "note"],
    "overrides": ["reason"],
    "kept_playbooks": [],
    "signatures": [],
}
KEPT = {
    "history": ["code", "seq", "at", "kind", "by_person", "content_digest", "link"],
    "seals": ["seq", "at", "lines", "heads", "heads_digest", "link"],
    "answers": ["number", "task", "at", "by_person", "role", "outcome", "together"],
    "overrides": ["number", "code", "session", "gate", "by_person", "at", "covers"],
    "kept_playbooks": ["digest", "playbook", "texts"],
    "signatures": [
        *("clinic", "playbook", "number", "digest", "by_person", "name", "at", "next_review", "link"),
    ],
}
POSTGRES_FUNCTION = """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$"""


def upgrade() -> None:
    """Add the triggers of this database."""
    connection = op.get_bind()
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql(POSTGRES_FUNCTION)
    for table, erasable in ERASABLE.items():
        for statement in (postgres_triggers if postgres else sqlite_triggers)(table, erasable):
            connection.exec_driver_sql(statement)


def postgres_triggers(table: str, erasable: list[str]) -> list[str]:
    names = ", ".join(f"'{name}'" for name in erasable)
    return [
        f"CREATE TRIGGER {table}_grows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION append_only({names})",
        f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
    ]


def sqlite_triggers(table: str, erasable: list[str]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    same = [f"NEW.{name} IS OLD.{name}" for name in KEPT[table]]
    gone = [f"(NEW.{name} IS NULL OR NEW.{name} IS OLD.{name})" for name in erasable]
    return [
        f"CREATE TRIGGER {table}_grows BEFORE UPDATE ON {table} "
        f"WHEN NOT ({' AND '.join(same + gone)}) {refuse}",
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}",
    ]
