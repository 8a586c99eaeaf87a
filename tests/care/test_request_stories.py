"""Whatever both sides do, in whatever order: no state is skipped, and nothing ends in silence."""

import random
from datetime import timedelta
from itertools import pairwise

import orjson
import pytest

from onesystem import care, contacts, feeds, people, record
from onesystem.access.models import Audit
from onesystem.care.requests import acting, actions, mapping, queries
from onesystem.care.requests.machine import MOVES, fold
from onesystem.care.requests.states import OPEN
from onesystem.care.requests.store import events_of
from onesystem.district import now
from onesystem.vocabulary import RequestSeen, UserError, contact_id

pytestmark = pytest.mark.django_db
ACTS = {
    "accept": actions.accept, "ask": actions.ask_back, "supply": actions.supply,
    "return": actions.return_, "redirect": actions.redirect, "book": actions.book,
    "unbook": actions.unbook, "missed": actions.missed, "start": actions.start,
    "finish": actions.finish, "answer": actions.answer, "revoke": actions.revoke,
    "reopen": actions.reopen, "triage": actions.triage, "comment": actions.comment,
}  # fmt: skip


@pytest.fixture
def staff(asker):
    """Who may do each act: both sides, and those to whom it is redirected."""
    return [
        asker("hospital-doctor", "kiri", "hospital"),
        asker("district-nurse", "dee", "community"),
        asker("hospital-doctor", "hana", "hospital"),
    ]


def try_one(request, chance, staff):
    """Do something, allowed or not; what the act was, and whether it was done."""
    verb, by = chance.choice(list(ACTS)), chance.choice(staff)
    found = queries.one(request)
    said = {"reason": chance.choice(["", "because", "because"])}
    if verb in {"missed", "start", "accept"}:
        said = {}
    if verb == "redirect":
        said["to"] = chance.choice(["ed", "nursing", "gp"])
    if verb == "book":
        said = {"at": now() + timedelta(hours=chance.randint(-20, 200))}
    if verb == "triage":
        said = {"urgency": chance.choice(["soon", "urgent", "never"])}
    seen = chance.choice([found.seen, found.seen, found.seen, 0])
    try:
        ACTS[verb](request=request, by=by, seen=seen, **said)
    except UserError as error:
        refused = error.what and error.cure
    else:
        return True
    assert refused
    assert queries.one(request) == found  # what is refused leaves nothing behind
    return False


def holds(request, person):
    """What is so of every request at every moment."""
    found, steps = queries.one(request), queries.steps_of(request)
    path = fold(events_of([request])[request]).path
    edges = {(start, move.to) for move in MOVES.values() for start in move.start if move.to}
    assert all(pair in edges for pair in pairwise(path))
    assert path[-1] == found.state
    assert not any(step.overtaken for step in steps)
    if found.state not in OPEN:
        ends = [s for s in steps if s.act in {"return", "finish", "answer", "revoke"}]
        assert ends[-1].reason.strip()
    visits = [c for c in contacts.of_identities(people.identity_ids_of(person))
              if c.cause == request and not c.cancelled]  # fmt: skip
    assert len([c for c in visits if c.ended is None]) == (
        1 if found.state in {"booked", "in-progress"} else 0
    )
    task = resource(person, "Task")
    assert task["status"] == mapping.task_status(found.state)
    asked = resource(person, "ServiceRequest")
    assert asked["status"] == mapping.request_status(found.state)


def resource(person, kind):
    [found] = record.entries_of(list(people.identity_ids_of(person)), kinds={kind})
    return orjson.loads(record.body_of(found.entry))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_both_sides_do(somebody, staff, seed):
    chance = random.Random(seed)
    kind = chance.choice(["referral", "advice"])
    request = actions.send(
        person=somebody, service="nursing", by=staff[0], kind=kind, words="Please"
    )
    done = sum(try_one(request, chance, staff) for _ in range(25))
    holds(request, somebody)
    assert done
    assert Audit.objects.filter(act__startswith="request.").count() == done + 1
    before = (queries.one(request), [s.act for s in queries.steps_of(request)])
    feeds.replay(everything=True)
    assert (queries.one(request), [s.act for s in queries.steps_of(request)]) == before
    holds(request, somebody)


def test_an_act_may_be_heard_of_before_its_request(somebody, staff):
    """Messages come in any order: steps wait for the request that they are of."""
    from onesystem.care.parts import Taken
    from onesystem.care.requests.store import take_acts
    from onesystem.vocabulary import CareAct

    identity, moment = people.identity_ids_of(somebody)[0], now()
    act = CareAct(part="requests", verb="accept", thing="S/1", act="a", by="dee", recorded=moment,
                  subject="x", said={"state": "accepted", "reason": ""})  # fmt: skip
    take_acts([Taken("gp", identity, 2, act)])
    assert queries.steps_of(contact_id("gp", "S/1"))
    seen = RequestSeen(key="S/1", subject="x", at=moment, recorded=moment - timedelta(minutes=5),
                       service="nursing", status="received")  # fmt: skip
    care.take_requests([("gp", identity, 1, seen)], moment)
    assert queries.one(contact_id("gp", "S/1")).state == "accepted"


def test_whoever_works_there_and_nobody_else(somebody, staff, asker):
    request = actions.send(person=somebody, service="nursing", by=staff[0], words="Please")
    found = queries.one(request)
    assert "accept" in acting.may(found, staff[1])
    assert acting.may(found, staff[0]) == ("revoke", "comment")
    stranger = asker("general-practitioner", "stranger", "practice")
    assert acting.may(found, stranger) == ()


def test_a_visit_whose_request_its_sender_ended_is_called_off(somebody, staff):
    """The practice's system revokes what we had booked: nobody is waited for any more."""
    from onesystem.care.requests import settling

    identity, moment = people.identity_ids_of(somebody)[0], now() - timedelta(hours=3)
    seen = RequestSeen(key="S/1", subject="x", at=moment, recorded=moment, service="nursing")
    care.take_requests([("gp", identity, 1, seen)], moment)
    request = contact_id("gp", "S/1")
    actions.book(request=request, by=staff[1], seen=1, at=now() + timedelta(days=2))
    assert settling.left() == []
    ended = RequestSeen(key="S/1", subject="x", at=moment, recorded=now() + timedelta(seconds=5),
                        service="nursing", status="revoked", reason="Moved away")  # fmt: skip
    care.take_requests([("gp", identity, 1, ended)], moment)
    assert queries.one(request).state == "revoked"
    assert settling.settle() == 1
    assert settling.left() == []
    [visit] = [c for c in contacts.of_identities([identity]) if c.cause == request]
    assert (visit.cancelled, visit.outcome) == (True, "cancelled")
