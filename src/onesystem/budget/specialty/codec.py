"""A specialty's budget as JSON and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import orjson

from onesystem.budget.specialty.shape import Item, Post, Released, Specialty, Step, Work
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say


def written(s: Specialty) -> str:
    """The budget as JSON, the same for the same."""
    return orjson.dumps(asdict(s), option=orjson.OPT_SORT_KEYS).decode()


def read(text: str | bytes) -> Specialty:
    """The budget of a JSON text. Raises UserError."""
    try:
        return unpacked(orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise UserError(
            say("this is no budget: {error}", error=error), "Take one away as JSON to see one"
        ) from error


def unpacked(said: Mapping[str, Any]) -> Specialty:
    """The budget of plain values."""
    said = dict(said)
    said["services"] = tuple(said.get("services", ()))
    said["works"] = tuple(
        Work(**{**w, "steps": tuple(Step(**step) for step in w.get("steps", ()))})
        for w in said.get("works", ())
    )
    said["posts"] = tuple(Post(**each) for each in said.get("posts", ()))
    said["items"] = tuple(Item(**each) for each in said.get("items", ()))
    said["released"] = Released(**said["released"]) if said.get("released") else None
    return Specialty(**said)
