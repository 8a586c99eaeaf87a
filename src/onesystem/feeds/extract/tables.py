"""An opened extract as a table that DuckDB can read: its columns, and rows that were no rows."""

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from onesystem.feeds.extract.mapping import Form
from onesystem.feeds.extract.opening import UNCLOSED, Opened, one_line_end, without_first_line
from onesystem.feeds.extract.quotes import closed
from onesystem.vocabulary import BadInput, Remark

ROW = "_onesystem_row"  # the number of the row in the file, from 1
_LONGEST = 4 << 20  # of a line, in bytes
_HEAD = 1 << 20
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_REJECTS = {
    "MISSING COLUMNS": "ragged",
    "TOO MANY COLUMNS": "ragged",
    "UNQUOTED VALUE": "quotes",
    "LINE SIZE OVER MAXIMUM": "long-line",
    "INVALID ENCODING": "wrong-encoding",
    "INVALID STATE": "quotes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`source` is what stands after FROM. `columns` are names and DuckDB types, in order."""

    source: str
    columns: dict[str, str]
    spoilt: bool = False
    header: bool = True
    remarks: tuple[Remark, ...] = ()
    kept: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was not taken, as it stood."""

    row: int
    rule: str
    what: str
    cure: str
    content: str  # JSON of the row, or the line as it came where it was no row


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that can read that one file and nothing else, in one thread and 600 MB."""
    con = duckdb.connect(
        ":memory:",
        config={"threads": 1, "memory_limit": "600MB", "autoinstall_known_extensions": "false"},
    )
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = true")
    con.execute(f"SET allowed_paths = [{text(str(path))}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def text(words: str) -> str:
    """Words as an SQL literal."""
    return "'" + words.replace("'", "''").replace("\0", "") + "'"


def name(words: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + words.replace('"', '""') + '"'


def table_of(opened: Opened, form: Form) -> tuple[duckdb.DuckDBPyConnection, Table]:
    """A connection of its own and the file as its table.

    Raises BadInput for a file without a usable header, or a damaged one.
    """
    if opened.parquet:
        con = connect(opened.path)
        return con, _parquet(con, opened)
    path, table = _csv(opened, form)
    return connect(path), table


def _parquet(con: duckdb.DuckDBPyConnection, opened: Opened) -> Table:
    read = f"read_parquet({text(str(opened.path))}, file_row_number = true)"
    try:
        shape = con.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
    except duckdb.Error as error:
        raise damaged(error) from error
    columns = {column: kind for column, kind, *_ in shape if column != "file_row_number"}
    source = f"(SELECT *, file_row_number + 1 AS {ROW} FROM {read})"
    return Table(source=source, columns=columns, kept=opened)


_PATH = re.compile(r"\s*[\"']/[^\"']*[\"']")  # where it lies here tells nobody anything


def damaged(error: duckdb.Error) -> BadInput:
    """What to say of a file that DuckDB cannot read on."""
    return BadInput(
        f"the file is damaged: {_PATH.sub('', str(error).splitlines()[0])[:160]}",
        rule="extract.truncated",
        cure="Ask the source to send it again; the transfer may have stopped before its end.",
    )


def _csv(opened: Opened, form: Form) -> tuple[Path, Table]:
    first = _first_line(opened.path, form.quote)
    if said := _SEP.fullmatch(first):
        # Excel's own first line, for itself: how the values are parted.
        opened = without_first_line(opened)
        first = _first_line(opened.path, form.quote)
    delimiter = form.delimiter or (said[1] if said else _delimiter(first))
    cells = _cells(first, delimiter, form.quote)
    names = [c.strip() for c in cells] if form.header else list(form.names)
    if form.header and not any(names):
        raise BadInput(
            "the first line names no columns",
            rule="extract.no-header",
            cure="Send the header line, or write header = false and names in the mapping.",
        )
    columns, remarks = _distinct(names)
    opened = closed(opened, delimiter=delimiter, quote=form.quote, width=len(columns))
    opened = one_line_end(opened, form.quote)
    shape = ", ".join(f"{text(c)}: 'VARCHAR'" for c in columns)
    source = (
        f"(SELECT *, row_number() OVER () AS {ROW} FROM read_csv({text(str(opened.path))}, "
        f"auto_detect = false, columns = {{{shape}}}, header = {str(form.header).lower()}, "
        f"delim = {text(delimiter)}, quote = {text(form.quote)}, escape = {text(form.quote)}, "
        "nullstr = '', strict_mode = true, "
        f"store_rejects = true, rejects_limit = 0, max_line_size = {_LONGEST}, "
        "buffer_size = 16777216, parallel = false))"
    )
    return opened.path, Table(
        source=source,
        columns=dict.fromkeys(columns, "VARCHAR"),
        spoilt=opened.spoilt,
        header=form.header,
        remarks=(*opened.remarks, *remarks),
        kept=opened,
    )


def _first_line(path: Path, quote: str) -> str:
    with path.open("rb") as data:
        head = data.read(_HEAD)
        more = bool(data.read(1))
    line, quoted = bytearray(), False
    for piece in head.splitlines(keepends=True):
        line += piece
        quoted ^= piece.count(quote.encode()) % 2 == 1
        ended = piece.endswith((b"\n", b"\r")) or not more
        if ended and not quoted and piece.strip():
            return line.decode("utf-8", "replace").lstrip("\ufeff\r\n").rstrip("\r\n")
    raise BadInput(
        "the first line does not end",
        rule="extract.no-lines",
        cure="Send one row a line. A quote that is never closed looks like this too.",
    )


def _cells(first: str, delimiter: str, quote: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(first), delimiter=delimiter, quotechar=quote), [])
    except csv.Error as error:
        raise BadInput(
            f"the first line is no list of columns: {error}",
            rule="extract.no-header",
            cure="Send the names of the columns in the first line.",
        ) from error


def _delimiter(first: str) -> str:
    counts = {mark: first.count(mark) for mark in ",;\t|"}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] else ","


def _distinct(names: list[str]) -> tuple[list[str], list[Remark]]:
    """Names that differ: the second `ward` becomes `ward:2`, and this is remarked."""
    seen: dict[str, int] = {}
    out, twice = [], []
    for i, each in enumerate(names, start=1):
        each = each or f"column:{i}"  # noqa: PLW2901
        folded = each.casefold()  # DuckDB's names are the same in capitals
        seen[folded] = seen.get(folded, 0) + 1
        if seen[folded] > 1:
            twice.append(each)
        out.append(each if seen[folded] == 1 else f"{each}:{seen[folded]}")
    remarks = [
        Remark(
            rule="extract.column-twice",
            what=f"the column {each!r} is named twice; a mapping reads the first",
        )
        for each in dict.fromkeys(twice)
    ]
    return out, remarks


def rejects(con: duckdb.DuckDBPyConnection, table: Table) -> list[Refused]:
    """Lines that were no rows: too few or too many values, quotes that do not close, too long."""
    try:
        found = con.execute(
            "SELECT line, any_value(error_type), any_value(error_message), any_value(csv_line) "
            "FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    offset = 1 if table.header else 0
    return [_reject(max(line - offset, 1), str(kind), len(table.columns), line_text or "")
            for line, kind, _, line_text in found]  # fmt: skip


def _reject(row: int, kind: str, width: int, line: str) -> Refused:
    rule = "quotes" if UNCLOSED in line else _REJECTS.get(kind, "no-row")
    if UNCLOSED in line:
        line = line.replace(UNCLOSED, "").strip()[1:-1].replace('""', '"')
    what, cure = {
        "ragged": (
            f"the line does not have the {width} values that the header names",
            "Put quotes around values that hold the delimiter or a line end.",
        ),
        "quotes": ("a quote is opened and not closed", 'Write a quote inside a value as "".'),
        "long-line": ("the line is longer than 4 MB", "A quote above it may not be closed."),
        "wrong-encoding": ("the line is not UTF-8", "Name the file's encoding in the mapping."),
        "no-row": ("the line cannot be read as a row", "Look at its quotes and delimiters."),
    }[rule]
    return Refused(
        row=row,
        rule=f"extract.{rule}",
        what=what,
        cure=cure,
        content=json.dumps({"line": line[:2000]}, ensure_ascii=False),
    )
