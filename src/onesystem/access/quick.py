"""Short statements asked often: straight to the driver, their marks turned once.

Django finds the connection of the thread, wraps a cursor twice and turns `%s` into the marks of
SQLite on every call, which costs several times what a look-up by key does. The statements of one
kind of ask are few, so each is turned once. What goes wrong is raised as Django raises it.
"""

import threading
from asyncio import _get_running_loop as _loop  # what everybody may call raises where none runs
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connections

_here = threading.local()


def rows(sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """The rows of a query. Raises django.db.DatabaseError as any other."""
    db = store()
    if db.vendor != "sqlite":
        with db.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()  # type: ignore[no-any-return]
    if db.connection is None:
        db.ensure_connection()
    with db.wrap_database_errors:
        return db.connection.execute(_marked(sql), values).fetchall()  # type: ignore[no-any-return]


def many(sql: str, values: Sequence[Sequence[Any]]) -> None:
    """One statement for each of the values."""
    db = store()
    if db.vendor != "sqlite":
        with db.cursor() as cursor:
            cursor.executemany(sql, values)
        return
    if db.connection is None:
        db.ensure_connection()
    with db.wrap_database_errors:
        db.connection.executemany(_marked(sql), values)


def vendor() -> str:
    """Of which make the store is."""
    return store().vendor  # type: ignore[no-any-return]


def driver() -> Any:
    """The driver's own connection."""
    db = store()
    if db.connection is None:
        db.ensure_connection()
    return db.connection


def filled(values: Sequence[Any]) -> list[Any]:
    """The values with the last again, to a length of few: so that few statements serve all."""
    room = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (room - len(values))]


def marks(values: Sequence[Any]) -> str:
    """As many marks as there are values."""
    return ", ".join(["%s"] * len(values))


def store() -> Any:
    """Django's connection of this thread: kept, since to find it costs as much as a look-up by key.

    Where a loop runs, Django has another one for each stack of calls. What was kept before would
    be a second writer beside it, and each would wait for the other.
    """
    if _loop() is not None:
        return connections["default"]
    try:
        return _here.store
    except AttributeError:
        _here.store = connections["default"]
        return _here.store


@lru_cache(maxsize=512)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?").replace("%%", "%")
