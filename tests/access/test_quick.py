"""Short statements go through the connection that Django has at that moment, and no second one."""

import asyncio

import pytest
from django.db import connections

from onesystem.access import quick

pytestmark = pytest.mark.django_db


def test_a_loop_has_the_connection_that_django_has_there():
    """A second one would wait for the lock that the first holds, until neither can go on."""
    kept = quick.store()

    async def found():
        return quick.store(), connections["default"]

    there, djangos = asyncio.run(found())
    assert there is djangos
    assert quick.store() is kept is connections["default"]

    def test_a_loop_has_the_connection_that_django_has_there(self):
        """A second one would wait for the lock that the first holds, until neither can go on."""
        kept = quick.store()

        async def found():
            return quick.store(), connections["default"]

        there, djangos = asyncio.run(found())
        assert there is djangos
        assert quick.store() is kept is connections["default"]
