"""A small district with messages in it, and people of every role to look at it."""

import pytest
from django.test import Client
from page_data import give_purpose

PASSWORD = "three blind mice run"


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other, as every command does."""
    from onesystem import wiring

    wiring.connect()
    return district


@pytest.fixture
def send(joined):
    """Send messages from a source, as the listener does; what became of each."""
    from onesystem import feeds

    def sends(*messages, source="pas", name="live.hl7"):
        arrivals = [feeds.Arrival(source=source, data=m, name=name) for m in messages]
        return feeds.take_messages(arrivals, district=joined)

    return sends


@pytest.fixture
def sign_in(joined):
    """A browser in which somebody with these roles has signed in."""
    from onesystem.access import Actor, actions
    from onesystem.access.models import User

    def signs_in(*roles, name="", organisation="hospital"):
        name = name or "-".join(roles) or "nobody"
        actions.add_user(
            username=name,
            password=PASSWORD,
            roles=roles,
            organisation=organisation,
            by=Actor.job("command line"),
        )
        client = Client()
        client.force_login(
            User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


@pytest.fixture
def opened(sign_in):
    """A clinician's browser in which a person is open for direct care."""

    def opens(person, *roles):
        client = sign_in(*(roles or ("hospital-doctor",)))
        purpose = "records management" if "records-officer" in roles else "direct care"
        give_purpose(client, person, purpose)
        return client

    return opens
