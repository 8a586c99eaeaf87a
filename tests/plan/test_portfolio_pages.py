"""A plan's portfolio: built from its options and the twin, shown, departed from, decided."""

import html
import io
import json
import re
from dataclasses import replace

import portfolio_oracle as oracle
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from openpyxl import load_workbook
from options_tried import FRANKIE, PIA, begun, twin

from onesystem.cli.plan_portfolio import portfolio
from onesystem.flow import answers
from onesystem.plan.options import queries as plans
from onesystem.plan.portfolio import actions, forms, queries
from onesystem.plan.portfolio.building import Change, Today, allowed, problem
from onesystem.plan.portfolio.growing import growth
from onesystem.plan.portfolio.proposing import propose
from onesystem.plan.portfolio.reading import problem_of
from onesystem.plan.portfolio.work import care, posts
from onesystem.vocabulary import BadConfig, NotPermitted, UserError

KEYS = ("acute-demand-home", "ambulance-to-practice", "beds")
PAGE = "/plan/portfolio/winter-without-gridlock/"


@pytest.fixture
def three(joined, monkeypatch):
    monkeypatch.setattr(plans, "people", lambda: 100_000)
    twin(joined)
    return begun(*KEYS)


def said(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", plain))


def proposed(slug, **may):
    kept = actions.ask(plan=slug, may=may, by=PIA)
    while answers.waits() and answers.work():
        pass
    return queries.proposal(slug, kept.number)


TODAY = {
    "ward": Today(setting="ward", units=10_000, cost=500_00, places=40),
    "ED": Today(setting="ED", units=8_000, cost=200_00),
}
HOME = Change(key="home", title="Home", setup=10_000_00, running=200_000_00, lag_months=6,
              posts={"nurse": 2.0}, less={"ward": 2_000.0})  # fmt: skip


def test_today_is_done_by_the_staff_that_there_is():
    """300 minutes of a nurse for a day on a ward, 75 for an attendance; 96,000 minutes a post.

    (10,000 x 300 + 8,000 x 75) / 96,000 = 37.5 posts, of which 8 per cent stand empty: 34.5.
    """
    built = problem(TODAY, (HOME,), allowed({"years": 5}), care(), posts())
    nurses = next(each for each in built.groups if each.name == "Nurses")
    assert nurses.there == pytest.approx(34.5)
    assert built.periods == 20
    assert built.services[0].wanted[0] == 2_500
    assert built.services[0].wanted[4] == pytest.approx(2_500 * 1.015)


def test_an_option_brings_its_lag_staff_and_money_by_quarter():
    built = problem(TODAY, (HOME,), allowed({"must": {"home": 3}}), care(), posts())
    (choice,) = built.choices
    assert (choice.setup, choice.running, choice.lag, choice.by) == (10_000_00, 50_000_00, 2, 3)
    assert choice.less == {"days in ward beds": 500.0}
    assert choice.staff == {"Nurses": 2.0}


def test_more_money_is_never_worse():
    less, more = (
        propose(problem(TODAY, (HOME,), allowed({"extra": extra}), care(), posts()), asked=False)
        for extra in (0, 100_000_00)
    )
    assert more.best.total <= less.best.total


@pytest.mark.parametrize(
    ("may", "told"),
    [
        ({"years": 7}, "not over 7 years"),
        ({"floor": 2}, "floor is 2"),
        ({"worth": 0}, "worth is 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_allowed_is_refused(may, told):
    with pytest.raises(BadConfig, match=told):
        allowed(may)


def test_a_form_says_which_of_its_numbers_is_none():
    with pytest.raises(BadConfig, match="Need grows, % a year: 'much' is no number"):
        forms.may_of({"demand": "much"}, ())
    may = forms.may_of({"demand": "1.5 %", "extra": "1,000", "o-a": "out", "o-b": "by-3"}, "ab")
    assert (may["demand"], may["extra"], may["banned"], may["must"]) == (
        0.015, 1_000_00, ["a"], {"b": 3},
    )  # fmt: skip
    assert forms.typed(may)["o-b"] == "by-3"


def test_somebodys_own_problem_is_read_and_solved(tmp_path):
    """The small problem of the oracle, as JSON; numbers instead of lists hold all along."""
    text = json.dumps({
        "periods": 4, "a_year": 2, "moments": 4, "money": 80_000_00, "change": 1,
        "groups": [{"name": "nurses", "minutes": 1000, "there": 10, "pay": 3_000_00}],
        "services": [{"name": "visits", "wanted": 600, "undone": 50_00,
                      "minutes": {"nurses": 20}}],
        "choices": [
            {"name": "advice", "setup": 500_00, "running": 100_00, "lag": 1,
             "less": {"visits": 60}},
            {"name": "calls", "setup": 900_00, "running": 50_00, "less": {"visits": 40}},
        ],
    })  # fmt: skip
    assert propose(problem_of(text)).best == propose(oracle.small()).best
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(portfolio, ["--problem", str(path)]).output
    assert "advice: from moment 1" in told
    path.write_text(text.replace("80000_00", "1").replace('"money": 8000000', '"money": 10'))
    told = CliRunner().invoke(portfolio, ["--problem", str(path)]).output
    assert "No plan keeps to all limits" in told


def test_need_grows_as_the_case_for_change_says(three):
    """Without an area there is no case; with one each kind of care follows its line."""
    assert queries.proposal(three, actions.ask(plan=three, may={}, by=PIA).number).asked[
        "grows"
    ] == {}  # fmt: skip
    found = growth("E54000022", 5)
    assert 0 < found["ED"] < 0.05
    assert found["ward"] == found["rehabilitation"]
    built = problem(
        {"ED": replace(TODAY["ED"], grows=found["ED"])}, (), allowed({}), care(), posts()
    )
    assert built.services[0].wanted[4] == pytest.approx(2_000 * (1 + found["ED"]))
    assert growth("nowhere", 5) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "is no JSON"), ("[]", "is no object"), ('{"periods": 2}', "does not say 'a_year'"),
     ('{"periods": 2, "a_year": 1, "servces": []}', "Did you mean 'services'"),
     ('{"periods": 2, "a_year": 1, "services": [{"name": "x"}]}', "missing")],
)  # fmt: skip
def test_a_problem_that_cannot_be_read_says_why(text, told):
    with pytest.raises(BadConfig, match=told):
        problem_of(text)


def test_a_proposal_is_kept_with_its_question(three):
    kept = proposed(three)
    assert set(kept.found.best.starts) == {
        "Acute demand at home", "Ambulance to practice", "More beds"
    }  # fmt: skip
    assert kept.found.best.total <= kept.found.nothing.total
    assert {each.kind for each in kept.found.prices} == {"money", "change", "staff", "places"}
    assert actions.ask(plan=three, may={}, by=PIA).number == kept.number
    assert plans.steps(three)[0].kind == "proposed"


def test_people_decide_and_what_it_costs_is_kept(three):
    kept = proposed(three)
    titles = {each["title"]: key for key, each in kept.asked["options"].items()}
    best = {titles[name]: at for name, at in kept.found.best.starts.items()}
    same = actions.decide(plan=three, proposal=kept.number, starts=best, why="As said", by=PIA)
    assert same.dearer < 10_00
    other = best | {"beds": 0}
    found = actions.decide(plan=three, proposal=kept.number, starts=other, why="Winter", by=PIA)
    (departure,) = (
        each for each in kept.found.departures if (each.option, each.start) == ("More beds", 0)
    )
    assert found.dearer >= departure.cost - 10_00  # the others are not chosen again
    with pytest.raises(UserError, match="not said why"):
        actions.decide(plan=three, proposal=kept.number, starts=best, why=" ", by=PIA)
    with pytest.raises(UserError, match="keeps to all limits"):
        actions.decide(plan=three, proposal=kept.number, starts=dict.fromkeys(best, 0), why="All",
                       by=PIA)  # fmt: skip


def test_who_reviews_may_neither_ask_nor_decide(three):
    with pytest.raises(NotPermitted):
        actions.ask(plan=three, may={}, by=FRANKIE)
    with pytest.raises(NotPermitted):
        actions.decide(plan=three, proposal=1, starts={}, why="So", by=FRANKIE)


def test_what_was_decided_is_not_edited(three):
    kept = proposed(three)
    starts = dict.fromkeys(kept.asked["options"], -1)
    actions.decide(plan=three, proposal=kept.number, starts=starts, why="Later", by=PIA)
    with pytest.raises(DatabaseError, match="decide again"), transaction.atomic():
        connection.cursor().execute("UPDATE plan_timing SET dearer = 0")


def test_the_page_asks_shows_tries_decides_and_exports(sign_in, three):
    client = sign_in("planner")
    assert "Nobody has asked for a proposal yet" in said(client.get(PAGE))
    assert "Winter without gridlock" in said(client.get("/plan/portfolio/"))
    wrong = client.post(f"{PAGE}ask/", forms.usual() | {"starts": "some"})
    assert (wrong.status_code, "'some' is no number" in said(wrong)) == (400, True)
    asked = client.post(f"{PAGE}ask/", forms.usual())
    assert "Waiting for its turn" in said(client.get(asked.url))
    while answers.waits() and answers.work():
        pass
    page = client.get(asked.url)
    for words in ("What to start when", "Which limits bind", "Decide", "What it is built on"):
        assert words in said(page)
    starts = {f"s-{key}": "out" for key in KEYS}
    tried = client.post(f"{PAGE}1/decide/", starts | {"do": "try"})
    assert "more than the proposal" in said(tried) or "no more than the proposal" in said(tried)
    done = client.post(f"{PAGE}1/decide/", starts | {"why": "Not before autumn"}, follow=True)
    assert "Not before autumn" in said(done)
    book = load_workbook(io.BytesIO(client.get(f"{asked.url}&format=xlsx").content))
    assert book.sheetnames[:3] == ["Proposal", "Options", "Limits"]
    assert book["Quarters"].max_row > 20 * 5


def test_the_page_says_which_limits_clash(sign_in, three):
    client = sign_in("planner")
    typed = forms.usual() | {"floor": "100", "agency": "0", "hires": "0"}
    asked = client.post(f"{PAGE}ask/", typed)
    while answers.waits() and answers.work():
        pass
    page = said(client.get(asked.url))
    assert "No plan keeps to all limits" in page
    assert "posts for a year" in page
    assert client.get(f"{asked.url}&format=xlsx").status_code == 200


def test_a_stopped_proposal_is_asked_for_again(sign_in, three):
    client = sign_in("planner")
    asked = client.post(f"{PAGE}ask/", forms.usual())
    client.post(f"{PAGE}1/stop/")
    assert "It was stopped" in said(client.get(asked.url))
    again = client.post(f"{PAGE}ask/", forms.usual() | {"anew": "1"})
    assert "Waiting for its turn" in said(client.get(again.url))


def test_who_may_not_see_plans_sees_no_portfolio(sign_in, three):
    assert sign_in("paramedic").get(PAGE).status_code == 403
    friend = sign_in("critical-friend")
    assert friend.get(PAGE).status_code == 200
    assert friend.post(f"{PAGE}ask/").status_code == 403


def test_a_terminal_proposes_too(three, joined):
    run = CliRunner().invoke(portfolio, [three, "--must", "beds:2", "--starts", "1", "--csv"])
    assert "More beds" in run.output, run.output
    run = CliRunner().invoke(portfolio, [three, "--must", "beds"])
    assert isinstance(run.exception, BadConfig)


def test_a_service_whose_units_need_others_besides_is_done_by_all_of_them():
    """A day on a ward takes 220 minutes of support besides 300 of a nurse."""
    some = replace(TODAY["ward"], units=96_000 / 220)
    built = problem({"ward": some}, (), allowed({"empty": 0.0}), care(), posts())
    there = {each.name: each.there for each in built.groups}
    assert there["Support workers"] == pytest.approx(1.0)
    assert there["Nurses"] == pytest.approx(300 / 220)
