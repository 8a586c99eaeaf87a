"""Times told by their distance are the same times again, in Arrow, in lists and in DuckDB."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.contacts.log import scan, stays

TIMES = ("requested", "started", "ready", "ended")
MOMENT = pa.timestamp("ms", tz="UTC")
_time = st.none() | st.integers(-(10**12), 4 * 10**12)


def table_of(rows):
    columns = zip(*rows, strict=True)
    return pa.table(
        {n: pa.array(v, pa.int64()).cast(MOMENT) for n, v in zip(TIMES, columns, strict=True)}
    )


def in_duck(table, unit):
    duck = scan.connect()
    duck.register("run", table)
    names = ", ".join(f"epoch_ms({stays.in_sql(name, unit)})" for name in TIMES)
    said = duck.execute(f"SELECT {names} FROM run").fetchall()
    duck.close()
    return said


@given(
    st.lists(st.tuples(_time, _time, _time, _time), min_size=1, max_size=20),
    st.sampled_from([1, 1000, 60_000]),
)
def test_there_and_back(rows, unit):
    """Whatever is known or not, in the longest unit that loses nothing."""
    rows = [tuple(t if t is None else t // unit * unit for t in row) for row in rows]
    table = table_of(rows)
    lasting, found = stays.lasting(table)
    assert set(lasting.column_names) == set(stays.COLUMNS)
    assert found % unit == 0
    assert stays.ending(lasting, found).equals(table)
    told = {name: lasting[name].to_pylist() for name in stays.COLUMNS}
    lists = stays.moments(told, found)
    assert list(zip(*(lists[name] for name in TIMES), strict=True)) == rows
    assert in_duck(lasting, found) == rows


def test_a_second_among_minutes_counts_in_seconds():
    lasting, unit = stays.lasting(table_of([(None, 60_000, None, 121_000)]))
    assert unit == 1000
    assert lasting["started"].to_pylist() == [60]
    assert lasting["lasted"].to_pylist() == [61]


@pytest.mark.parametrize("row", [(5, 7, None, 19), (5, None, 6, 19), (None, None, None, 19)])
def test_a_file_from_before_there_were_units_is_read(row):
    """Its times stand as they are, and its end from the first that is known."""
    requested, started, ready, ended = row
    since = next((t for t in (started, requested, ready) if t is not None), 0)
    old = table_of([row]).drop_columns(["ended"])
    old = old.append_column("lasted", pa.array([ended - since], pa.int64()))
    assert stays.ending(old, stays.OLD).select(TIMES).equals(table_of([row]))
    assert in_duck(old, stays.OLD) == [row]
