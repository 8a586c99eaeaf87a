"""The record page reads the newest of a kind and no more, on both stores."""

import pytest
from django.db import connection

from onesystem.record.entries import counts_of
from onesystem.record.models import EntryRow
from onesystem.record.summary import asking

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture
def plans():
    """The plan of each statement that is asked meanwhile."""
    found = []
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "

    def look(execute, sql, params, many, context):
        if not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(explain + sql, params)
                found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        _known_to_the_planner()
    with connection.execute_wrapper(look):
        yield found


def _known_to_the_planner():
    """Enough entries of enough people that an index is worth its while."""
    kinds = tuple(asking.KINDS)
    EntryRow.objects.bulk_create(
        EntryRow(
            entry=n, source="pas", kind=kinds[n % len(kinds)], key=str(n),
            identity=1 + n // 100, at=n, recorded=n, version=1, known_at=n, message=1, digest=b"",
            logical=str(n), status="final",
        )
        for n in range(8_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE record_entry")


def test_the_newest_of_a_kind_come_in_the_order_of_an_index(plans, monkeypatch):
    monkeypatch.setattr(asking, "rows", _by_django)
    asking.statements_of([1], seen=("1 = 1", ()))
    newest = [plan for plan in plans if "LIMIT" in plan.upper() or "record_entry_person" in plan]
    assert newest
    for plan in newest:
        assert "record_entry_person" in plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


def test_entries_are_counted_out_of_the_index(plans):
    counts_of([1], seen=("1 = 1", ()))
    assert "record_entry_person" in plans[-1]


def _by_django(sql, values=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchall()
