"""Backtests of monthly figures: a season that is there is found, and intervals hold what came."""

import csv
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner

from onesystem.cli.twin import twin
from onesystem.twin.calibration.monthly import MONTHS, QUARTERS, Grain, backtest, forecasts


def series(grain: Grain, steps: int, count: int = 60, seed: int = 3) -> np.ndarray:
    """Levels that wander, a season that all have, and noise of a hundredth."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.1 * np.cos(2 * np.pi * np.arange(steps) / grain.period)
    level = np.cumsum(rng.normal(0, 0.01, (count, steps)), axis=1) + 1
    noise = rng.normal(0, 0.01, (count, steps))
    return np.exp(rng.normal(6, 1, (count, 1))) * (level + noise) * season


@pytest.mark.parametrize(("grain", "steps"), [(MONTHS, 30), (QUARTERS, 20)])
def test_better_than_a_year_ago(grain, steps):
    """Of most series; about four in five of what came lies in the 80% interval."""
    found = backtest([str(n) for n in range(60)], series(grain, steps), grain)
    assert len(found) == 60
    assert np.mean([each.error < each.naive for each in found]) > 0.7
    assert 0.7 < np.mean([each.covered80 for each in found]) < 0.9
    assert 0.88 < np.mean([each.covered95 for each in found]) <= 1
    assert {len(each.by_lead) for each in found} == {grain.ahead}
    assert {each.unit for each in found} == {grain.unit}


def test_what_is_held_back_changes_nothing():
    """What is foretold before the cut is the same whatever comes after it."""
    values = series(MONTHS, 30)
    other = values.copy()
    other[:, 27:] *= 5
    first, second = (forecasts(each, 27, MONTHS)[:, :27] for each in (values, other))
    np.testing.assert_array_equal(first, second)


def test_short_and_empty_series_are_left_out():
    """Less than a year and a half, or nothing at the end, or next to nothing at all."""
    values = series(MONTHS, 30, count=4)
    values[1, :15] = np.nan
    values[2, -4:] = np.nan
    values[3] = 0.2
    assert [each.name for each in backtest(list("abcd"), values, MONTHS)] == ["a"]
    assert backtest(list("abcd"), values[:, :20], MONTHS) == []


@pytest.mark.parametrize(("grain", "steps"), [(MONTHS, 21), (QUARTERS, 9)])
def test_as_few_steps_as_there_may_be(grain, steps):
    """Of two years of quarters, none before the cut says how wide an interval is."""
    values = series(grain, steps, count=6)
    assert backtest(list("abcdef"), values[:, :-1], grain) == []
    assert len(backtest(list("abcdef"), values, grain)) == 6


def test_by_command(tmp_path):
    """A table of months is told as months, with its errors beside those of a year ago."""
    values = series(MONTHS, 30, count=3)
    with (file := tmp_path / "beds.csv").open("w") as out:
        lines = csv.writer(out)
        lines.writerow(["trust", "date", "occupied"])
        for n, row in enumerate(values):
            for month, value in enumerate(row):
                day = date(2022 + (3 + month) // 12, (3 + month) % 12 + 1, 1)
                lines.writerow([f"T{n}", day.isoformat(), round(value, 2)])
    told = CliRunner().invoke(twin, ["backtest", str(file)], catch_exceptions=False)
    assert "occupied: 3 series, one to 3 months ahead" in told.output
    assert "seasonal-naive" in told.output
