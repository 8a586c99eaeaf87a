"""The Better Care lead in a real browser: a fund from its agreement to a signed return."""

from datetime import date

import pytest
from pooled_year import BEA, agreement
from test_journeys import add, journey  # noqa: F401

from onesystem.budget.months import Year
from onesystem.budget.pooled import actions, reading
from onesystem.budget.pooled.queries import today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_agrees_a_year_lets_money_move_and_returns_it(journey, add, joined):  # noqa: F811
    year = Year.on(today())
    actions.keep(agreement=agreement(year.name), seen=0, by=BEA, why="Agreed by the board")
    page = journey.page
    journey.given_i_signed_in_as(add("better-care-lead"))
    page.get_by_role("link", name="Pooled funds", exact=True).click()
    journey.then_i_see("Which money do health and social care hold together?")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Better Care Fund", exact=True).click()
    journey.then_i_see("Who pays in what")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Change the agreement").click()
    journey.then_i_see("What is agreed for")
    page.get_by_label("Risk pool").fill("500")
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("more than what is paid in")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Risk pool").fill("60.00")
    page.get_by_label("Why (for the history)").fill("The board asked for more")
    page.keyboard.press("Enter")
    journey.then_i_see("Saved, and the plan in the ledger follows")
    page.get_by_role("link", name="Money in and out").click()
    page.locator("#out-amount").fill("101.01")
    page.locator("#out-words").fill("Invoice 7")
    page.locator("#out-words").press("Enter")
    journey.then_i_see("Saved: it was spent.")
    journey.then_i_see("£101.01")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Over- and underspend").click()
    journey.then_i_see("If it ended with what the ledger says now")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Measures", exact=True).last.click()
    journey.then_i_see("What cannot be known from this")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="History").click()
    journey.then_i_see("The board asked for more")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Take the last change back").click()
    journey.then_i_see("Taken back")
    assert reading.standing("better-care", year.name).agreement.risk_pool == 50_00


def test_a_lead_makes_a_return_and_signs_it(journey, add, joined):  # noqa: F811
    year = Year.on(today())
    actions.keep(agreement=agreement(year.name), seen=0, by=BEA)
    page = journey.page
    journey.given_i_signed_in_as(add("better-care-lead"))
    journey.go("/pooled/better-care/")
    page.get_by_role("link", name="Returns").click()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Quarter 1", exact=True).click()
    page.get_by_label("The plan is agreed together: met?").select_option("yes")
    page.get_by_label("Evidence for: The plan is agreed together").fill("Minute 12")
    page.get_by_label("What went well").fill("Home first")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Work out the return").click()
    journey.then_i_see("Made. Each partner can sign it now.")
    page.get_by_role("button", name="Sign version 1").click()
    journey.then_i_see("Signed for The NHS.")
    journey.and_the_page_is_for_everybody()
    with page.expect_download() as file:
        page.get_by_role("link", name="Excel").click()
    assert file.value.suggested_filename.endswith("-q1-v1.xlsx")


def test_a_commissioner_settles_a_year_by_keyboard(journey, add, joined):  # noqa: F811
    actions.keep(agreement=agreement("2025/26"), seen=0, by=BEA)
    actions.spend(fund="better-care", year="2025/26", scheme="reablement", amount=470_00, by=BEA,
                  month=date(2025, 6, 1), key="s")  # fmt: skip
    page = journey.page
    journey.given_i_signed_in_as(add("commissioner", "community"))
    journey.go("/pooled/better-care/sharing/?year=2025-26")
    journey.then_i_see("Spent over")
    page.get_by_label("Words for the history").focus()
    page.keyboard.type("Accounts agreed")
    page.keyboard.press("Enter")
    journey.then_i_see("2025/26 is settled")
    journey.and_the_page_is_for_everybody()
    journey.go("/pooled/better-care/money/?year=2025-26")
    journey.then_i_see("Nothing more is written into it")
    journey.and_the_page_is_for_everybody()


def test_what_is_typed_into_an_agreement_comes_back(journey, add, joined):  # noqa: F811
    year = Year.on(today())
    actions.keep(agreement=agreement(year.name), seen=0, by=BEA)
    page = journey.page
    journey.given_i_signed_in_as(add("better-care-lead"))
    journey.go(f"/pooled/better-care/edit/?year={year.slug}")
    with page.expect_response("**/drafts/**"):
        page.get_by_label("Notes").fill("Half of a thought")
        page.get_by_label("Why (for the history)").focus()
    journey.go("/pooled/")
    journey.go(f"/pooled/better-care/edit/?year={year.slug}")
    page.wait_for_function("document.querySelector('[name=words]').value == 'Half of a thought'")


def test_rows_that_go_take_no_other_with_them(journey, add, joined):  # noqa: F811
    """What is kept while one writes has the numbers that the rows have now."""
    year = Year.on(today())
    before = agreement(year.name)
    actions.keep(agreement=before, seen=0, by=BEA)
    page = journey.page
    journey.given_i_signed_in_as(add("better-care-lead"))
    journey.go(f"/pooled/{before.fund}/edit/?year={year.slug}")
    page.get_by_label("Why (for the history)").fill("One scheme ends")
    names = [each.input_value() for each in page.locator("[name^='schemes.'][name$='.name']").all()]
    assert len(names) > 1
    page.get_by_role("button", name="Remove: scheme 1").click()
    page.locator(f"[name='schemes.{len(names) - 1}.name']").wait_for(state="detached")
    page.wait_for_load_state("networkidle")  # what was kept has been asked for
    left = [each.input_value() for each in page.locator("[name^='schemes.'][name$='.name']").all()]
    assert left == names[1:]
    assert page.get_by_label("Why (for the history)").input_value() == "One scheme ends"
    journey.go(f"/pooled/{before.fund}/edit/?year={year.slug}")
    journey.then_i_see("have not sent it")
    again = page.locator("[name='schemes.0.name']")
    assert again.input_value() == names[1]
