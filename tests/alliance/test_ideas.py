"""Anybody's idea gets an answer, a supporter, permission, small money; training is counted."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from funds_data import fund_it
from seating import actor, seated

from onesystem.alliance.learning.ideas import actions, queries, rules
from onesystem.alliance.learning.ideas.rows import IdeaStep
from onesystem.alliance.learning.training import actions as training
from onesystem.alliance.learning.training.actions import Taken
from onesystem.alliance.learning.training.rows import Trained
from onesystem.budget import available
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db
CARER = actor("hari", "home-carer")
LEAD = actor("mara", "manager")
OTHER = actor("ines", "improvement")
FUNDER = actor("fay", "funder")


@pytest.fixture
def staff(joined, sign_in):
    """People with accounts, since a supporter is somebody who signs in."""
    return {name: sign_in(role, name) for name, role in (
        ("hari", "home-carer"), ("mara", "manager"), ("ines", "improvement"), ("fay", "funder"),
    )}  # fmt: skip


def brought():
    return actions.bring(title="One key safe code", sector="community", by=CARER,
                         text="Carers ring the office for each door. One code.")  # fmt: skip


def supported():
    number = brought()
    actions.support(number=number, supporter="mara", permission="Try it in one street for a month",
                    why="It saves ten minutes a visit", by=LEAD)  # fmt: skip
    return number


class TestAnswers:
    def test_a_carers_idea_has_a_day_by_when(self, staff):
        made = queries.idea(brought())
        assert (made.state, queries.late(made)) == ("waits", False)
        assert made.due > queries.today() + timedelta(days=13)  # ten working days

    def test_yes_has_a_name_and_permission(self, staff):
        made = queries.idea(supported())
        assert (made.state, made.supporter) == ("supported", "mara")
        assert made.permission

    def test_nobody_answers_or_supports_their_own(self, staff):
        number = actions.bring(title="Mine", text="Mine", sector="hospital", by=LEAD)
        with pytest.raises(NotPermitted, match="their own"):
            actions.decline(number=number, why="No", by=LEAD)
        with pytest.raises(UserError, match="their own"):
            actions.support(number=number, supporter="mara", permission="Yes", why="Yes", by=OTHER)

    def test_a_no_needs_a_reason_and_can_be_asked_again_once(self, staff):
        number = brought()
        with pytest.raises(UserError, match="the reason is missing"):
            actions.decline(number=number, why=" ", by=LEAD)
        actions.decline(number=number, why="Too dear", by=LEAD)
        with pytest.raises(NotPermitted, match="who brought"):
            actions.ask_again(number=number, why="No", by=OTHER)
        actions.ask_again(number=number, why="It costs nothing", by=CARER)
        with pytest.raises(NotPermitted, match="somebody else"):
            actions.decline(number=number, why="Still", by=LEAD)
        actions.decline(number=number, why="Doors differ", by=OTHER)
        with pytest.raises(UserError, match="once"):
            actions.ask_again(number=number, why="Please", by=CARER)

    def test_what_was_done_stays(self, staff):
        supported()
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            IdeaStep.objects.update(words="Nothing")

    def test_what_was_learnt_is_for_everybody(self, staff):
        number = supported()
        with pytest.raises(NotPermitted):
            actions.end(number=number, state="done", learnt="It works", by=OTHER)
        actions.end(number=number, state="done", learnt="It works in flats", by=CARER)
        assert [step.words for step in queries.learnt()] == ["It works in flats"]
        told = queries.answered()
        assert (told.all, told.waiting, told.days) == (1, 0, 0)


class TestMoney:
    @pytest.fixture
    def line(self, staff):
        fund_it()
        return "wards"

    def test_it_is_reserved_in_the_ledger(self, line):
        number, left = supported(), available(line)
        actions.give(number=number, line=line, amount=50_000, by=FUNDER)
        assert available(line) == left - 50_000
        assert queries.idea(number).amount == 50_000

    def test_no_more_than_the_rule_and_the_line_have(self, line):
        number, left = supported(), available(line)
        most = rules.rule(queries.today()).most
        with pytest.raises(UserError, match="may have"):
            actions.give(number=number, line=line, amount=most + 1, by=FUNDER)
        with pytest.raises(UserError):
            actions.give(number=number, line="nowhere", amount=100, by=FUNDER)
        assert (available(line), queries.idea(number).amount) == (left, 0)

    def test_only_what_is_supported_has_money_and_only_a_funder_gives_it(self, line):
        number = brought()
        with pytest.raises(UserError, match="supported"):
            actions.give(number=number, line=line, amount=100, by=FUNDER)
        with pytest.raises(NotPermitted):
            actions.give(number=number, line=line, amount=100, by=LEAD)


def test_pages(staff):
    hari, mara = staff["hari"], staff["mara"]
    assert "No idea has been brought yet" in hari.get("/ideas/").content.decode()
    said = {"title": "Ring the ward first", "words": "So that nobody comes for nothing <b>",
            "sector": "community"}  # fmt: skip
    page = hari.post("/ideas/new/", said, follow=True).content.decode()
    assert "for nothing &lt;b&gt;" in page
    assert "Answer it" not in page
    number = queries.ideas().first().number
    page = mara.post(f"/ideas/{number}/act/", {"do": "support", "supporter": "ines", "why": "Yes",
                     "permission": "Ring ward A"}, follow=True).content.decode()  # fmt: skip
    assert "Ring ward A" in page
    page = hari.post(f"/ideas/{number}/act/", {"do": "done", "why": "Works"}, follow=True)
    assert "done" in page.content.decode()
    assert b"Ring the ward first" in hari.get("/ideas/?format=csv").content


class TestTraining:
    def _taken(self, who, **more):
        said = {"who": who, "course": "Finding what to improve", "profession": "nursing",
                "sector": "hospital", "organisation": "hospital"}  # fmt: skip
        return Taken(**{"on": queries.today()} | said | more)

    def test_people_are_counted_once_and_few_are_hidden(self, joined, sign_in):
        seated()
        keeper = actor("chair", "alliance-chair")
        training.train(taken=[self._taken(f"N{n}") for n in range(6)], by=keeper)
        assert training.train(taken=[self._taken("N1")], by=keeper) == 0
        training.train(taken=[self._taken("P1", profession="pharmacy")], by=keeper)
        page = sign_in("ed-nurse").get("/alliance/training/").content.decode()
        assert "under 5" in page
        assert ">N1<" not in page
        training.take_back(line=Trained.objects.get(who="P1").id, by=keeper)
        assert Trained.objects.filter(gone_at__isnull=True).count() == 6

    def test_what_is_not_known_is_named(self, joined):
        keeper = actor("chair", "alliance-chair")
        with pytest.raises(UserError, match="no organisation 'hospitl'"):
            training.train(taken=[self._taken("N1", organisation="hospitl")], by=keeper)
        tomorrow = queries.today() + timedelta(1)
        with pytest.raises(UserError, match="still to come"):
            training.train(taken=[self._taken("N1", on=tomorrow)], by=keeper)
