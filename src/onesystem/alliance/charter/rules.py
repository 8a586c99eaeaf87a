"""The lists that an alliance chooses from, as dated data: beginnings of charters, kinds, routes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.alliance.charter import text
from onesystem.alliance.charter.text import Charter, Need, Principle
from onesystem.vocabulary.errors import NotFound, nearest
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An entry of a list, with the days between which it is used."""

    code: str
    name: str
    words: str = ""
    since: date = date.min
    until: date | None = None
    country: str = ""

    def on(self, day: date) -> bool:
        """Whether it is used on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@lru_cache(maxsize=1)
def _said() -> Mapping[str, Any]:
    return tomllib.loads(_file("charter.toml"))


def _file(name: str) -> str:
    return (files("onesystem.alliance.charter") / "data" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def begin_with(country: str) -> Charter:
    """The text that a charter begins with in a country (GB, NZ): members change it, then sign."""
    beginnings = {each["country"]: each for each in _said()["text"]}
    said = dict(beginnings.get(country, beginnings["GB"]))
    for key in ("code", "country", "since"):
        said.pop(key)
    principles = tuple(Principle(**each) for each in _said()["principle"])
    return replace(text.of(said), principles=principles, competences=tuple(needs(country)))


def needs(country: str) -> list[Need]:
    """The competences that a membership should cover in a country."""
    return [
        Need(code=each["code"], name=each["name"], least=each["least"])
        for each in _said()["competence"]
        if each.get("country", country) == country
    ]


def categories(day: date) -> dict[str, Kind]:
    """Kinds of interests on a day, by code."""
    return {k.code: k for k in (Kind(**each) for each in _said()["category"]) if k.on(day)}


@lru_cache(maxsize=1)
def professions() -> dict[str, str]:
    """Names of professions by code."""
    return {each["code"]: each["name"] for each in _said()["profession"]}


@lru_cache(maxsize=1)
def sectors() -> dict[str, str]:
    """Names of sectors by code."""
    return {each["code"]: each["name"] for each in _said()["sector"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way to choose a provider: what the record needs before the award, and what after it."""

    code: str
    name: str
    words: str
    law: str
    law_name: str
    source: str
    needs: tuple[str, ...] = ()
    standstill: int = 0  # working days between the intention and the award
    after: tuple[str, ...] = ()
    after_days: int = 0


def routes(day: date, country: str) -> tuple[Route, ...]:
    """The ways that the law of a country has on a day."""
    return tuple(
        route for law, each in _laws() if law.on(day) and law.country == country for route in each
    )


def route(law: str, code: str) -> Route:
    """A way by its law and code, in force or not. Raises NotFound."""
    every = {(r.law, r.code): r for _, each in _laws() for r in each}
    try:
        return every[law, code]
    except KeyError:
        known = [f"{one}:{other}" for one, other in every]
        raise NotFound(
            say("there is no route {law}:{code}", law=law, code=code),
            nearest(f"{law}:{code}", known),
        ) from None


@lru_cache(maxsize=1)
def _laws() -> tuple[tuple[Kind, tuple[Route, ...]], ...]:
    made = []
    for said in tomllib.loads(_file("routes.toml"))["law"]:
        law = Kind(code=said["code"], name=said["name"], words=said["source"],
                   since=said["since"], until=said.get("until"),
                   country=said["country"])  # fmt: skip
        made.append((law, tuple(_route(law, each) for each in said["route"])))
    return tuple(made)


def _route(law: Kind, said: Mapping[str, Any]) -> Route:
    return Route(
        code=said["code"], name=said["name"], words=said["words"], law=law.code,
        law_name=law.name, source=law.words, needs=tuple(said["needs"]),
        standstill=said.get("standstill", 0), after=tuple(said["after"]),
        after_days=said["after_days"],
    )  # fmt: skip
