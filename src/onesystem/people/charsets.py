"""Lists in other character sets than UTF-8, as spreadsheets save them."""

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PART = 1 << 20
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # gzip, zstd: what reads them says what is wrong


@contextmanager
def in_utf8(file: Path) -> Iterator[Path]:
    """The file where it is UTF-8, else a copy of it in UTF-8 that lasts as long as the block.

    UTF-16 shows by its mark. What is no UTF-8 is Windows-1252, which Latin-1 is a part of.
    """
    charset = _charset(file)
    if not charset:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="onesystem-list-") as scratch:
        copy = Path(scratch) / file.name
        with (
            file.open(encoding=charset, errors="replace", newline="") as source,
            copy.open("w", encoding="utf-8", newline="") as target,
        ):
            while part := source.read(_PART):
                target.write(part)
        yield copy


def _charset(file: Path) -> str:
    """The character set to read a file in; empty where it needs no other."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as source:
        head = source.read(4)
        if head[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        if head.startswith(_PACKED):
            return ""
        source.seek(0)
        try:
            while part := source.read(_PART):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return ""
