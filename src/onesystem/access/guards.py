"""The database's own refusal to change or remove a row of the trail, on both engines."""

from typing import Any

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
