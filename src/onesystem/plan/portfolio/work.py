"""What a unit of each kind of care takes of whom, and what a post is, as dated data. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.budget.specialty.pay import pay
from onesystem.plan.options.pricing import PRICES
from onesystem.plan.workforce.roles import role


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """A kind of care: its unit, counted as `days` or `people`; minutes of whom; which places."""

    setting: str
    unit: str
    per: str
    one_of: Mapping[str, float]
    also: Mapping[str, float]
    places: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A whole-time post of a group: minutes a year, pay a year, who leaves, months of training."""

    code: str
    name: str
    minutes: float
    pay: int
    turnover: float
    months: int
    place: int
    role: str = ""  # of plans of staff; none where they do not count it


def care() -> Mapping[str, Care]:
    """Each kind of care by its setting, in the order of the file."""
    return {each["setting"]: Care(**each) for each in _said()["care"]}


@lru_cache(maxsize=1)
def posts() -> Mapping[str, Post]:
    """Each group by its code, paid as on the day of the library's prices."""
    return {each["code"]: _post(each) for each in _said()["group"]}


def roles_of(groups: Mapping[str, Post]) -> dict[str, str]:
    """The role of plans of staff that each group is; groups without one are left out."""
    return {code: each.role for code, each in groups.items() if each.role}


def source() -> str:
    """Where the minutes are from, and what is assumed."""
    return str(_said()["source"])


def _post(said: Mapping[str, Any]) -> Post:
    kind = role(said["role"]) if "role" in said else None
    return Post(
        code=said["code"], name=said["name"], minutes=said["minutes"],
        pay=pay(said["grade"], "middle", Fraction(1), PRICES).total,
        turnover=(kind.turnover if kind else said["turnover"]) / 10_000,
        months=kind.months if kind else said["months"], place=kind.place if kind else 0,
        role=kind.code if kind else "",
    )  # fmt: skip


@lru_cache(maxsize=1)
def _said() -> dict[str, Any]:
    text = files("onesystem.plan.portfolio").joinpath("data/work.toml").read_text("utf-8")
    return tomllib.loads(text)
