"""The one difference between the two copies: a person-sorted file tells an end by its distance.

`ended` is worked out of `started` in every reading, and of a person's contacts the ends alone
would cost as much as half of their ids. So these files hold `lasted` instead: the milliseconds
from the first known of `started`, `requested` and `ready` (from 1970 where none is) to the end.
The files by month, which are for everybody, hold `ended` itself.
"""

from typing import Any

COLUMN = "lasted"
_SINCE = ("started", "requested", "ready")
# The same in SQL, for whoever reads a person-sorted file with DuckDB.
ENDED = f"to_milliseconds({COLUMN}) + coalesce({', '.join(_SINCE)}, to_timestamp(0))"


def lasting(table: Any) -> Any:
    """Rows of the log as a person-sorted file has them."""
    import pyarrow.compute as pc

    at = table.column_names.index("ended")
    ended = table["ended"].cast("int64")
    return table.set_column(at, COLUMN, pc.subtract(ended, _since(table)))


def ending(table: Any) -> Any:
    """Rows of a person-sorted file in the log's own columns."""
    import pyarrow.compute as pc

    at = table.column_names.index(COLUMN)
    ended = pc.add(table[COLUMN], _since(table))
    return table.set_column(at, "ended", ended.cast(table["started"].type))


def _since(table: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.coalesce(*(table[name].cast("int64") for name in _SINCE), pa.scalar(0, pa.int64()))
