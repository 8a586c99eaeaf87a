"""Short statements, straight to the driver."""

import asyncio

import pytest
from django.db import (
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connections,
    transaction,
)

from onesystem.access import quick


class TestFilled:
    def test_lengths_are_few_and_nothing_is_added(self):
        """As many marks as a power of two, and the last value again."""
        assert [len(quick.filled([1] * n)) for n in (1, 2, 3, 5, 64, 65)] == [1, 2, 4, 8, 64, 128]
        assert quick.filled([7, 8, 9]) == [7, 8, 9, 9]
        assert quick.marks([1, 2]) == "%s, %s"


@pytest.mark.django_db
class TestRows:
    def test_percent_signs_and_marks_are_as_django_has_them(self):
        assert quick.rows("SELECT %s, '100 %%'", [5]) == [(5, "100 %")]

    def test_what_goes_wrong_is_raised_as_django_raises_it(self):
        with pytest.raises((OperationalError, ProgrammingError)), transaction.atomic():
            quick.rows("SELECT nothing FROM nowhere")
        with pytest.raises(IntegrityError), transaction.atomic():
            quick.many(
                "INSERT INTO access_audit_head (id, length, digest) VALUES (%s, 0, '')",
                [[9], [9]],
            )
        assert quick.rows("SELECT COUNT(*) FROM access_audit_head WHERE id = 9") == [(0,)]

    def test_a_loop_has_the_connection_that_django_has_there(self):
        """A second one would wait for the lock that the first holds, until neither can go on."""
        kept = quick.store()

        async def found():
            return quick.store(), connections["default"]

        there, djangos = asyncio.run(found())
        assert there is djangos
        assert quick.store() is kept is connections["default"]
