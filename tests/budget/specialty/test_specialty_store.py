"""Specialty budgets in the store: versions, signatures, and the plan in the ledger to the penny."""

from dataclasses import replace

import pytest
from specialty_built import DILIP, FERN, money, skin

from onesystem import wiring
from onesystem.access import Actor
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.specialty import actions, building, reading
from onesystem.budget.specialty.checks import Wrong
from onesystem.vocabulary import NotPermitted, UserError

ONE = {"slug": "dermatology", "year": "2025/26"}


@pytest.fixture
def kept(db, district):
    """A version of the budget, and a line to take its money from."""
    wiring.connect()
    money()
    return actions.keep(budget=skin(), seen=0, by=DILIP, why="First")


def sign_both():
    """Clinical director and finance sign what stands."""
    for as_, by in (("clinical", DILIP), ("finance", FERN)):
        seen = reading.standing(**ONE).number
        agreed = actions.sign(**ONE, seen=seen, as_=as_, by=by)
    return agreed


def plan():
    """What the plan has on the specialty's lines."""
    rows = ledger.balances(("line",), book="plan", account="budget")
    return {r["line"].split(".")[1]: r["amount"] for r in rows if r["line"].startswith("derma")}


class TestAgreeing:
    def test_both_sign_and_the_money_moves_to_the_penny(self, kept):
        built = building.build(skin())
        assert sign_both()
        assert plan() == {part: built.part(part) for part in building.PARTS}
        left = ledger.balance(book="plan", account="budget", line="outpatients")
        assert left == 1_000_000_00 - built.total
        assert not ledger.verify()

    def test_one_signature_is_not_enough(self, kept):
        assert not actions.sign(**ONE, seen=kept, as_="clinical", by=DILIP)
        assert plan() == {}

    def test_nobody_signs_both_parts(self, kept):
        both = Actor(name="both", roles=frozenset({"clinical-director", "finance"}))
        actions.sign(**ONE, seen=kept, as_="clinical", by=both)
        with pytest.raises(NotPermitted, match="has signed already"):
            actions.sign(**ONE, seen=kept + 1, as_="finance", by=both)

    def test_only_a_clinical_director_signs_as_one(self, kept):
        with pytest.raises(NotPermitted, match="no clinical director"):
            actions.sign(**ONE, seen=kept, as_="clinical", by=FERN)

    def test_a_new_version_moves_what_changes(self, kept):
        sign_both()
        seen = reading.standing(**ONE).number
        less = skin(items=skin().items[1:])
        actions.keep(budget=less, seen=seen, by=DILIP)
        assert reading.standing(**ONE).state[0] == "changed since it was agreed"
        sign_both()
        assert plan()["consumables"] == 0
        assert sum(plan().values()) == building.build(less).total

    def test_a_line_that_has_not_enough_agrees_nothing(self, kept):
        seen = actions.keep(budget=skin(posts=tuple(
            replace(p, hundredths=5000) for p in skin().posts)), seen=kept, by=DILIP)  # fmt: skip
        actions.sign(**ONE, seen=seen, as_="clinical", by=DILIP)
        with pytest.raises(UserError):
            actions.sign(**ONE, seen=seen + 1, as_="finance", by=FERN)
        standing = reading.standing(**ONE)
        assert (standing.agreed, list(standing.signed)) == (0, ["clinical"])
        assert plan() == {}


class TestVersions:
    def test_who_comes_second_is_told(self, kept):
        actions.keep(budget=skin(practical=75), seen=kept, by=FERN)
        with pytest.raises(actions.Overtaken, match="fern changed it"):
            actions.keep(budget=skin(practical=70), seen=kept, by=DILIP)

    def test_a_comment_stands_in_nobodys_way(self, kept):
        actions.comment(**ONE, words="Too few nurses?", by=FERN)
        assert actions.keep(budget=skin(practical=75), seen=kept, by=DILIP)

    def test_undo(self, kept):
        number = actions.keep(budget=skin(practical=75), seen=kept, by=DILIP)
        actions.undo(**ONE, seen=number, by=DILIP)
        assert reading.standing(**ONE).budget == skin()

    def test_what_cannot_stand_is_refused(self, db, district):
        with pytest.raises(Wrong, match="no organisation 'moon'"):
            actions.keep(budget=skin(organisation="moon"), seen=0, by=DILIP)

    def test_a_step_never_changes(self, kept):
        from django.db import DatabaseError

        from onesystem.budget.specialty.rows import SpecialtyStep

        with pytest.raises(DatabaseError, match="never changes"):
            SpecialtyStep.objects.update(why="")

    def test_who_may_not(self, db, district):
        nurse = Actor(name="nina", roles=frozenset({"ed-nurse"}))
        with pytest.raises(NotPermitted):
            actions.keep(budget=skin(), seen=0, by=nurse)
