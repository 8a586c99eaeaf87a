"""The pages of funds: the whole position, what is behind it, moving money, months, fences."""

import io
import re
from datetime import date
from html import unescape

import pytest
from funds_data import FERN, fence_off
from openpyxl import load_workbook

from onesystem.budget.funds import actions, queries
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger.entry import Leg

ALL = (
    "", "lines/", "lines/ed/", "moves/", "funds/", "fences/", "goals/", "months/",
    "months/2026-10/", "shift/",
)  # fmt: skip


@pytest.fixture
def fern(funded, sign_in):
    """The finance manager, with half a year of spend in the ledger."""
    for n in range(4, 11):
        for line, amount in (("ed", 2_100 + n), ("wards", 4_700), ("home", 5_200)):
            legs = [Leg("spent", amount, line=line), Leg("owed", -amount)]
            ledger.post(book="actual", month=date(2026, n, 1), legs=legs, words="Costs", by=FERN)
    return sign_in("finance")


def text(client, path="", status=200):
    answer = client.get(f"/budget/{path}")
    assert answer.status_code == status, answer.content.decode()[:2000]
    return said(answer)


def said(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_the_whole_position_stands_on_one_page(fern):
    page = text(fern, "?month=2026-10")
    assert "2026/27, to the end of October 2026" in page
    for words in ("Contributed this year £1,800", "Plan of the year £1,800", "Spent to date £840"):
        assert words in page
    assert "urgent care" in page
    assert "5 lines" not in page
    assert "serve no shared goal" in page


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("programme", "older people"), ("organisation", "Testshire Hospital"),
        ("setting", "home care"), ("place", "the whole district"), ("fund", "Council"),
        ("fence", "Mental health"), ("goal", "More days at home"),
    ],
)  # fmt: skip
def test_the_position_by_everything_that_is_asked_for(fern, by, words):
    fence_off()
    assert words in text(fern, f"?by={by}&month=2026-10")


@pytest.mark.parametrize("page", ALL)
def test_every_page_stands_without_any_money(joined, sign_in, page):
    client = sign_in("finance")
    if page == "lines/ed/":
        assert "no budget line" in text(client, page, 404)
    else:
        text(client, page)


@pytest.mark.parametrize("page", [*ALL, "move/"])
def test_every_page_stands_with_money(fern, page):
    fence_off()
    text(fern, page)


@pytest.mark.parametrize("page", ALL)
def test_who_may_only_see_is_shown_no_way_to_act(fern, sign_in, page):
    html = sign_in("analyst").get(f"/budget/{page}").content.decode()
    assert 'method="post"' not in re.sub(r"<header.*?</header>|<dialog.*?</dialog>", "", html,
                                         flags=re.DOTALL)  # fmt: skip


@pytest.mark.parametrize("page", ALL)
def test_who_may_not_see_budgets_is_told_who_may(funded, sign_in, page):
    assert "Finance manager" in text(sign_in("ed-nurse"), page, 403)


def test_the_files_say_what_the_page_says_to_the_penny(fern):
    csv = fern.get("/budget/?by=setting&month=2026-10&format=csv").content.decode("utf-8-sig")
    head, *rows = csv.splitlines()
    assert head.startswith("Setting,Lines,Plan of the year,Plan to date,Actual to date")
    assert any(row.startswith("ED,1,240.00,140.00,147.49") for row in rows)
    book = load_workbook(io.BytesIO(fern.get("/budget/?month=2026-10&format=xlsx").content))
    assert book.sheetnames == ["Position by programme", "Definitions"]
    defined = {row[0].value: row[1].value for row in book["Definitions"].iter_rows()}
    assert defined["Available"] == "plan of the year less committed less actual"
    amounts = {row[0].value: row[4].value for row in book["Position by programme"].iter_rows()}
    assert float(amounts["urgent care"]) == 476.49
    assert fern.get("/budget/?format=doc").status_code == 404


def test_a_figure_leads_to_its_lines_and_a_line_to_its_entries(fern):
    page = text(fern, "lines/?programme=urgent+care&month=2026-10")
    assert "Emergency department" in page
    assert "District nursing" not in page
    page = text(fern, "lines/ed/?month=2026-10")
    assert "Month by month" in page
    assert "Costs" in page
    assert "All 19 entries of 2026/27" in page
    assert "7 months so far, and their average for the 5 ahead" in page


def test_spend_on_no_line_is_shown_as_such(fern):
    legs = [Leg("spent", 777, service="gp"), Leg("owed", -777)]
    ledger.post(book="actual", month=date(2026, 5, 1), legs=legs, words="Costs", by=FERN)
    page = text(fern, "?month=2026-10")
    assert "Some spend lies on no budget line" in page
    assert "£7.77 of actuals is on no line" in page


def form(**more):
    return {"source": "wards", "to": "nurses", "amount": "10.50", "month": "2026-11",
            "months": "", "words": "More at home", "seen": str(queries.seen())} | more  # fmt: skip


def test_money_is_moved_by_a_form_and_taken_back(fern):
    answer = fern.post("/budget/move/", form(), follow=True)
    page = said(answer)
    assert "Moved. You can take it back here." in page
    assert "Wards → District nursing" in page
    assert "More at home" in page
    [act] = queries.acts(line="nurses")[:1]
    assert (act.amount, act.first, act.last) == (1_050, date(2026, 11, 1), date(2027, 3, 1))
    page = said(fern.post(f"/budget/moves/{act.number}/undo/", follow=True))
    assert "Taken back by a contrary move." in page
    assert "taken back" in page


def test_a_move_that_a_fence_forbids_names_the_rule_and_the_cure_and_keeps_the_typing(fern):
    fence_off()
    answer = fern.post("/budget/move/", form(source="mind", to="wards", amount="£1"))
    assert answer.status_code == 400
    page = said(answer)
    assert "Refused by the rule: ring fence Mental health" in page
    assert "asks for at least £120.00" in page
    assert "Put £1.00 more on lines within it" in page
    assert 'value="£1"' in answer.content.decode()
    assert 'value="mind" selected' in answer.content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"amount": "a lot"}, "no amount of money"), ({"amount": "1.005"}, "no amount of money"),
        ({"source": ""}, "Choose a line"), ({"words": ""}, "needs its reason"),
        ({"month": "soon"}, "is no month"), ({"to": "wards"}, "Choose two lines"),
        ({"amount": "9,999,999"}, "promised or spent"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_said_and_nothing_is_moved(fern, more, words):
    before = len(queries.acts())
    answer = fern.post("/budget/move/", form(**more))
    assert answer.status_code == 400
    assert words in said(answer)
    assert len(queries.acts()) == before


def test_who_comes_second_is_told_and_can_send_again(fern):
    late = form(seen="0")
    answer = fern.post("/budget/move/", late)
    assert "while you were looking" in said(answer)
    assert f'name="seen" value="{queries.seen()}"' in answer.content.decode()


def test_an_analyst_cannot_post_a_move(fern, sign_in):
    assert sign_in("analyst").post("/budget/move/", form()).status_code == 403
    assert sign_in("planner").post("/budget/funds/", {"do": "fund"}).status_code == 403


def test_a_fund_is_opened_filled_and_allotted_by_forms(fern):
    for fields in (
        {"do": "fund", "name": "Public health", "code": "public-health", "since": "2026-11"},
        {"do": "contribute", "fund": "public-health", "organisation": "hospital", "amount": "1,000",
         "kind": "ring-fenced grant", "month": "2026-11", "words": "Grant"},
        {"do": "line", "fund": "public-health", "name": "Stop smoking", "code": "smoking",
         "programme": "prevention", "organisation": "community"},
        {"do": "allot", "line": "smoking", "amount": "400", "month": "2026-11", "words": "Start"},
    ):  # fmt: skip
        answer = fern.post("/budget/funds/", fields)
        assert answer.status_code == 302, said(answer)
    page = text(fern, "funds/")
    assert "Ring-fenced grant" not in page.split("Open a fund")[0]
    assert "ring-fenced grant £1,000" in page
    assert "£600.00" in page
    wrong = fern.post("/budget/funds/", {"do": "contribute", "fund": "public-health"})
    assert wrong.status_code == 400
    assert "was not sent" in said(wrong)


def test_a_fence_is_set_shown_and_changed(fern):
    fields = {
        "name": "Mental health", "code": "mental", "kind": "floor", "basis": "amount",
        "at": "programme=mental health", "level": "130", "source": "Decision 4",
        "since": "2026-04", "until": "", "seen": "0", "fund": "",
    }  # fmt: skip
    assert fern.post("/budget/fences/", fields).status_code == 302
    page = text(fern, "fences/")
    assert "at least £130.00" in page
    assert "short by £10.00" in page
    assert "Decision 4" in page
    assert "1 fence is not kept" in text(fern, "?month=2026-10")
    html = fern.get("/budget/fences/?edit=mental").content.decode()
    assert 'name="seen" value="1"' in html
    fields |= {"level": "12,0", "seen": "1"}
    assert "no amount of money" in said(fern.post("/budget/fences/", fields))
    fields |= {"basis": "last year", "level": "105"}
    assert fern.post("/budget/fences/", fields).status_code == 302
    assert "105 % of what was spent there last year" in text(fern, "fences/")
    fields |= {"at": "colour=red", "seen": "2"}
    assert "Lines have no 'colour'" in said(fern.post("/budget/fences/", fields))


def test_a_line_without_a_goal_is_listed_until_it_serves_one(fern):
    page = text(fern, "goals/")
    assert "4 lines serve no shared goal" in page
    number = queries.line("ed").number
    fern.post("/budget/lines/ed/goal/", {"goal": "home-first", "seen": number, "back": "goals"})
    assert "3 lines serve no shared goal" in text(fern, "goals/")
    fern.post("/budget/lines/ed/goal/", {"goal": "", "seen": number})
    assert queries.line("ed").goal == "home-first"
    fern.post("/budget/goals/", {"code": "calm", "words": "Nobody waits in a corridor"})
    assert "Nobody waits in a corridor" in text(fern, "goals/")


def test_money_shifts_and_years_ahead(fern):
    for line, amount in (("ed", 20_000), ("home", 20_000)):
        legs = [Leg("spent", amount, line=line), Leg("owed", -amount)]
        ledger.post(book="actual", month=date(2025, 5, 1), legs=legs, words="Costs", by=FERN)
    page = text(fern, "shift/?month=2026-10")
    # 476.49 in hospital after 200, 364 outside after 200.
    assert "Hospital spend +138.2 %" in page
    assert "Spend outside +82.0 %" in page
    assert "-56.2 points" in page
    assert "20 % if each year's rate is added up, and 21.67 % as it compounds" in page
    assert "no rate of growth" in text(fern, "shift/?growth=lots", 400)


def test_goals_and_kinds_that_are_unknown_are_refused(fern):
    with pytest.raises(LookupError):
        actions.tie(line="ed", goal="nothing", seen=1, by=FERN)


def test_links_out_of_a_line_lead_somewhere(fern):
    html = fern.get("/budget/lines/ed/?month=2026-10").content.decode()
    links = set(re.findall(r'href="(/budget/(?:ledger|costs)/[^"]*)"', html))
    assert "/budget/ledger/?line=ed&amp;from=2026-10&amp;to=2026-10" in links
    for each in links:
        assert fern.get(unescape(each)).status_code == 200, each
