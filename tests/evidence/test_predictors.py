"""Synthetic control on predictors: California as published, and what a predictor must be."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from onesystem.cli.evaluate import evaluate
from onesystem.evidence.panel import panel
from onesystem.evidence.synth import planned, synth
from onesystem.vocabulary import BadInput


@pytest.fixture
def on(data, cigarettes):
    """The seven predictors of Abadie, Diamond and Hainmueller 2010, table 1."""
    with (data / "evidence/cigarettes_predictors.csv").open(encoding="utf-8") as file:
        rows = {row["state"]: row for row in csv.DictReader(file)}
    made = {
        name: [float(rows[unit][name]) for unit in cigarettes.units]
        for name in ("income", "price", "youth", "beer")
    }
    for year in (1975, 1980, 1988):
        made[f"packs {year}"] = cigarettes.values[:, cigarettes.periods.index(year)].tolist()
    return made


def test_california_has_the_published_weights(cigarettes, on):
    """Abadie and others 2010, table 2: Utah, Nevada, Montana, Colorado, Connecticut, no other."""
    plan = planned(cigarettes, on)
    found = plan.do(0)
    published = {
        "Utah": 0.334, "Nevada": 0.234, "Montana": 0.199, "Colorado": 0.164, "Connecticut": 0.069,
    }  # fmt: skip
    for unit, weight in zip(cigarettes.units, found.weights, strict=True):
        assert weight == pytest.approx(published.get(unit, 0.0), abs=0.005)
    assert found.before == pytest.approx(1.76, abs=0.01)


def test_california_stands_out_as_published(cigarettes, on):
    """First of 39 by the ratio of errors: 1/39 = 0.026 (Abadie and others 2010, section 3.4)."""
    found = synth(cigarettes, on=on, tries=30)
    assert found.main.p == pytest.approx(1 / 39)
    assert found.tables[2].rows[0][0] == "California"
    assert -20 < found.main.estimate < -17
    assert "7 predictors" in found.method


def four(extra):
    """Five places, of which the last doubled; predictors beside."""
    rng = np.random.default_rng(1)
    rows = [
        (f"p{i}", t, 10.0 + i + rng.normal(0, 0.1) + (8 if i == 4 and t >= 8 else 0))
        for i in range(5)
        for t in range(12)
    ]
    return panel(rows, {"p4": 8}), extra


@pytest.mark.parametrize(
    ("values", "words"),
    [([1, 2, 3], "3 figures for 5 units"), ([1, 1, 1, 1, 1], "the same everywhere"),
     ([1, 2, 3, 4, float("nan")], "p4 has no")],
)  # fmt: skip
def test_a_predictor_has_a_figure_a_unit_and_differs(values, words):
    made, on = four({"size": values})
    with pytest.raises(BadInput, match=words):
        synth(made, on=on)


def test_the_command_takes_means_of_columns(tmp_path):
    rng = np.random.default_rng(2)
    lines = ["place,year,value,size"]
    for i in range(6):
        for year in range(2000, 2012):
            value = 20 + 2 * i + rng.normal(0, 0.3) - (6 if i == 3 and year >= 2008 else 0)
            lines.append(f"p{i},{year},{value:.2f},{'' if year < 2004 else 5 + i}")
    file = tmp_path / "places.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    asked = ["synth", str(file), "--treated", "p3", "--at", "2008", "--json"]
    told = CliRunner().invoke(
        evaluate, [*asked, "--predictor", "size=2004:2007", "--predictor", "value=2007"]
    )
    found = json.loads(told.stdout)
    assert found["main"]["estimate"] == pytest.approx(-6, abs=1)
    assert "2 predictors" in found["method"]
    wrong = CliRunner().invoke(evaluate, [*asked, "--predictor", "sise"])
    assert "size" in str(getattr(wrong.exception, "cure", wrong.exception))
    empty = CliRunner().invoke(evaluate, [*asked, "--predictor", "size=2000:2001"])
    assert "p0 has no size" in str(empty.exception)
