"""Places where people live: what an option does for each, out of what each replication came to."""

import pytest

from onesystem.plan.options import homes, weighing
from onesystem.plan.options.figuring import View, weighed
from onesystem.twin.scenarios.summing import Summary

SETTINGS = {"ED": "ED", "Ward": "ward", "Late ward": "ward"}
VIEW = View(
    settings=SETTINGS, places=dict.fromkeys(SETTINGS, "One"),
    organisations=dict.fromkeys(SETTINGS, "Hospital"), payers={}, groups=("COPD known",),
    people=3000.0, homes={"Coast": ("lives in Coast", 2000.0), "Hill": ("lives in Hill", 1000.0)},
    fifths={"Fifth 1": ("deprivation 1", 1000.0), "Fifth 5": ("deprivation 5", 2000.0)},
)  # fmt: skip
DAYS = 365.25 / 2


def run(coast=1.0, hill=1.0):
    """Half a year, two replications alike: the coast has 60 on the ward, the hill 30."""
    values = {}
    for group, ward, times in (
        ("lives in Coast", 60, coast), ("lives in Hill", 30, hill), ("deprivation 1", 50, coast),
        ("deprivation 5", 40, hill), ("COPD known", 12, coast),
    ):  # fmt: skip
        values["wait", "", group] = [2.0 * times] * 2
        values["days in beds", "", group] = [100.0 * times] * 2
        values["taken in", "Ward", group] = [ward * times] * 2
        values["taken in", "Late ward", group] = [ward / 2 * times] * 2
        values["came", "ED", group] = [200.0] * 2
    values["went", "ED \u2192 Ward", "all"] = [90.0] * 2
    values["went", "Ward \u2192 Late ward", "all"] = [30.0] * 2
    values["went", "ED \u2192 Late ward", "all"] = [10.0] * 2
    return Summary(2, DAYS, values)


def found(**changed):
    return weighed("x", ["x"], run(), {"central": run(**changed)}, VIEW, "central")


def test_who_moves_between_wards_is_admitted_once():
    """Of those who came to the late ward a quarter came from outside: 60 + 30 / 4."""
    came = homes.admitted("lives in Coast", SETTINGS, run().values)
    assert came == pytest.approx([67.5, 67.5])


def test_figures_are_told_for_each_person_who_lives_there():
    """67.5 in half a year among 2,000: 67.5 a thousand a year; 100 days are 0.1 a person."""
    made = found()
    coast = {row.figure: row.nothing.mean for row in made.of(weighing.HOME) if row.label == "Coast"}
    assert coast["admissions a head"] == pytest.approx(67.5)
    assert coast["days at home a head"] == pytest.approx(365.25 - 0.1)
    assert coast["attendances a head"] == pytest.approx(200)
    assert coast["wait"] == pytest.approx(2.0)


def test_what_helps_one_place_only_drives_places_apart():
    made = found(coast=0.9)
    assert made.row("home spread").value.mean == pytest.approx(0.1)
    assert found(coast=0.9, hill=0.9).row("home spread").value.mean == pytest.approx(0)


def test_the_gap_between_fifths_is_its_own_figure():
    """Most deprived 112.5 a thousand, least 45; a tenth less for the first: 11.25 less apart."""
    gap = found(coast=0.9).row("gap")
    assert gap.nothing.mean == pytest.approx(112.5 - 45)
    assert gap.difference.mean == pytest.approx(-11.25)


def test_a_condition_is_told_beside_other_groups():
    row = found().row("admissions", kind=weighing.GROUP, label="COPD known")
    assert row.nothing.mean == pytest.approx(2 * (12 + 6 / 4))


def test_a_place_of_which_nobody_is_counted_has_waits_only():
    told = homes.told({"Coast": ("lives in Coast", 0)}, SETTINGS, run().values, DAYS)
    assert set(told) == {("Coast", "wait")}


def test_together_stands_beside_the_sum_of_each_alone():
    """Two that take a tenth each take less together than a fifth, replication by replication."""
    alone = [run(coast=0.9), run(coast=0.9)]
    made = weighed("both", ["a", "b"], run(), {"central": run(coast=0.85)}, VIEW, "central", alone)
    row = made.row("admissions a head", kind=weighing.HOME, label="Coast")
    assert row.added.mean == pytest.approx(-13.5)
    assert row.difference.mean == pytest.approx(-10.125)
    assert row.beyond.mean == pytest.approx(3.375)
    kept = {"sets": [weighing.kept(made)], "model": "m", "replications": 2, "days": 1, "seed": 1}
    again = weighing.comparison({"people": 1, "scenarios": []}, kept)
    assert again.sets == (made,)
