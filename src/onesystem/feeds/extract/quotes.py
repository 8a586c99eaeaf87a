"""Quotes that are opened and never closed, found before they swallow the rows after them.

A CSV reader takes everything up to the next quote for one value: one forgotten quote costs the
rows behind it, and at the end of a file DuckDB drops them without a word. So where a line holds an
odd number of quotes, the file is walked record by record: lines that close into one record of the
right width are one record; else the line alone is marked, and refused, and the next line counts.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onesystem.feeds.extract.opening import UNCLOSED, Opened

_MOST_LINES = 200  # of one value: a long letter; a forgotten quote runs further


def closed(opened: Opened, *, delimiter: str, quote: str, width: int) -> Opened:
    """The file itself, or a copy in which lines with an unclosed quote are marked."""
    if not _has_odd_line(opened.path, quote.encode()):
        return opened
    kept = tempfile.TemporaryDirectory(prefix="onesystem-")
    out = Path(kept.name) / "closed.csv"
    with (
        opened.path.open(encoding="utf-8", newline="") as text,
        out.open("w", encoding="utf-8", newline="") as whole,
    ):
        whole.writelines(_records(text, delimiter, quote, width))
    return replace(opened, path=out, spoilt=True, kept=(kept, opened.kept))


def _has_odd_line(path: Path, quote: bytes) -> bool:
    with path.open("rb") as data:
        rest = b""
        while chunk := data.read(1 << 20):
            if quote not in chunk and not rest:
                continue
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if any(line.count(quote) % 2 for line in lines if quote in line):
                return True
        return rest.count(quote) % 2 == 1


def _records(text: Iterator[str], delimiter: str, quote: str, width: int) -> Iterator[str]:
    lines = _Pushed(text)
    for line in lines:
        if line.count(quote) % 2 == 0:
            yield line
            continue
        record = _closing(line, lines, quote)
        if _cells("".join(record), delimiter, quote) == width:
            yield "".join(record)
            continue
        lines.push(record[1:])
        doubled = line.rstrip("\r\n").replace(quote, quote * 2)
        yield f"{quote}{UNCLOSED}{doubled}{quote}\n"


def _closing(line: str, lines: "_Pushed", quote: str) -> list[str]:
    """The line and those after it up to the one that closes its quote, if one does soon."""
    record = [line]
    for more in lines:
        record.append(more)
        if more.count(quote) % 2 == 1 or len(record) >= _MOST_LINES:
            break
    return record


def _cells(record: str, delimiter: str, quote: str) -> int:
    try:
        reader = csv.reader(
            io.StringIO(record, newline=""), delimiter=delimiter, quotechar=quote, strict=True
        )
        rows = list(reader)
    except csv.Error:
        return -1
    return len(rows[0]) if len(rows) == 1 else -1


class _Pushed:
    """Lines, some of which may be put back to be read again."""

    def __init__(self, text: Iterator[str]) -> None:
        self.text, self.waiting = text, list[str]()

    def __iter__(self) -> "_Pushed":
        return self

    def __next__(self) -> str:
        return self.waiting.pop() if self.waiting else next(self.text)

    def push(self, lines: list[str]) -> None:
        """Put lines back, in their order, before what is still to come."""
        self.waiting.extend(reversed(lines))
