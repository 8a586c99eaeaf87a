"""Closing a month: what stops it, what is looked at, and what costing has left over."""

from datetime import date

import pytest
from funds_data import FERN
from page_data import adt

from onesystem import feeds
from onesystem.access import Actor
from onesystem.budget.costing import actions as costing
from onesystem.budget.funds import closing, queries
from onesystem.budget.funds.planning import Refused
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import later
from onesystem.vocabulary import NotPermitted


@pytest.fixture
def last(funded):
    """Last month, in which somebody came to the ED, and somebody to a ward."""
    month = later(queries.this_month(), -1)
    stays = [("1", "P1", "V1", "ED"), ("2", "P2", "V2", "WARDA")]
    feeds.take_messages(
        [
            feeds.Arrival(source="pas", name=f"{n}.hl7", data=adt(
                n, person=p, visit=v, place=place, nhs="", at=f"{month:%Y%m}201200"))
            for n, p, v, place in stays
        ],
        district=funded,
    )  # fmt: skip
    return month


def states(month):
    return {step.name: step.state for step in closing.checklist(month)}


def test_a_month_whose_costs_are_not_posted_does_not_close(last):
    costing.refresh(by=FERN)
    assert states(last)["Costs are posted"] == closing.STOPS
    with pytest.raises(Refused, match="not posted") as refused:
        closing.close(month=last, by=FERN, known=True)
    assert (refused.value.rule, refused.value.cure) == (
        "costs are posted", "Do this first, then close the month.",
    )  # fmt: skip
    assert not closing.closed(last)


def test_costed_contacts_and_the_ledger_agree_to_the_penny(last):
    costing.refresh(by=FERN)
    costing.post_month(month=last, by=FERN)
    found = states(last)
    assert found["Costs are posted"] == found["Costs and ledger agree"] == closing.DONE
    assert found["Months before are closed"] == closing.KNOWN
    with pytest.raises(Refused, match="April 2026 is open"):
        closing.close(month=last, by=FERN)
    closing.close(month=last, by=FERN, known=True)
    assert closing.closed(last)
    assert not ledger.verify()


def test_of_a_few_people_neither_how_many_nor_what_they_cost_is_shown(last, sign_in):
    costing.refresh(by=FERN)
    costing.post_month(month=last, by=FERN)
    page = sign_in("finance").get(f"/budget/months/{last:%Y-%m}/").content.decode()
    assert "Costed contacts beside the ledger" in page
    assert "fewer than 5" in page
    assert "hidden" in page


def test_a_month_that_goes_on_stops_it_and_nothing_costed_is_told(funded):
    month = queries.this_month()
    found = states(month)
    assert (found["The month is over"], found["Costs are posted"]) == (
        closing.STOPS, closing.KNOWN,
    )  # fmt: skip
    with pytest.raises(Refused, match="It ends on"):
        closing.close(month=month, by=FERN)


def test_who_may_not_move_money_closes_nothing(funded):
    with pytest.raises(NotPermitted, match="Finance manager"):
        closing.close(month=date(2026, 4, 1), by=Actor(name="a", roles=frozenset({"analyst"})))


def test_what_no_line_pays_for_is_left_over(last):
    """The wards lose their line's setting: nobody pays for them, and the checklist says so."""
    from dataclasses import replace

    from onesystem.budget.funds import actions

    wards = queries.line("wards")
    actions.open_line(line=replace(wards, setting="meals"), seen=wards.number, by=FERN)
    costing.refresh(by=FERN)
    costing.post_month(month=last, by=FERN)
    steps = {step.name: step for step in closing.checklist(last)}
    assert steps["Costs are posted"].state == closing.DONE
    assert steps["Costs and ledger agree"].state == closing.KNOWN
    assert "no budget line pays for those services" in steps["Costs and ledger agree"].words


def test_the_ledgers_own_page_of_a_month_shows_the_same(last, sign_in):
    costing.refresh(by=FERN)
    page = sign_in("finance").get(f"/budget/ledger/months/{last:%Y-%m}/close/").content.decode()
    assert "Costs are posted" in page
    assert "Settlements are posted" in page
