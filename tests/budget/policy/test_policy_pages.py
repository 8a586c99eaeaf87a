"""The page of the policy model: set in the address, saved, shared, taken along."""

import io

import pytest
from openpyxl import load_workbook

from onesystem.access import Actor
from onesystem.budget.policy import actions, queries
from onesystem.vocabulary import NotPermitted, UserError


@pytest.fixture
def analyst(sign_in):
    return sign_in("policy-analyst")


def page(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def test_shows_the_package_as_announced(analyst):
    text = page(analyst.get("/policy/"))
    assert "5.875 billion" in text
    assert "within 11 to 12" in text
    assert "Beside the law in force" in text


def test_the_address_sets_it_and_what_cannot_be_is_left_out(analyst):
    text = page(analyst.get("/policy/?prescriptions=3&ni-over-40=99&year=2016&format=none"))
    assert "1 setting changed" in text
    assert "In 2016" in text


def test_saves_shares_takes_away_and_brings_back(analyst):
    said = {"name": "Dearer medicines", "why": "To see", "set-prescriptions": "3"}
    assert "Dearer medicines" in page(analyst.post("/policy/save/", said, follow=True))
    assert "is there already" in page(analyst.post("/policy/save/", said), 422)
    [plan] = queries.plans()
    assert analyst.get(f"/policy/{plan.pk}/").url == "/policy/?prescriptions=3"
    assert "Bring it back" in page(analyst.post(f"/policy/{plan.pk}/remove/", follow=True))
    assert analyst.get(f"/policy/{plan.pk}/").status_code == 404
    assert "It is back" in page(analyst.post(f"/policy/{plan.pk}/restore/", follow=True))


def test_leaves_as_a_file_with_its_definitions(analyst):
    text = analyst.get("/policy/?format=csv").content.decode()
    assert "5875000000" in text
    assert "Announcement" in text
    book = load_workbook(io.BytesIO(analyst.get("/policy/?format=xlsx").content))
    assert book.sheetnames == ["Years, in pounds", "Settings and sources", "Sources' own figures"]


def test_others_do_not_see_it(sign_in):
    assert sign_in("ed-nurse").get("/policy/").status_code == 403


def test_who_saved_it_takes_it_away(db, district):
    one, two = (Actor(n, frozenset({"policy-analyst"})) for n in ("one", "two"))
    number = actions.save(name="Mine", settings={}, by=one)
    with pytest.raises(NotPermitted, match="Ask one"):
        actions.remove(plan=number, by=two)
    with pytest.raises(UserError, match="no name"):
        actions.save(name=" ", settings={}, by=one)
