"""The improvement team at a browser: find the signal, read the chart by keyboard, sign a step."""

import pytest
from browsing import sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, browser):
    """A page of a real browser in which somebody of the improvement team has signed in."""
    cookie = browser("improvement").cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": 1366, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    made = context.new_page()
    made.set_default_timeout(60_000)  # no test may fail because the machine is busy
    made.goto(f"{live_server.url}/measures/")
    yield made
    context.close()


def is_for_everybody(page):
    """No axe violation, in light and in dark, and no sideways scrolling at 320 px."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    assert sideways(page) <= 0


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
    page.locator(".spc-hold").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What lies behind this figure?").wait_for()
    is_for_everybody(page)
