"""Those who try: somebody of every role, of none, and of every role but those with one right."""

import pytest
from django.test import Client

PASSWORD = "three blind mice run"


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other, as every command does."""
    from onesystem import wiring

    wiring.connect()
    return district


@pytest.fixture
def browser(joined):
    """A browser in which a new user with these roles has signed in; with none, signed out."""
    from onesystem.access import Actor, actions
    from onesystem.access.models import User

    def opens(roles=None, name="", *, organisation="hospital", **options):
        client = Client(raise_request_exception=False, **options)
        if roles is None:
            return client
        who = User.objects.filter(username=name).first()
        if who is None:
            actions.add_user(username=name, password=PASSWORD, roles=tuple(roles),
                             organisation=organisation, by=Actor.job("command line"))  # fmt: skip
            who = User.objects.get(username=name)
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        return client

    return opens
