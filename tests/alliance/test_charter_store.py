"""The alliance in the store: seats, signing, leaving, interests, ladder, procurement."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alliance_made import (
    CARE,
    CHAIR,
    CODE,
    HEALTH,
    KIT,
    NURSE,
    PAPER,
    SEATS,
    charter,
    seated,
    signed,
)
from django.db import DatabaseError, transaction

from onesystem.access import Actor, verify_trail
from onesystem.access.models import Notice
from onesystem.alliance.charter import actions, buying, groups, interests, ladder, queries, signing
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.groups import Chair
from onesystem.alliance.charter.keeping import Overtaken
from onesystem.alliance.charter.more_rows import Disagreement
from onesystem.alliance.charter.rows import CharterVersion, Member
from onesystem.alliance.charter.standing import lacking
from onesystem.alliance.charter.text import written
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.kept import from_micros

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(joined):
    """The small district."""


def stands(at=None):
    return queries.standing(CODE, at)


def barred(member):
    return next(m.barred for m in stands().seated if m.key == member)


def test_nobody_decides_before_the_charter_is_signed_and_all_do_after():
    members = seated()
    assert stands().members == ()
    assert "No charter is in force" in lacking(stands())[0]
    signed(members=members)
    assert {m.key for m in stands().members} == set(members.values())
    assert lacking(stands()) == ()
    assert stands().chair.username == "chair"
    assert [m.name for m in stands().community] == ["Kit Community"]
    assert [p.code for p in stands().funders] == ["hospital", "community"]
    assert stands().quorum.least == 3
    assert verify_trail() == []


def test_a_charter_is_in_force_from_the_last_signature():
    members = seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    digest = signing.digest_of(written(charter()))
    for by in (CHAIR, KIT, NURSE, HEALTH, CARE):
        assert not signing.sign(alliance=CODE, by=by, digest=digest)
    assert stands().version is None
    assert signing.sign(alliance=CODE, by=CHAIR, digest=digest, member=members[PAPER])
    assert stands().version.number == 1


def test_a_new_version_takes_the_place_of_the_old_and_the_past_keeps_its_own():
    members = signed()
    then = now()
    signed(replace(charter(), test="best for all"), members)
    assert (stands().version.number, stands(then).version.number) == (2, 1)
    assert [v.state for v in queries.versions(CODE)] == ["in force", "superseded"]
    assert len(stands(then).members) == len(SEATS)


def test_who_joins_later_decides_once_they_signed():
    signed()
    late = actions.seat(alliance=CODE, by=CHAIR, seat=Seat(
        name="Lu Late", perspective="Pharmacy", username="lu"))  # fmt: skip
    assert barred(late) == "has not signed version 1 of the charter"
    signing.sign(alliance=CODE, by=Actor(name="lu"), digest=stands().version.digest)
    assert barred(late) == ""


@pytest.mark.parametrize(
    ("seat", "what"),
    [
        (Seat(name="A", perspective="x", seat="chair", independence="None"), "chair already"),
        (Seat(name="A", perspective="x", username="nurse"), "sit in the alliance already"),
        (Seat(name="A", perspective="x", commands="practice"), "commands no money"),
        (Seat(name="A", perspective=" "), "what they bring is missing"),
        (Seat(name="A", perspective="x", levels=(("flying", 3),)), "no competence 'flying'"),
        (Seat(name="A", perspective="x", seat="king"), "no seat 'king'"),
    ],
)
def test_a_seat_that_breaks_a_rule_is_refused(seat, what):
    seated()
    with pytest.raises(UserError, match=what):
        actions.seat(alliance=CODE, seat=seat, by=CHAIR)
    assert len(stands().seated) == len(SEATS)


@pytest.mark.parametrize(
    ("more", "what"),
    [({"commands": "hospital", "independence": "I am"}, "nobody's money"), ({}, "independent")],
)
def test_the_chair_is_independent(more, what):
    actions.set_up(code=CODE, name="Alliance", by=CHAIR)
    actions.join(alliance=CODE, code="hospital", name="H", funder=True, by=CHAIR)
    with pytest.raises(UserError, match=what):
        actions.seat(alliance=CODE, by=CHAIR, seat=Seat(name="A", perspective="x", seat="chair",
                                                        **more))  # fmt: skip


def test_no_charter_is_laid_out_without_chair_and_community():
    actions.set_up(code=CODE, name="Alliance", by=CHAIR)
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    with pytest.raises(UserError, match="independent chair"):
        signing.lay_out(alliance=CODE, by=CHAIR)
    actions.seat(alliance=CODE, seat=SEATS[0], by=CHAIR)
    with pytest.raises(UserError, match="for the community"):
        signing.lay_out(alliance=CODE, by=CHAIR)


def test_a_text_that_is_laid_out_stands_and_another_digest_is_refused():
    seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    with pytest.raises(UserError, match="its text stands"):
        signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    with pytest.raises(UserError, match="not the one to sign"):
        signing.sign(alliance=CODE, by=NURSE, digest="0" * 64)
    row = CharterVersion.objects.get()
    for change in ({"body": "{}"}, {"digest": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CharterVersion.objects.filter(id=row.id).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_a_keeper_signs_for_nobody_who_has_an_account():
    members = seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    digest = signing.digest_of(written(charter()))
    with pytest.raises(UserError, match="sign themselves"):
        signing.sign(alliance=CODE, by=CHAIR, digest=digest, member=members["Nat Nurse"])
    with pytest.raises(NotPermitted):
        signing.sign(alliance=CODE, by=NURSE, digest=digest, member=members[PAPER])
    with pytest.raises(NotPermitted):
        signing.sign(alliance=CODE, by=Actor(name="stranger"), digest=digest)


def test_suspended_left_and_of_a_suspended_party_nobody_decides():
    members = signed()
    then = now()
    actions.suspend(alliance=CODE, member=members["Nat Nurse"], why="Ill", by=CHAIR)
    actions.suspend(alliance=CODE, party="hospital", why="In dispute", by=CHAIR)
    actions.leave(alliance=CODE, member=members["Cat Care"], why="Moves", by=CARE)
    assert barred(members["Nat Nurse"]) == "is suspended: Ill"
    assert barred(members["Hal Health"]) == "commands a suspended party's money: In dispute"
    assert [p.code for p in stands().funders] == ["community"]
    assert stands().of_user("care") is None
    assert stands(then).of_user("care").entitled
    actions.resume(alliance=CODE, member=members["Nat Nurse"], by=CHAIR)
    actions.resume(alliance=CODE, party="hospital", by=CHAIR)
    assert barred(members["Nat Nurse"]) == barred(members["Hal Health"]) == ""
    actions.leave_party(alliance=CODE, code="hospital", why="Merged", by=CHAIR)
    assert barred(members["Hal Health"]) == "commands the money of a party that has left"


def test_signing_waits_for_nobody_who_left_or_is_suspended():
    members = seated()
    signing.write(alliance=CODE, charter=charter(), by=CHAIR)
    signing.lay_out(alliance=CODE, by=CHAIR)
    digest = signing.digest_of(written(charter()))
    for by in (CHAIR, KIT, NURSE, HEALTH):
        signing.sign(alliance=CODE, by=by, digest=digest)
    actions.leave(alliance=CODE, member=members[PAPER], why="Moves", by=CHAIR)
    assert stands().version is None
    actions.suspend(alliance=CODE, member=members["Cat Care"], why="Away", by=CHAIR)
    assert stands().version.number == 1


def test_who_has_no_right_keeps_nothing():
    members = seated()
    for act in (
        lambda: actions.seat(alliance=CODE, seat=Seat(name="A", perspective="x"), by=NURSE),
        lambda: actions.suspend(alliance=CODE, member=members[PAPER], why="x", by=NURSE),
        lambda: actions.leave(alliance=CODE, member=members[PAPER], why="x", by=NURSE),
        lambda: signing.write(alliance=CODE, charter=charter(), by=HEALTH),
        lambda: groups.form(alliance=CODE, code="g", name="G", scope="s", mandate="m", by=KIT),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_who_comes_second_is_told():
    seated()
    seen = queries.alliance(CODE).steps
    actions.join(alliance=CODE, code="a", name="A", seen=seen, by=CHAIR)
    with pytest.raises(Overtaken):
        actions.join(alliance=CODE, code="b", name="B", seen=seen, by=CHAIR)
    assert "b" not in {p.code for p in stands().parties}


def test_the_register_of_members_is_for_good():
    members = seated()
    with pytest.raises(DatabaseError), transaction.atomic():
        Member.objects.filter(id=members[PAPER]).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Member.objects.filter(id=members[PAPER]).update(since=0)


def test_interests_touch_services_through_who_runs_them_and_end():
    members = signed()
    made = interests.declare(
        alliance=CODE, category="financial", text="Works there", by=NURSE,
        touches=[("organisation", "hospital")], since=date(2020, 1, 1),
    )  # fmt: skip
    interests.declare(alliance=CODE, category="personal", text="A charity", by=CHAIR,
                      member=members[PAPER], touches=[("line", "1200")])  # fmt: skip
    found = queries.interests(CODE, [("service", "ward-a")])
    assert [(d.member, d.touches) for d in found] == [
        (members["Nat Nurse"], (("organisation", "hospital"),))
    ]
    assert queries.interests(CODE, []) == ()
    assert len(queries.interests(CODE)) == 2
    tomorrow = now().date() + timedelta(days=1)
    interests.end(alliance=CODE, interest=made, by=NURSE, until=tomorrow)
    assert queries.interests(CODE, [("service", "ward-a")])[0].id == made
    interests.end(alliance=CODE, interest=made, by=NURSE)
    assert queries.interests(CODE, [("service", "ward-a")]) == ()
    with pytest.raises(UserError, match="ended already"):
        interests.end(alliance=CODE, interest=made, by=NURSE)


def test_that_there_is_no_interest_is_said_too_and_holds_for_a_year():
    members = signed()
    assert interests.last_said(CODE) == {}
    interests.confirm(alliance=CODE, by=NURSE)
    interests.confirm(alliance=CODE, by=CHAIR, member=members[PAPER])
    assert set(interests.last_said(CODE)) == {members["Nat Nurse"], members[PAPER]}
    with pytest.raises(NotPermitted):
        interests.confirm(alliance=CODE, by=NURSE, member=members[PAPER])


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"touches": []}, "what it touches"),
        ({"touches": [("organisation", "hospitl")]}, "no organisation 'hospitl'"),
        ({"category": "secret"}, "no kind of interest"),
        ({"text": " "}, "is missing"),
        ({"until": date(2019, 1, 1)}, "end before it begins"),
    ],
)
def test_an_interest_that_says_nothing_known_is_refused(said, what):
    signed()
    usual = {"category": "financial", "text": "Works there", "touches": [("service", "ed")],
             "since": date(2020, 1, 1)}  # fmt: skip
    with pytest.raises(UserError, match=what):
        interests.declare(alliance=CODE, by=NURSE, **{**usual, **said})
    with pytest.raises(NotPermitted):
        interests.declare(alliance=CODE, by=NURSE, member=stands().chair.key, **usual)


def test_a_service_alliance_has_its_own_members_and_one_lead():
    members = signed()
    groups.form(alliance=CODE, code="urgent", name="Urgent care", scope="All of it", most=100,
                mandate="Decides on pathways", services=["ed"], by=CHAIR)  # fmt: skip
    first = groups.seat(alliance=CODE, group="urgent", by=CHAIR,
                        chair=Chair(member=members["Nat Nurse"], leads=True))  # fmt: skip
    second = groups.seat(alliance=CODE, group="urgent", by=CHAIR,
                         chair=Chair(name="Em", perspective="Emergency", leads=True))  # fmt: skip
    rows = {m.id: m for m in groups.ServiceMember.objects.all()}
    assert (rows[first].leads, rows[second].leads) == (False, True)
    with pytest.raises(UserError, match="already"):
        groups.seat(alliance=CODE, group="urgent", by=CHAIR,
                    chair=Chair(member=members["Nat Nurse"]))  # fmt: skip
    with pytest.raises(UserError, match="no service 'edd'"):
        groups.form(alliance=CODE, code="x", name="X", scope="s", mandate="m", services=["edd"],
                    by=CHAIR)  # fmt: skip
    groups.leave(alliance=CODE, group="urgent", chair=first, by=CHAIR)
    groups.end(alliance=CODE, group="urgent", why="Done", by=CHAIR)
    with pytest.raises(UserError, match="no such service alliance"):
        groups.leave(alliance=CODE, group="urgent", chair=second, by=CHAIR)


def test_a_disagreement_climbs_by_the_ladder_under_which_it_was_raised():
    members = signed()
    number = ladder.raise_(alliance=CODE, title="Who pays", text="Each says the other",
                           between=["hospital", "community"], by=NURSE)  # fmt: skip
    signed(replace(charter(), ladder=charter().ladder[:1]), members)
    assert ladder.climb(alliance=CODE, number=number, text="Not settled", by=HEALTH) == 2
    rungs = len(charter().ladder)
    for _ in range(rungs - 2):
        ladder.climb(alliance=CODE, number=number, text="Not settled", by=HEALTH)
    with pytest.raises(UserError, match="last rung"):
        ladder.climb(alliance=CODE, number=number, text="Not settled", by=HEALTH)
    ladder.resolve(alliance=CODE, number=number, text="Half each", by=CHAIR)
    with pytest.raises(UserError, match="it is resolved"):
        ladder.say(alliance=CODE, number=number, text="But", by=HEALTH)
    assert Disagreement.objects.get().state == "resolved"


def test_the_chair_and_those_concerned_are_told_of_a_disagreement():
    signed()
    ladder.raise_(alliance=CODE, title="Who pays", text="Each", between=["hospital"], by=NURSE)
    told = Notice.objects.filter(topic="alliance.disagreement").values_list("username", flat=True)
    assert sorted(told) == ["chair", "health"]


def test_a_rung_is_due_so_many_working_days_later(monkeypatch):
    signed()
    monkeypatch.setattr(ladder, "now", lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))  # Friday
    number = ladder.raise_(alliance=CODE, title="T", text="W", by=NURSE)
    due = from_micros(Disagreement.objects.get(number=number).due)
    assert due == datetime(2026, 12, 4, 23, 59, tzinfo=UTC)


def test_two_who_act_on_a_disagreement_at_once():
    signed()
    number = ladder.raise_(alliance=CODE, title="T", text="W", by=NURSE)
    seen = Disagreement.objects.get().steps
    ladder.climb(alliance=CODE, number=number, text="No", seen=seen, by=HEALTH)
    with pytest.raises(UserError, match="meanwhile"):
        ladder.resolve(alliance=CODE, number=number, text="Yes", seen=seen, by=CHAIR)
    with pytest.raises(NotPermitted):
        ladder.withdraw(alliance=CODE, number=number, text="No more", by=HEALTH)


def test_a_procurement_is_awarded_when_its_record_is_whole(monkeypatch):
    members = signed()
    interests.declare(alliance=CODE, category="financial", text="Works there", by=NURSE,
                      touches=[("organisation", "community")])  # fmt: skip
    day = date(2026, 3, 2)
    monkeypatch.setattr(buying, "today", lambda: day)
    number = buying.open_(alliance=CODE, title="Nursing", law="psr-2023", route="most-suitable",
                          reason="Known", buyer="hospital", by=CHAIR, value=100)  # fmt: skip

    def add(kind, **more):
        buying.add(alliance=CODE, number=number, kind=kind, by=CHAIR, **more)

    add("notice")
    add("assessment", text="Most suitable", body={"organisation": "community"})
    add("intention")
    with pytest.raises(UserError, match="standstill runs") as told:
        add("award", body={"organisation": "community"})
    assert "Nat Nurse has an interest in a bidder" in told.value.what
    add("interest", body={"member": members["Nat Nurse"], "handling": "leave"})
    day = date(2026, 3, 14)
    add("award", body={"organisation": "community"})
    with pytest.raises(UserError, match="it is awarded"):
        add("bid", body={"bidder": "Late"})
    add("award notice")
    assert [s.kind for s in buying.steps_of(buying.Procurement.objects.get())][-1] == "award notice"


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ({"kind": "bribe"}, "no step 'bribe'"),
        ({"kind": "bid"}, "whose it is"),
        ({"kind": "notice", "on": date(2999, 1, 1)}, "not what will be"),
        ({"kind": "assessment"}, "is missing"),
        ({"kind": "notice", "body": {"link": "javascript:alert(1)"}}, "https://"),
        ({"kind": "interest", "body": {"member": 1}}, "how the interest is handled"),
    ],
)
def test_a_step_that_is_none_is_refused(step, what):
    signed()
    number = buying.open_(alliance=CODE, title="N", law="psr-2023", route="direct-a", reason="R",
                          buyer="hospital", by=CHAIR)  # fmt: skip
    with pytest.raises(UserError, match=what):
        buying.add(alliance=CODE, number=number, by=CHAIR, **step)
