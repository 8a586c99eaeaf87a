"""The reader of extracts, as the feeds room knows it. Light: what is heavy is loaded on use."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from onesystem.district import District, Source
from onesystem.feeds.extract.xes import is_xes
from onesystem.feeds.readers import Explained, FileTaken, register

_NAMES = (".csv", ".tsv", ".psv", ".parquet", ".pq", ".csv.gz", ".tsv.gz", ".md", ".txt", ".dat",
          ".xes")  # fmt: skip
_BARE = ("readme", "license", "licence", "copying", "notice", "changelog")


class ExtractReader:
    """Takes CSV, Parquet and XES by the mappings of the source, the district and the product."""

    format = "extract"

    def sniff(self, name: str, head: bytes) -> bool:
        """By its name or its first lines; this reader is asked after those of messages."""
        bare = name.replace("\\", "/").rpartition("/")[2].lower()
        if (
            head.startswith(b"PAR1")
            or is_xes(head)
            or bare.endswith(_NAMES)
            or bare.startswith(_BARE)
        ):
            return True
        if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            head = head.decode("utf-16", "ignore").encode()
        lines = head.splitlines()[:3]
        return (
            b"\0" not in head
            and len(lines) > 1
            and any(lines[0].count(m) == lines[1].count(m) > 0 for m in (b",", b";", b"\t", b"|"))
        )

    def take_file(
        self,
        file: Path,
        *,
        name: str,
        message: int,
        source: Source,
        district: District,
        received: datetime,
        progress: Callable[[int, int], None] | None = None,
    ) -> FileTaken:
        """Take a file in, within the caller's transaction. Raises BadInput."""
        from onesystem.feeds.extract.taking import take_file

        return take_file(
            file,
            name=name,
            message=message,
            source=source,
            district=district,
            received=received,
            progress=progress,
        )

    def explain_file(self, file: Path, *, name: str, source: Source) -> list[Explained]:
        """How the file is read: its mapping, its columns, its first rows. Never raises."""
        from onesystem.feeds.extract.explaining import explain_file

        return explain_file(file, name=name, source=source)


register(ExtractReader())
