"""Closing a month: what stops it, what is looked at, and what costing has left over."""

import json
from datetime import date

import pytest
from funds_data import FERN
from page_data import adt

from onesystem import feeds
from onesystem.access import Actor
from onesystem.access.models import Audit
from onesystem.budget.costing import actions as costing
from onesystem.budget.funds import closing, queries
from onesystem.budget.funds.planning import Refused
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import later
from onesystem.vocabulary import NotPermitted, UserError


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


def test_no_way_of_closing_passes_costs_that_are_not_posted(last, sign_in):
    """Neither the ledger's own act nor its page; and a later month closes this one with it."""
    from onesystem.budget.ledger import actions

    costing.refresh(by=FERN)
    with pytest.raises(UserError, match="must be right first: costs are posted"):
        actions.close(month=last, by=FERN)
    with pytest.raises(UserError, match="must be right first"):
        actions.close(month=last, by=FERN, override="chain", why="because")
    at = f"/budget/ledger/months/{last:%Y-%m}/close/"
    client = sign_in("finance")
    page = client.get(at).content.decode()
    assert 'value="costs-unposted"' in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(at, {"seen": seen, "sure": "1"}).content.decode()
    assert "costs-unposted" in answer
    assert not closing.closed(last)


def test_costs_of_a_month_that_closes_with_it_stop_it(last):
    from onesystem.budget.ledger import actions
    from onesystem.budget.ledger.entry import ACTUAL, Leg

    costing.refresh(by=FERN)
    costing.post_month(month=last, by=FERN)
    before = later(last, -1)
    assert states(last)["Costs are posted"] == closing.DONE
    wards = queries.line("wards")
    # A posting of the month before in the name of its costs, which the contacts do not bear out.
    legs = [Leg("spent", 7, line=wards.code, service="ward-a"),
            Leg("owed", -7, line=wards.code, service="ward-a")]  # fmt: skip
    actions.post(book=ACTUAL, month=before, legs=legs, by=FERN, words="x",
                 cause=f"costing:contacts:{before:%Y-%m}")  # fmt: skip
    found = {step.name: step for step in closing.checklist(last)}["Costs are posted"]
    assert found.state == closing.STOPS
    assert f"{before:%B %Y} would close with it" in found.words


def test_the_override_has_a_name_and_a_reason_and_the_trail_has_both(last, sign_in):
    costing.refresh(by=FERN)
    with pytest.raises(Refused, match="needs a reason"):
        closing.close(month=last, by=FERN, known=True, override=closing.UNPOSTED, why=" ")
    client = sign_in("finance")
    said = {"known": "1", "override": closing.UNPOSTED, "why": "The feed comes next week"}
    answer = client.post(f"/budget/months/{last:%Y-%m}/", said, follow=True)
    assert "is closed" in answer.content.decode()
    told = Audit.objects.filter(act="ledger.closed").latest("id")
    assert (told.reason, json.loads(told.detail)["override"]) == (
        "The feed comes next week",
        "costs-unposted",
    )


def test_an_override_that_nothing_needs_is_not_in_the_trail(last):
    costing.refresh(by=FERN)
    costing.post_month(month=last, by=FERN)
    closing.close(month=last, by=FERN, known=True, override=closing.UNPOSTED, why="In case")
    told = Audit.objects.filter(act="ledger.closed").latest("id")
    assert (told.reason, "override" in told.detail) == ("", False)
