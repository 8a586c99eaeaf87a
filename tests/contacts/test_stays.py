"""An end told by its distance is the same end again, in Arrow and in DuckDB."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from onesystem.contacts.log import scan, stays

TIMES = ("requested", "started", "ready", "ended")
MOMENT = pa.timestamp("ms", tz="UTC")
_time = st.none() | st.integers(-(10**12), 4 * 10**12)


@given(st.lists(st.tuples(_time, _time, _time, _time), min_size=1, max_size=20))
def test_there_and_back(rows):
    """Also where the end is before the start, or is all that is known."""
    columns = zip(*rows, strict=True)
    table = pa.table(
        {n: pa.array(v, pa.int64()).cast(MOMENT) for n, v in zip(TIMES, columns, strict=True)}
    )
    lasting = stays.lasting(table)
    assert "ended" not in lasting.column_names
    assert stays.ending(lasting).equals(table)
    duck = scan.connect()
    duck.register("run", lasting)
    said = duck.execute(f"SELECT epoch_ms({stays.ENDED}) FROM run").fetchall()
    duck.close()
    assert [ended for (ended,) in said] == [row[3] for row in rows]
