"""Published series of the NHS through the designs: a result, or a refusal with its cure."""

import csv
import itertools
import json
import os
from collections import defaultdict
from datetime import date

import pytest

from onesystem.evidence.changepoint import changepoint
from onesystem.evidence.its import its
from onesystem.evidence.series import after, timed
from onesystem.flow.sheets import day
from onesystem.vocabulary import BadInput

SKIPPED = {"year", "week_no"}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def through(days, values):
    """A series through both designs; the names of those that gave a result."""
    done, refused = [], []
    for name, work in (("its", _its), ("changepoint", _changepoint)):
        try:
            found = work(days, values)
        except BadInput as error:
            refused.append(error)
            continue
        json.dumps(found.plain(), allow_nan=False)
        for effect in found.effects:
            least = 1e-9 * max(1.0, abs(effect.estimate))
            assert effect.low - least <= effect.estimate <= effect.high + least, effect.name
            assert effect.p is None or 0 <= effect.p <= 1
        done.append(name)
    assert all(error.cure for error in refused)
    return done


def _its(days, values):
    series = timed(days, values, gaps=True)
    middle = after(series.dates[0], series.every, series.places[-1] // 2 + 1)
    return its(series, [middle])


def _changepoint(days, values):
    return changepoint(timed(days, values, gaps=True), most=2)


def test_attendances(data):
    """Eight departments, with their attendances, breaches and admissions."""
    series = defaultdict(list)
    for row in read(data / "evidence" / "ae_series.csv"):
        for name in ("attendances", "breaches", "admissions"):
            key = (row["org_code"], row["type"], name)
            series[key].append((date.fromisoformat(row["month"]), float(row[name])))
    assert len(series) == 24
    done = [len(through(*zip(*cells, strict=True))) for cells in series.values()]
    assert sum(done) >= 30


@pytest.mark.parametrize("values", [[22.0] * 29, [0.0] * 11])
def test_a_series_that_never_changes(values):
    """As beds that are the same in every return: no change, within its interval."""
    days = [date(2022 + at // 12, 1 + at % 12, 1) for at in range(len(values))]
    assert "changepoint" in through(days, values)


def test_a_few_events_in_the_same_months_are_no_season():
    days = [date(2016 + at // 12, 1 + at % 12, 1) for at in range(98)]
    found = changepoint(timed(days, [float(at in {4, 50}) for at in range(98)]), most=2)
    assert found.main.low <= 0 <= found.main.high
    assert "no season" in found.method


def test_beds_and_discharges(data):
    series = defaultdict(list)
    for row in read(data / "evidence" / "hospital_flow_series.csv"):
        key = (row["organisation"], row["measure"])
        series[key].append((date.fromisoformat(row["date"]), float(row["value"])))
    for cells in series.values():
        assert through(*zip(*cells, strict=True))


def day_of(said):
    """A date, however it is written; None where it is none."""
    if isinstance(said, str):
        try:
            return day(said, 0, "date")
        except BadInput:
            return None
    return said and said.date()


WHOLE = bool(os.environ.get("ONESYSTEM_ALL_SERIES"))


def all_series(folder):
    """The series of the shared data: by the text columns of a table, one a number column.

    Tables of more than 8,000 rows take long to cut into series: they are read when all are asked
    for.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = sorted((folder / "capacity").rglob("*.parquet"))
    paths.append(folder / "event_logs" / "nhsr_training" / "ae_attendances.parquet")
    for path in paths:
        if (
            not WHOLE
            and pq.read_metadata(path).num_rows > 8_000
            and path.parent.name != "nhsr_training"
        ):
            continue
        table = pq.read_table(path)
        when = next((n for n in ("date", "period", "month") if n in table.column_names), None)
        if when is None:
            continue
        numbers = [
            f.name for f in table.schema
            if (pa.types.is_floating(f.type) or pa.types.is_integer(f.type))
            and f.name not in SKIPPED
        ]  # fmt: skip
        words = [f.name for f in table.schema if f.name not in {*numbers, when, *SKIPPED}]
        found = defaultdict(list)
        for row in table.to_pylist():
            period = day_of(row[when])
            key = tuple(row[w] for w in words if w != "month")
            for name in numbers:
                if row[name] is not None and period is not None:
                    found[(path.stem, *key, name)].append((period, float(row[name])))
        yield from found.items()


def test_the_whole_shared_data(shared_data):
    """A sample of 200, or with ONESYSTEM_ALL_SERIES=1 every series."""
    pytest.importorskip("pyarrow")
    series = list(all_series(shared_data))
    step = 1 if WHOLE else max(1, len(series) // 200)
    counts: dict[str, int] = defaultdict(int)
    for _, cells in itertools.islice(series, 0, None, step):
        for name in through(*zip(*sorted(cells), strict=True)) or ["refused"]:
            counts[name] += 1
    assert counts["its"]
    assert counts["changepoint"]


def test_the_published_total_of_attendances(shared_data):
    """As many attendances as an independent sum of the published file gives."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = shared_data / "event_logs" / "nhsr_training" / "ae_attendances.parquet"
    table = pq.read_table(path)
    assert table.num_rows == 12_765
    assert pc.sum(table["attendances"]).as_py() == 72_019_402
