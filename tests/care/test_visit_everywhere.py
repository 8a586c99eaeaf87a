"""A visit that was made here is what every other room counts, charts and calibrates with."""

from datetime import timedelta

import duckdb
import pytest

from onesystem import contacts, people
from onesystem.access import Actor
from onesystem.care.tasks import actions as tasks
from onesystem.demo.delivering.ago import ago
from onesystem.district import now
from onesystem.flow import measures
from onesystem.flow.measures import refreshing
from onesystem.twin.calibration.district import log_of

pytestmark = pytest.mark.django_db
DOCTOR = Actor("dora", frozenset({"hospital-doctor"}))  # sees exact figures


class Opened:
    """The district as the twin reads it: what is in it, and its contacts."""

    def __init__(self, district, identities):
        self.described, self.duck = district, duckdb.connect()
        self.contacts = self.duck.from_arrow(contacts.table_of(identities))


@pytest.fixture
def visited(somebody, asker):
    """A nurse made a visit three days ago."""
    nurse = asker("district-nurse", "dee", "community")
    with ago(3):
        key = tasks.plan(person=somebody, by=asker(), words="Dress the leg", team="nursing",
                         due=now(), visit=True)  # fmt: skip
        tasks.start(key=key, by=nurse)
    with ago(3 - 1 / 24):
        tasks.done(key=key, by=nurse, note="It heals.")
    return somebody


def test_it_is_a_contact_a_figure_and_what_the_twin_learns_from(visited, district):
    [visit] = [c for c in contacts.of_identities(people.identity_ids_of(visited))
               if c.service == "nursing"]  # fmt: skip
    assert (visit.source, visit.standing) == ("care", "ended")
    assert (visit.ended - visit.started).total_seconds() == pytest.approx(3600, abs=60)

    refreshing.compute()
    today = now().date()
    told = measures.figures("contacts-at-home", by=("service",), every="day",
                            start=today - timedelta(days=7), end=today, asker=DOCTOR)  # fmt: skip
    [nursing] = [each for each in told if each.group == {"service": "nursing"}]
    assert sum(value or 0 for value in nursing.value) == 1

    log = log_of(Opened(district, people.identity_ids_of(visited)))
    [node] = [i for i, name in enumerate(log.services) if "nursing" in name.casefold()]
    rows = log.service == node
    assert rows.sum() == 1
    assert (log.ended - log.begun)[rows] == pytest.approx([1.0], abs=0.02)
