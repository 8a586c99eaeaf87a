"""Extracts: CSV and Parquet, whole files of rows, by a small declarative mapping.

    ExtractReader    takes a landed file in, in bulk
    dry_run          what a mapping would make of a file, without making it

The door is lazy: DuckDB and pyarrow are loaded when a file is read, not by a page worker.
"""

from onesystem.feeds.extract.reader import ExtractReader
from onesystem.vocabulary.door import lazy

_DOOR = {
    "DryRun": "dry",
    "Mapping": "mapping",
    "dry_run": "dry",
    "parse": "mapping",
    "take_file": "taking",
}

__all__ = [*sorted(_DOOR), "ExtractReader"]  # noqa: PLE0604

__getattr__ = lazy(__name__, _DOOR)
