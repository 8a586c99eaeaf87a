"""Quotes that are opened and never closed, found before they swallow the rows after them.

A CSV reader takes everything up to the next quote for one value: one forgotten quote costs the
rows behind it, and at the end of a file DuckDB drops them without a word. So every line with a
quote in it is held against the form of a row. Where one does not fit, the file is walked record by
record: lines that close into one record of the right width are one record; else the line alone is
marked, and refused, and the next line counts.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from onesystem.feeds.extract.opening import UNCLOSED, Kept, Opened

_MOST_LINES = 200  # of one value: a long letter; a forgotten quote runs further


def closed(opened: Opened, *, delimiter: str, quote: str, width: int) -> Opened:
    """The file itself, or a copy in which lines with an unclosed quote are marked."""
    form = _form(delimiter, quote)
    if not _has_odd_line(opened.path, quote.encode(), form):
        return opened
    kept = Kept()
    out = kept.path / "closed.csv"
    with (
        opened.path.open(encoding="utf-8", newline="") as text,
        out.open("w", encoding="utf-8", newline="") as whole,
    ):
        whole.writelines(_records(text, form, (delimiter, quote, width)))
    return replace(opened, path=out, spoilt=True, kept=(kept, opened.kept))


def _form(delimiter: str, quote: str) -> re.Pattern[bytes]:
    """The form of a record: plain values without a quote, quoted ones with each quote doubled."""
    d, q = re.escape(delimiter.encode()), re.escape(quote.encode())
    value = (
        rb"(?:"
        + q
        + rb"(?:[^"
        + q
        + rb"]++|"
        + q
        + q
        + rb")*+"
        + q
        + (rb"|[^" + q + d + rb"\r\n]*+)")
    )
    return re.compile(value + rb"(?:" + d + value + rb")*+\r?\n?")


def _has_odd_line(path: Path, quote: bytes, form: re.Pattern[bytes]) -> bool:
    with path.open("rb") as data:
        rest = b""
        while chunk := data.read(1 << 20):
            if quote not in chunk and quote not in rest:
                rest = chunk[chunk.rfind(b"\n") + 1 :] if b"\n" in chunk else rest + chunk
                continue
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            if any(quote in line and not form.fullmatch(line) for line in lines):
                return True
        return quote in rest and not form.fullmatch(rest)


def _records(
    text: Iterator[str], form: re.Pattern[bytes], shape: tuple[str, str, int]
) -> Iterator[str]:
    delimiter, quote, width = shape
    lines = _Pushed(text)
    for line in lines:
        if quote not in line or form.fullmatch(line.encode()):
            yield line
            continue
        record = _closing(line, lines, quote) if line.count(quote) % 2 else [line]
        whole = "".join(record)
        if form.fullmatch(whole.encode()) and _cells(whole, delimiter, quote) == width:
            yield whole
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
