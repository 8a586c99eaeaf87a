"""A search that would take too long is stopped, and its outcome says what to do."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from onesystem.access.quick import driver, vendor
from onesystem.record.fhir.outcomes import Refusal

SECONDS = 10.0
_STEPS = 20_000  # of SQLite's machine between two looks at the clock


@contextmanager
def limited(seconds: float = SECONDS) -> Iterator[None]:
    """Stop what the database does after so many seconds; raises Refusal (too-costly)."""
    try:
        with _Sqlite(seconds) if vendor() == "sqlite" else _postgresql(seconds):
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


class _Sqlite:
    """What SQLite does is stopped when the time is over."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds

    def __enter__(self) -> None:
        self.handle = driver()
        self.handle.set_progress_handler(self._over, _STEPS)

    def __exit__(self, *_: object) -> None:
        self.handle.set_progress_handler(None, 0)

    def _over(self) -> bool:
        return time.monotonic() > self.until


@contextmanager
def _postgresql(seconds: float) -> Iterator[None]:
    # A savepoint: what is stopped must not take the caller's transaction with it.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
