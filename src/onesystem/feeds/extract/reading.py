"""Reading an extract by its mapping: chunk by chunk, good rows as Arrow, refused rows by name.

Nothing here touches a store. A chunk is at most 250,000 rows, so that a file of any length is read
in a few hundred megabytes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from duckdb.func import ARROW, SPECIAL

from onesystem.feeds.extract.compile import FLAGS, compile_mapping
from onesystem.feeds.extract.library import Shelved, words_for
from onesystem.feeds.extract.mapping import Mapping
from onesystem.feeds.extract.opening import Opened
from onesystem.feeds.extract.reasons import remark_of, words_of
from onesystem.feeds.extract.tables import ROW, Refused, Table, damaged, rejects, table_of
from onesystem.feeds.extract.zones import to_utc_us
from onesystem.vocabulary import BadConfig, BadInput, Remark

CHUNK = 250_000


@dataclass(slots=True)
class Extract:
    """An extract being read. The counts and remarks are whole once `chunks` has run out.

    `rows_read` counts every row of the file, the refused ones as well.
    """

    opened: Opened
    table: Table
    con: duckdb.DuckDBPyConnection
    shelved: Shelved
    rows_read: int = 0
    refused: list[Refused] = field(default_factory=list)
    flagged: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    @property
    def mapping(self) -> Mapping:
        """The mapping that it is read by."""
        return self.shelved.mapping

    def chunks(
        self, *, zone: str, known_at: datetime, stamp: Callable[[], str]
    ) -> Iterator[pa.Table]:
        """The good rows as tables with columns `SECTION.KEY`; the others go to `refused`.

        `zone` is for times without one; `stamp` gives what makes numbers of rows differ between
        files, for a mapping that wants them. Raises BadInput for a file that breaks off, BadConfig
        for a mapping that does not fit it.
        """
        looked_up = self._look_up()
        compiled = compile_mapping(
            self.mapping,
            self.table,
            zone=zone,
            known_at=known_at,
            stamp=stamp,
            looked_up=looked_up,
        )
        for i, each in enumerate(compiled.zones):
            _local_to_utc(self.con, f"local_to_utc_{i}", each)
        try:
            reader = self.con.execute(compiled.sql).to_arrow_reader(CHUNK)
            for batch in reader:
                yield self._sorted_out(pa.Table.from_batches([batch]))
        except (duckdb.BinderException, duckdb.ParserException) as error:
            raise BadConfig(
                f"the mapping {self.mapping.name} cannot be used on this file: "
                f"{str(error).splitlines()[0][:200]}",
                "Try it with a dry run, one section at a time.",
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise BadInput(
                "one row group of the file is larger than can be held",
                rule="extract.too-large",
                cure="Ask the source to write it in row groups of at most a million rows.",
            ) from error
        except (duckdb.Error, pa.ArrowException) as error:
            raise _stopped(error) from error
        self._add_rejects()

    def remarks(self) -> list[Remark]:
        """What was odd and read all the same."""
        said = [
            remark_of(rule, count, self.first.get(rule, 0)) for rule, count in self.flagged.items()
        ]
        return [*self.table.remarks, *said]

    def _look_up(self) -> frozenset[str]:
        if self.mapping.lookup is None:
            return frozenset()
        words = words_for(self.mapping.lookup, self.shelved.folder)
        self.con.register("_lookup", words)
        return frozenset(words.column_names)

    def _sorted_out(self, rows: pa.Table) -> pa.Table:
        self.rows_read += rows.num_rows
        self._flag(rows)
        reason = rows["_reason"]
        if reason.null_count < rows.num_rows:
            bad = rows.filter(pc.is_valid(reason)).select([ROW, "_reason", "_content"])
            self.refused += [
                _refused(row[ROW], row["_reason"], row["_content"]) for row in bad.to_pylist()
            ]
            rows = rows.filter(pc.is_null(reason))
        return rows.drop_columns(["_reason", "_content", "_flags"])

    def _flag(self, rows: pa.Table) -> None:
        flags = rows["_flags"].to_numpy()
        if not flags.any():
            return
        good = pc.is_null(rows["_reason"]).to_numpy()
        for i, rule in enumerate(FLAGS):
            hit = (flags & (1 << i) != 0) & good
            if hit.any():
                self.flagged[rule] += int(hit.sum())
                self.first.setdefault(rule, rows[ROW][int(hit.argmax())].as_py())

    def _add_rejects(self) -> None:
        """Put in the lines that were no rows, and number the others as they stand in the file."""
        bad = rejects(self.con, self.table)
        if not bad:
            return
        self.rows_read += len(bad)
        at = np.array([each.row for each in bad])
        # The n-th good row stands behind as many bad lines as begin before it.
        before = at - np.arange(len(at))
        shifted = [
            _moved(r, int(np.searchsorted(before, r.row, side="right"))) for r in self.refused
        ]
        self.refused = sorted([*shifted, *bad], key=lambda r: r.row)


def open_by(shelved: Shelved, opened: Opened) -> Extract:
    """The opened file, to be read by that mapping."""
    con, table = table_of(opened, shelved.mapping.form)
    return Extract(opened, table, con, shelved)


def _local_to_utc(con: duckdb.DuckDBPyConnection, name: str, zone: str) -> None:
    def convert(local: pa.ChunkedArray) -> pa.Array:
        whole = local.combine_chunks() if isinstance(local, pa.ChunkedArray) else local
        numbers = pc.fill_null(whole.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        return pa.array(to_utc_us(numbers, zone), pa.timestamp("us"), mask=_nulls(whole))

    con.create_function(
        name, convert, ["TIMESTAMP"], "TIMESTAMP", type=ARROW, null_handling=SPECIAL
    )


def _nulls(values: pa.Array) -> np.ndarray | None:
    return pc.is_null(values).to_numpy(zero_copy_only=False) if values.null_count else None


def _refused(row: int, reason: str, content: str) -> Refused:
    rule, _, where = reason.partition(":")
    what, cure = words_of(rule, where, content)
    return Refused(row=row, rule=f"extract.{rule}", what=what, cure=cure, content=content)


def _moved(refused: Refused, by: int) -> Refused:
    return Refused(
        row=refused.row + by,
        rule=refused.rule,
        what=refused.what,
        cure=refused.cure,
        content=refused.content,
    )


def _stopped(error: Exception) -> BadInput:
    if isinstance(error, duckdb.Error):
        return damaged(error)
    return BadInput(
        f"the file cannot be read on: {str(error).splitlines()[0][:160]}",
        rule="extract.truncated",
        cure="Ask the source to send it again.",
    )
