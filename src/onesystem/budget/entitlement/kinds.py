"""Kinds of income and of capital, and what of each is counted. Pure, read from `kinds.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from onesystem.budget.entitlement.rates import text_of
from onesystem.vocabulary.declared import check_keys, parsed
from onesystem.vocabulary.said import say

INCOME, CAPITAL, HOME = "income", "capital", "home"
_ANNEX = say("Care and support statutory guidance, annexes B and C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What of a kind is left out: all (`none`), an amount, a share in a care home, or by a rate."""

    name: str
    title: str
    source: str = _ANNEX
    none: bool = False
    out: int = 0
    percent_out_in_care_home: int = 0
    leaves: str = ""
    whole: bool = False  # nothing of it is ever left out by law


@cache
def kinds(of: str) -> Mapping[str, Kind]:
    """The kinds by name, in the order of the form."""
    said = parsed(text_of("kinds.toml"), "kinds.toml")
    check_keys("kinds.toml", said, (INCOME, CAPITAL, HOME))
    found = {}
    for each in said[of]:
        made = {("none" if k == "out" and of == HOME else k): v for k, v in each.items()}
        made["whole"] = not set(made) & {"none", "out", "percent_out_in_care_home", "leaves"}
        found[each["name"]] = Kind(**made)
    return MappingProxyType(found)
