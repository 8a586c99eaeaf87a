"""The district that this process serves: the folder that ONESYSTEM_DISTRICT names."""

import os
from functools import lru_cache
from pathlib import Path

from onesystem.district.config import load
from onesystem.district.shape import District


def folder() -> Path:
    """The district folder of this process."""
    path = os.environ.get("ONESYSTEM_DISTRICT", ".")
    return _resolved(path, "" if path.startswith("/") else os.getcwd())  # noqa: PTH109


@lru_cache(maxsize=4)
def _resolved(path: str, _where: str) -> Path:
    # Asked for every message; where a path leads to does not change while a process works there.
    return Path(path).resolve()


def current() -> District:
    """The district, read again whenever its `district.toml` changes."""
    path = folder()
    return _load(path, _written(f"{path}/district.toml"))


def _written(path: str) -> int:
    """When a file was last written; 0 where there is none. A page asks a dozen times."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - a Path made for it costs three times this
    except OSError:
        return 0


@lru_cache(maxsize=4)
def _load(path: Path, _stamp: int) -> District:
    return load(path)
