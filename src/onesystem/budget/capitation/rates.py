"""Rates and weights with the dates they are in force, from the tables that are shipped. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say

_FILES = {"price": "england", "out_of_hours": "england", "london": "england",
          "workload": "england", "care_plus": "care_plus"}  # fmt: skip


class NoRate(UserError, LookupError):
    """A rate that is not known at a date."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate, or a table of weights, as it stood on a day, and who says so."""

    name: str
    said: Mapping[str, Any]
    source: str
    since: date
    until: date

    def share(self, key: str) -> Fraction:
        """A number of it, exact."""
        return Fraction(str(self.said[key]))


def rate(name: str, day: date) -> Rate:
    """The rate in force. Raises NoRate naming the rate, the date and the cure."""
    known = _tables(_FILES[name]).get(name, [])
    for each in known:
        if each["since"] <= day <= each["until"]:
            return Rate(name, each, each["source"], each["since"], each["until"])
    spans = ", ".join(f"{each['since']} to {each['until']}" for each in known)
    raise NoRate(
        say("the rate {name} is not known on {day}", name=repr(name.replace("_", " ")), day=day),
        say(
            "It is known for {spans}. Take such a day, or add it, with its source, to {files}.toml",
            spans=spans,
            files=_FILES[name],
        ),
    )


@cache
def _tables(name: str) -> dict[str, list[dict[str, Any]]]:
    path = files("onesystem.budget.capitation") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
