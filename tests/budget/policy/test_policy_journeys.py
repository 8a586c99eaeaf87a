"""The policy analyst's story in a real browser: set, read, save, share, take along."""

import pytest
from playwright.sync_api import expect
from test_journeys import Journey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journey(chromium, live_server, district):
    from onesystem import wiring
    from onesystem.access import Actor, actions

    wiring.connect()
    actions.add_user(username="polly", password="three blind mice run", roles=["policy-analyst"],
                     by=Actor.job("a test"))  # fmt: skip
    made = Journey(chromium, live_server.url)
    yield made
    made.context.close()


def test_sets_a_charge_switches_a_source_and_shares_it(journey):
    page = journey.page
    journey.given_i_signed_in_as("polly")
    journey.go("/policy/")
    journey.then_i_see("brings in 5.875 billion")
    journey.and_the_page_is_for_everybody()
    page.locator("#f-prescriptions").fill("3")
    page.get_by_role("button", name="Work it out").press("Enter")
    journey.then_i_see("brings in 6.165 billion")
    assert "prescriptions=3" in page.url
    page.get_by_label("Assume").first.select_option("marie-curie")
    journey.then_i_see("billion short")
    page.get_by_role(
        "slider", name="National Insurance for everybody over 40: per cent more"
    ).press("ArrowRight")
    journey.then_i_see("3 settings changed")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Name", exact=True).fill("Dearer medicines, Marie Curie's costs")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    journey.then_i_see("Saved. Others who see budgets find it below")
    page.get_by_role("link", name="The package as announced").click()
    journey.then_i_see("brings in 5.875 billion")
    page.get_by_role("link", name="Dearer medicines").press("Enter")
    journey.then_i_see("3 settings changed")
    expect(page.locator("#f-prescriptions")).to_have_value("3")
    with page.expect_download() as file:
        page.get_by_role("link", name="Download as CSV").click()
    assert "Marie Curie" in file.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="Remove").press("Enter")
    page.get_by_role("button", name="Bring it back").press("Enter")
    journey.then_i_see("It is back.")


def test_works_without_a_script(journey):
    page = journey.context.browser.new_context(java_script_enabled=False).new_page()
    journey.page.context.close()
    journey.page = page
    journey.context = page.context
    journey.given_i_signed_in_as("polly")
    journey.go("/policy/")
    page.fill("#f-ni-over-40", "2")
    page.click("text=Work it out")
    page.get_by_text("brings in 7.875 billion").first.wait_for()
