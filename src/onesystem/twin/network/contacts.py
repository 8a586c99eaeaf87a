"""The contacts of a run as columns, in the words of the contact log, for Parquet."""

from datetime import UTC
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import UNITS, Model
from onesystem.twin.network.running import Replication

_TIMES = (
    ("requested", at.R_ASKED), ("started", at.R_BEGAN), ("ready", at.R_READY),
    ("ended", at.R_ENDED),
)  # fmt: skip
_FEW = 4096
_PLAIN = ("person", *(name for name, _ in _TIMES))  # numbers that hardly ever come again


def table_of(model: Model, run: Replication) -> Any:
    """The contacts of a replication as a pyarrow table, sorted by person and time.

    Columns: replication, person (a number in it), service, class, requested, started, ready, ended
    (UTC, to the microsecond; empty where it did not come to that), outcome (empty while open).
    """
    rows = run.rows[np.lexsort((run.rows[:, at.R_ASKED], run.rows[:, at.R_PERSON]))]
    return _table(model, run.number, rows)


def _table(model: Model, number: int, rows: Any) -> Any:
    import pyarrow as pa

    column = np.empty((at.ROW_COLUMNS, len(rows)), np.int64)
    for first in range(0, len(rows), _FEW):  # so few that both lie in the cache
        column[:, first : first + _FEW] = rows[first : first + _FEW].T
    columns = {
        "replication": pa.array(np.full(len(rows), number, np.int32)),
        "person": pa.array(column[at.R_PERSON]),
        "service": _words(column[at.R_NODE], list(model.nodes)),
        "class": _words(column[at.R_CLASS], list(model.classes)),
    }
    start = int(model.starts.astimezone(UTC).timestamp()) * 1_000_000
    micros = Fraction(UNITS[model.unit], 1000)  # a tick is a billionth of the unit
    for name, which in _TIMES:
        times = column[which]
        unset = times == at.UNSET
        times *= micros.numerator
        times //= micros.denominator
        times += start
        mask = unset if unset.any() else None
        columns[name] = pa.array(times, pa.timestamp("us", "UTC"), mask=mask)
    columns["outcome"] = _words(column[at.R_OUTCOME], list(at.OUTCOMES))
    return pa.table(columns)


def _words(numbers: Any, words: list[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(words))


class Writer:
    """Writes the contacts of one replication after another into a Parquet file; counts them.

    They go into a file beside it, which takes the name when all is written: half a run is none.
    """

    def __init__(self, path: Path, model: Model) -> None:
        self.path, self.model = path, model
        self._part = path.with_name(f"{path.name}.part")
        self._file: Any = None
        self.written = 0

    def take(self, number: int, rows: Any) -> None:
        """Add some contacts of a replication, in the order in which they ended."""
        import pyarrow.parquet as pq

        table = _table(self.model, number, rows)
        if self._file is None:
            self._file = pq.ParquetWriter(
                self._part, table.schema, compression="zstd", write_statistics=False,
                use_dictionary=["service", "class", "outcome", "replication"],
                column_encoding=dict.fromkeys(_PLAIN, "BYTE_STREAM_SPLIT"),
            )  # fmt: skip
        self._file.write_table(table)
        self.written += len(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if kind is not None:
            self._part.unlink(missing_ok=True)
        elif self._file is not None:
            self._part.replace(self.path)
