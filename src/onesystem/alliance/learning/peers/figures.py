"""What practices look at together: the definitions in `figures.toml`, by the day they hold from."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: how it is counted, of what, and what peers may ask about it."""

    code: str
    since: date
    title: str
    rule: str
    of: str
    better: str
    words: str
    source: str
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All figures, and what they share: age bands, what an emergency is, what is one spell."""

    figures: dict[str, Figure]
    bands: tuple[int, ...]
    gap_hours: int
    emergency: tuple[str, ...]
    days: int

    def band(self, age: int | None) -> str:
        """The words of the band of an age."""
        if age is None:
            return say("not known")
        at = max(i for i, least in enumerate(self.bands) if age >= least or not i)
        last = at == len(self.bands) - 1
        return f"{self.bands[at]}+" if last else f"{self.bands[at]}-{self.bands[at + 1] - 1}"


@lru_cache(maxsize=1)
def book() -> Book:
    """The definitions."""
    path = files("onesystem.alliance.learning.peers") / "figures.toml"
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    made = [Figure(**each) for each in said["figure"]]
    return Book(
        figures={each.code: each for each in made}, bands=tuple(said["bands"]),
        gap_hours=said["gap_hours"], emergency=tuple(said["emergency"]), days=said["days"],
    )  # fmt: skip
