"""The tables of a district: the law's, with those of its own `charges.toml` before them."""

from functools import lru_cache
from pathlib import Path

from onesystem.budget.entitlement.local import with_local
from onesystem.budget.entitlement.rates import Rates, england, new_zealand, read
from onesystem.budget.entitlement.rule_sets import RuleSet
from onesystem.vocabulary.said import say

FILE = "charges.toml"


def rates_of(folder: Path, country: str) -> Rates:
    """The tables by which a district charges. Raises BadConfig naming file, table and cure."""
    own = folder / FILE
    return _rates(own, own.stat().st_mtime_ns if own.exists() else 0, country)


@lru_cache(maxsize=8)
def _rates(own: Path, changed: int, country: str) -> Rates:
    national = new_zealand() if country == "New Zealand" else england()
    if not changed:
        return national
    return with_local(national, read(own.read_text(encoding="utf-8"), FILE, local=True))


def rates_for(chosen: RuleSet, folder: Path) -> Rates:
    """The tables for a rule set in a district."""
    return rates_of(folder, chosen.country)


def country_of(currency: str) -> str:
    """The country whose rules a district lives by, by its currency."""
    return say("New Zealand") if currency == "NZD" else say("England")
