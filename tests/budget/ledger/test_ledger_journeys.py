"""Finance keeps the ledger in a real browser, by keyboard; a commissioner looks at capitation."""

import pytest
from browsing import is_for_everybody
from ledger_words import ANN, JUNE, MAY, bill, funded
from test_journeys import PASSWORD, Journey, journey  # noqa: F401

from onesystem.access import Actor
from onesystem.access import actions as access
from onesystem.budget.ledger import actions, queries

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def posted(journey):  # noqa: F811
    for name, role in (("fern", "finance"), ("cora", "commissioner")):
        access.add_user(username=name, password=PASSWORD, roles=[role], organisation="hospital",
                        by=Actor.job("command line"))  # fmt: skip
    funded(1_000_00)
    actions.post_many([bill(12_34, cause="settlement:alliance/4")], by=ANN)
    order = actions.reserve(line="ed", amount=600_00, month=MAY, words="Agency order", by=ANN)
    actions.draw(reservation=order, amount=200_00, month=JUNE, words="Agency bill", by=ANN)
    return order


def test_finance_finds_takes_back_and_closes(journey, posted):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as("fern")
    journey.go("/budget/ledger/")
    is_for_everybody(page)
    page.get_by_label("Words").fill("agency bill")
    page.get_by_label("Words").press("Enter")
    page.wait_for_url("**q=agency+bill**")
    page.get_by_role("link", name="4", exact=True).first.press("Enter")
    journey.then_i_see("Of the same act")
    is_for_everybody(page)
    page.get_by_role("link", name="Take it back").press("Enter")
    is_for_everybody(page)
    page.get_by_label("What was wrong").fill("Billed twice")
    page.get_by_role("button", name="Take it back").press("Enter")
    journey.then_i_see("nothing is lost")
    assert queries.held(posted) == 600_00
    journey.go("/budget/ledger/months/")
    is_for_everybody(page)
    page.get_by_role("link", name="Close April").press("Enter")
    is_for_everybody(page)
    page.get_by_role("button", name="Close April 2026").press("Enter")
    journey.then_i_see("Closing a month cannot be undone")
    page.get_by_label("I have looked at the list").press("Space")
    page.get_by_role("button", name="Close April 2026").press("Enter")
    journey.then_i_see("April 2026 is closed.")
    assert queries.first_open() == MAY
    journey.go("/budget/ledger/verify/")
    page.get_by_role("button", name="Check it now").press("Enter")
    journey.then_i_see("It holds")
    is_for_everybody(page)
    assert journey.strayed == []


def test_a_commissioner_sees_what_weighting_does(journey, posted):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as("cora")
    journey.go("/budget/capitation/?place=all&q=densham")
    is_for_everybody(page)
    page.get_by_role("link", name="The Densham Surgery").press("Enter")
    journey.then_i_see("The working")
    is_for_everybody(page)
    journey.go("/budget/capitation/calculator/")
    page.get_by_label("Weighted list").fill("11300")
    page.get_by_label("It looks after its patients out of hours too").press("Space")
    page.get_by_role("button", name="Work it out").press("Enter")
    journey.then_i_see("£1,126,610.00")
    is_for_everybody(page)
    assert journey.strayed == []
