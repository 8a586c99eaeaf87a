"""Plans of money on pages: begun from the ledger, tried, kept, compared, taken away."""

import html
import io
import json
import re
from dataclasses import replace

import pytest
from plan_made import FRED, PIA, money
from racing import at_once, on_many_connections

from onesystem import wiring
from onesystem.plan.money import actions, queries
from onesystem.plan.versions import Overtaken, Wrong
from onesystem.vocabulary import NotPermitted, UserError

PAGE = "/plan/money/five-years/"


@pytest.fixture
def kept(db, district):
    wiring.connect()
    return actions.keep(plan=money(), seen=0, by=PIA, why="First")


def said(page):
    return html.unescape(page.content.decode())


def form_of(client, address):
    """The form as a browser would post it."""
    page = client.get(address).content.decode()
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


def test_nothing_is_there_yet(sign_in):
    assert "Nobody has planned money yet" in said(sign_in("planner").get("/plan/money/"))


@pytest.mark.parametrize("part", ["", "bridge/", "bridge/?year=2029-30", "edit/", "history/"])
def test_every_page_opens(sign_in, kept, part):
    page = sign_in("planner").get(PAGE + part)
    assert page.status_code == 200
    assert "Five years" in said(page)


def test_a_critical_friend_reads_and_cannot_write(sign_in, kept):
    """'A reviewer who reads, comments and scores but cannot approve.'"""
    friend = sign_in("critical-friend")
    page = said(friend.get(PAGE))
    for anchor in ("years", "efficiency", "growth", "doubled", "given", "lines"):
        assert f'id="{anchor}"' in page
    assert 'href="/plan/money/five-years/edit/"' not in page
    assert friend.get(PAGE + "edit/").status_code == 403
    with pytest.raises(NotPermitted):
        actions.keep(plan=money(name="Mine"), seen=kept, by=FRED)


def test_four_per_cent_is_three_labelled_figures(sign_in, kept):
    page = said(sign_in("planner").get(PAGE + "?efficiency=4"))
    for figure in ("20.00 %", "21.67 %", "18.46 %", "Other rates, for a moment"):
        assert figure in page
    assert queries.standing("five-years").plan.efficiency == (150,)


def test_rates_that_make_no_sense_change_nothing(sign_in, kept):
    page = said(sign_in("planner").get(PAGE + "?pay=lots"))
    assert "'lots' is no figure" in page


def test_the_form_comes_back_as_it_was(sign_in, kept):
    planner = sign_in("planner")
    form = form_of(planner, PAGE + "edit/")
    planner.post(PAGE + "edit/", form)
    assert queries.standing("five-years").plan == money()
    assert queries.standing("five-years").number == kept


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(sign_in, kept):
    planner = sign_in("planner")
    form = form_of(planner, PAGE + "edit/") | {"doubled.0.last": "", "words": "Half written"}
    page = planner.post(PAGE + "edit/", form)
    assert page.status_code == 422
    assert "running old and new side by side has an end" in said(page)
    assert "Half written" in said(page)


def test_a_row_is_added_and_taken_away(sign_in, kept):
    planner = sign_in("planner")
    form = form_of(planner, PAGE + "edit/")
    assert "Line 3" in said(planner.post(PAGE + "edit/", form | {"do": "add:lines"}))
    assert "Line 2" not in said(planner.post(PAGE + "edit/", form | {"do": "drop:lines.1"}))


def test_a_version_is_taken_back_and_a_plan_closed(sign_in, kept):
    planner = sign_in("planner")
    actions.keep(plan=money(pay=(900,)), seen=1, by=PIA, why="A dearer award")
    assert "A dearer award" in said(planner.get(PAGE + "history/"))
    planner.post(PAGE + "act/", {"do": "undo", "seen": "2"})
    assert queries.standing("five-years").plan == money()
    planner.post(PAGE + "act/", {"do": "close", "seen": "3"})
    assert "Five years" not in said(planner.get("/plan/money/"))
    planner.post(PAGE + "act/", {"do": "undo", "seen": "4"})
    assert "Five years" in said(planner.get("/plan/money/"))


def test_who_comes_second_is_told(kept):
    actions.keep(plan=money(pay=(900,)), seen=kept, by=PIA)
    with pytest.raises(Overtaken, match="pia changed it"):
        actions.keep(plan=money(pay=(100,)), seen=kept, by=PIA)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"base": "2026"}, "no financial year"),
        ({"years": 7}, "5 or 20 years"),
        ({"pay": (9_000,)}, "between -20 and 30"),
        ({"doubled": (replace(money().doubled[0], last=money().year(6).last),)}, "does not end"),
        ({"doubled": (replace(money().doubled[0], benefit=""),)}, "nobody says what for"),
        ({"lines": (money().lines[0], money().lines[0])}, "there twice"),
    ],
)
def test_each_fault_is_named(kept, change, told):
    with pytest.raises(Wrong, match=told):
        actions.keep(plan=money(**change), seen=kept, by=PIA)


@pytest.mark.parametrize(
    "change",
    [{"lines": ()}, {"lines": (replace(money().lines[0], amount=0),)}, {"funders": ()},
     {"doubled": (), "pay": (-2_000,), "price": (-2_000,)}, {"years": 20}],
)  # fmt: skip
def test_a_plan_of_little_still_has_its_pages(sign_in, kept, change):
    actions.keep(plan=money(**change), seen=kept, by=PIA)
    planner = sign_in("planner")
    for part in ("", "bridge/", "?prices=real", "?format=xlsx"):
        assert planner.get(PAGE + part).status_code == 200


def test_nothing_to_undo(kept):
    with pytest.raises(UserError, match="nothing to undo"):
        actions.undo(slug="five-years", seen=kept, by=PIA)


def test_the_database_refuses_to_edit_a_step(kept):
    from django.db import DatabaseError, transaction

    from onesystem.plan.money.rows import MoneyStep

    with pytest.raises(DatabaseError), transaction.atomic():
        MoneyStep.objects.update(why="Something else")


def test_files_have_what_is_shown(sign_in, kept):
    from openpyxl import load_workbook

    planner = sign_in("planner")
    book = load_workbook(io.BytesIO(planner.get(PAGE + "?format=xlsx").content))
    assert book.sheetnames == ["Plan", "Years", "Bridges", "Lines", "Efficiency", "Definitions"]
    taken = json.loads(planner.get(PAGE + "?format=json").content)
    assert taken["lines"][0]["amount"] == 100_000_000_00
    assert "2031/32" in planner.get(PAGE + "?format=csv").content.decode()


def test_a_plan_begins_with_what_the_ledger_has(sign_in, db, district):
    """Contributions by funder, and the plan of each setting, to the penny."""
    from budget_begun import begun

    wiring.connect()
    begun()
    planner = sign_in("planner")
    page = planner.post("/plan/money/new/", {"name": "Ten years", "years": "5", "area": ""})
    form = form_of(planner, page["Location"])
    page = said(planner.post(page["Location"], form, follow=True))
    assert "to the penny" in page
    made = queries.standing("ten-years").plan
    assert made.funders[0].amount == sum(line.amount for line in made.lines) == 1_000_000_00


def test_demand_is_what_the_case_for_change_foresees(sign_in, db, district):
    """A board's plan begins with the case's costs and its growth, in balance."""
    planner = sign_in("planner")
    said_ = {"name": "Norfolk", "years": "20", "area": "QMM", "whence": "case"}
    where = planner.post("/plan/money/new/", said_)["Location"]
    planner.post(where, form_of(planner, where))
    assert "Demand beside the case for change" in said(planner.get("/plan/money/norfolk/?beside=1"))
    made = queries.standing("norfolk").plan
    assert queries.plan_of("QMM") == made
    assert queries.worked("norfolk").years[0].gap == 0
    assert {b.differs for b in queries.beside(made)} == {False}


class TestReview:
    """'Reads, comments and scores but cannot approve': said in the review of a workspace."""

    @pytest.fixture
    def workspace(self, kept):
        from onesystem.plan.options import actions as workspaces

        return workspaces.begin(name="Winter", by=PIA)

    def test_a_critical_friend_comments_on_a_part(self, sign_in, workspace):
        friend = sign_in("critical-friend")
        told = {"part": "growth", "workspace": workspace, "words": "Why not more of it outside?"}
        friend.post(PAGE + "comment/", told)
        page = said(friend.get(PAGE))
        assert "Why not more of it outside?" in page
        assert "whose growth it is" in page
        review = said(friend.get(f"/plan/{workspace}/review/"))
        assert 'href="/plan/money/five-years/#growth"' in review

    @pytest.mark.parametrize(
        ("change", "told"),
        [({"part": "roof"}, "has no part"), ({"workspace": ""}, "in the review of a plan"),
         ({"words": " "}, "nothing is said")],
    )  # fmt: skip
    def test_what_cannot_be_said_is_told(self, sign_in, workspace, change, told):
        friend = sign_in("critical-friend")
        given = {"part": "growth", "workspace": workspace, "words": "Why?"} | change
        assert told in said(friend.post(PAGE + "comment/", given, follow=True))


@pytest.mark.django_db(transaction=True)
@on_many_connections
def test_of_two_who_keep_at_one_moment_one_is_told(district):
    wiring.connect()
    seen = actions.keep(plan=money(), seen=0, by=PIA)
    told = at_once(*(lambda n=n: actions.keep(plan=money(pay=(n,)), seen=seen, by=PIA)
                     for n in (100, 200)))  # fmt: skip
    assert told[0] == "done"
    assert "while you were looking" in told[1]
