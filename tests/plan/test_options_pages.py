"""The pages of plans: what each shows to whom, what forms do, files of runs."""

import html
import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from options_tried import PIA, begun, twin

from onesystem.flow import answers
from onesystem.plan.options import actions, diagnosing, queries, reviewing, running
from onesystem.plan.options.rows import PlanRow

THREE = ("acute-demand-home", "ambulance-to-practice", "beds")
PAGE = "/plan/winter-without-gridlock/"


@pytest.fixture
def three(sign_in, monkeypatch):
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    return begun(*THREE, area="QMM")


def said(response):
    """The text of a page, without its tags."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", plain))


def seen():
    return queries.plan("winter-without-gridlock").number


def ran(three, district):
    twin(district)
    made = running.ask(plan=three, sets=running.alone_and_together(THREE), by=PIA)
    while answers.waits() and answers.work():
        pass
    return made.number


def test_nothing_is_planned_yet(sign_in):
    page = said(sign_in("planner").get("/plan/"))
    assert "There is no plan yet" in page
    assert "Begin a plan" in page


@pytest.mark.parametrize("part", ["", "edit/", "diagnosis/", "options/", "options/beds/", "review/",
                                  "actions/"])  # fmt: skip
def test_every_page_of_a_plan_opens(sign_in, three, part):
    page = sign_in("planner").get(PAGE + part)
    assert page.status_code == 200
    assert "Winter without gridlock" in said(page)


def test_who_may_not_see_plans_is_told_so(sign_in, three):
    client = sign_in("paramedic")
    for page in ("/plan/", PAGE, "/plan/library/", PAGE + "options/"):
        assert client.get(page).status_code == 403


def test_addresses_of_other_parts_are_no_plans(sign_in, three):
    client = sign_in("planner")
    assert client.get("/plan/nope/").status_code == 404
    assert client.get("/plan/library/nope/").status_code == 404
    assert "There is no plan" not in said(client.get("/plan/money/"))


def test_the_library_is_narrowed_and_written_to_a_file(sign_in, db):
    client = sign_in("planner")
    assert "12 rows" in said(client.get("/plan/library/"))
    page = said(client.get("/plan/library/?q=home&evidence=strong"))
    assert "Acute demand at home" in page
    assert "1 row" in page
    assert "No option is like that" in said(client.get("/plan/library/?q=xyzzy"))
    text = client.get("/plan/library/?format=csv").content.decode()
    assert text.splitlines()[0].startswith("\ufeffOption,Delivered by")


def test_an_option_tells_its_evidence_and_what_is_assumed(sign_in, three):
    page = said(sign_in("planner").get("/plan/library/acute-demand-home/"))
    assert "Cochrane review CD007491" in page
    assert "4% to 16.8%" in page
    assert "because no source says what acute demand did alone" in page
    assert "What the twin cannot say of it" in page


def test_a_plan_is_begun_and_keeps_what_was_typed_wrong(sign_in):
    client = sign_in("planner")
    form = {"name": "Five years", "area": "QMM", "words": "", "horizon": "20", "weeks": "10",
            "begins": "soon"}  # fmt: skip
    page = client.post("/plan/new/", form)
    assert page.status_code == 400
    assert "'soon' is no day" in said(page)
    assert 'value="soon"' in page.content.decode()
    page = client.post("/plan/new/", form | {"begins": "2026-11-30"})
    assert page["Location"] == "/plan/five-years/"
    assert queries.plan("five-years").horizon == 20


def test_a_gate_says_what_is_missing_and_who_went_past_it(sign_in, three):
    client = sign_in("planner")
    page = client.post(PAGE + "move/", {"seen": seen()})
    assert page.status_code == 422
    assert "Keep an opportunity" in said(page)
    assert queries.plan(three).stage == "diagnosis"
    client.post(PAGE + "move/", {"seen": seen(), "override": "The board meets on Friday"})
    assert "Past its gate: The board meets on Friday" in said(client.get(PAGE))
    client.post(PAGE + "back/", {"seen": seen(), "why": "Too early"})
    assert queries.plan(three).stage == "diagnosis"


def test_options_are_taken_in_out_and_chosen(sign_in, three):
    client = sign_in("planner")
    act = PAGE + "options/act/"
    client.post(act, {"do": "take", "key": "enablement", "seen": seen()})
    client.post(act, {"do": "drop", "key": "beds", "seen": seen()})
    page = said(client.get(PAGE + "options/"))
    assert "Taken out More beds" in page
    client.post(act, {"do": "restore", "key": "beds", "seen": seen()})
    client.post(act, {"do": "choose", "o": ["beds", "enablement"], "seen": seen()})
    mine = queries.plan(three)
    assert mine.goes_on == ("beds", "enablement")
    page = client.post(act, {"do": "drop", "key": "beds", "seen": "1"}, follow=True)
    assert "while you were looking" in said(page)
    assert client.post(act, {"do": "nonsense"}).status_code == 302


def test_an_option_is_put_otherwise_with_a_reason(sign_in, three):
    client, page = sign_in("planner"), PAGE + "options/beds/"
    form = {
        "seen": seen(), "strength": "central", "starts": "2027-04-01", "beds.low": "2",
        "beds.central": "4", "beds.high": "x", "cost.running": "12,500.50", "why": "",
    }  # fmt: skip
    assert "'x' is no number" in said(client.post(page, form))
    form["beds.high"] = "6"
    wrong = client.post(page, form)
    assert "why this plan departs" in said(wrong)
    assert 'value="12,500.50"' in wrong.content.decode()
    assert client.post(page, form | {"why": "The estate"}).status_code == 302
    assert queries.plan(three).option("beds").priced.running == 1_250_050


def test_a_run_is_asked_waits_and_is_shown(sign_in, three, district):
    client = sign_in("planner")
    assert "no twin yet" in said(
        client.post(PAGE + "run/", {"seen": seen(), "o": THREE}, follow=True)
    )
    twin(district)
    page = client.post(PAGE + "run/", {"seen": seen(), "o": THREE, "years": "0"})
    assert page["Location"] == PAGE + "runs/1/"
    assert "Waiting for its turn" in said(client.get(PAGE + "runs/1/"))
    while answers.waits() and answers.work():
        pass
    part = client.get(PAGE + "runs/1/", headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    page = said(client.get(PAGE + "runs/1/"))
    for words in ("Days in ward beds", "Money by funder", "Winners and losers", "Between places",
                  "Between groups of people", "the sum of each alone is", "What the twin was told",
                  "3 replications of 50 days"):  # fmt: skip
        assert words in page
    one = said(client.get(PAGE + "runs/1/?set=beds"))
    assert "Money by funder: More beds" in one
    assert client.get(PAGE + "runs/2/").status_code == 404


def test_earlier_combinations_are_set_beside_others(sign_in, three, district):
    ran(three, district)
    client = sign_in("planner")
    client.post(PAGE + "run/", {"seen": seen(), "o": THREE[:2], "earlier": "1"})
    made = queries.runs(three)[0]
    assert [each["keys"] for each in made.asked["sets"]] == [
        list(THREE), [THREE[0]], [THREE[1]], list(THREE[:2])
    ]  # fmt: skip
    actions.drop(plan=three, key="beds", seen=seen(), by=PIA)
    assert queries.combinations(three) == [THREE[:2]]


def test_a_run_is_stopped(sign_in, three, district):
    twin(district)
    client = sign_in("planner")
    client.post(PAGE + "run/", {"seen": seen(), "o": ["beds"]})
    client.post(PAGE + "runs/1/stop/")
    assert "The run was stopped" in said(client.get(PAGE + "runs/1/"))


def test_a_run_is_written_to_files_with_its_definitions(sign_in, three, district):
    number = ran(three, district)
    client = sign_in("finance")
    text = client.get(f"{PAGE}runs/{number}/?format=csv").content.decode()
    assert "More beds,whole,,Ward beds in use" in text
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}runs/{number}/?format=xlsx").content))
    assert book.sheetnames == ["Figures", "Definitions"]
    told = {row[0]: row[1] for row in book["Definitions"].iter_rows(values_only=True)}
    assert told["Plan"] == "Winter without gridlock"
    assert told["Replications"] == 3


def test_a_run_of_other_terms_says_so(sign_in, three, district):
    number = ran(three, district)
    actions.adjust(plan=three, key="beds", seen=seen(), by=PIA, strength="high",
                   starts=date(2027, 4, 1))  # fmt: skip
    assert "The plan has moved on since" in said(sign_in("planner").get(f"{PAGE}runs/{number}/"))


def test_figures_are_kept_and_asked_again(sign_in, three, monkeypatch):
    value = {"title": "Beds", "rows": [["Latest", "12"]], "href": "/measures/x/", "line": ""}
    monkeypatch.setattr(diagnosing, "value_of", lambda *_, **__: value)
    client = sign_in("planner")
    client.post(PAGE + "diagnosis/keep/", {"kind": "case", "seen": seen()})
    page = said(client.get(PAGE + "diagnosis/"))
    assert "Latest 12" in page
    assert "the same today" in said(client.get(PAGE + "diagnosis/?again=1"))
    monkeypatch.setattr(
        diagnosing, "value_of", lambda *_, **__: value | {"rows": [["Latest", "9"]]}
    )
    assert "12 ◆ now 9" in said(client.get(PAGE + "diagnosis/?again=1"))


def test_a_figure_that_is_not_there_is_told_with_the_cure(sign_in, three):
    client = sign_in("planner")
    form = {"kind": "opportunity", "name": "x", "seen": seen()}
    page = client.post(PAGE + "diagnosis/keep/", form, follow=True)
    assert "are being worked out" in said(page)


def test_a_critical_friend_scores_and_is_answered(sign_in, three):
    friend = sign_in("critical-friend")
    page = said(friend.get(PAGE + "review/"))
    assert "They approve nothing" in page
    friend.post(
        PAGE + "review/", {"do": "score", "criterion": "money", "value": "2", "words": "Why?"}
    )
    friend.post(
        PAGE + "review/", {"do": "say", "about": "option:beds", "words": "<b>Too</b> many?"}
    )
    assert "Move on to the next stage" not in said(friend.get(PAGE))
    assert friend.post(PAGE + "move/", {"seen": seen()}).status_code == 403
    page = friend.get(PAGE + "review/")
    assert "2 of 5" in said(page)
    assert "no answer yet" in said(page)
    assert "&lt;b&gt;Too&lt;/b&gt; many?" in page.content.decode()
    planner = sign_in("planner")
    (said_,) = queries.comments(three)
    planner.post(
        PAGE + "review/", {"do": "say", "about": "plan", "answers": said_.pk, "words": "No"}
    )
    assert "no answer yet" not in said(friend.get(PAGE + "review/"))


def test_who_only_reads_says_nothing(sign_in, three):
    finance = sign_in("finance")
    assert finance.post(PAGE + "review/", {"do": "say", "words": "x"}).status_code == 403
    assert finance.post(PAGE + "actions/", {"do": "assign"}).status_code == 403
    assert not queries.comments(three)


def test_actions_have_owners_and_are_late(sign_in, three):
    client = sign_in("planner")
    form = {"do": "assign", "seen": seen(), "words": "Order beds", "owner": "Estates",
            "option": "beds", "begins": "2020-01-01", "due": "2020-02-01"}  # fmt: skip
    client.post(PAGE + "actions/", form)
    assert "late" in said(client.get(PAGE + "actions/"))
    (action,) = queries.actions(three)
    client.post(PAGE + "actions/", {"do": "settle", "action": action.pk, "state": "done"})
    assert "None is in that state" in said(client.get(PAGE + "actions/?state=open"))
    page = client.post(PAGE + "actions/", form | {"due": "x", "seen": seen()}, follow=True)
    assert "'x' is no day" in said(page)


def test_plans_are_listed_with_their_clock(sign_in, three):
    client = sign_in("planner")
    assert "until" in said(client.get("/plan/"))
    PlanRow.objects.update(begins=date(2020, 1, 1))
    assert "days over" in said(client.get("/plan/?stage=diagnosis"))
    assert "There is no plan yet" in said(client.get("/plan/?q=nothing"))
    assert client.get("/plan/?format=csv").content.decode().count("\n") == 2
    reviewing.comment(plan=three, words="x", by=PIA)
    assert "pia said something" in said(client.get(PAGE))
