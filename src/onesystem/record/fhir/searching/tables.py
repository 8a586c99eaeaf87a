"""The index tables as each database makes them."""

from typing import Any

# Table: its columns in the order of the primary key, and whether a second index goes by entry.
TABLES: dict[str, tuple[tuple[str, ...], bool]] = {
    "record_token": (("slot", "code", "entry", "system", "part"), False),
    "record_string": (("slot", "plain", "entry", "exact", "part"), True),
    "record_date": (("slot", "low", "high", "entry", "part"), True),
    "record_quantity": (("slot", "low", "high", "unit", "system", "entry", "part"), True),
    "record_reference": (("slot", "target", "entry", "kind", "part"), True),
}
_SQLITE = {"code": "TEXT", "plain": "TEXT", "exact": "TEXT", "unit": "TEXT", "target": "TEXT",
           "kind": "TEXT"}  # fmt: skip
# Prefixes are looked for in codes and texts, which needs the order of their bytes.
_POSTGRES = {"slot": "integer", "part": "smallint", "entry": "bigint", "system": "bigint",
             "code": 'text COLLATE "C"', "plain": 'text COLLATE "C"', "exact": "text",
             "unit": "text", "target": "text", "kind": "text"}  # fmt: skip


def type_of(table: str, column: str, vendor: str) -> str:
    """The type of a column."""
    if vendor == "postgresql":
        if column in {"low", "high"}:
            return "bigint" if table == "record_date" else "double precision"
        return _POSTGRES[column]
    if column in {"low", "high"} and table == "record_quantity":
        return "REAL"
    return _SQLITE.get(column, "INTEGER")


def create(apps: Any, editor: Any) -> None:  # noqa: ARG001  Django calls it so
    """Make the tables."""
    for table, (_, by_entry) in TABLES.items():
        create_one(editor, table, table)
        if by_entry:
            editor.execute(f"CREATE INDEX {table}_entry ON {table} (entry, slot)")


def create_one(editor: Any, name: str, table: str) -> None:
    """Make a table by this name as one of TABLES is, without its second index."""
    vendor, columns = editor.connection.vendor, TABLES[table][0]
    tail = "" if vendor == "postgresql" else " WITHOUT ROWID"
    said = ", ".join(f"{c} {type_of(table, c, vendor)} NOT NULL" for c in columns)
    editor.execute(f"CREATE TABLE {name} ({said}, PRIMARY KEY ({', '.join(columns)})){tail}")


def drop(apps: Any, editor: Any) -> None:  # noqa: ARG001
    """Take them away."""
    for table in TABLES:
        editor.execute(f"DROP TABLE {table}")
