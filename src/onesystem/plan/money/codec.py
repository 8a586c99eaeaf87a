"""A plan of money as JSON and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from onesystem.plan.money.shape import Doubled, Funder, Line, MoneyPlan, Rule
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_PATHS = ("pay", "price", "inflation", "efficiency")


def written(plan: MoneyPlan) -> str:
    """The plan as JSON, the same for the same."""
    return orjson.dumps(asdict(plan), option=orjson.OPT_SORT_KEYS).decode()


def read(text: str | bytes) -> MoneyPlan:
    """The plan of a JSON text. Raises UserError."""
    try:
        return unpacked(orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise UserError(
            say("this is no plan: {error}", error=error), "Take one away as JSON to see one"
        ) from error


def unpacked(said: Mapping[str, Any]) -> MoneyPlan:
    """The plan of plain values."""
    made = dict(said)
    for name in _PATHS:
        made[name] = tuple(made.get(name, (0,)))
    made["rule"] = Rule(**made.get("rule", {}))
    made["lines"] = tuple(_line(each) for each in made.get("lines", ()))
    made["funders"] = tuple(
        Funder(**{**each, "growth": tuple(each.get("growth", (0,)))})
        for each in made.get("funders", ())
    )
    made["doubled"] = tuple(
        Doubled(**{**each, "first": date.fromisoformat(each["first"]),
                   "last": date.fromisoformat(each["last"])})
        for each in made.get("doubled", ())
    )  # fmt: skip
    return MoneyPlan(**made)


def _line(said: Mapping[str, Any]) -> Line:
    own = said.get("efficiency")
    return Line(**{**said, "demand": tuple(said.get("demand", (0,))),
                   "efficiency": None if own is None else tuple(own)})  # fmt: skip
