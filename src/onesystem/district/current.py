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
    toml = path / "district.toml"
    stamp = toml.stat().st_mtime_ns if toml.exists() else 0
    return _load(path, stamp)


@lru_cache(maxsize=4)
def _load(path: Path, _stamp: int) -> District:
    return load(path)
