"""What a set of options came to, out of what each replication came to."""

import pytest

from onesystem.plan.options import weighing, winning, wording
from onesystem.plan.options.figuring import View, weighed
from onesystem.plan.options.library import option
from onesystem.plan.options.pricing import priced
from onesystem.twin.scenarios.comparing import Estimate
from onesystem.twin.scenarios.summing import Summary

VIEW = View(
    settings={"ED": "ED", "Ward A": "ward", "Ward B": "ward", "Home care": "home care"},
    places={"Ward A": "North", "Ward B": "South", "ED": "North", "Home care": ""},
    organisations={"ED": "Hospital", "Ward A": "Hospital", "Ward B": "Other hospital",
                   "Home care": "Agencies"},
    payers={"ED": {"health": 1.0}, "ward": {"health": 1.0},
            "home care": {"health": 0.25, "council": 0.75}},
    groups=("75 and more",), people=1000.0,
)  # fmt: skip
DAYS = 365.25 / 2  # half a year: figures a year are twice what was counted


def run(factor=1.0, extra=0.0):
    """Two replications: the second has ten per cent more of everything."""

    def both(value):
        return [value, 1.1 * value]

    values = {}
    for node, days, came in (("Ward A", 100, 20), ("Ward B", 50, 10)):
        values["days in service", node, "all"] = both(days * factor)
        values["places used", node, "all"] = both(days * factor / DAYS)
        values["taken in", node, "all"] = both(came * factor)
        values["wait", node, "all"] = both(2.0)
        values["cost", node, "all"] = both(1000 * days * factor)
        values["went", f"ED → {node}", "all"] = both(came * factor)
    values["went", "Ward A → Ward B", "all"] = both(5)
    values["taken in", "ED", "all"] = both(200)
    values["wait", "ED", "all"] = [0.5, None]
    values["cost", "ED", "all"] = both(2000)
    values["taken in", "Home care", "all"] = both(40 + extra)
    values["cost", "Home care", "all"] = both(400 + 10 * extra)
    values["taken in", "Opened", "all"] = both(7)
    values["cost", "Opened", "all"] = both(9999)
    values["days in beds", "", "75 and more"] = both(80 * factor)
    return Summary(2, DAYS, values)


def found(**more):
    by_strength = {"low": run(0.95), "central": run(0.8, 20), "high": run(0.7, 30)}
    return weighed("Less", ["x"], run(), by_strength, VIEW, "central", **more)


def test_a_year_of_bed_days_is_the_sum_of_wards_scaled_to_a_year():
    """150 in half a year, 20% less: 60 fewer a year, and 66 in the other replication."""
    row = found().row("bed-days")
    assert row.nothing.mean == pytest.approx(315)
    assert row.difference.mean == pytest.approx(-63)
    assert row.difference.low < -63 < row.difference.high
    assert (row.least, row.most) == (pytest.approx(-15.75), pytest.approx(-94.5))
    assert row.sure
    assert row.robust
    assert found().row("nonsense") is None


def test_admissions_count_who_comes_from_outside_wards():
    assert found().row("admissions").nothing.mean == pytest.approx(2 * 1.05 * 30)


def test_days_at_home_are_all_days_but_those_in_beds():
    """A thousand people over half a year, told for a year, less 315."""
    row = found().row("days at home")
    assert row.nothing.mean == pytest.approx(365.25 * 1000 - 315)
    assert row.difference.mean == pytest.approx(63)


def test_a_mean_wait_weighs_services_by_whom_they_took():
    """A replication without a wait counts as none."""
    assert found().row("ED wait").nothing.mean == pytest.approx(0.25)
    assert found().row("bed wait").nothing.mean == pytest.approx(2.1)


def test_what_an_option_opens_costs_nothing_here():
    assert found().row("cost").nothing.mean == pytest.approx(2 * 1.05 * (150_000 + 2000 + 400))


def test_money_is_shared_by_who_pays():
    council = found().row("cost", kind="funder", label="council")
    assert council.difference.mean == pytest.approx(2 * 1.05 * 0.75 * 200)
    health = found().row("cost", kind="funder", label="health")
    assert health.difference.mean == pytest.approx(2 * 1.05 * (-30_000 + 50))


def test_places_that_change_alike_are_not_apart():
    assert found().row("spread").value.mean == pytest.approx(0)
    uneven = run(0.8)
    uneven.values["days in service", "Ward B", "all"] = [50.0, 55.0]
    made = weighed("x", ["x"], run(), {"central": uneven}, VIEW, "central")
    assert made.row("spread").value.mean == pytest.approx(0.2)


def test_groups_and_organisations_have_their_own():
    assert found().row("bed-days", kind="group", label="75 and more").nothing.mean == 168
    assert found().row("contacts", kind="organisation", label="Agencies").difference.mean == 42


def test_who_wins_and_loses():
    """Hospitals lose work; who delivers an option gains what it is paid for it."""
    cost = priced(option("enablement"), 3000)
    made = winning.standing(found(), [("community", cost)], {"community": "Trust"}, "GBP")
    names = {each.name: each for each in made}
    assert next(each.name for each in made) == "Hospital"
    assert names["Hospital"].work == round(-100 * 2 * 1.05 * 20_000)
    assert names["Trust"].delivers == cost.running
    assert names["Trust"].verdict == ("gain", "good")
    assert names["Hospital"].verdict == ("lose", "warn")
    paid = winning.paid(found(), [cost], {"health": "Board", "council": "Council", "hospital": "H"})
    assert [each.funder for each in paid] == ["Board", "Council"]
    assert paid[1].net == cost.by_funder()["council"] + round(100 * 2 * 1.05 * 150)


def test_a_comparison_comes_back_from_what_is_kept():
    asked = {"people": 1000, "scenarios": [], "missing": ["x"]}
    kept = {"sets": [weighing.kept(found())], "model": "m", "replications": 2, "days": 1, "seed": 3}
    made = weighing.comparison(asked, kept)
    assert made.sets == (found(),)
    assert made.of(["x"]) == found()
    assert made.of(["y"]) is None
    assert made.missing == ("x",)


def row(mean, low, high, least=None, most=None, figure="bed-days"):
    nothing = Estimate(1000.0, 1000.0, 1000.0)
    return weighing.Row(kind="whole", label="", figure=figure, nothing=nothing, value=nothing,
                        difference=Estimate(mean, low, high), least=least, most=most)  # fmt: skip


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (row(-60, -80, -40, -10, -90), ("better", "good")),
        (row(60, 40, 80, 10, 90), ("worse", "bad")),
        (row(-60, -80, -40, 5, -90), ("better, by some of the evidence", "warn")),
        (row(-60, -130, 10, -10, -90), ("not told from chance", "quiet")),
        (row(60, 40, 80, figure="staff hours"), ("more", "info")),
    ],
)
def test_a_verdict_needs_more_than_chance_and_the_whole_range(made, words):
    assert wording.verdict(made) == words


def test_figures_are_said_with_the_places_that_help():
    assert wording.number("bed-days", 1234.5, "GBP", signed=True) == "+1,234"
    assert wording.number("ED wait", -0.052, "GBP") == "-0.05"
    assert wording.number("ED wait", -0.001, "GBP") == "0.00"
    assert wording.number("cost", -1234.4, "GBP", signed=True) == "-£1,234"
    assert wording.number("spread", 0.123, "GBP") == "12.3%"
    assert wording.money_in("GBP")(123_456_78) == "£123,457"
    assert wording.money_in("NZD")(12_34) == "$12.34"


def test_options_on_other_terms_are_another_run():
    """What was run counts for an option only while its sizes and words are those that were run."""
    beds, other = option("beds"), option("enablement")
    stand = {
        "beds": weighing.terms(beds, "central"),
        "enablement": weighing.terms(other, "central"),
    }
    asked = [{"sets": [{"terms": {"beds": stand["beds"]}}, {"terms": dict(stand)}]}]
    assert weighing.covered(stand, asked) == ({"beds"}, 1)
    changed = stand | {"beds": weighing.terms(beds, "high")}
    assert weighing.covered(changed, asked) == (set(), 0)
    assert weighing.same(stand, {"terms": dict(stand)})
