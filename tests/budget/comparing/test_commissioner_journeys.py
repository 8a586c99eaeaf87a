"""The commissioner in a real browser: forms compared, a block taken apart, spend looked into."""

import pytest
from test_journeys import add, journey  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_commissioner_sees_which_way_each_form_pulls(journey, add, told):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("commissioner"))
    journey.go("/contracts/")
    page.get_by_role("link", name="Payment forms").press("Enter")
    journey.then_i_see("Which way does each form of payment pull?")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Provider", exact=True).select_option("hospital")
    page.get_by_role("button", name="Compare").press("Enter")
    journey.then_i_see("towards fewer contacts")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Contacts more or fewer").fill("-10")
    page.get_by_text("The figures of each form").click()
    page.get_by_label("Marginal rate above plan").fill("30")
    page.get_by_role("button", name="Compare").press("Enter")
    journey.then_i_see("The plan is")
    page.get_by_role("link", name="Target cost, gain and loss shared").press("Enter")
    journey.then_i_see("how £")
    journey.then_i_see("What the contacts cost")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Name", exact=True).fill("A quiet year")
    page.get_by_role("button", name="Save").press("Enter")
    journey.then_i_see("Saved. Others who see budgets")
    page.get_by_role("button", name="Remove").press("Enter")
    journey.then_i_see("Removed.")
    page.get_by_role("button", name="Bring it back").press("Enter")
    journey.then_i_see("It is back.")
    assert journey.strayed == []


def test_a_commissioner_sees_what_a_block_bought_and_where_money_goes(
    journey, add, told  # noqa: F811
):  # fmt: skip
    page = journey.page
    journey.given_i_signed_in_as(add("commissioner"))
    journey.go("/contracts/decompose/")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("or provider").select_option("hospital")
    page.get_by_label("paid for these months").fill("2,000,000")
    page.get_by_role("button", name="Show").press("Enter")
    journey.then_i_see("What it bought, by month")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Spend", exact=True).press("Enter")
    journey.then_i_see("Where does the money go that nobody could see?")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Testshire Hospital").press("Enter")
    page.get_by_role("link", name="Emergency department").press("Enter")
    journey.then_i_see("ed rule")
    journey.and_the_page_is_for_everybody()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download for Excel").click()
    assert taken.value.suggested_filename == "spend.xlsx"
    assert journey.strayed == []
