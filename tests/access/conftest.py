"""People who sign in, for the tests of this room."""

import pytest
from django.core.cache import cache

from onesystem import wiring
from onesystem.access import Actor, actions

PASSWORD = "three blind mice run"


@pytest.fixture
def add(db, district):
    """Add a user with these roles, as the command line does."""
    cache.clear()  # wrong passwords of an earlier test are not counted against this one

    wiring.connect()

    def adds(username, *roles, organisation="hospital"):
        actions.add_user(
            username=username,
            password=PASSWORD,
            roles=roles,
            organisation=organisation,
            by=Actor.job("command line"),
        )
        return username

    return adds


@pytest.fixture
def signed_in(add, client):
    """A browser in which kiri, who has these roles, has signed in."""

    def signs_in(*roles):
        add("kiri", *roles)
        answer = client.post("/account/login/", {"login": "kiri", "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signs_in
