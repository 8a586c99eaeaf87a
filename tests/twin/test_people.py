"""People over the years: nobody is lost or made, and who comes follows how many there are."""

import json
from itertools import pairwise
from math import isclose

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.cli.twin import twin
from onesystem.twin import model_of, replications
from onesystem.twin.people.ageing import OLDEST, Rates, single, years
from onesystem.twin.people.growing import again, ages_of, grown, shares
from onesystem.twin.people.known import people_from, people_of, rates_of
from onesystem.vocabulary import BadConfig

_AGES = st.lists(st.floats(0, 1e6), min_size=OLDEST + 1, max_size=OLDEST + 1).map(tuple)
_DEATHS = st.lists(st.floats(0, 3), min_size=OLDEST + 1, max_size=OLDEST + 1).map(tuple)


@settings(max_examples=30, deadline=None)
@given(_AGES, _AGES, _DEATHS, st.floats(0, 0.3), st.floats(-0.2, 0.2))
def test_people_are_kept(women, men, deaths, births, moves):
    """People = start + born + in - died - out, in every year; nobody is below none."""
    rates = Rates({"female": deaths, "male": deaths[::-1]}, births, moves)
    lived = list(years({"female": women, "male": men}, 2026, 4, lambda _: rates))
    assert [each.year for each in lived] == [2026, 2027, 2028, 2029, 2030]
    for before, after in pairwise(lived):
        told = before.between(0) + before.born - before.died + before.moved
        assert isclose(after.between(0), told, rel_tol=1e-9, abs_tol=1e-3)
        assert min(min(ages) for ages in after.people.values()) >= -1e-6


def test_who_neither_dies_nor_moves_is_a_year_older():
    """A cohort goes up the ages, and stays with the oldest."""
    still = Rates({"female": (0.0,) * 101, "male": (0.0,) * 101}, 0.0, 0.0)
    ages = tuple(7.0 if age in (98, 40) else 0.0 for age in range(101))
    last = list(years({"female": ages, "male": (0.0,) * 101}, 2026, 5, lambda _: still))[-1]
    assert {age: n for age, n in enumerate(last.people["female"]) if n} == {45: 7.0, 100: 7.0}


@pytest.mark.parametrize(("country", "millions"), [
    ("United Kingdom", (69.749, 72.782)), ("New Zealand", (5.270, 5.531)),
])  # fmt: skip
def test_a_country_grows_as_was_projected(country, millions):
    """From 2025 to 2035 as in World Population Prospects 2024, medium variant, to a hundredth.

    Its own beginning is of 2024 and ours, by age, of 2019: growth is compared.
    """
    lived = list(years(people_of(country), 2025, 10, rates_of(country)))
    growth = lived[-1].between(0) / lived[0].between(0)
    assert growth == pytest.approx(millions[1] / millions[0], abs=0.01)
    assert lived[-1].between(75) / lived[0].between(75) > 1.15
    assert lived[-1].between(0, 14) < lived[0].between(0, 14)


def test_bands_become_single_ages():
    """Evenly within a band; none is lost at the open end."""
    ages = single({0: 10.0, 5: 20.0, 90: 8.0})
    assert ages[:6] == (2.0, 2.0, 2.0, 2.0, 2.0, pytest.approx(20 / 85))
    assert sum(ages) == pytest.approx(38.0)
    assert ages[90] > ages[95] == pytest.approx(ages[90] / 2)


@pytest.mark.parametrize(("name", "ages"), [
    ("under 18", (0, 17)), ("18 to 74", (18, 74)), ("75 and more", (75, 100)), ("85+", (85, 100)),
    ("65-74", (65, 74)), ("people below 5", (0, 4)), ("age not known", None), ("urgent", None),
])  # fmt: skip
def test_ages_by_the_name_of_a_class(name, ages):
    """As calibration names them, and as others write them."""
    assert ages_of(name) == ages


_MODEL = {
    "name": "Old and young", "unit": "day", "horizon": 30, "warm_up": 5, "replications": 4,
    "classes": ["under 75", "75 and more", "age not known"],
    "nodes": {"Ward": {"service": {"exponential": 5}}},
    "arrivals": {
        "in": {"node": "Ward", "class": {"under 75": 0.5, "75 and more": 0.5}, "rate": 20},
    },
}  # fmt: skip


def test_arrivals_follow_the_people():
    """As many more come as there are more, class by class; the first year is as it was."""
    lived = list(years(people_of("United Kingdom"), 2026, 6, rates_of("United Kingdom")))
    model = grown(model_of(json.dumps(_MODEL)), lived)
    assert model.horizon == pytest.approx(5 + 6 * 365.25)
    for k, kind in enumerate(("under 75", "75 and more")):
        wanted = 10 * 365.25 * sum(shares(lived, kind)[:-1])
        came = [run.count[k, 0] for run in replications(model)]
        assert sum(came) / 4 == pytest.approx(wanted, rel=0.012)


def test_a_season_comes_again_in_each_year():
    """What began before the model holds from the turn of a year; a warm-up belongs to the last."""
    said = json.loads(json.dumps(_MODEL))
    said["arrivals"]["in"] = {"node": "Ward", "class": "under 75", "from": [
        [-9, {"rate": 1}], [-5, {"rate": 2}], [50, {"rate": 3}], [400, {"rate": 9}],
    ]}  # fmt: skip
    process = again(model_of(json.dumps(said)), 100.0, 260.0).arrivals["in"].process
    assert [(when, each.rates) for when, each in process.changes] == [
        (0, (2,)), (50, (3,)), (100, (2,)), (150, (3,)), (200, (2,)), (250, (3,)),
    ]  # fmt: skip


def test_the_command(tmp_path):
    """It tells who will live there, and runs a model over those years."""
    (file := tmp_path / "model.json").write_text(json.dumps(_MODEL))
    lines = ["age,sex,people", *(f"{age},{sex},{100 - age}" for age in range(0, 100, 5)
                                 for sex in ("female", "male"))]  # fmt: skip
    (people := tmp_path / "people.csv").write_text("\n".join(lines))
    asked = [str(file), "--years", "3", "--people", str(people)]
    told = CliRunner().invoke(twin, ["people", *asked, "--json"])
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)
    assert [row["year"] for row in rows][:2] == [2026, 2027]
    assert rows[0]["people"] == pytest.approx(2 * sum(range(5, 101, 5)))
    for before, after in pairwise(rows):
        change = before["born"] + before["moved"] - before["died"]
        assert after["people"] - before["people"] == pytest.approx(change)
    run = CliRunner().invoke(twin, ["run", *asked, "--json", "--replications", "1"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["span"] == pytest.approx(3 * 365.25)
    beside = CliRunner().invoke(twin, ["compare", *asked, "--json", "--replications", "2",
                                       "--change", "stays service=Ward times=0.9"])  # fmt: skip
    assert json.loads(beside.stdout)["days"] == pytest.approx(3 * 365.25)


@pytest.mark.parametrize(("text", "words"), [
    ("age,sex,people\n5,female,1\n5,female,2", "line 3"),
    ("age,sex,people\n5,woman,1", "line 2"),
    ("age,sex,people\n5,female,1", "nobody of one sex"),
    ("a,b\n1,2", "line 2"),
])  # fmt: skip
def test_people_that_cannot_be_read(text, words):
    """The line, and what it should have."""
    with pytest.raises(BadConfig, match=words):
        people_from(text)


def test_years_and_countries_that_are_not_there():
    """Said with the cure."""
    with pytest.raises(BadConfig, match="Give 1 to 50"):
        grown(model_of(json.dumps(_MODEL)), [])
    with pytest.raises(BadConfig, match="no rates are known"):
        rates_of("Atlantis")
