"""The pages of pooled funds: an agreement written, money in and out, a return made and signed."""

import io
import json
import re
from datetime import date

import pytest
from django.test import Client
from pooled_year import BEA, CORA, agreement

from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.access.models import User
from onesystem.budget.pooled import actions, reading

FUND = {"fund": "better-care", "year": "2025/26"}
ALL = ("", "measures/", "money/", "sharing/", "returns/", "returns/1/", "history/",
       "schemes/reablement/", "schemes/falls-car/")  # fmt: skip


@pytest.fixture
def sign_in(db, district):
    """A browser in which somebody with a role has signed in."""
    from onesystem import wiring

    wiring.connect()

    def signs_in(role, organisation="hospital"):
        users.add_user(username=f"{role}-{organisation}", password="three blind mice run",
                       roles=(role,), organisation=organisation, by=Actor.job("test"))  # fmt: skip
        client = Client()
        client.force_login(User.objects.get(username=f"{role}-{organisation}"),
                           "django.contrib.auth.backends.ModelBackend")  # fmt: skip
        return client

    return signs_in


@pytest.fixture
def bea(sign_in):
    return sign_in("better-care-lead")


@pytest.fixture
def kept(db, district):
    return actions.keep(agreement=agreement(), seen=0, by=BEA, why="Agreed")


def said(page):
    return page.content.decode()


def form_of(client, address):
    """The form of the agreement as a browser would post it."""
    page = said(client.get(address))
    form = page[page.index('class="pooled-form"') :]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            fields[name[1]] = value[1] if value else ""
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def test_the_test_of_a_scheme_is_said_in_words(bea, kept):
    from onesystem.flow.measures import library

    page = said(bea.get("/pooled/better-care/schemes/falls-car/?year=2025-26"))
    assert f"Its test: {library.measure('falls-65').title} is to be 2000 by" in page


def test_nothing_is_there_yet(bea):
    page = said(bea.get("/pooled/"))
    assert "No fund is pooled yet" in page
    assert "Begin one" in page


@pytest.mark.parametrize("part", ALL)
def test_every_page_of_a_fund_opens(bea, kept, part):
    page = bea.get(f"/pooled/better-care/{part}?year=2025-26")
    assert page.status_code == 200
    assert "Better Care Fund" in said(page)


@pytest.mark.parametrize("part", ALL)
def test_who_may_not_see_money_is_told_who_may(sign_in, kept, part):
    page = sign_in("ed-nurse").get(f"/pooled/better-care/{part}?year=2025-26")
    assert page.status_code == 403


def test_a_policy_analyst_looks_and_keeps_nothing(sign_in, kept):
    client = sign_in("policy-analyst")
    assert "Change the agreement" not in said(client.get("/pooled/better-care/?year=2025-26"))
    assert client.get("/pooled/better-care/edit/?year=2025-26").status_code == 403
    assert client.post("/pooled/better-care/money/?year=2025-26", {}).status_code == 403


class TestTheAgreement:
    EDIT = "/pooled/better-care/edit/?year=2025-26"

    def test_it_comes_back_as_it_was(self, bea, kept):
        fields = form_of(bea, self.EDIT)
        page = bea.post(self.EDIT, fields)
        assert page.status_code == 302
        assert reading.standing("better-care", "2025/26").agreement == agreement()

    def test_what_is_wrong_stands_at_its_field(self, bea, kept):
        fields = form_of(bea, self.EDIT) | {"schemes.0.amount": "lots", "why": "More"}
        page = bea.post(self.EDIT, fields)
        assert page.status_code == 422
        assert "is no amount. Write pounds and pence" in said(page)
        assert 'value="lots"' in said(page)

    def test_a_rule_that_is_broken_is_named_with_its_cure(self, bea, kept):
        page = bea.post(self.EDIT, form_of(bea, self.EDIT) | {"schemes.0.amount": "900"})
        assert "schemes take 1,000.00 from" in said(page)
        assert "Take less, or let another contribution pay" in said(page)

    def test_a_row_comes_and_goes(self, bea, kept):
        fields = form_of(bea, self.EDIT)
        page = said(bea.post(self.EDIT, fields | {"do": "add:schemes"}))
        assert 'name="schemes.4.name"' in page
        page = said(bea.post(self.EDIT, fields | {"do": "drop:schemes.0"}))
        assert "Reablement at home" not in re.findall(r'name="schemes.0.name"[^>]*', page)[0]

    def test_who_comes_second_keeps_what_they_wrote(self, bea, kept):
        fields = form_of(bea, self.EDIT) | {"words": "Mine"}
        changed = agreement(risk_pool=1)
        actions.keep(agreement=changed, seen=kept, by=CORA)
        page = said(bea.post(self.EDIT, fields))
        assert "Cora changed it" in page
        assert ">Mine</textarea>" in page

    def test_a_new_fund_is_begun(self, bea):
        page = bea.post("/pooled/start/", {"name": "Norwich pool", "year": "2026-27"})
        assert page["Location"] == "/pooled/norwich-pool/edit/?year=2026-27&name=Norwich%20pool"
        assert 'value="Norwich pool"' in said(bea.get(page["Location"]))

    def test_the_next_year_begins_as_the_last_was(self, bea, kept):
        page = said(bea.get("/pooled/better-care/edit/?year=2026-27"))
        assert "Reablement at home" in page
        assert "Falls car" not in page  # it ended

    def test_undo(self, bea, kept):
        actions.keep(agreement=agreement(risk_pool=1), seen=kept, by=BEA)
        bea.post("/pooled/better-care/undo/?year=2025-26", {"seen": kept + 1})
        assert reading.standing("better-care", "2025/26").agreement == agreement()
        page = said(bea.get("/pooled/better-care/history/?year=2025-26"))
        assert "A change taken back by better-care-lead-hospital" in page


class TestMoney:
    PAGE = "/pooled/better-care/money/?year=2025-26"

    def test_it_comes_in_once_however_often_it_is_sent(self, bea, kept):
        sent = {"what": "in", "contribution": "minimum", "month": "2025-06", "amount": "150.00",
                "key": "once"}  # fmt: skip
        for _ in range(2):
            bea.post(self.PAGE, sent)
        assert said(bea.get(self.PAGE)).count("£150.00") == 1

    def test_what_is_wrong_keeps_what_was_typed(self, bea, kept):
        page = bea.post(self.PAGE, {"what": "out", "scheme": "reablement", "month": "2025-06",
                                    "amount": "x", "words": "Invoice 7"})  # fmt: skip
        assert page.status_code == 422
        assert 'value="Invoice 7"' in said(page)

    def test_an_entry_is_taken_back(self, bea, kept):
        number = actions.spend(**FUND, scheme="reablement", month=date(2025, 6, 1), amount=100,
                               by=BEA, key="s")  # fmt: skip
        bea.post(self.PAGE, {"what": "take-back", "posting": str(number), "why": "Twice"})
        assert "takes back" in said(bea.get(self.PAGE))

    def test_it_leaves_as_it_is_shown(self, bea, kept):
        actions.spend(**FUND, scheme="reablement", month=date(2025, 6, 1), amount=12345, by=BEA,
                      key="s")  # fmt: skip
        assert "123.45" in said(bea.get(f"{self.PAGE}&format=csv"))


class TestTheEndOfTheYear:
    def test_it_is_settled_and_opened_again(self, bea, kept):
        actions.spend(**FUND, scheme="reablement", month=date(2025, 6, 1), amount=460_00, by=BEA,
                      key="s")  # fmt: skip
        address = "/pooled/better-care/settle/?year=2025-26"
        page = said(bea.post(address, {"seen": kept, "do": "settle"}, follow=True))
        assert "2025/26 is settled" in page
        assert "Spent over" in page
        page = said(bea.post(address, {"seen": kept + 1, "do": "reopen"}, follow=True))
        assert "opened again for a reason" in page
        bea.post(address, {"seen": kept + 1, "do": "reopen", "why": "Late invoice"})
        assert not reading.standing("better-care", "2025/26").settled


class TestTheReturn:
    PAGE = "/pooled/better-care/returns/1/?year=2025-26"

    def made(self, client):
        return client.post(self.PAGE, {"seen": "0", "met.agreed": "yes", "successes": "Home first",
                                       "evidence.agreed": "=Minute 12"})  # fmt: skip

    def test_it_is_made_signed_and_taken_away(self, bea, sign_in, kept):
        self.made(bea)
        for client in (bea, sign_in("commissioner", "community")):
            client.post("/pooled/better-care/returns/1/sign/?year=2025-26", {"version": "1"})
        assert "signed by all" in said(bea.get("/pooled/better-care/returns/?year=2025-26"))
        told = json.loads(bea.get("/pooled/better-care/returns/1.json?year=2025-26").content)
        assert told["conditions"][0]["met"] == "yes"
        assert [s["partner"] for s in told["signatures"]] == ["The NHS", "The council"]

    def test_the_workbook_has_its_definitions(self, bea, kept):
        from openpyxl import load_workbook

        self.made(bea)
        file = bea.get("/pooled/better-care/returns/1.xlsx?year=2025-26")
        book = load_workbook(io.BytesIO(file.content))
        assert book.sheetnames == ["Cover", "Conditions", "Income", "Expenditure", "Measures",
                                   "Definitions"]  # fmt: skip
        assert book["Income"]["D2"].value == 600
        assert book["Conditions"]["D2"].value == "'=Minute 12"  # no formula runs

    def test_the_csv_has_the_same(self, bea, kept):
        self.made(bea)
        text = said(bea.get("/pooled/better-care/returns/1.csv?year=2025-26"))
        assert "Income,1,Plan of the year,600.0" in text

    def test_what_changed_since_is_said(self, bea, kept):
        self.made(bea)
        actions.spend(**FUND, scheme="reablement", month=date(2025, 6, 1), amount=1, by=BEA,
                      key="s")  # fmt: skip
        assert "say something else by now" in said(bea.get(self.PAGE))

    def test_there_is_no_file_before_it_is_made(self, bea, kept):
        assert bea.get("/pooled/better-care/returns/1.csv?year=2025-26").status_code == 404


def test_where_no_figure_is_known_the_page_says_how_far_they_are(bea, kept):
    """A fresh district has no cells: its jobs work them out, and the page asks how far that is."""
    for part in ("", "measures/", "returns/1/"):
        page = said(bea.get(f"/pooled/better-care/{part}?year=2025-26"))
        assert "The figures wait to be worked out" in page
        assert 'hx-get="/measures/standing/' in page
