"""A version of a pathway: written, reviewed, signed by two who did not write it, published."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.care.pathways.versions import (
    KINDS,
    LASTING,
    STATES,
    Standing,
    Step,
    after,
    can,
    stand,
    why_not_sign,
)
from onesystem.vocabulary import UserError

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRITTEN = ["begun edda one"]
REVIEW = [*WRITTEN, "sent edda one to=dora"]
SIGNED = [*REVIEW, "signed-as-lead lea one", "signed-as-expert dora one"]
PUBLISHED = [*SIGNED, "published lea one"]


def step(line):
    """A step from a line: kind, by, digest, and what else was said."""
    kind, by, digest, *more = line.split()
    said = dict(each.split("=") for each in more)
    return Step(kind=kind.replace("-", " "), by=by, at=AT, digest=digest, **said)


def standing(lines):
    return stand(map(step, lines))


@pytest.mark.parametrize(
    ("before", "line", "state"),
    [
        ([], "begun edda one", "draft"),
        (WRITTEN, "saved eve two", "draft"),
        (WRITTEN, "sent edda one to=dora", "in review"),
        (WRITTEN, "dropped edda one", "dropped"),
        (REVIEW, "commented lea one words=why?", "in review"),
        (REVIEW, "returned lea one words=dose", "draft"),
        (REVIEW, "taken-back edda one", "draft"),
        (REVIEW, "signed-as-lead lea one", "in review"),
        (SIGNED, "published lea one", "published"),
        (SIGNED, "returned lea one words=dose", "draft"),
        (PUBLISHED, "looked-at-again lea one", "published"),
        (PUBLISHED, "superseded lea one", "superseded"),
        (PUBLISHED, "withdrawn lea one words=unsafe", "withdrawn"),
    ],
)
def test_each_step_leads_on(before, line, state):
    assert standing([*before, line]).state == state


@pytest.mark.parametrize(
    ("before", "line", "why"),
    [
        ([], "saved edda one", "not there yet"),
        (WRITTEN, "published lea one", "is draft cannot be published"),
        (WRITTEN, "sent edda one", "nobody was asked"),
        (WRITTEN, "sent edda one to=edda", "wrote some of it"),
        (REVIEW, "saved edda two", "in review cannot be saved"),
        (REVIEW, "returned lea one", "no reason"),
        (REVIEW, "commented lea one", "nothing was said"),
        (REVIEW, "published lea one", "clinical lead and the subject expert did not sign"),
        (REVIEW, "signed-as-lead edda one", "you wrote some of it"),
        (REVIEW, "signed-as-expert lea one", "dora was asked"),
        (REVIEW, "signed-as-lead dora one", "one person signs once"),
        (REVIEW, "signed-as-lead lea two", "changed since you read it"),
        (SIGNED[:-1], "published lea one", "the subject expert did not sign"),
        (PUBLISHED, "saved edda two", "published cannot be saved"),
        (PUBLISHED, "withdrawn lea one", "no reason"),
        ([*PUBLISHED, "superseded lea one"], "published lea one", "superseded cannot be"),
        (WRITTEN, "shredded lea one", "nothing that is done"),
    ],
)
def test_nothing_is_skipped(before, line, why):
    with pytest.raises(UserError, match=why):
        standing([*before, line])


def test_who_changes_a_text_takes_its_signatures_away():
    again = [*REVIEW, "signed-as-lead lea one", "taken-back edda one", "saved edda two"]
    assert standing([*again, "sent edda two to=dora"]).lead == ""


def test_it_says_what_there_is_time_for():
    assert can(standing(WRITTEN), "saved")
    assert not can(standing(PUBLISHED), "saved")
    assert why_not_sign(standing(SIGNED[:3]), "signed as expert", "dora") == ""


PEOPLE = st.sampled_from(["edda", "eve", "lea", "dora", "max"])
STEPS = st.builds(
    Step, kind=st.sampled_from(KINDS), by=PEOPLE, at=st.just(AT),
    digest=st.sampled_from(["one", "two"]), words=st.sampled_from(["", "because"]),
    to=st.sampled_from(["", "dora", "max"]),
)  # fmt: skip


@given(st.lists(STEPS, max_size=25))
def test_what_is_in_force_was_signed_by_two_who_did_not_write_it(some):
    now = Standing()
    for each in some:
        try:
            then = after(now, each)
        except UserError:
            continue
        assert then.state in STATES
        assert then.seen == now.seen + 1
        if now.state in LASTING:
            assert then.digest == now.digest  # its text never changes again
        now = then
        if now.state in LASTING:
            assert now.lead
            assert now.expert
            assert now.lead != now.expert
            assert not {now.lead, now.expert} & now.authors
