"""Two at the same moment: one goes first, the other is told; nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from onesystem.care.requests import actions, queries
from onesystem.vocabulary import UserError

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="a store in memory has one writer and no queue"
    ),
]


def at_once(*acts):
    """What each came to: None, or what it was told."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        except UserError as error:
            return str(error)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_coordinators_accept_at_once(somebody, asker):
    doctor = asker("hospital-doctor", "kiri", "hospital")
    request = actions.send(person=somebody, service="nursing", by=doctor, words="Please")
    some = [asker("district-nurse", name, "community") for name in ("ann", "dee", "eve")]
    told = at_once(*(lambda by=by: actions.accept(request=request, by=by, seen=1) for by in some))
    assert told.count(None) == 1
    winner = some[told.index(None)].actor.name
    assert all(f"{winner} accepted this request at" in each for each in told if each)
    assert [s.act for s in queries.steps_of(request)] == ["send", "accept"]


def test_the_same_request_sent_twice_at_once_is_one(somebody, asker):
    doctor = asker("hospital-doctor", "kiri", "hospital")
    told = at_once(*[
        lambda: actions.send(person=somebody, service="nursing", by=doctor, words="Please")
    ] * 2)  # fmt: skip
    assert told.count(None) == 1
    assert len(queries.sent_by("kiri")) == 1
    assert "is open already" in next(each for each in told if each)
