"""Registers of the alliance: risks and assumptions, leadership, readiness, trust."""

import math
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from seating import BOARD, CHAIR, NURSE, actor, seated

from onesystem.access import Actor
from onesystem.alliance.charter.keeping import Overtaken
from onesystem.alliance.learning.leading import actions as lead
from onesystem.alliance.learning.leading import queries as leading
from onesystem.alliance.learning.leading.spread import spread
from onesystem.alliance.learning.readiness import checking
from onesystem.alliance.learning.readiness.facts import facts
from onesystem.alliance.learning.risks import actions, queries, scoring
from onesystem.alliance.learning.risks.actions import Said
from onesystem.alliance.learning.risks.rows import WatchedStep
from onesystem.alliance.learning.trust import actions as trust
from onesystem.alliance.learning.trust import scoring as trusting
from onesystem.alliance.learning.trust.rows import TrustReply, TrustTaken
from onesystem.vocabulary import NotPermitted, UserError

store = pytest.mark.django_db


class TestScores:
    """The risk matrix of the National Patient Safety Agency, 2008, table 3."""

    @pytest.mark.parametrize(
        ("likelihood", "impact", "band"),
        [(1, 1, "low"), (3, 1, "low"), (2, 2, "moderate"), (2, 3, "moderate"), (4, 2, "high"),
         (3, 4, "high"), (3, 5, "extreme"), (5, 5, "extreme")],
    )  # fmt: skip
    def test_bands(self, likelihood, impact, band):
        assert scoring.score(likelihood, impact).band == band

    def test_outside_the_matrix(self):
        with pytest.raises(ValueError, match="1 to 5"):
            scoring.score(0, 3)

    def test_each_risk_is_in_one_cell(self):
        cells = scoring.matrix([(1, 5, 5), (2, 1, 1), (3, 5, 5)])
        assert cells[0][4][1] == [1, 3]
        assert cells[4][0][1] == [2]
        assert sum(len(numbers) for row in cells for _, numbers in row) == 3


class TestSpread:
    """Hill 1973: as many groups as lead evenly."""

    def test_even_groups_count_whole(self):
        assert spread("abcd").effective == pytest.approx(4)

    def test_one_group_counts_once_however_many(self):
        assert spread("aaaa").effective == pytest.approx(1)
        assert spread("").effective == 0

    def test_uneven_groups_count_less(self):
        exact = math.exp(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))
        assert spread("aaab").effective == pytest.approx(exact)


def risk(**more):
    said = {"kind": "risk", "title": "Nurses are not found", "words": "The service opens late",
            "tells": "Two rounds without applicants", "likelihood": 4, "impact": 3,
            "review": queries.today()}  # fmt: skip
    return Said(**said | more)


def assumption(**more):
    return risk(kind="assumption", title="Care at home saves stays", likelihood=0, impact=0, **more)


@store
class TestRisks:
    def test_it_belongs_to_the_alliance_whoever_watches_it(self, joined):
        nurse = seated()["member"]
        number = actions.raise_it(said=risk(watcher=nurse), by=NURSE)
        made = queries.entry(number)
        assert (made.alliance_id, made.watcher.name, made.state) == (
            "testshire", "Nuala Nursing", "open",
        )  # fmt: skip

    def test_an_assumption_is_proven_with_a_reason(self, joined):
        seated()
        number = actions.raise_it(said=assumption(), by=CHAIR)
        with pytest.raises(UserError, match="the reason is missing"):
            actions.settle(number=number, state="proven", why=" ", by=CHAIR)
        actions.settle(number=number, state="proven", why="The evaluation says so", by=CHAIR)
        assert queries.entry(number).state == "proven"
        with pytest.raises(UserError, match="Open it again"):
            actions.look_again(number=number, why="?", review=queries.today(), by=CHAIR)
        actions.open_again(number=number, why="A year later not", review=queries.today(), by=CHAIR)
        assert [s.kind for s in queries.steps(queries.entry(number))] == [
            "opened again", "proven", "raised",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("said", "words"),
        [({"likelihood": 0}, "how likely"), ({"title": " "}, "title is missing"),
         ({"measure": "ed-four-hours"}, "no measure"), ({"kind": "hope"}, "neither"),
         ({"watcher": 99}, "no such member")],
    )  # fmt: skip
    def test_what_is_missing_is_named(self, joined, said, words):
        seated()
        with pytest.raises(UserError, match=words):
            actions.raise_it(said=risk(**said), by=CHAIR)

    def test_a_review_is_never_in_the_past(self, joined):
        seated()
        with pytest.raises(UserError, match="is over"):
            actions.raise_it(said=risk(review=queries.today() - timedelta(1)), by=CHAIR)

    def test_who_comes_second_is_told(self, joined):
        seated()
        number = actions.raise_it(said=risk(), by=CHAIR)
        actions.change(number=number, said=risk(impact=5), by=CHAIR, why="Worse", seen=1)
        with pytest.raises(Overtaken):
            actions.change(number=number, said=risk(impact=1), by=NURSE, why="Better", seen=1)
        assert queries.entry(number).impact == 5

    def test_the_database_keeps_what_was_done(self, joined):
        seated()
        actions.raise_it(said=risk(), by=CHAIR)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            WatchedStep.objects.update(words="Nothing was said")

    def test_others_may_not(self, joined):
        seated()
        with pytest.raises(NotPermitted):
            actions.raise_it(said=risk(), by=actor("nobody", "viewer"))

    def test_pages(self, joined, sign_in):
        members = seated()
        client = sign_in("alliance-chair", "chair")
        fields = {"title": "Beds are needed after all", "words": "Stays do not fall",
                  "tells": "Occupancy stays high", "watcher": str(members["member"]),
                  "measure": "ed-4-hours", "review": queries.today().isoformat(),
                  "likelihood": "3", "impact": "5"}  # fmt: skip
        page = client.post("/alliance/risks/new/?kind=risk", fields, follow=True).content.decode()
        assert "15, extreme" in page
        assert "ED within 4 hours" in page
        refused = client.post("/alliance/risks/new/?kind=risk", fields | {"title": ""})
        assert refused.status_code == 422
        assert "Stays do not fall" in refused.content.decode()
        page = client.post("/alliance/risks/1/act/", {"do": "happened", "why": "It did", "seen": 1},
                           follow=True).content.decode()  # fmt: skip
        assert "happened" in page
        assert (
            "Nothing is in the register"
            not in client.get("/alliance/risks/?state=").content.decode()
        )
        assert b"Beds are needed" in client.get("/alliance/risks/?state=&format=csv").content


@store
class TestLeadership:
    def test_a_turn_of_leading_stays_when_it_is_over(self, joined):
        seated()
        long_ago = leading.today() - timedelta(400)
        line = lead.lead(name="Thea Therapist", what="Falls", profession="allied-health",
                         sector="community", by=CHAIR, since=long_ago)  # fmt: skip
        assert "Thea Therapist" in {one.name for one in leading.leading().leaders}
        lead.end(line=line, by=CHAIR)
        assert "Thea Therapist" not in {one.name for one in leading.leading().leaders}
        assert [one.name for one in leading.ended(leading.today())] == ["Thea Therapist"]
        with pytest.raises(UserError, match="ended already"):
            lead.end(line=line, by=CHAIR)

    def test_a_practice_is_in_one_network(self, joined):
        seated()
        lead.network(practice="practice", name="North", by=CHAIR)
        lead.network(practice="practice", name="South", by=CHAIR)
        found = leading.practices()
        assert found.networks == (("South", ("Mill Road Surgery",)),)
        assert found.alone == ()
        with pytest.raises(UserError, match="no practice 'hospital'"):
            lead.network(practice="hospital", name="North", by=CHAIR)

    def test_page(self, joined, sign_in):
        seated()
        page = sign_in("alliance-chair", "chair").get("/alliance/leadership/").content.decode()
        assert "In no network: Mill Road Surgery" in page
        assert "Ishbel Independent" in page


class TestReadiness:
    def test_every_check_has_a_source_and_a_cure(self):
        assert all(c.source and c.cure and c.href for c in checking.checks())
        assert all(c.begun <= c.least for c in checking.checks())

    def test_what_is_missing_comes_before_what_is_there_in_part(self):
        found = checking.checked({"enrolled": 0.9, "pathways": 12})
        assert [c.state for c in checking.lacking(found)][-1] == "in part"
        assert "pathways" not in {c.check.code for c in checking.lacking(found)}

    @store
    def test_a_new_district_lacks_nearly_everything(self, joined, sign_in):
        found = checking.checked(facts())
        assert {c.state for c in found} == {"missing"}
        page = sign_in("alliance-chair", "chair").get("/alliance/readiness/").content.decode()
        assert "Set up the alliance" in page

    @store
    def test_an_alliance_is_seen(self, joined):
        seated()
        states = {c.check.code: c.state for c in checking.checked(facts())}
        assert (states["alliance"], states["funders"]) == ("there", "there")


ANSWERS = {"able": 4, "well": 4, "word": 3, "open": 3, "heard": 5, "blame": 2}


class TestTrustScores:
    def test_a_statement_against_trust_is_turned(self):
        made = trusting.instruments()["trust-1"]
        said = trusting.written(made, ANSWERS)
        assert trusting.scores(made, said) == (4, 4, 3, 3, 5, 4)
        assert trusting.result(made, [said, said]).mean == pytest.approx(23 / 6)
        assert trusting.result(made, []) is None

    def test_nothing_is_filled_in_for_anybody(self):
        made = trusting.instruments()["trust-1"]
        with pytest.raises(UserError, match="Choose one of the five"):
            trusting.written(made, ANSWERS | {"able": 0})


@store
class TestTrust:
    def test_one_reply_a_round_and_nobody_can_tell_whose(self, joined):
        seated()
        number = trust.open_round(closes=leading.today(), by=CHAIR)
        trust.reply(answers=ANSWERS, sector="hospital", by=BOARD)
        with pytest.raises(UserError, match="you have replied"):
            trust.reply(answers=ANSWERS, sector="hospital", by=BOARD)
        trust.close(number=number, by=CHAIR)
        assert not TrustTaken.objects.exists()
        assert TrustReply.objects.count() == 1
        with pytest.raises(UserError, match="no round is open"):
            trust.reply(answers=ANSWERS, sector="hospital", by=NURSE)

    def test_one_round_at_a_time(self, joined):
        seated()
        trust.open_round(closes=leading.today(), by=CHAIR)
        with pytest.raises(UserError, match="open already"):
            trust.open_round(closes=leading.today(), by=CHAIR)

    def test_few_replies_are_not_shown(self, joined, sign_in):
        seated()
        client = sign_in("alliance-chair", "chair")
        number = trust.open_round(closes=leading.today(), by=CHAIR)
        said = {f"s-{code}": str(n) for code, n in ANSWERS.items()} | {"sector": "hospital"}
        page = client.post("/alliance/trust/reply/", said, follow=True).content.decode()
        assert "kept without your name" in page
        for n in range(3):
            trust.reply(answers=ANSWERS, sector="hospital", by=_somebody(n))
        trust.close(number=number, by=CHAIR)
        assert "No round is closed yet" in client.get("/alliance/trust/").content.decode()

    def test_enough_are(self, joined, sign_in):
        seated()
        number = trust.open_round(closes=leading.today(), by=CHAIR)
        for n in range(5):
            trust.reply(answers=ANSWERS, sector="hospital", by=_somebody(n))
        trust.reply(answers=ANSWERS, sector="community", by=_somebody(9))
        trust.close(number=number, by=CHAIR)
        page = sign_in("alliance-member", "member").get("/alliance/trust/").content.decode()
        assert "3.83" in page
        assert "5 replies" in page
        assert "1 replies" not in page


def _somebody(n: int) -> Actor:
    return actor(f"member-{n}", "alliance-member")
