"""The database's own refusal to change what funders said and what was reserved, on both engines.

A word on a decision that has been resourced is refused as well, whoever writes it.
"""

from typing import Any

_RESOURCED = "EXISTS (SELECT 1 FROM alliance_resourced r WHERE r.decision_id = NEW.decision_id)"
_ALWAYS = "1 = 1"
REFUSED = (  # table, verb, when, words
    ("alliance_funder_word", "UPDATE", _ALWAYS, "what a funder said never changes"),
    ("alliance_funder_word", "DELETE", _ALWAYS, "what a funder said never changes"),
    ("alliance_funder_word", "INSERT", _RESOURCED, "the decision is resourced: money is reserved"),
    ("alliance_reserved", "UPDATE", _ALWAYS, "what was reserved for a decision never changes"),
    ("alliance_reserved", "DELETE", _ALWAYS, "what was reserved for a decision never changes"),
    ("alliance_hindered", "UPDATE", _ALWAYS, "what stood in the way of a decision stays known"),
    ("alliance_hindered", "DELETE", _ALWAYS, "what stood in the way of a decision stays known"),
    ("alliance_resourced", "DELETE", _ALWAYS, "that a decision was resourced stays known"),
    ("alliance_carried", "DELETE", _ALWAYS, "what went live with a decision stays known"),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change it."""
    with connection.cursor() as cursor:
        for table, verb, condition, words in REFUSED:
            for sql in _sql(connection.vendor, table, verb, condition, words):
                cursor.execute(sql)


def _sql(vendor: str, table: str, verb: str, condition: str, words: str) -> list[str]:
    name = f"{table}_no_{verb.lower()}"
    if vendor != "postgresql":
        on = f"BEFORE {verb} ON {table} WHEN {condition}"
        raises = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return [f"CREATE TRIGGER IF NOT EXISTS {name} {on} {raises}"]
    gives = "OLD" if verb == "DELETE" else "NEW"
    body = f"BEGIN IF {condition} THEN RAISE EXCEPTION '{words}'; END IF; RETURN {gives}; END"
    on = f"BEFORE {verb} ON {table} FOR EACH ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE OR REPLACE TRIGGER {name} {on} EXECUTE FUNCTION {name}()",
    ]


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied: only `flush` and a migration backwards do this."""
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, verb, _, _ in REFUSED:
            name = f"{table}_no_{verb.lower()}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if on else ''}")
