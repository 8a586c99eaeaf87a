"""The database's own refusal to change or remove a row of the trail, on both engines.

A room above that keeps something as firmly registers its own guards, so that whoever empties or
fills a whole store can lower and raise them all.
"""

from collections.abc import Callable
from typing import Any

Guard = Callable[[Any], None]
_OTHERS: dict[str, tuple[Guard, Guard]] = {}

_SQLITE_ON = """
CREATE TRIGGER IF NOT EXISTS access_audit_no_{verb} BEFORE {verb} ON access_audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION access_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
"""
_POSTGRES_ON = """
CREATE OR REPLACE TRIGGER access_audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
ON access_audit FOR EACH STATEMENT EXECUTE FUNCTION access_audit_refuse()
"""


def raise_guards(connection: Any) -> None:
    """From now on the database refuses UPDATE, DELETE and TRUNCATE of the trail."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
            cursor.execute(_POSTGRES_ON)
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(_SQLITE_ON.format(verb=verb))


def lower_guards(connection: Any) -> None:
    """Let the table be emptied: only `flush` and a migration backwards do this."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS access_audit_no_change ON access_audit")
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS access_audit_no_{verb}")


def register(table: str, raising: Guard, lowering: Guard) -> None:
    """Guards of another room, that stand where its table is."""
    _OTHERS[table] = (raising, lowering)


def raise_all(connection: Any) -> None:
    """Every guard of the tables that are there."""
    _each(connection, 0)


def lower_all(connection: Any) -> None:
    """None of them, until they are raised again."""
    _each(connection, 1)


def _each(connection: Any, which: int) -> None:
    there = set(connection.introspection.table_names())
    for table, guards in {"access_audit": (raise_guards, lower_guards), **_OTHERS}.items():
        if table in there:
            guards[which](connection)
