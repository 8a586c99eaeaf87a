"""Pages of a comparison: whose figures, over how many years, and what was run ahead."""

import json
import re

import pytest
from test_scenarios_pages import BEDS, said, scenario
from test_scenarios_whole import SAID

from onesystem.flow import answers
from onesystem.flow.measures import store
from onesystem.twin import standing, working
from onesystem.twin.models import Ran

pytestmark = pytest.mark.store


@pytest.fixture
def model(district):
    """A model that says of its services where and what they are, and of people who they are."""
    whole = SAID | {"classes": ["under 75", "75 and more"],
                    "living": {"under 75": 900, "75 and more": 100}}  # fmt: skip
    text = json.dumps(whole).replace('"young"', '"under 75"').replace('"old"', '"75 and more"')
    (district.path / standing.FILE).write_text(text, encoding="utf-8")


def ran(client, address):
    """Asked, worked, and looked at."""
    assert "Waiting for its turn" in said(client.get(address))
    answers.work()
    return said(client.get(address))


def test_days_at_home_staff_and_cost(sign_in, model):
    """In the headlines, with what cost rests on."""
    client = sign_in("planner")
    page = ran(client, f"/twin/compare/?s={scenario(client, BEDS)}")
    for words in ("Days at home", "Days in beds", "Hours of staff with people", "Cost"):
        assert words in page
    assert "National Cost Collection" in page
    assert "Everything at The infirmary" in page


def test_whose_figures(sign_in, model):
    """Everybody, each class, and by what else is known of people."""
    client = sign_in("planner")
    address = f"/twin/compare/?s={scenario(client, BEDS)}"
    ran(client, address)
    assert "sex female" not in said(client.get(address))
    assert "sex female" in said(client.get(f"{address}&who=sex&figure=came"))
    assert "75 and more" in said(client.get(f"{address}&who=class&figure=wait"))
    assert "By service, place and group" in said(client.get(f"{address}&who=stars"))


def test_over_years(sign_in, model):
    """With the people who live here; without knowing them it says what to do."""
    client = sign_in("planner")
    address = f"/twin/compare/?s={scenario(client, BEDS)}&years=5"
    assert "Nobody's age has been counted" in ran(client, address).replace("&#39;", "'")
    store.add_living([(2026, band, sex, "", "", "", 600) for band in range(0, 95, 5)
                      for sex in ("female", "male")])  # fmt: skip
    ran(client, f"{address}&anew=1")
    page = said(client.get(address))
    assert re.search(r"3 replications of 1[78]\d\d days", page)
    assert "Over 5 years of the people who live here" in page


def test_doing_nothing_is_run_before_anybody_asks(sign_in, model):
    """The first scenario is then one model to run, not two."""
    working.run_ahead()
    assert Ran.objects.count() == 1
    client = sign_in("planner")
    ran(client, f"/twin/compare/?s={scenario(client, BEDS)}")
    assert Ran.objects.count() == 2
