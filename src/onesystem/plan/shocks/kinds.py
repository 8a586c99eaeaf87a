"""The shocks that can be tried, as dated data: what each is, and where its sizes are from. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from onesystem.vocabulary import BadConfig, NotFound, nearest
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A number of a shock; with `per`, it is told for that many people."""

    name: str
    words: str
    value: float
    assumed: bool
    per: int = 0

    def here(self, value: float, people: float) -> float:
        """The number for so many people."""
        return value * people / self.per if self.per else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """One shock as its data says."""

    key: str
    title: str
    what: str
    since: date
    source: str
    sizes: tuple[Size, ...]

    def numbers(self, said: Mapping[str, float]) -> dict[str, float]:
        """Each number as it is said, or as the data has it. Raises BadConfig."""
        for name, value in said.items():
            if name not in {each.name for each in self.sizes}:
                raise BadConfig(
                    say("there is no number {name}", name=repr(name)), nearest(name, self.names)
                )
            if not 0 <= value <= 1e6:
                raise BadConfig(
                    say("{name} is {value}", name=name, value=f"{value:g}"), "Give 0 or more."
                )
        return {each.name: float(said.get(each.name, each.value)) for each in self.sizes}

    @property
    def names(self) -> list[str]:
        """What its numbers are called."""
        return [each.name for each in self.sizes]


@lru_cache(maxsize=1)
def shocks() -> Mapping[str, Shock]:
    """All of them by their key."""
    text = files("onesystem.plan.shocks").joinpath("data/shocks.toml").read_text("utf-8")
    return {
        said["key"]: Shock(
            **{k: said[k] for k in ("key", "title", "what", "since", "source")},
            sizes=tuple(Size(**each) for each in said["size"]),
        )
        for said in tomllib.loads(text)["shock"]
    }


def shock(key: str) -> Shock:
    """One of them. Raises NotFound with the nearest."""
    if key not in shocks():
        raise NotFound(say("there is no shock {key}", key=repr(key)), nearest(key, shocks()))
    return shocks()[key]
