"""A practice's coordinator at a browser: open the list, see why, take somebody, put aside, undo."""

import pytest
from browsing import is_for_everybody, looking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, figures, sign_in):
    """A page of a real browser in which somebody of the practice has signed in."""
    client = sign_in("general-practitioner", "practice")
    with looking(chromium, live_server.url, client, "/coordination/") as made:
        yield made


def test_a_coordinator_works_through_the_list(page):
    is_for_everybody(page)
    page.get_by_label("What are you doing?").fill("weekly review")
    page.get_by_role("button", name="Open the list").click()
    page.get_by_role("button", name="I look at this: Aroha Tester").click()
    page.get_by_text("You are looking at this person now").wait_for()
    is_for_everybody(page)

    page.get_by_role("link", name="Dylan Tester").click()
    page.get_by_text("Score 8").first.wait_for()
    page.get_by_label("Task", exact=True).fill("One care plan with all")
    page.get_by_label("Who does it").fill("Practice nurse")
    page.get_by_role("button", name="Ask for it").click()
    is_for_everybody(page)
    page.get_by_role("link", name="All tasks").click()
    page.get_by_text("1 task is open").wait_for()
    is_for_everybody(page)
    page.get_by_role("button", name="Done: One care plan").press("Enter")
    page.get_by_text("Nothing is asked for").wait_for()
    page.get_by_role("link", name="Worklist", exact=True).click()
    page.get_by_role("link", name="Dylan Tester").click()
    page.get_by_label("Until", exact=True).fill("2150-03-01")
    page.get_by_label("Why it can wait").fill("away with family")
    page.get_by_role("button", name="Put aside").click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back.", exact=True).wait_for()

    page.get_by_role("navigation", name="Where you are").get_by_role("link").click()
    page.get_by_role("link", name="Places").click()
    page.get_by_role("heading", name="Mill Road Surgery").wait_for()
    is_for_everybody(page)
    page.get_by_role("link", name="The virtuous cycle").click()
    page.get_by_role("heading", name="3. Hospital").wait_for()
    is_for_everybody(page)
