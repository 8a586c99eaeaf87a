"""Extracts: CSV and Parquet, whole files of rows, by a small declarative mapping.

    ExtractReader    takes a landed file in, in bulk
    dry_run          what a mapping would make of a file, without making it
    library          the mappings at hand

The door is lazy: DuckDB and pyarrow are loaded when a file is read, not by a page worker.
"""

from importlib import import_module
from typing import Any

from onesystem.feeds.extract.reader import ExtractReader

_DOOR = {
    "DryRun": "dry",
    "Mapping": "mapping",
    "dry_run": "dry",
    "library": "library",
    "parse": "mapping",
    "take_file": "taking",
}

__all__ = [*sorted(_DOOR), "ExtractReader"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name not in _DOOR:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
