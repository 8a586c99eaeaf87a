"""Every series of the open data that hospitals and systems publish, through reading and rules."""

from collections import Counter

import numpy as np
import pytest

from onesystem.flow.sheets import day
from onesystem.flow.spc import Asked, Cause, Improve, draw, many
from onesystem.flow.spc.reading import Columns, split
from onesystem.vocabulary import BadInput

DATES = ("date", "month", "period")


def tables(folder):
    """(name, columns) of every table that has a column of dates."""
    import pyarrow.csv
    import pyarrow.parquet

    for path in sorted(folder.rglob("*.parquet")) + sorted(folder.rglob("*.csv*")):
        read = pyarrow.parquet.read_table if path.suffix == ".parquet" else pyarrow.csv.read_csv
        table = read(path)
        if set(DATES) & set(table.column_names):
            yield path.name, table


def is_day(cell):
    """Whether a cell is a day. The reader refuses a table with one that is not, naming its row."""
    try:
        day(cell, 0, "")
    except BadInput:
        return False
    return True


def shaped(table):
    """The column of dates, those of text and those of numbers, as lists."""
    import pyarrow as pa

    when = next(name for name in DATES if name in table.column_names)
    known = table.filter(pa.array([is_day(cell) for cell in table[when].to_pylist()]))
    again = {when, *(("year", "month") if when == "date" else ())}  # the date once more
    fields = [f for f in known.schema if f.name not in again]
    text = [
        f.name for f in fields if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)
    ]
    numbers = [f.name for f in fields if f.name not in text]
    return when, text, numbers, known


def stacked(named, columns, when, text, value):
    """The rows of another figure, series by series in the order of `named`, filled up with nan."""
    place = {tuple(v for _, v in each.facets): i for i, each in enumerate(named)}
    along = [{d: j for j, d in enumerate(each.series.dates)} for each in named]
    out = np.full((len(named), max(len(each.series) for each in named)), np.nan)
    facets = [columns[name] for name in text]
    for row, (moment, cell) in enumerate(zip(columns[when], columns[value], strict=True)):
        if cell is not None:
            series = place[tuple(str(column[row]) for column in facets)]
            out[series, along[series][moment]] = cell
    return out


def check(folder):
    """Each series is charted, its lines are finite, and the rules hold. Counts of all of them.

    The first figure of a table goes through the plain form and through arrays, which agree; the
    others through arrays alone, since there are a million points of them.
    """
    counts = Counter()
    for _, table in tables(folder):
        when, text, numbers, known = shaped(table)
        columns = {name: known.column(name).to_pylist() for name in (when, *text, *numbers)}
        columns[when] = [day(cell, row, when) for row, cell in enumerate(columns[when])]
        asked = Columns(date=when, value=numbers[0], facets=tuple(text))
        named = split(columns, asked)
        plain = [draw(each.series, Asked(improve=Improve.DOWN)) for each in named]
        for value in numbers:
            made = many.charts(stacked(named, columns, when, text, value))
            assert not np.isinf(made.centre).any()
            assert (made.causes[np.isnan(made.limit)] != Cause.OUTSIDE).all()
            counts["series"] += len(named)
            counts["marked"] += int((made.causes != 0).sum())
            if value == numbers[0]:
                assert [sum(map(bool, row)) for row in made.causes] == [c.special for c in plain]
        counts["points"] += len(numbers) * len(columns[when])
        counts["without a date"] += len(table) - len(known)
    return counts


def test_attendances_of_every_trust(shared_data):
    counts = check(shared_data / "event_logs" / "nhsr_training")
    assert counts["series"] > 1284  # 428 departments, three figures each, and weekly deaths
    assert counts["points"] > 3 * 12_765


@pytest.mark.parametrize(
    "folder",
    ["uk_hospital_flow", "intermediate_care_and_delay", "nhs_trust_snapshot_2022",
     "pcn_workforce_2022_09", "ambulance_model_inputs"],
)  # fmt: skip
def test_every_series_of_capacity(shared_data, folder):
    counts = check(shared_data / "capacity" / folder)
    if folder == "intermediate_care_and_delay":
        assert counts["without a date"] > 0  # its totals of a quarter stand among the months
    if folder in {"uk_hospital_flow", "intermediate_care_and_delay"}:
        assert counts["marked"] > 0
    else:
        assert counts["series"] == 0  # tables of one moment: nothing to chart over time
