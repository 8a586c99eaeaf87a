"""Whole reads of the log through DuckDB: the latest view, the view of a day, joins in bulk.

Every connection has its limits set: a window over a whole log spills without bound otherwise.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from onesystem.contacts.log import manifest, shape, stays
from onesystem.contacts.log.manifest import LogFile, Manifest

_NAMES = ", ".join(f'"{name}"' for name in shape.COLUMNS)
_PLANNED = f'"{shape.PLANNED}"'


def connect(*, memory: str = "1GB", threads: int = 2) -> Any:
    """A DuckDB connection in memory, bounded in memory, threads and temporary files."""
    import duckdb

    duck = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "max_temp_directory_size": "8GB",
            "temp_directory": str(Path(tempfile.gettempdir()) / "onesystem-duckdb"),
            "autoinstall_known_extensions": False,  # nothing is fetched at run time
        }
    )
    duck.execute("SET TimeZone = 'UTC'")
    return duck


def files_sql(files: tuple[LogFile, ...], *, folder: Path | None = None) -> str:
    """The rows of these files, all of one copy, as a table expression."""
    root = folder or manifest.place()
    kinds: dict[tuple[bool, int], list[LogFile]] = {}
    for file in files:
        kinds.setdefault((file.planned, file.unit), []).append(file)
    parts = [_files_sql(kinds[kind], root) for kind in sorted(kinds)]
    return f"({' UNION ALL '.join(parts) or f'SELECT {_empty()} WHERE false'})"


def _files_sql(files: list[LogFile], root: Path) -> str:
    names = ", ".join(quoted(str(root / file.name)) for file in files)
    columns = _NAMES
    if not files[0].month:
        for name in shape.TIMES:
            told = stays.in_sql(name, files[0].unit)
            columns = columns.replace(f'"{name}"', f'{told} AS "{name}"')
    if not files[0].planned:
        columns = columns.replace(_PLANNED, f"CAST(NULL AS TIMESTAMPTZ) AS {_PLANNED}")
    return f"SELECT {columns} FROM read_parquet([{names}])"


def latest_sql(
    now: Manifest, *, as_of: datetime | None = None, folder: Path | None = None, runs: bool = False
) -> str:
    """The latest version of each contact in the log, or the latest that was known at a moment."""
    root = folder or manifest.place()
    rows = files_sql(now.runs if runs else now.months, folder=root)
    known = ""
    if as_of is not None:
        moment = f"TIMESTAMPTZ {quoted(as_of.isoformat())}"
        rows = f"(SELECT * FROM {rows} WHERE known_at <= {moment})"
        known = f" WHERE known_at <= {moment}"
    if not now.superseded:
        return rows
    names = ", ".join(quoted(str(root / file.name)) for file in now.superseded)
    return (
        f"(SELECT * FROM {rows} AS v ANTI JOIN"
        f" (SELECT contact, version FROM read_parquet([{names}]){known}) AS s"
        " ON v.contact = s.contact AND v.version = s.version)"
    )


def bounds(duck: Any, now: Manifest, *, folder: Path | None = None) -> tuple[int, int] | None:
    """The first and last time (ms) of any contact in the log, from the files' own statistics.

    None where they do not say: an empty log, or files that somebody else wrote.
    """
    root = folder or manifest.place()
    if not now.months:
        return None
    names = ", ".join(quoted(str(root / file.name)) for file in now.months)
    times = ", ".join(quoted(name) for name in (*shape.TIMES, shape.PLANNED))
    least, most = "stats_min_value", "stats_max_value"
    first, last, silent = duck.execute(
        f"SELECT min(epoch_ms(CAST({least} AS TIMESTAMPTZ))),"
        f" max(epoch_ms(CAST({most} AS TIMESTAMPTZ))),"
        f" count(*) FILTER ({most} IS NULL AND coalesce(stats_null_count, 0) < num_values)"
        f" FROM parquet_metadata([{names}]) WHERE path_in_schema IN ({times})"
    ).fetchone()
    return None if silent or first is None else (first, last)


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _empty() -> str:
    kinds = {
        **dict.fromkeys(("contact", "identity", "cause", "message"), "BIGINT"),
        **dict.fromkeys((*shape.TIMES, shape.PLANNED, "known_at"), "TIMESTAMPTZ"),
        **dict.fromkeys(shape.TEXTS, "VARCHAR"),
        "version": "INTEGER",
        "cancelled": "BOOLEAN",
    }
    return ", ".join(f'CAST(NULL AS {kinds[name]}) AS "{name}"' for name in shape.COLUMNS)
