"""The database's own refusal to change what the alliance said of a decision, on both engines."""

from typing import Any

_CLOSED = "OLD.verdict <> ''"
_WORDS = "what was said at a review never changes: open another one"


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change a review that is closed."""
    with connection.cursor() as cursor:
        for verb in ("UPDATE", "DELETE"):
            for sql in _sql(connection.vendor, verb):
                cursor.execute(sql)


def _sql(vendor: str, verb: str) -> list[str]:
    name = f"alliance_review_no_{verb.lower()}"
    on = f"BEFORE {verb} ON alliance_review"
    if vendor != "postgresql":
        raises = f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        return [f"CREATE TRIGGER IF NOT EXISTS {name} {on} WHEN {_CLOSED} {raises}"]
    refuses = f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
    each = f"FOR EACH ROW WHEN ({_CLOSED})"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {refuses}",
        f"CREATE OR REPLACE TRIGGER {name} {on} {each} EXECUTE FUNCTION {name}()",
    ]


def lower_guards(connection: Any) -> None:
    """Let the table be emptied: only `flush` and a migration backwards do this."""
    on = " ON alliance_review" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS alliance_review_no_{verb}{on}")
