"""The locks of writers on PostgreSQL."""

import pytest
from django.db import connection, transaction

from onesystem.contacts import store

pytestmark = pytest.mark.django_db


def _held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_a_large_batch_takes_few() -> None:
    """An extract's batch does not fill the table that PostgreSQL keeps of everybody's locks."""
    if not store.on_postgres():
        pytest.skip("SQLite has one writer at a time")
    with transaction.atomic():
        before = _held()
        store.lock(range(-100_000, 100_000))
        store.lock(range(7))
        assert 7 <= _held() - before <= 1000
