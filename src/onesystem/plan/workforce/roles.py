"""The roles that come with onesystem. Pure."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from onesystem.plan.workforce.shape import Role
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """The roles by their code, in their order."""
    return {
        each["code"]: Role(**{**each, "intakes": tuple(each["intakes"])})
        for each in _said()["role"]
    }


def role(code: str) -> Role:
    """A role. Raises UserError."""
    if code not in roles():
        raise UserError(say("there is no role {code}", code=repr(code)), nearest(code, roles()))
    return roles()[code]


def sources() -> tuple[str, str, str]:
    """Where the lengths are from, what is assumed, and where the 17 per cent are from."""
    said = _said()
    return str(said["source"]), str(said["assumed"]), str(said["over_55_source"])


@lru_cache(maxsize=1)
def _said() -> dict[str, Any]:
    text = files("onesystem.plan.workforce").joinpath("data/roles.toml").read_text("utf-8")
    return tomllib.loads(text)
