"""What a row of the log is. The files are plain Parquet: any engine reads them.

One row is one version of one contact. Texts are dictionary-coded and never null; a time that is
not known is null. The key that a source gave is not kept here: the contact's id is worked out
from it, and it would cost as much as all the times together.
"""

from typing import Any

TIMES = ("requested", "started", "ready", "ended")
PLANNED = "planned"  # when it is due: no step of the contact, and most have none
TEXTS = (
    "source", "service", "setting", "bed", "mode", "urgency", "reason", "outcome", "by",
)  # fmt: skip
COLUMNS = (
    "contact", "identity", "source", "service", "setting", *TIMES, PLANNED, "bed", "mode",
    "urgency", "reason", "outcome", "by", "cause", "cancelled", "version", "known_at", "message",
)  # fmt: skip
# What a contact says, without who said it when: two versions that agree in these are the same.
CONTENT = COLUMNS[1:2] + COLUMNS[3:18]

MONTH_GROUP = 131_072  # rows in a row group of a month's file: for scans
RUN_GROUP = 16_384  # rows in a row group of a person-sorted file: what one look-up decodes
MERGED_GROUP = 4_096  # the same where runs were merged, since a person has more rows together
RUN_FILE = 131_072  # rows in a person-sorted file: a small footer to read first


def schema() -> Any:
    """The Arrow schema of a row of the log."""
    import pyarrow as pa

    text, moment = pa.dictionary(pa.int32(), pa.string()), pa.timestamp("ms", tz="UTC")
    kinds = {
        "contact": pa.int64(),
        "identity": pa.int64(),
        "cause": pa.int64(),
        "message": pa.int64(),
        "version": pa.int32(),
        "cancelled": pa.bool_(),
        "known_at": pa.timestamp("us", tz="UTC"),
        **dict.fromkeys((*TIMES, PLANNED), moment),
        **dict.fromkeys(TEXTS, text),
    }
    return pa.schema([(name, kinds[name]) for name in COLUMNS])


def whole(table: Any) -> Any:
    """Rows as a file holds them, with `planned`, which it leaves out where nobody has one."""
    import pyarrow as pa

    if PLANNED in table.column_names:
        return table
    field = schema().field(PLANNED)
    at = table.column_names.index("bed") if "bed" in table.column_names else table.num_columns
    return table.add_column(at, field, pa.nulls(len(table), field.type))


def superseded_schema() -> Any:
    """A version that is no longer the latest, and when its replacement became known."""
    import pyarrow as pa

    return pa.schema(
        [
            ("contact", pa.int64()),
            ("version", pa.int32()),
            ("known_at", pa.timestamp("us", tz="UTC")),
        ]
    )


def shaped(table: Any) -> Any:
    """Any table with the log's columns, in the log's own types."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = []
    for field in schema():
        if field.name == PLANNED and PLANNED not in table.column_names:
            columns.append(pa.nulls(len(table), field.type))
            continue
        column = table[field.name].combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else column.chunk(0)
        if field.name in TEXTS:
            if not pa.types.is_dictionary(column.type):
                column = pc.dictionary_encode(column.cast(pa.string()).fill_null(""))
            column = column.cast(field.type)
        elif column.type != field.type:
            column = column.cast(field.type, safe=False)
        columns.append(column)
    return pa.table(columns, schema=schema())
