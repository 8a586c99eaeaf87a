"""The contract manager's story in a real browser: written, refused, signed, settled, stressed."""

import json

import pytest
from test_journeys import add, journey  # noqa: F401

from onesystem.budget.contracts import queries
from onesystem.flow import answers
from onesystem.twin import standing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODEL = {
    "name": "Small", "unit": "hour", "horizon": 3000, "replications": 2,
    "starts": "2026-11-01T00:00:00+00:00",
    "nodes": {
        "Emergency department": {"servers": 9, "service": {"exponential": 2}, "setting": "ED",
                                 "next": {"District nursing": 0.3, "out": 0.7}},
        "District nursing": {"servers": 9, "service": {"exponential": 3}, "setting": "community"},
    },
    "arrivals": {"calls": {"node": "Emergency department", "rate": 1}},
}  # fmt: skip


@pytest.fixture
def joined(told, district):
    """The district with a budget line and what services cost; and a model of it."""
    (district.path / standing.FILE).write_text(json.dumps(MODEL), encoding="utf-8")
    return district


def party(page, nth, organisation, role="", share=""):
    group = page.get_by_role("group", name=f"Party {nth}")
    group.get_by_label("Organisation").select_option(organisation)
    if role:
        group.get_by_label("Role").select_option(role)
    if share:
        group.get_by_label("Share of a member").fill(share)


def test_an_alliance_is_written_signed_settled_and_stressed(journey, add):  # noqa: F811
    page = journey.page
    journey.given_i_signed_in_as(add("contract-manager"))
    journey.go("/contracts/")
    journey.then_i_see("No contract was written yet")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Begin a contract").click()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="An alliance:").click()
    _writes(journey)
    _signs(journey)
    _settles(journey)
    _stresses(journey)


def _writes(journey):  # noqa: F811
    page = journey.page
    page.get_by_label("Name", exact=True).fill("Urgent care alliance")
    page.get_by_label("First day").fill("2025-04-01")
    page.get_by_label("The day on which it is over").fill("2026-04-01")
    party(page, 1, "icb")
    for nth, (who, share) in enumerate((("hospital", "60%"), ("community", "30%")), 2):
        page.get_by_role("button", name="Add a party").click()
        page.get_by_role("group", name=f"Party {nth}").wait_for()
        party(page, nth, who, share=share)
    page.get_by_label("Services", exact=True).fill("Emergency department\nDistrict nursing")
    page.get_by_label("Budget line").select_option("urgent")
    page.get_by_label("Well at home").check()
    page.get_by_label("Target cost").fill("4,400,000")
    for nth, side in ((1, "under"), (2, "over")):
        page.get_by_role("button", name="Add a slice").click()
        group = page.get_by_role("group", name=f"Slice {nth}")
        group.get_by_label("Side").select_option(side)
        group.get_by_label("Share", exact=True).fill("50%")
    page.get_by_role("button", name="Add a payment").click()
    group = page.get_by_role("group", name="Payment 1")
    group.get_by_label("Who is paid").select_option("hospital")
    group.get_by_label("How").select_option("each")
    group.get_by_label("Price of a contact").fill("100")
    group.get_by_label("For the services").fill("Emergency department")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Why (for the history)").press("Enter")
    journey.then_i_see("The members' shares sum to 90%")
    journey.then_i_see("for its own volume, and inside an alliance nobody is")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Remove: payment 1").click()
    page.get_by_role("group", name="Payment 1").wait_for(state="detached")
    page.get_by_role("group", name="Party 2").get_by_label("Share of a member").fill("70%")
    page.get_by_role("button", name="Save the draft").click()
    journey.then_i_see("Version 1 is saved as a draft")
    journey.then_i_see("Of all that lies under the target, the members gain 50%.")
    journey.and_the_page_is_for_everybody()


def _signs(journey):  # noqa: F811
    page = journey.page
    for who in ("icb", "hospital", "community"):
        page.get_by_label("Party", exact=True).select_option(who)
        page.get_by_label("Who signed, and as what").fill("Dr A, chief executive")
        page.get_by_role("button", name="Save the signature").click()
        journey.then_i_see("The signature is saved.")
    page.get_by_role("button", name="Publish it").click()
    journey.then_i_see("It does not go live yet")
    journey.then_i_see("The VAT of it is not settled")
    journey.and_the_page_is_for_everybody()
    page.get_by_label("Why, and who decided it").fill("The board decided on 3 March.")
    page.get_by_role("button", name="Publish it past the gate").click()
    journey.then_i_see("It went live past its gate")


def _settles(journey):  # noqa: F811
    page = journey.page
    page.get_by_role("link", name="Settle some months").click()
    page.get_by_label("First month").fill("2025-04")
    page.get_by_label("Last month").fill("2026-03")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Work it out").click()
    journey.then_i_see("Who has what")
    journey.then_i_see("Worked out again now: the same lines, to the penny.")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="£3,000,000.00").first.click()
    journey.then_i_see("Emergency department")
    journey.and_the_page_is_for_everybody()
    page.go_back()
    for who in ("icb", "hospital", "community"):
        page.get_by_label("Party", exact=True).select_option(who)
        page.get_by_label("Who signed, and as what").fill("Dr A, chief executive")
        page.get_by_role("button", name="Save the signature").click()
        journey.then_i_see("The signature is saved.")
    page.get_by_role("button", name="Post it to the ledger").click()
    journey.then_i_see("Posted to the ledger.")
    assert queries.settled("urgent-care-alliance", 1).due["hospital"] == 3_070_000_00


def _stresses(journey):  # noqa: F811
    page = journey.page
    page.get_by_role("link", name="Urgent care alliance").click()
    page.get_by_role("link", name="Versions and history").click()
    journey.then_i_see("published it past its gate")
    journey.and_the_page_is_for_everybody()
    page.get_by_role("link", name="Stress").click()
    page.get_by_label("A ward or another service closes").check()
    journey.and_the_page_is_for_everybody()
    page.get_by_role("button", name="Run beside today").click()
    journey.then_i_see("Waiting for its turn")
    answers.work()
    journey.then_i_see("each party beside today")
    journey.and_the_page_is_for_everybody()


def test_somebody_with_figures_only_reads_and_changes_nothing(journey, add, live):  # noqa: F811
    from contract_made import alliance

    live(alliance())
    page = journey.page
    journey.given_i_signed_in_as(add("commissioner"))
    journey.go("/contracts/")
    page.get_by_label("Words").fill("urgent")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Urgent care alliance").click()
    journey.then_i_see("The target cost of the services in scope is £5,000,000 a year.")
    assert page.get_by_role("link", name="Begin the next version").count() == 0
    journey.and_the_page_is_for_everybody()
