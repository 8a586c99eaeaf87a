"""Short statements asked often: without rewriting their marks each time.

Django turns `%s` into the marks of SQLite on every call, which for a long condition costs more
than the look-up itself. The statements of one kind of ask are few, so each is turned once.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.sqlite3.base import Database


def rows(sql: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a query. Raises django.db.DatabaseError as any other."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(sql, values)
            return cursor.fetchall()
        with connection.wrap_database_errors:
            own = cursor.cursor
            return Database.Cursor.execute(own, _marked(sql), tuple(values)).fetchall()  # type: ignore[no-any-return]


@lru_cache(maxsize=512)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?").replace("%%", "%")
