"""The improvement team at a browser: find the signal, read the chart by keyboard, sign a step."""

import pytest
from browsing import is_for_everybody, looking

from onesystem.flow.measures import standing, store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(request, chromium, live_server, browser):
    """A page of a real browser in which the improvement team has signed in, or who is told."""
    role = getattr(request, "param", "improvement")
    with looking(chromium, live_server.url, browser(role), "/measures/") as made:
        yield made


def test_a_signal_is_found_read_and_explained(page):
    is_for_everybody(page)
    page.get_by_role("link", name="ED within 4 hours", exact=True).click()
    page.get_by_text("the target of 95.0%").first.wait_for()
    is_for_everybody(page)

    page.locator(".spc-hold").focus()
    page.keyboard.press("End")
    assert "in Oct 2026" in page.locator(".spc-reading").inner_text()
    page.keyboard.press("ArrowLeft")
    assert "in Sep 2026" in page.locator(".spc-reading").inner_text()

    page.get_by_text("Add a note or sign a step change").click()
    page.get_by_label("A step change").check()
    page.get_by_label("From which day").fill("2026-06-15")
    page.get_by_label("What happened, and why").fill("Ten beds closed for the refit")
    page.get_by_role("button", name="Sign it as").click()
    page.get_by_text("The step change is signed").wait_for()
    assert page.locator(".spc-step").count() == 1
    is_for_everybody(page)

    page.get_by_text("Take it back").first.click()
    page.get_by_label("Why").first.fill("the beds were open after all")
    page.get_by_role("button", name="Take A back").click()
    page.get_by_text("Taken back. Who made it").wait_for()
    assert page.locator(".spc-step").count() == 0


def test_a_point_leads_to_what_lies_behind(page):
    page.get_by_role("link", name="ED within 4 hours", exact=True).click()
    page.locator(".spc-hold").wait_for()
    page.wait_for_load_state()  # keys are heard once the page's script has run
    page.locator(".spc-hold").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What lies behind this figure?").wait_for()
    is_for_everybody(page)


def test_the_worst_of_many_is_seen_in_a_funnel(services, page):
    page.get_by_role("link", name="ED within 4 hours", exact=True).click()
    page.get_by_label("Compare by").select_option("service")
    page.get_by_label("Chart", exact=True).select_option("funnel")
    page.get_by_label("From", exact=True).fill("2026-01-01")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("outside the limits that chance gives").first.wait_for()
    assert page.locator(".spc-hold .spc-concern").count() == 1
    assert page.get_by_role("row").nth(1).get_by_text("Concern").count() == 1
    is_for_everybody(page)


@pytest.mark.parametrize("page", ["ed-nurse"], indirect=True)
def test_rare_events_are_read_one_by_one(page):
    page.get_by_role("link", name="ED within 4 hours", exact=True).click()
    for chart, unit in (("t", " d"), ("g", " between")):
        page.get_by_label("Chart", exact=True).select_option(chart)
        page.get_by_label("From", exact=True).fill("2026-03-01")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url(lambda url, chart=chart: f"chart={chart}" in url)
        page.locator(".spc-hold").focus()
        page.keyboard.press("End")
        assert unit in page.locator(".spc-reading").inner_text()
    is_for_everybody(page)


def test_the_first_figures_appear_by_themselves(slower, page):
    marks = store.get_marks()
    store.run("DELETE FROM flow_reached")
    with standing.locked(), standing.told(lambda _: None) as tell:
        tell("Worked out 3 of 10 parts of the people", 0.18)
        page.reload()
        page.get_by_text("being worked out for the first time").wait_for()
        assert page.get_by_role("progressbar").get_attribute("value") == "18"
        is_for_everybody(page)
        tell("Writing the cells", 0.6)
        page.get_by_text("Writing the cells").wait_for()
        store.set_marks(**marks)
        page.get_by_role("link", name="ED within 4 hours", exact=True).wait_for()
    assert page.locator("#standing").count() == 0
