"""The database's own refusal to change or remove a step of keeping funds, or an act on the plan."""

from typing import Any

TABLES = ("budget_funds_step", "budget_plan_act", "budget_plan_act_line")
_WORDS = "what was done to funds never changes: undo it by a contrary act"


def raise_guards(connection: Any) -> None:
    """From now on the database refuses UPDATE and DELETE of them."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                for sql in _sql(connection.vendor, table, verb):
                    cursor.execute(sql)


def _sql(vendor: str, table: str, verb: str) -> list[str]:
    name = f"{table}_no_{verb.lower()}"
    if vendor != "postgresql":
        return [
            (
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
            )
        ]
    return [
        (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_WORDS}'; END $$"
        ),
        (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    ]


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied: only a migration backwards does this."""
    on = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("update", "delete"):
                name = f"{table}_no_{verb}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if on else ''}")
