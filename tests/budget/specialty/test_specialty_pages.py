"""The pages of specialty budgets: written, compared, commented, signed, and taken away."""

import html
import io
import json
import re

import pytest
from django.test import Client
from specialty_built import DILIP, FERN, money, skin

from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.access.models import User
from onesystem.budget.specialty import actions, building, reading

PAGE = "/budget/specialties/dermatology/"
YEAR = "?year=2025-26"
ONE = {"slug": "dermatology", "year": "2025/26"}


@pytest.fixture
def sign_in(db, district):
    """A browser in which somebody with a role has signed in."""
    from onesystem import wiring

    wiring.connect()

    def signs_in(role):
        users.add_user(username=role, password="three blind mice run", roles=(role,),
                       organisation="hospital", by=Actor.job("test"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


@pytest.fixture
def dilip(sign_in):
    return sign_in("clinical-director")


@pytest.fixture
def kept(db, district):
    from onesystem import wiring

    wiring.connect()
    money()
    return actions.keep(budget=skin(), seen=0, by=DILIP, why="First")


def said(page):
    return page.content.decode()


def form_of(client, address):
    """The form as a browser would post it."""
    page = said(client.get(address))
    form = page[page.index('class="pooled-form"') :]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = value[1] if value else ""
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in fields.items()}


def test_nothing_is_there_yet(dilip):
    assert "No specialty has a budget yet" in said(dilip.get("/budget/specialties/"))


@pytest.mark.parametrize("part", ["", "edit/", "history/"])
def test_every_page_opens(dilip, kept, part):
    assert dilip.get(f"{PAGE}{part}{YEAR}").status_code == 200


def test_the_budget_stands_beside_the_old_tariff(dilip, kept):
    page = said(dilip.get(PAGE + YEAR))
    built = building.build(skin())
    assert f"£{built.total / 100:,.2f}" in page
    assert f"£{built.would / 100:,.2f}" in page
    assert "National unit costs in place of prices" in page
    assert "160" in page  # more elective work


def test_it_comes_back_as_it_was(dilip, kept):
    dilip.post(f"{PAGE}edit/{YEAR}", form_of(dilip, f"{PAGE}edit/{YEAR}"))
    assert reading.standing(**ONE).budget == skin()


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(dilip, kept):
    fields = form_of(dilip, f"{PAGE}edit/{YEAR}")
    page = dilip.post(f"{PAGE}edit/{YEAR}", fields | {"works.0.steps": "nurse lots: Dressing"})
    assert page.status_code == 422
    assert "is no step. Write: nurse 20: Dressing changed" in said(page)
    assert "nurse lots: Dressing" in said(page)


def test_a_year_without_a_scale_asks_for_the_award(dilip, kept):
    fields = form_of(dilip, f"{PAGE}edit/?year=2026-27") | {"seen": "0"}
    page = said(dilip.post(f"{PAGE}edit/?year=2026-27", fields))
    assert "no pay scale for" in page
    fields |= {"award": "2.5", "award_source": "Proposal to the review body"}
    assert dilip.post(f"{PAGE}edit/?year=2026-27", fields).status_code == 302


def test_rows_come_and_go(dilip, kept):
    fields = form_of(dilip, f"{PAGE}edit/{YEAR}")
    page = said(dilip.post(f"{PAGE}edit/{YEAR}", fields | {"do": "add:posts"}))
    assert 'name="posts.2.wte"' in page


def test_it_is_signed_by_two_and_reconciled(dilip, sign_in, kept):
    fern = sign_in("finance")
    for client, as_ in ((dilip, "clinical"), (fern, "finance")):
        seen = reading.standing(**ONE).number
        page = client.post(
            f"{PAGE}act/{YEAR}", {"do": "sign", "as": as_, "seen": seen}, follow=True
        )
    assert "Agreed: its money is in the ledger" in said(page)
    assert "Against the ledger" in said(page)
    assert re.search(r'data-label="Differs">£0\.00', said(page))


def test_a_comment(sign_in, kept):
    page = sign_in("policy-analyst").post(
        f"{PAGE}act/{YEAR}", {"do": "comment", "words": "Few nurses"}, follow=True
    )
    assert "Few nurses" in said(page)


def test_two_versions_beside_each_other(dilip, kept):
    actions.keep(budget=skin(items=skin().items[1:]), seen=kept, by=FERN)
    page = said(dilip.get(f"{PAGE}history/{YEAR}"))
    assert "\u2212\u2060£50,400.00" in page
    assert "-50400" in said(dilip.get(f"{PAGE}history/{YEAR}&format=csv"))


def test_it_leaves_with_its_definitions(dilip, kept):
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(dilip.get(f"{PAGE}{YEAR}&format=xlsx").content))
    assert book.sheetnames == ["Budget", "Lines", "Work", "Capacity", "Old tariff", "Definitions"]
    assert json.loads(dilip.get(f"{PAGE}{YEAR}&format=json").content)["name"] == "Dermatology"


def test_a_new_one_is_begun(dilip, kept):
    page = dilip.post(
        "/budget/specialties/start/", {"name": "Eyes", "year": "2026-27", "service": "ed"}
    )
    assert page["Location"].startswith("/budget/specialties/eyes/edit/?year=2026-27")
    assert 'value="Eyes"' in said(dilip.get(page["Location"]))


@pytest.mark.parametrize("role", ["ed-nurse", "planner"])
def test_who_may_not_is_told_who_may(sign_in, kept, role):
    assert sign_in(role).get(f"{PAGE}edit/{YEAR}").status_code == 403


def test_steps_begin_with_the_minutes_that_costing_says(db, district):
    """The rule of a practice's telephone call has 3 minutes of reception; the GP's own minutes
    are the contact's, and a GP is no staff group of a hospital's budget."""
    from onesystem.budget.months import Year
    from onesystem.budget.specialty.queries import steps_of

    [step] = steps_of("practice", "general practice", "telephone", Year.of("2025/26"))
    assert (step.group, step.minutes) == ("admin", 3)


def test_a_new_one_is_begun_from_the_twin_or_says_why_not(dilip, kept):
    asked = {"name": "Eyes", "year": "2026-27", "service": "ed", "volumes": "twin"}
    page = dilip.post("/budget/specialties/start/", asked)
    assert "volumes=twin" in page["Location"]
    assert "From the log, not the twin: This district has no twin yet" in said(
        dilip.get(page["Location"])
    ).replace("&#39;", "'")
