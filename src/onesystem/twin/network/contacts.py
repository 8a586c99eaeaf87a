"""The contacts of a run as columns, in the words of the contact log, for Parquet."""

from datetime import UTC
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


def table_of(model: Model, run: Replication) -> Any:
    """The contacts of a replication as a pyarrow table, sorted by person and time.

    Columns: replication, person (a number in it), service, class, requested, started, ready, ended
    (UTC, to the microsecond; empty where it did not come to that), outcome (empty while open).
    """
    import pyarrow as pa

    rows = run.rows[np.lexsort((run.rows[:, at.R_ASKED], run.rows[:, at.R_PERSON]))]
    columns = {
        "replication": pa.array(np.full(len(rows), run.number, np.int32)),
        "person": pa.array(rows[:, at.R_PERSON]),
        "service": _words(rows[:, at.R_NODE], list(model.nodes)),
        "class": _words(rows[:, at.R_CLASS], list(model.classes)),
    }
    start = int(model.starts.astimezone(UTC).timestamp()) * 1_000_000
    for name, column in _TIMES:
        times = rows[:, column]
        # A tick is a billionth of the unit: whole microseconds, without leaving whole numbers.
        micros = times // 1000 * UNITS[model.unit] + times % 1000 * UNITS[model.unit] // 1000
        columns[name] = pa.array(start + micros, mask=times == at.UNSET).cast(
            pa.timestamp("us", "UTC")
        )
    columns["outcome"] = _words(rows[:, at.R_OUTCOME], list(at.OUTCOMES))
    return pa.table(columns)


def _words(numbers: Any, words: list[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(words))


class Writer:
    """Writes the contacts of one replication after another into a Parquet file.

    They go into a file beside it, which takes the name when all is written: half a run is none.
    """

    def __init__(self, path: Path, model: Model) -> None:
        self.path, self.model = path, model
        self._part = path.with_name(f"{path.name}.part")
        self._file: Any = None

    def write(self, run: Replication) -> int:
        """Add a replication; gives how many contacts it has."""
        import pyarrow.parquet as pq

        table = table_of(self.model, run)
        if self._file is None:
            self._file = pq.ParquetWriter(self._part, table.schema, compression="zstd")
        self._file.write_table(table)
        return len(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if kind is not None:
            self._part.unlink(missing_ok=True)
        elif self._file is not None:
            self._part.replace(self.path)
