"""Reviews in the store: a verdict stands on what was drawn, and on a meeting that looked at it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from funded import all_confirm, asked, everybody, running_from, signed_pathway
from seating import CHAIR, CLERK, NURSE

from onesystem.access import Actor
from onesystem.access.models import Notice
from onesystem.alliance.charter.keeping import Overtaken
from onesystem.alliance.commit import queries as committed
from onesystem.alliance.meeting import deciding, holding, queries
from onesystem.alliance.meeting import store as register
from onesystem.alliance.proof import actions, judging
from onesystem.alliance.proof import queries as reviews
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(district):
    """The review of a decision that was set going, as long ago as its day asks."""
    running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
    members = everybody()
    signed_pathway()
    all_confirm(asked(members))
    running_from(datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(days=181))
    return Review.objects.get()


def drawn(review):
    """What judges it could not be worked out: the small district has no figures."""
    Judged.objects.filter(review=review).update(trouble="There are no figures")


def on_an_agenda(review):
    meeting = holding.call(title="Alliance", starts=now(), by=CLERK)
    item = holding.add(meeting=meeting, title="", kind="review", decision=review.decision_id,
                       by=CLERK)  # fmt: skip
    holding.open_(meeting=meeting, by=CLERK)
    deciding.open_item(item=item, by=CLERK)


def say(review, verdict, by=CHAIR, seen=0):
    return actions.close(review=review.id, verdict=verdict, reason="As the chart says", seen=seen,
                         by=by)  # fmt: skip


def test_it_is_drawn_on_its_day_and_the_chair_is_told(review):
    assert [each.id for each in judging.due()] == [review.id]
    assert actions.remind(by=Actor.job("reviews")) == 1
    assert judging.due() == []
    each = Judged.objects.get()
    assert each.run or each.trouble
    told = Notice.objects.filter(topic="alliance.review").values_list("username", flat=True)
    assert set(told) == {"chair", "member"}


def test_a_verdict_waits_for_what_it_stands_on(review):
    with pytest.raises(UserError, match="not drawn yet"):
        say(review, "adopt")
    drawn(review)
    with pytest.raises(UserError, match="no meeting has had this review"):
        say(review, "adopt")
    on_an_agenda(review)
    with pytest.raises(NotPermitted):
        say(review, "adopt", by=NURSE)
    with pytest.raises(UserError, match="not said what becomes of it"):
        say(review, "wait")
    with pytest.raises(Overtaken):
        say(review, "adopt", seen=7)


def test_what_is_adopted_is_looked_at_again(review):
    drawn(review)
    on_an_agenda(review)
    assert say(review, "adopt") == 0
    assert queries.decision(review.decision_id).state == "adopted"
    again, closed = reviews.of(review.decision_id)
    assert (again.row.verdict, closed.row.verdict) == ("", "adopt")
    assert again.row.due > closed.row.due
    assert closed.said["effects"][0]["trouble"] == "There are no figures"
    assert [e.entry.kind for e in register.entries()][-1] == "adopted"
    assert register.verify() == []


def test_a_change_begins_a_proposal(review):
    drawn(review)
    on_an_agenda(review)
    made = queries.proposal(say(review, "change"))
    assert made.last.proposed.title == "COPD at home, changed"
    assert "is to be changed: As the chart says" in made.last.proposed.answers
    assert queries.decision(review.decision_id).state == "changed"


def test_what_is_stopped_ends(review):
    drawn(review)
    on_an_agenda(review)
    say(review, "stop")
    assert queries.decision(review.decision_id).state == "stopped"
    assert all(each.until for each in committed.in_force())


def test_the_database_refuses_to_change_a_verdict(review):
    drawn(review)
    on_an_agenda(review)
    say(review, "adopt")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        connection.cursor().execute("UPDATE alliance_review SET reason = 'x' WHERE verdict <> ''")
