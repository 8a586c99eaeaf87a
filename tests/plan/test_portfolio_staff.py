"""Options' staff in a plan of staff, training places in a proposal, options run together."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from options_tried import FRANKIE, PIA, begun, twin
from plan_made import staff as plan_of_staff

from onesystem.alliance.meeting.linking import attached
from onesystem.flow import answers
from onesystem.plan.options import linking
from onesystem.plan.options import queries as plans
from onesystem.plan.portfolio import actions, queries, staffing, together, training
from onesystem.plan.portfolio.building import Change, Today, allowed, problem
from onesystem.plan.portfolio.proposing import propose
from onesystem.plan.portfolio.work import care, posts, roles_of
from onesystem.plan.workforce import actions as workforce
from onesystem.plan.workforce import codec, limiting
from onesystem.plan.workforce import queries as staff
from onesystem.plan.workforce.projecting import project
from onesystem.plan.workforce.shape import Demand
from onesystem.vocabulary import NotPermitted, UserError

TODAY = {"ward": Today(setting="ward", units=10_000, cost=500_00, places=40)}
HOME = Change(key="home", title="Home", setup=10_000_00, running=200_000_00, lag_months=6,
              posts={"nurse": 2.0}, less={"ward": 2_000.0})  # fmt: skip
DEMAND = Demand(plan="winter", option="home", words="Home", role="nurse", posts=50_00,
                start=date(2027, 10, 1))  # fmt: skip
BEGINS = date(2026, 4, 1)


def test_posts_of_options_are_needed_from_their_month_on():
    """Fifty nurses from October 2027: none short more in the first year, fifty from the second."""
    before, after = (project(plan_of_staff(demands=some)) for some in ((), (DEMAND,)))
    more = [a.short - b.short for a, b in
            zip(after.years["nurse"], before.years["nurse"], strict=True)]  # fmt: skip
    assert more == pytest.approx([0, 50, 50, 50, 50])
    assert after.years["nurse"][1].lent == pytest.approx(25)  # half of the year


def test_hours_of_options_are_not_there_for_other_work():
    before, after = (
        limiting.limited(project(plan_of_staff(demands=some)), 2)[0]
        for some in ((), (replace(DEMAND, posts=700_00),))
    )  # fmt: skip
    assert after.done < before.done
    assert after.binds == "nurse"


def test_a_plan_with_options_comes_back_from_json():
    plan = plan_of_staff(demands=(DEMAND,))
    assert codec.read(codec.written(plan)) == plan


def test_a_plan_of_staff_says_who_comes_and_leaves_for_each_in_post():
    """100 places a year, in two intakes: those of the first three years are begun already."""
    made = training.given(plan_of_staff(), {"nurse": "nurse", "admin": "gp"}, BEGINS, 5)
    assert set(made) == {"nurse"}
    nurse = made["nurse"]
    assert nurse["staff"] == 1000
    assert sum(nurse["coming"]) > 0
    assert len(nurse["coming"]) == 20
    assert sum(nurse["paid"]) > 0


def test_money_for_training_pays_what_is_commissioned_first():
    some = training.read({"nurse": {"coming": [0.0], "leaving": 0.02, "paid": [300, 900],
                                    "staff": 1000}})  # fmt: skip
    assert training.left(1000, some, {"nurse": 500.0}, 2) == (350, 50)
    assert training.left(500, some, {"nurse": 500.0}, 2) == (100, 0)
    assert training.left(None, some, {"nurse": 500.0}, 2) == ()


def test_hiring_keeps_to_the_money_for_training():
    """With none left nobody is hired on top, and the limit is said to bind where more would pay."""
    said = {"of": training.given(plan_of_staff(), roles_of(posts()), BEGINS, 5), "name": "Wards"}
    may = allowed({"worth": 20, "hires": 0.5, "agency": 0.0, "money": 0.1})
    free, held = (
        propose(problem(TODAY, (HOME,), may, care(), posts(), said | {"money": money}))
        for money in (10**12, 0)
    )
    hired = [sum(sum(each) for each in found.best.hired.values()) for found in (free, held)]
    assert hired[0] > 0.1
    paid = ("Nurses", "Support workers", "Doctors")
    assert sum(sum(held.best.hired[name]) for name in paid) == pytest.approx(0, abs=1e-6)
    assert held.best.total > free.best.total
    (price,) = (each for each in held.prices if each.kind == "training")
    assert price.binds
    assert price.worth > 0


@pytest.fixture
def proposal(joined, monkeypatch):
    """Two options that the plan says must start, proposed."""
    monkeypatch.setattr(plans, "people", lambda: 100_000)
    twin(joined)
    slug = begun("acute-demand-home", "beds")
    may = {"must": {"acute-demand-home": 3, "beds": 3}, "extra": 10**10}
    kept = actions.ask(plan=slug, may=may, by=PIA)
    worked()
    return queries.proposal(slug, kept.number)


def worked():
    while answers.waits() and answers.work():
        pass


def said(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_staff_are_laid_in_and_taken_out_again(proposal):
    """As for the area's people; the plan of staff is as it was once they are out."""
    plan = plan_of_staff(area="")
    workforce.keep(plan=plan, seen=0, by=PIA)
    rows, nowhere = staffing.lay(plan=proposal.plan, proposal=1, into="wards", by=PIA)
    stands = staff.standing("wards").plan
    assert rows == len(stands.demands) > 1
    assert {each.option for each in stands.demands} == {"acute-demand-home", "beds"}
    nurses = plans.plan(proposal.plan).option("beds").priced.by_group()["nurse"]
    mine = next(d for d in stands.demands if (d.option, d.role) == ("beds", "nurse"))
    assert mine.posts == round(nurses * 100)
    assert staffing.laid(proposal.plan) == [("wards", plan.name)]
    assert all(name not in {"Nurses", "Doctors"} for name in nowhere)
    staffing.lay(plan=proposal.plan, proposal=1, into="wards", by=PIA)
    assert staff.standing("wards").plan.demands == stands.demands  # not twice
    staffing.take_out(plan=proposal.plan, out_of="wards", by=PIA)
    assert staff.standing("wards").plan == plan
    with pytest.raises(UserError, match="nothing of this plan"):
        staffing.take_out(plan=proposal.plan, out_of="wards", by=PIA)
    with pytest.raises(NotPermitted):
        staffing.lay(plan=proposal.plan, proposal=1, into="wards", by=FRANKIE)


def test_the_chosen_options_are_run_together_beside_their_sum(sign_in, proposal):
    """Asked by a button, kept with the plan, shown on its page and in its evidence."""
    client, page = sign_in("planner"), f"/plan/portfolio/{proposal.plan}/"
    assert "Run the chosen options together" in said(client.get(page))
    (link,) = (each for each in linking.evidence_links(proposal.plan) if each.kind == "portfolio")
    assert "not run together yet" in str(link.rows)
    client.post(f"{page}1/together/")
    assert "Waiting for its turn" in said(client.get(page))
    client.post(f"{page}1/together/stop/")
    assert "Run the chosen options together" in said(client.get(page))
    client.post(f"{page}1/together/")
    worked()
    both = together.of(queries.proposal(proposal.plan, 1))
    days = both.found.row("bed-days")
    assert days.beyond.mean == pytest.approx(days.difference.mean - days.added.mean)
    shown = said(client.get(page))
    assert "Together less the sum" in shown
    assert attached(f"{page}?p=1", by=PIA).figures == linking.resolve(link.ref, by=PIA).rows
    assert attached(page, by=PIA).address == f"{page}?p=1"
    again = linking.resolve(link.ref, by=PIA)
    assert any("each alone, added up" in words for _, words in again.rows)
    assert plans.steps(proposal.plan)[0].kind == "run"
    friend = sign_in("critical-friend")
    assert friend.post(f"{page}1/together/").status_code == 403


def test_a_proposal_keeps_to_a_plan_of_staff(proposal):
    workforce.keep(plan=plan_of_staff(area=""), seen=0, by=PIA)
    kept = actions.ask(plan=proposal.plan, may={}, by=PIA, staff="wards")
    assert kept.asked["trained"]["number"] == 1
    empty = plan_of_staff(slug="nobody", name="Nobody", staff=(), commissions=(), mixes=(),
                          services=())  # fmt: skip
    workforce.keep(plan=empty, seen=0, by=PIA)
    with pytest.raises(UserError, match="nobody in post"):
        actions.ask(plan=proposal.plan, may={}, by=PIA, staff="nobody")
