"""A search that would take too long is stopped, and its outcome says what to do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from onesystem.record.fhir.outcomes import Refusal

SECONDS = 10.0
_STEPS = 20_000  # of SQLite's machine between two looks at the clock


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what the database does after so many seconds; raises Refusal (too-costly)."""
    on_sqlite = connection.vendor == "sqlite"
    try:
        with _sqlite(seconds) if on_sqlite else _postgresql(seconds):
            yield
    except OperationalError as error:
        if "interrupt" in str(error) or "statement timeout" in str(error):
            raise Refusal(
                403,
                f"The search took longer than {seconds:g} seconds and was stopped",
                "Name the person, a code or a period as well, or sort by nothing",
                code="too-costly",
            ) from error
        raise


@contextmanager
def _sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    handle = connection.connection
    until = time.monotonic() + seconds
    handle.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield
    finally:
        handle.set_progress_handler(None, 0)


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    # A savepoint: what is stopped must not take the caller's transaction with it.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
