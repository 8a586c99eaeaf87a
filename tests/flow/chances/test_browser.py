"""The improvement team at a browser: what next, of which it is made, and the journeys behind it."""

import threading
from datetime import UTC, datetime

import pytest
from browsing import looking, sideways, violations
from django.db import transaction
from django.test import Client
from staying import stayed

from onesystem import contacts, people
from onesystem.access import Actor, actions
from onesystem.access.models import User
from onesystem.flow import answers
from onesystem.flow.answers import working as answering
from onesystem.flow.chances import working

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, busy, monkeypatch):
    """A page in which an improvement lead looks at a district where nine stayed two days."""
    monkeypatch.setattr(answering, "_begun", threading.Event())
    working.connect()
    rows = [stayed(n, "ward-a", 52, "discharged home") for n in range(201, 210)]
    now = datetime.now(UTC)
    with transaction.atomic():
        known = people.identify([row[:2] for row in rows], known_at=now)
        contacts.take([(s, known[s, p], m, e) for s, p, m, e in rows], known_at=now)
    working.nightly()
    answers.work()
    actions.add_user(username="lead", password="three blind mice run", roles=["improvement"],
                     by=Actor.job("tests"))  # fmt: skip
    client = Client()
    client.force_login(
        User.objects.get(username="lead"), "django.contrib.auth.backends.ModelBackend"
    )
    with looking(chromium, live_server.url, client, "/opportunities/") as made:
        yield made


def test_what_next_is_found_and_followed_to_its_journeys(page):
    assert violations(page) == []
    assert sideways(page) <= 0
    page.get_by_role("link", name="Ready to go, and still there", exact=True).click()
    page.get_by_text("What it cannot say").wait_for()
    assert page.get_by_text("Discharged home").count()
    assert violations(page) == []
    assert sideways(page) <= 0
    page.get_by_role("link", name="The journeys behind it").click()
    page.wait_for_url(lambda url: "/journeys/?setting=ward" in url)
