"""A small district with people in it, and somebody who signed in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction

from onesystem import contacts
from onesystem.access import Actor, actions
from onesystem.flow import queries
from onesystem.vocabulary import Act, ContactEvent

PASSWORD = "three blind mice run"


def events(rows, *, now):
    """Contact events from (visit, service, minutes since request, since start, ready, end)."""

    def back(minutes):
        return None if minutes is None else now - timedelta(minutes=minutes)

    return [
        (
            "pas",
            number,
            number,
            ContactEvent(
                visit=visit,
                subject=visit,
                act=Act.STATE,
                at=now,
                recorded=now,
                service=service,
                requested=back(requested),
                started=back(started),
                ready=back(ready),
                ended=back(ended),
            ),
        )
        for number, (visit, service, requested, started, ready, ended) in enumerate(rows, 1)
    ]


ROWS = [
    *((f"E{n}", "ed", 70 + n * 40, 60 + n * 40, None, None) for n in range(8)),
    ("E-ready", "ed", 50, 40, 10, None),
    ("E-waits", "ed", 25, None, None, None),
    ("E-gone", "ed", 190, 180, 100, 90),
    *((f"A{n}", "ward-a", None, 3000, None, None) for n in range(3)),
    *((f"B{n}", "ward-b", None, 600, None, None) for n in range(21)),
    ("X1", "pas/WARDX", None, 30, None, None),
]


@pytest.fixture
def busy(db, district):
    """The district with nine in ED, three on ward A, ward B over its twenty beds."""
    cache.clear()
    now = datetime.now(UTC)
    with transaction.atomic():
        contacts.take(events(ROWS, now=now), known_at=now)
    queries.forget_board()
    yield district
    queries.forget_board()


@pytest.fixture
def signed_in(busy, client):
    """A browser in which kiri, who has these roles, has signed in."""

    def signs_in(*roles):
        actions.add_user(
            username="kiri", password=PASSWORD, roles=roles, by=Actor.job("command line")
        )
        client.post("/account/login/", {"login": "kiri", "password": PASSWORD})
        return client

    return signs_in
