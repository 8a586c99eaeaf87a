"""From the bytes of an extract to text that can be cut into rows.

Whatever a source sends: compressed, with a byte-order mark, in its own character set, in two
character sets at once, with NUL bytes. A file that is clean UTF-8 is read where it lies; any other
is written once more as UTF-8 beside it, and what could not be read carries a mark (`SPOILT`, `NUL`)
that the compiled mapping finds, so that only its row is refused.
"""

import codecs
import gzip
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from onesystem.feeds.extract.xes import is_xes, write_rows
from onesystem.vocabulary import BadInput, Remark

# Code points that Unicode keeps free of any meaning: bytes that could not be read, a NUL, and a
# line whose quote is never closed.
SPOILT, NUL, UNCLOSED = "\ufdd0", "\ufdd1", "\ufdd2"
_CHUNK = 1 << 20
_MOST = 32 << 30  # no extract of a district is larger; a bomb is
_RATIO = 250  # rows shrink up to about 100 times; a bomb swells 1,000 times
_MAGIC = {
    b"PK\x03\x04": ("a zip file or a spreadsheet", "Save the sheet as CSV, or unpack the zip."),
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file", "Save the sheet as CSV."),
    b"%PDF": ("a PDF", "Ask the source for the same list as CSV."),
    b"\x89PNG": ("a picture", "Send rows, as CSV or Parquet."),
    b"SQLite f": ("an SQLite database", "Export the table as CSV or Parquet."),
    b"\x7fELF": ("a program", "Send rows, as CSV or Parquet."),
}


class Kept:
    """A folder of our own that goes with the last who holds it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="onesystem-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file ready to be cut into rows. `spoilt` means that marks may be in it."""

    path: Path
    parquet: bool = False
    encoding: str = "utf-8"
    spoilt: bool = False
    remarks: tuple[Remark, ...] = ()
    kept: object = field(default=None, repr=False)  # the temporary folder, while this lives


def open_extract(path: Path, *, encoding: str = "") -> Opened:
    """The file, readable. Raises BadInput, with the cure, for one that holds no rows."""
    with path.open("rb") as data:
        head = data.read(4096)
    if head[:2] == b"\x1f\x8b":
        return _unpacked(path, encoding)
    if head[:4] == b"PAR1":
        return Opened(path=path, parquet=True)
    for magic, (what, cure) in _MAGIC.items():
        if head.startswith(magic):
            raise BadInput(f"this is {what}", rule="extract.not-rows", cure=cure)
    if not head:
        raise BadInput(
            "the file is empty",
            rule="extract.empty",
            cure="Ask the source to send it again; a transfer may have stopped before it began.",
        )
    if is_xes(head):
        return _event_log(path)
    return _text(path, encoding)


def _event_log(path: Path) -> Opened:
    kept = Kept()
    out = kept.path / "events.csv"
    write_rows(path, out)
    return Opened(path=out, kept=kept)


def _unpacked(path: Path, encoding: str) -> Opened:
    kept = Kept()
    whole = kept.path / "whole"
    limit = min(_MOST, max(64 << 20, path.stat().st_size * _RATIO))
    try:
        with gzip.open(path) as packed, whole.open("wb") as out:
            size = 0
            while chunk := packed.read(_CHUNK):
                size += out.write(chunk)
                if size > limit:
                    raise BadInput(
                        "unpacked, this is far larger than any extract",
                        rule="extract.bomb",
                        cure="Do not open it; ask the source what it sent.",
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(
            f"the compressed file is damaged: {error}",
            rule="extract.truncated",
            cure="Ask the source to send it again; the transfer stopped before its end.",
        ) from error
    inner = open_extract(whole, encoding=encoding)
    return Opened(
        path=inner.path,
        parquet=inner.parquet,
        encoding=inner.encoding,
        spoilt=inner.spoilt,
        remarks=inner.remarks,
        kept=(kept, inner.kept),
    )


def _text(path: Path, encoding: str) -> Opened:
    with path.open("rb") as data:
        head = data.read(1 << 16)
    wide = _wide(head, encoding)
    if wide:
        return _rewritten(path, wide, remark=encoding == "")
    if head.count(b"\0") > max(4, len(head) // 50) or _looks_binary(head):
        raise BadInput(
            "these bytes are not text",
            rule="extract.not-text",
            cure="Send CSV or Parquet; the name of this file does not fit what is in it.",
        )
    declared = codecs.lookup(encoding).name if encoding else ""
    if declared and declared not in {"utf-8", "utf-8-sig", "ascii"}:
        return _rewritten(path, declared, remark=False)
    marked = head.startswith(codecs.BOM_UTF8)
    spoilt = _first_spoilt(path)
    if spoilt is None:
        return _rewritten(path, "utf-8-sig", remark=False) if marked else Opened(path=path)
    if not _has_wide_letters(path) and not _has_nul(path):
        if declared:
            raise BadInput(
                f"the file is said to be {encoding}, and is not: byte {spoilt:,} cannot be read",
                rule="extract.wrong-encoding",
                cure='It reads as cp1252: write encoding = "cp1252" in `file` of the mapping.',
            )
        return _rewritten(path, "cp1252", remark=True)
    return _rewritten(path, "utf-8-sig", remark=False, spoilt=True)


def _wide(head: bytes, encoding: str) -> str:
    """The name of the two-byte encoding that the file is in, if it is in one."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if encoding and codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) > 20 and max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) < 3:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _looks_binary(head: bytes) -> bool:
    odd = sum(head.count(bytes([c])) for c in (*range(1, 9), 14, 15, *range(16, 27)))
    return odd > len(head) // 20


def one_line_end(opened: Opened, quote: str) -> Opened:
    """The file itself, or a copy with one kind of line end where it has two: it was put together
    from parts, and a CSV reader that has seen the one kind stops at the other. Line ends within
    quotes stay, so every quote has to be closed.
    """
    lines = both = 0
    last = b""
    with opened.path.open("rb") as data:
        for chunk in _chunks(data):
            lines += chunk.count(b"\n")
            both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
            last = chunk[-1:]
    if not 0 < both < lines:
        return opened
    kept = Kept()
    out = kept.path / "lines.csv"
    with opened.path.open("rb") as data, out.open("wb") as whole:
        inside, mark = False, quote.encode()
        for line in data:
            inside ^= line.count(mark) % 2 == 1
            ends = not inside and line.endswith(b"\r\n")
            whole.write(line[:-2] + b"\n" if ends else line)
    return replace(opened, path=out, kept=(kept, opened.kept))


def without_first_line(opened: Opened) -> Opened:
    """A copy of the file from its second line on."""
    kept = Kept()
    out = kept.path / "rest.csv"
    with opened.path.open("rb") as data, out.open("wb") as whole:
        while (line := data.readline()) and not line.strip(b"\xef\xbb\xbf\r\n"):
            pass
        shutil.copyfileobj(data, whole)
    return replace(opened, path=out, kept=(kept, opened.kept))


def _chunks(data: BinaryIO) -> Iterator[bytes]:
    while chunk := data.read(_CHUNK):
        yield chunk


def _first_spoilt(path: Path) -> int | None:
    """Where the first byte stands that is not UTF-8, or is NUL; None where all is well."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    with path.open("rb") as data:
        for chunk in _chunks(data):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return at + error.start
            if b"\0" in chunk:
                return at + chunk.index(b"\0")
            at += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return at
    return None


def _has_wide_letters(path: Path) -> bool:
    """Whether some line beyond ASCII is good UTF-8: then the file is not in one-byte letters."""
    with path.open("rb") as data:
        for chunk in _chunks(data):
            for line in chunk.split(b"\n")[1:-1] or [chunk]:
                if not line.isascii() and _reads(line):
                    return True
    return False


def _reads(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_nul(path: Path) -> bool:
    with path.open("rb") as data:
        return any(b"\0" in chunk for chunk in _chunks(data))


def _rewritten(path: Path, encoding: str, *, remark: bool, spoilt: bool = False) -> Opened:
    """The same text as UTF-8 in a file of its own; raises BadInput where it cannot be read."""
    kept = Kept()
    out = kept.path / "text.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors="spoilt" if spoilt else "strict")
    nul = False
    with path.open("rb") as data, out.open("wb") as whole:
        try:
            for chunk in _chunks(data):
                text = decoder.decode(chunk)
                nul = nul or "\0" in text
                whole.write(text.replace("\0", NUL).encode("utf-8", "spoilt"))
            whole.write(decoder.decode(b"", final=True).encode("utf-8", "spoilt"))
        except UnicodeDecodeError as error:
            raise BadInput(
                f"the file is not {encoding}: {error.reason}",
                rule="extract.wrong-encoding",
                cure="Write the file's true encoding in the table `file` of the mapping.",
            ) from error
    said = Remark(
        rule="extract.encoding",
        what=f"no encoding was said; it was read as {encoding}",
    )
    return Opened(
        path=out,
        encoding=encoding,
        spoilt=spoilt or nul,
        remarks=(said,) if remark else (),
        kept=kept,
    )


def _mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError | UnicodeEncodeError):
        return SPOILT, error.end
    raise error


codecs.register_error("spoilt", _mark)
