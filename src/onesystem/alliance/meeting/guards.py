"""The database's own refusal to change what was said, decided or registered, on both engines.

It also refuses a voice on an item that is not open, an entry of the register that does not follow
from the one before, and minutes that change once they are confirmed.
"""

from typing import Any

_CONFIRMED = (
    "EXISTS (SELECT 1 FROM alliance_meeting m WHERE m.id = OLD.meeting_id "
    "AND m.confirmed IS NOT NULL)"
)
_CLOSED = (
    "NOT EXISTS (SELECT 1 FROM alliance_item i WHERE i.id = NEW.item_id "
    "AND i.state = 'open' AND i.version = NEW.version)"
)
_ASTRAY = (
    "NOT EXISTS (SELECT 1 FROM alliance_register_head h WHERE h.length = NEW.number - 1 "
    "AND h.digest = NEW.previous)"
)
# Of each table, the columns that may not change, and while which rows they are held.
HELD: dict[str, tuple[tuple[str, ...], str, str]] = {
    "alliance_register": ((), "1 = 1", "the register is never changed or shortened"),
    "alliance_voice": ((), "1 = 1", "what a member said never changes: they speak again"),
    "alliance_handling": ((), "1 = 1", "how an interest was handled never changes"),
    "alliance_meeting_step": ((), "1 = 1", "what was done in a meeting never changes"),
    "alliance_proposal_step": ((), "1 = 1", "what was done to a proposal never changes"),
    "alliance_decision": (
        ("number", "alliance_id", "proposal_id", "version", "item_id", "title", "funding", "funds",
         "body", "at", "by"),
        "1 = 1", "a decision never changes: the alliance makes another one",
    ),
    "alliance_proposal_version": (
        ("proposal_id", "number", "ready", "body", "digest"), "OLD.ready",
        "a proposal that was brought never changes: write its next version",
    ),
    "alliance_item": (
        ("meeting_id", "proposal_id", "version", "kind", "state", "opened", "closed", "charter",
         "outcome", "worked"),
        "OLD.state IN ('closed', 'carried')", "how an item was closed never changes",
    ),
    "alliance_attendance": (
        ("meeting_id", "member_id", "came", "left"),
        _CONFIRMED,
        "who was there does not change once the minutes are confirmed",
    ),
    "alliance_meeting": (
        ("alliance_id", "title", "starts", "opened", "closed", "chair_id", "charter", "notes",
         "confirmed", "confirmed_by", "state"),
        "OLD.confirmed IS NOT NULL", "confirmed minutes never change",
    ),
}  # fmt: skip
# What must hold when a row is written.
FRESH: dict[str, tuple[str, str]] = {
    "alliance_voice": (
        _CLOSED,
        "the item is not open, or is about another version",
    ),
    "alliance_register": (
        _ASTRAY,
        "the entry does not follow from the one before",
    ),
}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change what was said, decided or registered."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        for table, (columns, held, words) in HELD.items():
            changes = _changes(vendor, columns, held)
            for verb, condition in (("UPDATE", changes), ("DELETE", held)):
                for sql in _sql(vendor, table, verb, condition, words):
                    cursor.execute(sql)
        for table, (condition, words) in FRESH.items():
            for sql in _sql(vendor, table, "INSERT", condition, words):
                cursor.execute(sql)


def _changes(vendor: str, columns: tuple[str, ...], held: str) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    # `by` and `left` are words of SQL, so columns are quoted.
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    return f"({held}) AND ({changed})" if columns else held


def _sql(vendor: str, table: str, verb: str, condition: str, words: str) -> list[str]:
    name = f"{table}_no_{verb.lower()}"
    if vendor != "postgresql":
        raises = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        on = f"BEFORE {verb} ON {table} WHEN {condition}"
        return [f"CREATE TRIGGER IF NOT EXISTS {name} {on} {raises}"]
    # The condition looks into other tables, which only the function may do.
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
        for table in {**HELD, **FRESH}:
            for verb in ("update", "delete", "insert"):
                name = f"{table}_no_{verb}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if on else ''}")
