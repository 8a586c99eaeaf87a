"""Shocks: published numbers scaled to the district, and what they do on a small twin."""

import html
import io
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from options_tried import MODEL, twin

from onesystem.cli.plan_shock import shock as command
from onesystem.flow import answers
from onesystem.plan.shocks import presenters, queries, softening, working
from onesystem.plan.shocks.kinds import shock, shocks
from onesystem.plan.shocks.making import Where, made, moment, wards
from onesystem.plan.shocks.windows import WINDOWS
from onesystem.twin.examples import text as example_text
from onesystem.twin.network.reading import model_of
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import read
from onesystem.vocabulary import BadConfig, NotFound

SMALL = model_of(json.dumps(MODEL))
AT = 672.0


def of(key, model=SMALL, numbers=None, **where):
    return made(shock(key), numbers or {}, model, Where(**({"people": 500_000, "at": AT} | where)))


def homes(**more):
    """The small district with care homes that have places."""
    nodes = MODEL["nodes"] | {
        "Care homes": {"setting": "care home", "service": {"exponential": 5000}, "servers": 700}
    }
    return model_of(json.dumps(MODEL | {"nodes": nodes} | more))


def said(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(re.sub(r"\s+", " ", plain))


def lost(changes):
    """Places that are left, as shares, by service."""
    return {c["service"]: c["times"] for c in changes if c["change"] == "places"}


def test_the_earthquake_is_that_of_2011():
    """106 medical beds and 635 aged residential places overnight, of about 500,000 people.

    Source: presentation on CREST, April 2013. A tenth of its people is a tenth of each.
    """
    sizes = {each.name: (each.value, each.per) for each in shock("earthquake").sizes}
    assert sizes["beds"] == (106, 500_000)
    assert sizes["homes"] == (635, 500_000)
    found = of("earthquake", homes(), people=50_000)
    assert found.scaled[0] == (
        "Medical beds lost: 106 for 500,000 people are 10.60 for 50,000; 11 are taken"
    )
    assert found.scaled[1] == (
        "Care-home places lost: 635 for 500,000 people are 63.50 for 50,000; 64 are taken"
    )


def test_lost_beds_are_shared_among_wards_and_sum_to_the_whole():
    """11 beds of wards with 30 and 20: 6.6 and 4.4, so 7 and 4; 64 of 700 places in homes."""
    left = lost(of("earthquake", homes(), people=50_000).changes)
    assert left == {
        "Ward one": pytest.approx(23 / 30, abs=1e-6), "Ward two": pytest.approx(16 / 20, abs=1e-6),
        "Care homes": pytest.approx(636 / 700, abs=1e-6),
    }  # fmt: skip


def test_more_beds_than_there_are_cannot_be_lost():
    found = of("earthquake", people=500_000)
    assert "only 50 ward beds are in the twin, not 106" in found.missing
    assert "the twin knows no care-home places with a number" in found.missing


def test_part_of_those_from_lost_homes_come_to_hospital_in_a_week():
    """64 places, a tenth: 6.4 people beside 0.32 an hour by 168 hours."""
    found = of("earthquake", homes(), people=50_000)
    more = {c["inflow"]: c["times"] for c in found.changes if c["change"] == "arrivals"}
    assert more == dict.fromkeys(("ED one", "ED two"), pytest.approx(1 + 6.4 / (0.32 * 168)))
    week = [c["until"] - c["from"] for c in found.changes if c["change"] == "arrivals"]
    assert {each.days for each in week} == {7}


def test_beds_that_come_back_do_so_on_their_day():
    model = model_of(json.dumps(MODEL | {"horizon": 3000}))
    (one, *_) = of("earthquake", model, {"weeks": 4.0}, people=50_000).changes
    assert (one["from"], one["until"]) == (moment(model, AT), moment(model, AT + 4 * 168))


def test_a_ward_closes_and_its_people_go_to_the_nearest_like_it():
    assert wards(SMALL) == ["Ward one", "Ward two"]
    (closing,) = of("ward", numbers={"weeks": 2.0}).changes
    assert (closing["service"], closing["instead"]) == ("Ward one", "Ward two")
    assert (closing["until"] - closing["from"]).days == 14
    with pytest.raises(BadConfig, match="no ward 'Ward ten'"):
        of("ward", ward="Ward ten")


def test_a_practice_that_stops_is_one_of_those_there_are():
    found = of("practice", practices=20)
    assert lost(found.changes) == {"Practices": 0.95}
    assert found.scaled == ("5.0% of appointments are lost: one of 20 practices",)
    gone = next(c["times"] for c in found.changes if c.get("inflow") == "Practices")
    assert gone == pytest.approx(1 - 0.05 * 0.05)


def test_a_winter_without_size_changes_nothing_and_says_so():
    with pytest.raises(BadConfig, match="changes nothing here"):
        of("winter", numbers={"more": 0.0, "longer": 0.0})


@pytest.mark.parametrize("key", list(shocks()))
def test_every_shock_can_be_said_of_a_district_but_of_no_plain_network(key):
    found = of(key, people=100_000, practices=10)
    applied(SMALL, read({"name": "x", "changes": [dict(each) for each in found.changes]}))
    with pytest.raises(BadConfig, match=r"changes nothing here: .*the twin"):
        of(key, model_of(example_text()))


def test_what_is_misspelt_says_what_is_near():
    with pytest.raises(NotFound, match="Did you mean 'earthquake'"):
        shock("earthquak")
    with pytest.raises(BadConfig, match="Did you mean 'beds'"):
        shock("earthquake").numbers({"bed": 1.0})
    with pytest.raises(BadConfig, match="Give 0 or more"):
        shock("earthquake").numbers({"beds": -1.0})


def test_levers_are_ranked_by_what_is_more_than_chance():
    """The first takes away 2 of 4 in every replication; the second 3 on average, maybe none."""
    base = {("waiting", w): np.array([1.0, 2.0, 3.0]) for w in WINDOWS}
    shocked = {key: each + 4 for key, each in base.items()}
    steady = {key: each - 2 + [0.1, 0, -0.1] for key, each in shocked.items()}
    erratic = {key: each - [9, -5, 5] for key, each in shocked.items()}
    made = [
        softening.softened(key, key, "", base, shocked, then, "waiting")
        for key, then in (("erratic", erratic), ("steady", steady))
    ]
    first, second = softening.ranked(made, "month")
    assert (first.key, second.key) == ("steady", "erratic")
    assert first.part["month"] == pytest.approx(0.5)
    assert presenters.takes(
        {"mean": -2.0, "low": -2.2, "high": -1.8}, 0.5
    ).note == "(50% of it, -2.20 to -1.80)"  # fmt: skip


@pytest.fixture(scope="module")
def quake():
    """The earthquake of a district of 100,000 on the small twin, with few replications."""
    asked = {
        "shock": "earthquake", "numbers": {"homes": 0.0}, "people": 100_000, "practices": 1,
        "ward": "", "figure": "for a bed", "levers": True, "runs": 3,
    }  # fmt: skip
    return working.found_for(SMALL, asked, lambda _done, _of: None)


def test_beds_lost_make_people_wait_for_a_bed_in_week_month_and_year(quake):
    """21 of 50 beds are gone; the wards were worked at some two thirds."""
    added = {
        e["window"]: e["difference"]["mean"] for e in quake["effects"] if e["figure"] == "for a bed"
    }
    assert 0 < added["week"] < added["month"] < added["year"]


def test_care_home_places_lost_make_people_wait_for_one():
    """Sixty places, 55 of them taken; ten are lost."""
    name, rate = "Care homes", {"class": {"75 and more": 1.0}, "rates": [0.55] * 24, "every": 24}
    home = {"setting": "care home", "service": {"exponential": 100}, "servers": 60}
    said = MODEL | {"nodes": MODEL["nodes"] | {name: home},
                    "arrivals": MODEL["arrivals"] | {name: {"node": name} | rate}}  # fmt: skip
    asked = {
        "shock": "earthquake", "numbers": {"homes": 100.0, "beds": 0.0}, "people": 50_000,
        "practices": 1, "ward": "", "figure": "for a home", "levers": False, "runs": 3,
    }  # fmt: skip
    found = working.found_for(model_of(json.dumps(said)), asked, lambda _done, _of: None)
    added = {e["figure"]: e["difference"]["mean"] for e in found["effects"]
             if e["window"] == "month"}  # fmt: skip
    assert added["for a home"] > 30
    assert added["in homes"] < 0
    assert not found["missing"]


def test_what_keeps_people_out_of_beds_softens_it(quake):
    by_key = {each["key"]: each for each in quake["levers"]}
    assert by_key["acute-demand-home"]["takes"]["month"]["mean"] < 0
    assert by_key["more beds"]["kind"] == "begun two days after"
    means = [each["takes"]["month"]["mean"] for each in quake["levers"]
             if (each["takes"]["month"]["high"] or 0) < 0]  # fmt: skip
    assert means == sorted(means)


def test_the_page_runs_a_shock_and_exports_it(sign_in, joined, monkeypatch):
    twin(joined)
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    monkeypatch.setattr(working, "YEAR", 60)
    client = sign_in("planner")
    assert "earthquake" in said(client.get("/plan/shocks/")).lower()
    assert "It has not been run" in said(client.get("/plan/shocks/ward/"))
    wrong = client.get("/plan/shocks/ward/?run=1&weeks=some")
    assert (wrong.status_code, "'some' is no number" in said(wrong)) == (400, True)
    address = "/plan/shocks/ward/?run=1&weeks=2&ward=Ward+one"
    assert "Waiting for its turn" in said(client.get(address))
    monkeypatch.setattr(working, "options", dict)
    while answers.waits() and answers.work():
        pass
    page = said(client.get(address))
    for words in ("What it does", "What would soften it", "Ward one has 30 places"):
        assert words in page
    book = load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").content))
    assert book.sheetnames == ["Shock", "What it does", "What softens it", "Days", "Definitions"]


def test_who_only_reads_sees_what_was_run_and_starts_nothing(sign_in, joined):
    twin(joined)
    page = sign_in("critical-friend").get("/plan/shocks/winter/?run=1")
    assert "Somebody who makes plans can run it" in said(page)
    assert not answers.waits()
    assert sign_in("paramedic").get("/plan/shocks/").status_code == 403
    assert sign_in("planner").get("/plan/shocks/flood/").status_code == 404


def test_a_terminal_runs_a_shock(joined, monkeypatch):
    twin(joined)
    assert "earthquake" in CliRunner().invoke(command, []).output
    monkeypatch.setattr(working, "YEAR", 60)
    asked = ["winter", "--no-levers", "--runs", "2", "--people", "100000", "--json"]
    found = json.loads(CliRunner().invoke(command, asked).stdout)
    assert found["asked"]["numbers"]["more"] == 15
    assert len(found["effects"]) == 9 * 3
    bad = CliRunner().invoke(command, ["winter", "--number", "more"])
    assert isinstance(bad.exception, BadConfig)
