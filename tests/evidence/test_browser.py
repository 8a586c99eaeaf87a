"""The evaluator at a browser: ask, see what fits, run, read, sign; and every design's result."""

import pytest
from browsing import is_for_everybody, looking, sideways, violations
from test_evidence_pages import ASKED, RD, ask, measures, run, waiting_list  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYWHERE = [f"s{i}" for i in range(9)]
STEPS = "\n".join(f"s{i} = 2023-{i + 1:02}-01" for i in range(9))
DESIGNS = {
    "controlled": {"treated": ["s0", "s1"], "control": ["s4", "s5"]},
    "did": {"treated": ["s0", "s1"]},
    "staggered": {"treated": ["s0", "s1"], "starts": "s0 = 2023-10-01\ns1 = 2024-01-01"},
    "synth": {"treated": ["s0"]},
    "wedge": {"treated": EVERYWHERE, "starts": STEPS, "drawn": "1"},
    "changepoint": {"treated": ["s0", "s1"]},
    "rd": {},
}


@pytest.fixture
def analyst(sign_in):
    """An evaluator who has signed in."""
    return sign_in("analyst")


@pytest.fixture
def page(chromium, live_server, analyst, measures):  # noqa: F811
    """A page of a real browser of theirs."""
    with looking(chromium, live_server.url, analyst) as made:
        made.home = live_server.url
        yield made


def test_did_it_work_from_the_question_to_the_signature(page):
    page.goto(f"{page.home}/evidence/new/")
    page.get_by_label("The question").fill(ASKED["title"])
    page.get_by_label("Measure").select_option("ed-4-hour")
    page.get_by_label("Figures from").fill(ASKED["start"])
    page.get_by_label("to", exact=True).fill(ASKED["end"])
    page.get_by_label("What was done").fill("A minors stream")
    page.get_by_label("From which day").fill(ASKED["at"])
    page.get_by_role("button", name="Show what fits").click()
    page.get_by_text("would be found with a chance of 80%").wait_for()
    row = page.get_by_role("row", name="Stepped wedge")
    assert "does not fit" in row.inner_text()
    is_for_everybody(page)

    page.get_by_role("button", name="Save the question").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Run it").click()
    page.get_by_role("heading", name="What it cannot say").wait_for()
    assert "The outcome fell by" in page.get_by_role("main").inner_text()
    is_for_everybody(page)

    page.get_by_text("Sign it", exact=True).click()
    page.get_by_label("What you stand by").fill("The coding of both sites was checked.")
    page.get_by_role("button", name="Sign it as").click()
    page.get_by_text("The coding of both sites was checked.").wait_for()


@pytest.mark.parametrize("design", DESIGNS)
def test_the_result_of_every_design_is_for_everybody(design, page, analyst):
    where = {} if design == "rd" else {"dimension": "service"}
    asked = {**where, **DESIGNS[design], "design": design}
    if design == "rd":
        asked |= {**RD, "cases": waiting_list()}
    address = ask(analyst, **asked)
    run(analyst, address)
    page.goto(f"{page.home}{address}")
    page.get_by_role("heading", name="What it leans on").wait_for()
    assert page.locator("main svg").count() >= 1
    assert violations(page) == []  # in dark it is the same page as the one above
    assert sideways(page) <= 0
