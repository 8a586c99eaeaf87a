"""The database's own refusal to change what was signed, settled or done, on both engines."""

from typing import Any

# Of each table, the columns that may not change, and while which rows they are held.
HELD = {
    "budget_contract_version": (
        ("contract", "number", "since", "until", "body", "digest"),
        "OLD.state <> 'draft'", "a signed contract never changes: write its next version",
    ),
    "budget_settlement": (
        ("contract", "settlement", "version", "since", "until", "facts", "digest", "reverses"),
        "1 = 1", "a settlement never changes: correct it by a new one",
    ),
    "budget_settled_line": ((), "1 = 1", "the lines of a settlement never change"),
    "budget_contract_step": ((), "1 = 1", "what was done to a contract never changes"),
    "budget_contract_signature": ((), "1 = 1", "a signature never changes"),
}  # fmt: skip
# What may follow on what.
_AHEAD = {
    "budget_contract_version": (
        "OLD.state IN ('published', 'withdrawn') AND NEW.state <> OLD.state"
    ),
    "budget_settlement": "OLD.state IN ('posted', 'withdrawn') AND NEW.state <> OLD.state",
}


def _condition(vendor: str, table: str) -> str:
    columns, held, _ = HELD[table]
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)
    each = f"({held}) AND ({changed})" if columns else held
    return f"({each}) OR ({_AHEAD[table]})" if table in _AHEAD else each


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change or remove what was signed or settled."""
    with connection.cursor() as cursor:
        for table, (_, held, words) in HELD.items():
            for verb, condition in (
                ("UPDATE", _condition(connection.vendor, table)),
                ("DELETE", held),
            ):
                for sql in _sql(connection.vendor, table, verb, condition, words):
                    cursor.execute(sql)


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


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied: only `flush` and a migration backwards do this."""
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in HELD:
            for verb in ("update", "delete"):
                name = f"{table}_no_{verb}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if on else ''}")
