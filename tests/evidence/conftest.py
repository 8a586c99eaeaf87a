"""The textbook cases that the designs reproduce, as series and panels."""

import csv
import json
from datetime import date

import numpy as np
import pytest

from onesystem.evidence.panel import panel
from onesystem.evidence.series import timed


def read(path):
    """The rows of a CSV file as dicts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def sicily(data):
    """Coronary admissions around the smoking ban of January 2005."""
    rows = read(data / "evidence" / "sicily.csv")
    return timed(
        [date.fromisoformat(r["month"]) for r in rows],
        [float(r["admissions"]) for r in rows],
        [float(r["population"]) for r in rows],
        kind="count",
        unit="admissions",
    )


@pytest.fixture
def cigarettes(data):
    """Packs a person and year; California is treated from 1989 on."""
    rows = read(data / "evidence" / "cigarettes.csv")
    cells = [(r["state"], int(r["year"]), float(r["packs"])) for r in rows]
    return panel(cells, {"California": 1989}, unit="packs")


@pytest.fixture
def drinking(data):
    """Deaths by age around 21."""
    rows = read(data / "evidence" / "drinking_age.csv")
    return {k: np.array([float(r[k]) for r in rows]) for r in rows[:1] for k in r}


@pytest.fixture
def minimum_wage(data):
    """Counties with exactly the means and covariances of the published groups."""
    told = json.loads((data / "evidence" / "minimum_wage_groups.json").read_text())
    rng = np.random.default_rng(1)
    cells, start = [], {}
    for group, g in told["groups"].items():
        n, years = g["counties"], told["years"]
        z = rng.normal(size=(n, len(years)))
        z -= z.mean(axis=0)
        z = z @ np.linalg.inv(np.linalg.cholesky(z.T @ z / n)).T
        values = np.array(g["means"]) + z @ np.linalg.cholesky(np.array(g["covariance"])).T
        for i in range(n):
            name = f"{group}-{i}"
            start[name] = int(group) or None
            cells += [(name, y, float(v)) for y, v in zip(years, values[i], strict=True)]
    return panel(cells, start)


COAL = [int(c) for c in (
    "45410434063340263354531441553425223421322111130010110031"
    "03220111010100021000110233112111123300014000100000100101"
)]  # fmt: skip


@pytest.fixture
def coal():
    """Coal-mining disasters in Britain by year, 1851 to 1962 (Jarrett 1979)."""
    return timed([date(1851 + i, 1, 1) for i in range(112)], COAL)


@pytest.fixture
def nile():
    """The flow of the Nile at Aswan by year, 1871 to 1970, as statsmodels carries it."""
    from statsmodels.datasets import nile

    found = nile.load_pandas().data
    return timed([date(int(y), 1, 1) for y in found["year"]], found["volume"].tolist(), kind="mean")
