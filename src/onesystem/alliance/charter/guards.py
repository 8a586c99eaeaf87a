"""The database's own refusal to change what was signed or done, on both engines."""

from collections.abc import Mapping
from typing import Any

Held = Mapping[str, tuple[tuple[str, ...], str, str]]

# Of each table, the columns that may not change, and while which rows they are held.
HELD: Held = {
    "alliance_charter": (
        ("alliance_id", "number", "body", "digest"),
        "OLD.state <> 'draft'", "a charter that was signed never changes: write its next version",
    ),
    "alliance_charter_signature": ((), "1 = 1", "a signature never changes"),
    "alliance_step": ((), "1 = 1", "what was done to an alliance never changes"),
    "alliance_disagreement_step": ((), "1 = 1", "what was done about it never changes"),
    "alliance_procurement_step": ((), "1 = 1", "what was done in a procurement never changes"),
    "alliance_member": (
        ("alliance_id", "since"), "1 = 1", "who sat in an alliance stays in its register",
    ),
    "alliance_interest": (
        ("member_id", "category", "words", "since"), "1 = 1",
        "a declared interest never changes: end it, and declare it anew",
    ),
}  # fmt: skip


def raise_guards(connection: Any, tables: Held = HELD) -> None:
    """From now on the database refuses to change or remove what was signed or done."""
    with connection.cursor() as cursor:
        for table, (columns, held, words) in tables.items():
            for verb in ("UPDATE", "DELETE"):
                condition = _condition(connection.vendor, columns if verb == "UPDATE" else (), held)
                for sql in _sql(connection.vendor, table, verb, condition, words):
                    cursor.execute(sql)


def _condition(vendor: str, columns: tuple[str, ...], held: str) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    return f"({held}) AND ({changed})" if columns else held


def _sql(vendor: str, table: str, verb: str, condition: str, words: str) -> list[str]:
    name = f"{table}_no_{verb.lower()}"
    if vendor != "postgresql":
        raises = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        on = f"BEFORE {verb} ON {table} WHEN {condition}"
        return [f"CREATE TRIGGER IF NOT EXISTS {name} {on} {raises}"]
    refuses = f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    on = f"BEFORE {verb} ON {table} FOR EACH ROW WHEN ({condition})"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {refuses}",
        f"CREATE OR REPLACE TRIGGER {name} {on} EXECUTE FUNCTION {name}()",
    ]


def lower_guards(connection: Any, tables: Held = HELD) -> None:
    """Let the tables be emptied: only `flush` and a migration backwards do this."""
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in tables:
            for verb in ("update", "delete"):
                name = f"{table}_no_{verb}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if on else ''}")
