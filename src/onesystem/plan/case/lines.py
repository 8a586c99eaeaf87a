"""What people need and what that takes, as shipped: lines, needs, settings. Pure."""

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "lines.toml"


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something people use: a flow a year, or a `stock` at any time."""

    key: str
    name: str
    setting: str
    unit: str
    curve: str
    rate: float
    growth: float
    growth_sd: float
    spend: float
    funder: str
    source: str
    spend_source: str
    level: str = ""
    deflate: str = ""
    stock: bool = False


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a line takes: `each` of it, or `ratio` by what is published beside the line today."""

    key: str
    name: str
    group: str
    unit: str
    of: str
    source: str
    each: float = 1.0
    now: str = ""
    ratio: str = ""
    times: str = ""
    rate: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Lines:
    """All of them, with what holds for all."""

    lines: tuple[Line, ...]
    needs: tuple[Need, ...]
    settings: dict[str, Any]


@lru_cache(maxsize=1)
def lines() -> Lines:
    """As shipped."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Lines(
        lines=tuple(Line(**_known(Line, each)) for each in told["line"]),
        needs=tuple(Need(**_known(Need, each)) for each in told["need"]),
        settings=told["settings"],
    )


def _known(kind: Any, told: dict[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {key: value for key, value in told.items() if key in names}
