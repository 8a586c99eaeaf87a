"""An agreement as JSON and back, whole: what is kept, exported and read by others. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme, Test
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


def packed(agreement: Agreement) -> dict[str, Any]:
    """The agreement as plain values."""
    return asdict(agreement)


def written(agreement: Agreement) -> str:
    """The agreement as JSON, the same for the same."""
    return orjson.dumps(packed(agreement), option=orjson.OPT_SORT_KEYS).decode()


def read(text: str | bytes) -> Agreement:
    """The agreement of a JSON text. Raises UserError."""
    try:
        return unpacked(orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise UserError(
            say("this is no agreement: {error}", error=error),
            "See `onesystem pooled schema` for what it holds",
        ) from error


def unpacked(said: Mapping[str, Any]) -> Agreement:
    """The agreement of plain values."""
    said = dict(said)
    for name, made in (("partners", Partner), ("contributions", Contribution)):
        said[name] = tuple(made(**each) for each in said.get(name, ()))
    said["schemes"] = tuple(_scheme(each) for each in said.get("schemes", ()))
    said["signed"] = _day(said.get("signed"))
    said["order"] = tuple(said.get("order", ("underspends", "risk-pool", "uncommitted")))
    return Agreement(**said)


def _scheme(said: Mapping[str, Any]) -> Scheme:
    said = dict(said)
    test = said.get("test")
    said["test"] = Test(**{**test, "due": _day(test["due"])}) if test else None
    said["until"] = _day(said.get("until"))
    said["services"] = tuple(said.get("services", ()))
    return Scheme(**said)


def _day(said: Any) -> Any:
    return date.fromisoformat(said) if isinstance(said, str) and said else said or None
