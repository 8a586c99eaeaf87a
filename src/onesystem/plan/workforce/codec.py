"""A plan of staff as JSON and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from onesystem.plan.workforce.shape import Commission, Demand, Mix, Service, Staff, Workforce
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


def written(plan: Workforce) -> str:
    """The plan as JSON, the same for the same."""
    return orjson.dumps(asdict(plan), option=orjson.OPT_SORT_KEYS).decode()


def read(text: str | bytes) -> Workforce:
    """The plan of a JSON text. Raises UserError."""
    try:
        return unpacked(orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise UserError(
            say("this is no plan: {error}", error=error), "Take one away as JSON to see one"
        ) from error


def unpacked(said: Mapping[str, Any]) -> Workforce:
    """The plan of plain values."""
    made = dict(said)
    made["base"] = date.fromisoformat(made["base"])
    made["staff"] = tuple(Staff(**each) for each in made.get("staff", ()))
    made["commissions"] = tuple(
        Commission(**{**each, "decided": _day(each.get("decided"))})
        for each in made.get("commissions", ())
    )
    made["mixes"] = tuple(
        Mix(**{**each, "start": date.fromisoformat(each["start"])})
        for each in made.get("mixes", ())
    )
    made["services"] = tuple(Service(**each) for each in made.get("services", ()))
    made["demands"] = tuple(
        Demand(**{**each, "start": date.fromisoformat(each["start"])})
        for each in made.get("demands", ())
    )
    return Workforce(**made)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
