"""People who sign in, for the tests of this room."""

import pytest

from onesystem.access import Actor, actions

PASSWORD = "three blind mice run"


@pytest.fixture
def add(db, district):
    """Add a user with these roles, as the command line does."""

    def adds(username, *roles):
        actions.add_user(
            username=username, password=PASSWORD, roles=roles, by=Actor.job("command line")
        )
        return username

    return adds


@pytest.fixture
def signed_in(add, client):
    """A browser in which somebody with these roles has signed in."""

    def signs_in(*roles):
        name = add("kiri", *roles)
        answer = client.post("/account/login/", {"login": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return signs_in
