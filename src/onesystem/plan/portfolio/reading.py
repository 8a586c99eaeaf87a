"""A problem from JSON, as an organisation may write its own. Pure. Raises BadConfig.

    {"periods": 20, "a_year": 4, "moments": 20, "money": [90000000, ...], "change": [2, ...],
     "groups": [{"name": "Nurses", "minutes": 24000, "there": 40, "pay": 1100000}],
     "services": [{"name": "visits", "wanted": [4000, ...], "undone": 9000,
                   "minutes": {"Nurses": 30}}],
     "choices": [{"name": "Advice", "setup": 400000, "running": 90000, "less": {"visits": 300}}]}

Money is whole minor units; a number instead of a list holds in every period, year or moment.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from onesystem.plan.portfolio.checks import checked
from onesystem.plan.portfolio.shape import Choice, Group, Problem, Service
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

_KINDS: Mapping[str, Any] = {"services": Service, "groups": Group, "choices": Choice}
_NAMES = ("needs", "apart")


def problem_of(text: str | bytes, name: str = say("the problem")) -> Problem:
    """The problem that a JSON text describes, checked."""
    try:
        said = json.loads(text)
    except ValueError as error:
        raise BadConfig(
            say("{name} is no JSON: {error}", name=name, error=error), "Mend the line."
        ) from error
    if not isinstance(said, dict):
        raise BadConfig(
            say("{name} is no object", name=name), 'Give {"periods": ..., "services": [...]}.'
        )
    periods, a_year = _whole(said, "periods", name), _whole(said, "a_year", name)
    years = -(-periods // max(a_year, 1))
    lengths = {"money": years, "training": years, "change": int(said.get("moments", 0))}
    given: dict[str, Any] = {
        key: tuple(_part(kind, each, f"{name}, {key}", periods) for each in said.get(key, ()))
        for key, kind in _KINDS.items()
    }
    given |= {key: _spread(said[key], many) for key, many in lengths.items() if key in said}
    places: Mapping[str, Any] = said.get("places", {})
    given["places"] = {k: _spread(v, periods) for k, v in places.items()}
    known = {f.name for f in fields(Problem)}
    for key, value in said.items():
        if key not in known:
            raise BadConfig(
                say("{name}: there is no key {key}", name=name, key=repr(key)), nearest(key, known)
            )
        given.setdefault(key, value)
    return checked(Problem(**given))


def _whole(said: Mapping[str, Any], key: str, name: str) -> int:
    value = said.get(key)
    if not isinstance(value, int) or value < 1:
        raise BadConfig(
            say("{name} does not say {key}", name=name, key=repr(key)),
            say('Add "{key}", a whole number above 0.', key=key),
        )
    return value


def _part(kind: Any, said: Any, where: str, periods: int) -> Any:
    known = {f.name for f in fields(kind)}
    if not isinstance(said, Mapping):
        raise BadConfig(
            say("{where}: {said} is no object", where=where, said=repr(said)), "Give {...}."
        )
    for key in said:
        if key not in known:
            raise BadConfig(
                say("{where}: there is no key {key}", where=where, key=repr(key)),
                nearest(key, known),
            )
    given: dict[str, Any] = {k: tuple(v) if k in _NAMES else v for k, v in said.items()}
    if "wanted" in given:
        given["wanted"] = _spread(given["wanted"], periods)
    if "coming" in given:
        coming: Mapping[str, Any] = said["coming"]
        given["coming"] = {int(k): float(v) for k, v in coming.items()}
    try:
        return kind(**given)
    except TypeError as error:
        raise BadConfig(f"{where}: {error}", "Add what is missing.") from None


def _spread(said: Any, many: int) -> tuple[Any, ...]:
    return tuple(said) if isinstance(said, list) else (said,) * many
