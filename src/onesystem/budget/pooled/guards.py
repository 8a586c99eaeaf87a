"""The database's own refusal to edit what was done, returned or signed, on both engines."""

from collections.abc import Mapping
from typing import Any

HELD = {
    "budget_pooled_step": "what was done to a pooled fund never changes",
    "budget_pooled_return": "a return never changes: make its next version",
    "budget_pooled_signature": "a signature never changes",
}


def raise_guards(connection: Any, held: Mapping[str, str] = HELD) -> None:
    """From now on the database refuses to edit a row of these tables."""
    with connection.cursor() as cursor:
        for table, words in held.items():
            for sql in _sql(connection.vendor, table, words):
                cursor.execute(sql)


def lower_guards(connection: Any, held: Mapping[str, str] = HELD) -> None:
    """Let the tables be edited: only a migration backwards does this."""
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in held:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_held{f' ON {table}' if on else ''}")


def _sql(vendor: str, table: str, words: str) -> list[str]:
    name = f"{table}_held"
    if vendor != "postgresql":
        raises = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return [f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE UPDATE ON {table} {raises}"]
    on = f"BEFORE UPDATE ON {table} FOR EACH ROW"
    body = f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {body}",
        f"CREATE OR REPLACE TRIGGER {name} {on} EXECUTE FUNCTION {name}()",
    ]
