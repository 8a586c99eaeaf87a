"""How soon an idea is answered, and how much money one may have: dated data. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """In force from `since`; `most` is in minor units of the district's currency."""

    since: date
    answer_days: int
    most: int
    source: str


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    text = (files("onesystem.alliance.learning.ideas") / "rules.toml").read_text("utf-8")
    return tuple(
        sorted((Rule(**each) for each in tomllib.loads(text)["rule"]), key=lambda r: r.since)
    )


def rule(day: date) -> Rule:
    """The rule of a day. Raises UserError before the first."""
    found = [each for each in _rules() if each.since <= day]
    if not found:
        raise UserError(
            say("no rule for ideas is in force on {day}", day=day), "Choose a later day"
        )
    return found[-1]
