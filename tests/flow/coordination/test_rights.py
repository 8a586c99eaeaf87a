"""Who sees whom on the list, which lines of the working, and what is kept of what they do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor, choices
from onesystem.access.models import Audit
from onesystem.flow.coordination import actions, queries, store, working
from onesystem.flow.coordination.rows import ListedStep
from onesystem.flow.measures.days import day_of
from onesystem.vocabulary import NotFound, NotPermitted, UserError

TODAY = day_of(datetime.now(UTC).date())


def seen(listed, who):
    """Names with their scores, the highest first."""
    names = {person: name for name, person in listed.items()}
    return [(names[row.person], row.score) for row in queries.worklist(who)]


class TestWhoSeesWhom:
    def test_a_job_sees_everybody_ranked(self, listed):
        who = access.asker_of(Actor.job("tests"), "care coordination")
        assert seen(listed, who) == [("Dylan", 8), ("Bryn", 5), ("Aroha", 4)]

    def test_a_practice_sees_those_enrolled_with_it(self, listed, asker):
        who = asker("practice", "general-practitioner")
        assert seen(listed, who) == [("Dylan", 8), ("Aroha", 4)]

    def test_a_hospital_sees_those_who_left_it_within_the_window(self, listed, asker):
        """Bryn left it 19 days ago and Dylan 20; Aroha 49."""
        who = asker("hospital", "coordinator")
        assert seen(listed, who) == [("Dylan", 8), ("Bryn", 5)]

    def test_somebody_elsewhere_sees_nobody(self, listed, asker):
        assert seen(listed, asker("community", "coordinator")) == []

    @pytest.mark.parametrize("role", ["analyst", "improvement", "manager", "viewer"])
    def test_who_opens_nobody_is_refused(self, listed, asker, role):
        with pytest.raises(NotPermitted):
            queries.worklist(asker("hospital", role))

    @pytest.mark.parametrize("role", ["records-officer", "privacy-officer", "analyst"])
    def test_other_purposes_do_not_open_the_list(self, role):
        actor = Actor(name="x", roles=frozenset({role}), kind="person")
        assert queries.purposes_for(actor) == ()

    def test_who_shares_nothing_is_not_listed(self, listed, asker):
        choices.opt_out(person=listed["Dylan"], by=Actor.job("tests"))
        assert seen(listed, asker("practice", "general-practitioner")) == [("Aroha", 4)]

    def test_what_rests_on_a_sender_that_is_kept_back_is_neither_shown_nor_counted(
        self, listed, asker
    ):
        """Without the hospital's word Dylan's missed hand-over is gone, and his score less."""
        choices.opt_out(person=listed["Dylan"], by=Actor.job("tests"), source="pas")
        who = asker("practice", "general-practitioner")
        assert seen(listed, who) == [("Aroha", 4), ("Dylan", 3)]
        row, _ = queries.one(listed["Dylan"], asker=who)
        assert [line.flag for line in row.lines] == ["few-days-at-home"]

    def test_the_score_is_the_sum_of_the_lines_that_are_told(self, listed, asker):
        for row in queries.worklist(asker("practice", "general-practitioner")):
            assert row.score == sum(line.points for line in row.lines)


class TestCounts:
    def test_exact_for_those_who_open_people_hidden_where_small_for_others(self, listed):
        exact = queries.counts(Actor(name="x", roles=frozenset({"coordinator"}), kind="person"))
        assert {c.flag: c.people for c in exact}[""] == 3
        hidden = queries.counts(Actor(name="x", roles=frozenset({"analyst"}), kind="person"))
        assert {c.people for c in hidden} == {None}

    def test_by_practice(self, listed):
        counts = queries.counts(Actor.job("tests"), "practice")
        assert {c.group: c.people for c in counts if not c.flag} == {"": 1, "practice": 2}


class TestWhatIsDone:
    def test_each_step_is_kept_and_in_the_trail_without_its_words(self, listed, asker):
        who, person = asker("practice", "general-practitioner"), listed["Aroha"]
        actions.take(person=person, by=who)
        actions.note(person=person, text="rang her daughter", by=who)
        (row,) = [r for r in queries.worklist(who) if r.person == person]
        assert (row.standing.state, row.standing.by) == ("taken", who.actor.name)
        acts = Audit.objects.filter(person=person, act__startswith="worklist.").order_by("id")
        assert [a.act for a in acts] == ["worklist.taken", "worklist.noted"]
        assert all("daughter" not in f"{a.what}{a.detail}{a.reason}" for a in acts)

    def test_nobody_acts_on_whom_they_may_not_see(self, listed, asker):
        with pytest.raises(NotPermitted):
            actions.take(person=listed["Bryn"], by=asker("practice", "general-practitioner"))
        with pytest.raises(NotFound):
            actions.take(person=listed["Ceri"], by=asker("practice", "general-practitioner"))
        assert not ListedStep.objects.exists()

    def test_put_aside_takes_a_later_day_and_a_reason(self, listed, asker):
        who, person = asker("practice", "general-practitioner"), listed["Aroha"]
        with pytest.raises(UserError, match="after today"):
            actions.put_aside(person=person, until=TODAY, today=TODAY, reason="away", by=who)
        with pytest.raises(UserError, match="no reason"):
            actions.put_aside(person=person, until=TODAY + 1, today=TODAY, reason=" ", by=who)
        with pytest.raises(IntegrityError), transaction.atomic():
            ListedStep.objects.create(identity=person, kind="put aside", by="x", at=1)
        actions.put_aside(person=person, until=TODAY + 9, today=TODAY, reason="away", by=who)
        (row,) = [r for r in queries.worklist(who) if r.person == person]
        assert (row.standing.state, row.standing.until) == ("put aside", TODAY + 9)

    def test_undo_takes_back_ones_own_last_step_and_no_other(self, listed, asker):
        mine = asker("practice", "general-practitioner")
        other = asker("practice", "general-practitioner", name="somebody.else")
        actions.finish(person=listed["Aroha"], text="", by=mine)
        with pytest.raises(UserError, match="nothing of yours"):
            actions.undo(person=listed["Aroha"], by=other)
        actions.undo(person=listed["Aroha"], by=mine)
        (row,) = [r for r in queries.worklist(mine) if r.person == listed["Aroha"]]
        assert row.standing.state == "open"

    def test_working_it_out_anew_keeps_what_was_done(self, listed, asker):
        who = asker("practice", "general-practitioner")
        actions.take(person=listed["Aroha"], by=who)
        working.refresh(at=datetime.now(UTC) + timedelta(hours=1))
        (row,) = [r for r in queries.worklist(who) if r.person == listed["Aroha"]]
        assert row.standing.state == "taken"

    def test_forgetting_a_person_forgets_their_steps(self, listed, asker):
        actions.take(person=listed["Aroha"], by=asker("practice", "general-practitioner"))
        assert store.forget([listed["Aroha"]]) == 3
        assert not ListedStep.objects.exists()
