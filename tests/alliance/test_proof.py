"""Reviews in the store: a verdict stands on what was drawn, and on a meeting that looked at it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from funded import all_confirm, asked, everybody, running_from, signed_pathway
from seating import CHAIR, CLERK, NURSE, decided

from onesystem.access import Actor
from onesystem.access.models import Notice
from onesystem.alliance.charter.keeping import Overtaken
from onesystem.alliance.commit import actions as commit
from onesystem.alliance.commit import queries as committed
from onesystem.alliance.meeting import deciding, holding, queries
from onesystem.alliance.meeting import store as register
from onesystem.alliance.proof import actions, comparing, judging, presenters
from onesystem.alliance.proof import queries as reviews
from onesystem.alliance.proof.judging import Beside
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.budget.terms.settlement import Line
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
    assert all(each.run or each.trouble for each in Judged.objects.all())
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


class TestCompared:
    """Beside before and after: those that went on as before, by the rule or a person's reason."""

    @pytest.fixture
    def judged(self, district):
        """Three practices send a fifth fewer to ED from December on; the one that takes part half.

        A fourth is so small that its months are hidden.
        """
        from django.core.cache import cache

        cache.clear()
        running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
        self.members = members = everybody()
        signed_pathway()
        all_confirm(asked(members, touches=(("organisation", "practice"),)))
        running_from(datetime(2027, 5, 20, 12, tzinfo=UTC))
        _attended({"practice": (180, 90), "north": (240, 192), "south": (300, 240), "tiny": (3, 2)})
        return {each.compares: each for each in Judged.objects.all()}

    def _drawn(self, judged):
        judging.draw(judged[True].review, by=Actor.job("decision 1"))
        return reviews.one(judged[True].review_id).judged

    def test_the_rule_takes_those_that_the_decision_does_not_name(self, judged):
        """What happened everywhere is taken off, and what stays is of the decision."""
        simple, compared = self._drawn(judged)
        assert (simple.row.compares, compared.row.compares) == (False, True)
        question = asked_of(compared)
        assert (question.design, question.dimension) == ("controlled", "practice")
        assert (question.treated, question.control) == (("practice",), ("north", "south"))
        assert compared.row.rule == (
            "Practices that the decision does not name; 1 of 3 left out, as months are hidden for "
            "small numbers"
        )
        effect = compared.result["main"]
        assert effect["low"] < effect["estimate"] < effect["high"] < 0
        assert simple.result["main"]["estimate"] < 1.5 * effect["estimate"]
        assert any("control" in each["name"] for each in compared.result["checks"])
        assert compared.result["limits"]
        both = reviews.told(judged[True].review)["effects"]
        assert [each.get("compares", False) for each in both] == [False, True]

    def test_a_person_chooses_otherwise_with_a_reason_and_the_rule_leaves_it(self, judged):
        self._drawn(judged)
        said = {"review": judged[True].review_id, "measure": "ed-attendances",
                "dimension": "practice", "treated": ["practice"]}  # fmt: skip
        with pytest.raises(UserError, match="the reason is missing"):
            actions.compare(**said, control=["south"], reason=" ", by=CHAIR)
        with pytest.raises(UserError, match=r"tells nothing of 'suoth'.*south"):
            actions.compare(**said, control=["suoth"], reason="It is alike", by=CHAIR)
        with pytest.raises(UserError, match="is on both sides"):
            actions.compare(**said, control=["practice"], reason="It is alike", by=CHAIR)
        with pytest.raises(NotPermitted):
            actions.compare(**said, control=["south"], reason="It is alike", by=NURSE)
        actions.compare(**said, control=["south"], reason="It is alike", by=CHAIR)
        _, compared = self._drawn(judged)
        assert asked_of(compared).control == ("south",)
        assert (compared.row.rule, compared.row.chosen_by) == ("It is alike", "chair")

    def test_a_practice_that_another_decision_names_meanwhile_is_left_out(
        self, judged, monkeypatch
    ):
        self._drawn(judged)
        running_from(datetime(2027, 2, 1, 12, tzinfo=UTC))
        other = decided(self.members, title="Another", asks=(), funding="none")
        commit.resource(decision=other, by=CLERK)
        running_from(datetime(2027, 5, 20, 12, tzinfo=UTC))
        names = {1: {"practice"}, other: {"south"}}
        monkeypatch.setattr(comparing, "named", lambda found, _kind: names[found.number])
        _, compared = self._drawn(judged)
        assert asked_of(compared).control == ("north",)
        assert "nor another decision that went live meanwhile" in compared.row.rule

    def test_where_the_decision_names_nobody_it_says_that_there_is_nothing_to_compare_with(
        self, review
    ):
        judging.draw(review, by=Actor.job("decision 1"))
        [_, compared] = Judged.objects.order_by("nth")
        assert compared.run is None
        assert compared.trouble.startswith(
            "there is nothing to compare with: the decision names none of the practices or "
            "services or organisations of which the measure tells"
        )
        assert "Choose whom to compare with" in compared.trouble

    def test_both_stand_on_the_page_and_the_form_of_the_other_choice_refuses_in_words(self, judged):
        self._drawn(judged)
        from test_commit_pages import client_of

        chair = client_of("chair")
        page = chair.get("/alliance/decisions/1/review/").content.decode()
        for words in (
            "Before and after", "Beside those that went on as before", "By the rule:",
            "Mill Road Surgery, compared with", "Compare with other practices",
        ):  # fmt: skip
            assert words in page
        address = "/alliance/decisions/1/review/ed-attendances/compare/?by=practice"
        form = chair.get(address).content.decode()
        assert "south (south)" in form
        said = {"treated": ["Mill Road Surgery (practice)"], "control": ["south (south)"]}
        refused = chair.post(address, said)
        assert refused.status_code == 422
        assert "The reason is missing" in refused.content.decode()
        done = chair.post(address, said | {"reason": "It is alike"}, follow=True)
        assert "Chosen by chair: It is alike" in done.content.decode()


def asked_of(drawn):
    """What the evidence room is asked."""
    from onesystem.evidence.question import Question

    return Question.of(drawn.run.version.asked)


def _attended(levels):
    """ED attendances by practice, month by month: a level before December 2026, and one since."""
    from onesystem.alliance.proof.opening import BEFORE
    from onesystem.budget.months import later
    from onesystem.flow.measures import days, standing, store
    from onesystem.flow.measures.cells import MARK

    kept = store.kept_ids({"ed-attendances": "as it is"})["ed-attendances"]
    changed = datetime(2026, 12, 1, tzinfo=UTC).date()
    lines, whole = [], {}
    for n in range(-BEFORE, 6):
        month = later(changed, n)
        at = days.begin(days.day_of(month), "month")
        for nth, (code, (before, since)) in enumerate(levels.items()):
            noise = (n * 7 + nth * 5) % 11 if code != "tiny" else 0
            count = (since if month >= changed else before) + noise
            lines.append((kept, "practice", "month", at, f"ed{MARK}{code}", count, count, count))
            whole[at] = whole.get(at, 0) + count
    lines += [(kept, "all", "month", at, "", count, count, count) for at, count in whole.items()]
    store.add_cells(lines)
    midnight = datetime(2027, 5, 20, tzinfo=UTC).timestamp()
    store.set_marks(horizon=int(midnight * 1000), mapped=0, form=standing.FORM)


def test_a_settlement_says_who_shares_what_to_the_penny_and_where_each_figure_is_from(district):
    lines = (
        Line("gain and loss share", "50% of -1,753.62", "the contract", -87681, "pot:alliance",
             "hospital"),
        Line("alliance", "their part", "the contract", -87681, "practice", "pot:alliance"),
    )  # fmt: skip
    found = Beside("urgent", "Urgent care", date(2026, 4, 1), date(2026, 10, 1), lines,
                   (("hospital", 87681), ("practice", -87681)))  # fmt: skip
    shares = presenters.sharing(found, {}).all_rows
    assert [row[1].value for row in shares] == [87681, -87681, 0]
    assert shares[-1][0] == "Together"
    worked = presenters.beside(found, {})
    assert [row[-1] for row in worked.all_rows] == ["the contract"] * 2
    assert worked.all_rows[0][2] == "what they share"


def test_what_was_said_keeps_what_was_looked_at(review):
    drawn(review)
    on_an_agenda(review)
    say(review, "adopt")
    _, closed = reviews.of(review.decision_id)
    closed.row.said = json.dumps(closed.said | {"settlement": {
        "contract": "urgent", "since": "2026-04-01", "until": "2026-10-01", "trouble": "",
        "has": {"hospital": 87681, "practice": -87681},
    }})  # fmt: skip
    (told,) = presenters.said([closed])
    assert told["effects"][0]["trouble"] == "There are no figures"
    assert "876.81" in told["settlement"]
    assert told["settlement"].endswith("(April 2026 up to October 2026)")
