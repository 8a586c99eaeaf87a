"""The operational store's contacts as an Arrow table, read without Django.

For analysts and exports: a plain read of a snapshot, which never holds up a feed.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from onesystem.contacts.log import shape
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.kept import to_micros

_NAMES = ", ".join(f'"{name}"' for name in shape.COLUMNS)
_LATEST = f"SELECT {_NAMES} FROM contacts_contact"
# What was known at a moment: each contact's latest version of those that were known by then.
_AS_OF = (
    f"SELECT {_NAMES} FROM (SELECT *, row_number() OVER (PARTITION BY contact"
    " ORDER BY version DESC) AS place FROM"
    f" (SELECT {_NAMES} FROM contacts_contact UNION ALL SELECT {_NAMES} FROM contacts_version)"
    " AS every WHERE known_at <= {moment}) AS ranked WHERE place = 1"
)
_PORTION = 50_000


def query(as_of: datetime | None = None) -> str:
    """The SQL of the latest contacts, or of those known at a moment."""
    return _LATEST if as_of is None else _AS_OF.format(moment=to_micros(as_of))


def latest(folder: Path, url: str, as_of: datetime | None = None) -> Any:
    """The contacts of the store in the log's columns: the latest, or as known at a moment."""
    asked = query(as_of)
    return table(_from_postgres(url, asked) if url else _from_sqlite(folder, asked))


def in_process(as_of: datetime | None = None) -> Any:
    """The same through this process's own connection, where Django is set up."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query(as_of))
        return table(iter(lambda: cursor.fetchmany(_PORTION), []))


def _from_sqlite(folder: Path, query: str) -> Iterable[list[tuple[Any, ...]]]:
    path = folder / "store.sqlite3"
    if not path.exists():
        return
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        cursor = connection.execute(query)
        while rows := cursor.fetchmany(_PORTION):
            yield rows
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
    finally:
        connection.close()


def _from_postgres(url: str, query: str) -> Iterable[list[tuple[Any, ...]]]:
    import psycopg

    try:
        connection = psycopg.connect(url)
    except psycopg.OperationalError as error:
        raise BadConfig(
            f"the operational store does not answer: {error}", "Look at DATABASE_URL."
        ) from error
    with connection, connection.cursor(name="contacts") as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_PORTION):
            yield rows


def table(portions: Iterable[list[tuple[Any, ...]]]) -> Any:
    """Rows in the log's columns as one Arrow table."""
    import pyarrow as pa

    schema = plain_schema()
    batches = []
    for rows in portions:
        columns = [
            _array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        batches.append(pa.record_batch(columns, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def _array(values: tuple[Any, ...], kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        micros = pa.array(values, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        return micros.cast(kind, safe=False)
    if pa.types.is_boolean(kind):
        return pa.array([bool(value) for value in values], kind)
    return pa.array(values, kind)


def plain_schema() -> Any:
    """The log's columns with plain text, as both stores are read together."""
    import pyarrow as pa

    return pa.schema(
        [
            (field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
            for field in shape.schema()
        ]
    )
