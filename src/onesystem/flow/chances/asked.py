"""Who was asked something for, and had a new medicine, while follow-ups were held.

By plain SQL on the operational store, as `measures.who` reads people; nothing of what was asked.
"""

from collections.abc import Sequence
from typing import Any

from onesystem.flow.measures import store

_MICROS = 1000
_REQUESTS = (
    "SELECT identity, coalesce(at, recorded), '' FROM care_request"
    " WHERE identity > 0 AND coalesce(at, recorded) BETWEEN %s AND %s"
)
_MEDICINES = (
    "SELECT identity, coalesce(at, recorded), kind FROM record_entry"
    " WHERE kind IN ({}) AND identity > 0 AND coalesce(at, recorded) BETWEEN %s AND %s"
)


def tables(duck: Any, kinds: Sequence[str], since: int, until: int) -> None:
    """The tables `asked` and `medicine`: person, moment (ms) and kind, of a span (ms).

    `asked` holds every request, `medicine` every entry of these kinds. `somebody` must be there.
    """
    span = [since * _MICROS, until * _MICROS]
    _table(duck, "asked", store.rows(_REQUESTS, span))
    sql = _MEDICINES.format(store.marks(kinds))
    _table(duck, "medicine", store.rows(sql, [*kinds, *span]) if kinds else [])


def _table(duck: Any, name: str, found: Sequence[tuple[int, int, str]]) -> None:
    import pyarrow as pa

    columns = list(zip(*found, strict=True)) if found else ((), (), ())
    types = (pa.int64(), pa.int64(), pa.string())
    names = ("identity", "at", "kind")
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    duck.register(f"{name}_in", pa.table(dict(zip(names, arrays, strict=True))))
    duck.execute(
        f"CREATE TEMP TABLE {name} AS"
        f" SELECT coalesce(p.person, i.identity) AS person, i.at // {_MICROS} AS moment, i.kind"
        f" FROM {name}_in AS i LEFT JOIN somebody AS p USING (identity)"
    )
    duck.unregister(f"{name}_in")
