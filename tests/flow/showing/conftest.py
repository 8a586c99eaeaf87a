"""A district whose ED got slower half a year ago, with its measures worked out."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from onesystem import contacts, people
from onesystem.access import Actor, actions
from onesystem.access.models import User
from onesystem.flow.measures import days, keeping, standing, store, who
from onesystem.vocabulary import Act, ContactEvent

WEEKS, A_WEEK = 40, 12
CHANGED = 26  # the week from which people stay longer
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # a Monday: the week before is whole
JOB = Actor.job("tests")


def visits():
    """(visit, started, ended): twelve people a week; one over four hours, then five."""
    monday = NOW.replace(hour=10) - timedelta(weeks=WEEKS)
    for week in range(WEEKS):
        slow = 5 + week % 2 if week >= CHANGED else 1 + week % 2
        for number in range(A_WEEK):
            start = monday + timedelta(weeks=week, days=number % 7, minutes=7 * number)
            stay = timedelta(hours=6 if number < slow else 2)
            yield f"V{week}-{number}", start, start + stay


def cells(kept):
    """The cells of ED within 4 hours, as the engines make them from these visits."""
    sums = Counter()
    for _, start, end in visits():
        day = days.day_of(end.date())
        for every in days.PERIODS:
            for cut, key in (("all", ""), ("service", "ed")):
                at = (kept, cut, every, days.begin(day, every), key)
                sums[at, "above"] += end - start <= timedelta(hours=4)
                sums[at, "below"] += 1
    groups = {at for at, _ in sums}
    return [(*at, sums[at, "above"], sums[at, "below"], sums[at, "below"]) for at in groups]


@pytest.fixture
def slower(db, district, stop_clock):
    """The district, with the cells of one measure; the others have none yet."""
    cache.clear()
    stop_clock(NOW)
    kept = store.kept_ids({"ed-4-hours": "as it is"})["ed-4-hours"]
    store.add_cells(cells(kept))
    midnight = int(NOW.replace(hour=0).timestamp() * 1000)
    store.set_marks(horizon=midnight, mapped=0, form=standing.FORM)
    return district


@pytest.fixture
def services(slower):
    """Twenty-four EDs of a year, one of them worse than chance would have it."""
    kept = store.kept_ids({"ed-4-hours": "as it is"})["ed-4-hours"]
    sums = Counter()
    for month in range(11, 0, -1):
        day = (date(2026, month, 1) - date(1970, 1, 1)).days
        for number in range(24):
            above = 60 if number == 2 else 93 + number % 4
            sums[(kept, "service", "month", day, f"ed-{number}")] = above
    store.run("DELETE FROM flow_cell WHERE cut = 'service' AND every = 'month'")
    store.add_cells([(*at, above, 100, 100) for at, above in sums.items()])
    return slower


@pytest.fixture
def people_behind(slower):
    """The contacts and the people behind the figures too."""
    rows = list(visits())
    subjects = [("pas", f"S{n % 150}") for n in range(len(rows))]
    identities = people.identify(set(subjects), known_at=NOW)
    taken = [
        (
            "pas", identities[subject], number,
            ContactEvent(
                visit=visit, subject=subject[1], act=Act.STATE, at=end, recorded=end,
                service="ed", started=start, ended=end,
            ),
        )
        for number, ((visit, start, end), subject) in enumerate(zip(rows, subjects, strict=True), 1)
    ]  # fmt: skip
    with transaction.atomic():
        contacts.take(taken, known_at=NOW)
    store.write_who(who.as_rows(who.everybody()))
    keeping.compute(at=NOW, only=["ed-4-hours"])
    return slower


@pytest.fixture
def browser(slower):
    """A browser in which somebody with a role has signed in."""

    def signed_in(role):
        if not User.objects.filter(username=role).exists():
            actions.add_user(
                username=role, password="three blind mice run", roles=[role],
                organisation="hospital", by=JOB,
            )  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signed_in
