"""A scenario from JSON or TOML, or from lines of words; and back. Pure. Raises BadConfig.

    {"name": "Ten more enablement places",
     "changes": [{"change": "places", "service": "Enablement", "more": 10, "from": "2026-05-01"}]}

The same change as a line is `places service=Enablement more=10 from=2026-05-01`. `class` is short
for `who` with a class; in a line, `who.age=75-84,85+` names levels of another attribute.
"""

import json
import shlex
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, NoReturn

from onesystem.twin.scenarios.changes import BY_WORD, Change, Scenario
from onesystem.vocabulary import BadConfig, nearest

_SAID = {"since": "from"}
_LENGTHS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def scenario_of(text: str | bytes, name: str = "the scenario") -> Scenario:
    """The scenario that a JSON or a TOML text describes."""
    text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    try:
        said = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadConfig(f"{name} is neither JSON nor TOML: {error}", "Mend the line.") from error
    return read(said, name)


def read(said: Any, at: str = "the scenario") -> Scenario:
    """The scenario that parsed JSON or TOML describes."""
    if not isinstance(said, dict):
        raise BadConfig(f"{at} is no object", 'Give {"name": ..., "changes": [...]}.')
    for key in said:
        if key not in ("name", "note", "changes"):
            raise BadConfig(
                f"{at}: there is no key {key!r}", nearest(key, ("name", "note", "changes"))
            )
    name, changes = said.get("name"), said.get("changes", [])
    if not isinstance(name, str) or not name.strip():
        raise BadConfig(f"{at} has no name", "Give it one, such as what it would change.")
    if not isinstance(changes, list):
        raise BadConfig(f"{at}: changes is no list", "Give [{...}, ...].")
    return Scenario(
        name=name.strip(),
        note=str(said.get("note", "")),
        changes=tuple(
            change_of(each, f"{name.strip()!r}, change {n + 1}") for n, each in enumerate(changes)
        ),
    )


def line_of(text: str) -> dict[str, Any]:
    """A change written as words, as the object that JSON would have."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadConfig(f"{text!r} cannot be read: {error}", "Close the quotes.") from error
    if not words or "=" in words[0]:
        raise BadConfig(f"{text!r} does not say what changes", f"Begin with one of {_words()}.")
    said: dict[str, Any] = {"change": words[0]}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            raise BadConfig(f"{text!r}: {word!r} is no key=value", "Quote values with spaces.")
        if key.startswith("who."):
            said.setdefault("who", {})[key[4:]] = value.split(",")
        else:
            said[key] = value
    return said


def change_of(said: Any, at: str = "the change") -> Change:
    """One change. Numbers may be written as text, as they come from forms and lines."""
    if not isinstance(said, Mapping) or "change" not in said:
        raise BadConfig(f"{at} does not say what changes", f'Add "change": one of {_words()}.')
    kind = BY_WORD.get(str(said["change"]))
    if kind is None:
        cure = nearest(str(said["change"]), BY_WORD)
        raise BadConfig(f"{at}: nothing is called {said['change']!r}", cure)
    at = f"{at} ({kind.word})"
    known = {_SAID.get(f.name, f.name): f for f in fields(kind)}
    given: dict[str, Any] = {}
    for key, value in said.items():
        if key == "change" or value in (None, ""):
            continue
        if key == "class" and "who" in known:
            given["who"] = {**given.get("who", {}), "class": _levels(f"{at}.class", value)}
            continue
        if key not in known:
            raise BadConfig(f"{at}: there is no key {key!r}", nearest(key, [*known, "class"]))
        name = known[key].name
        made = _READ.get((kind.word, name), _READ.get(("", name), _word))(f"{at}.{key}", value)
        given[name] = {**given.get("who", {}), **made} if name == "who" else made
    for key, field in known.items():
        if (
            field.default is MISSING
            and field.default_factory is MISSING
            and field.name not in given
        ):
            raise BadConfig(f"{at} does not say {key!r}", f"Add {key!r}.")
    return _sensible(kind(**given), at)


def _sensible(change: Change, at: str) -> Change:
    if change.word == "places":
        said = [key for key in ("more", "to", "times") if getattr(change, key) is not None]
        if len(said) != 1:
            raise BadConfig(
                f"{at} says {' and '.join(said) or 'nothing'} of the number",
                "Give one of more (or less, below 0), to, times.",
            )
    return change


def plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario as JSON would have it; `read` gives it back."""
    return {
        "name": scenario.name,
        "note": scenario.note,
        "changes": [plain_change(each) for each in scenario.changes],
    }


def plain_change(change: Change) -> dict[str, Any]:
    """One change as JSON would have it."""
    said: dict[str, Any] = {"change": change.word}
    for field in fields(change):
        value = getattr(change, field.name)
        if value in (None, "", {}):
            continue
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = [list(each) if isinstance(each, tuple) else each for each in value]
        elif isinstance(value, Mapping):
            value = {name: list(levels) for name, levels in value.items()}
        said[_SAID.get(field.name, field.name)] = value
    return said


def _words() -> str:
    return ", ".join(BY_WORD)


def _word(at: str, said: Any) -> str:
    if not isinstance(said, str):
        raise BadConfig(f"{at} is {said!r}, not a name", "Put it between quotes.")
    return said.strip()


def _number(at: str, said: Any) -> float:
    if isinstance(said, str):
        try:
            said = float(said.strip().rstrip("%")) / (100 if said.strip().endswith("%") else 1)
        except ValueError:
            _no_number(at, said)
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) == float("inf"):
        _no_number(at, said)
    if said != said:  # noqa: PLR0124 - not a number
        _no_number(at, said)
    return float(said)


def _no_number(at: str, said: Any) -> NoReturn:
    raise BadConfig(f"{at} is {said!r}, not a number", "Give a number, such as 1.05 or 5%.")


def _whole(at: str, said: Any) -> int:
    number = _number(at, said)
    if number != int(number):
        raise BadConfig(f"{at} is {number:g}, not a whole number", "Give a whole number.")
    return int(number)


def _not_negative(at: str, said: Any) -> int:
    number = _whole(at, said)
    if number < 0:
        raise BadConfig(f"{at} is {number}", "Give 0 or more.")
    return number


def _factor(at: str, said: Any) -> float:
    number = _number(at, said)
    if number < 0:
        raise BadConfig(f"{at} is {number:g}", "A factor is 0 or more; 0.86 is 14% less.")
    return number


def _share(at: str, said: Any) -> float:
    number = _number(at, said)
    if not 0 <= number <= 1:
        raise BadConfig(f"{at} is {number:g}", "A share is from 0 to 1, or 0% to 100%.")
    return number


def _levels(at: str, said: Any) -> tuple[str, ...]:
    levels = said.split(",") if isinstance(said, str) else said
    if not isinstance(levels, list | tuple) or not levels:
        raise BadConfig(f"{at} names nobody", "Give a name or several.")
    return tuple(_word(at, each) for each in levels)


def _who(at: str, said: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, Mapping):
        raise BadConfig(f"{at} is no object", 'Give {"class": "COPD"}.')
    return {name: _levels(f"{at}.{name}", levels) for name, levels in said.items()}


def _hours(at: str, said: Any) -> tuple[float, float]:
    parts = said.replace(":00", "").split("-") if isinstance(said, str) else said
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        raise BadConfig(f"{at} is {said!r}", "Give two hours of the day, such as 8-18.")
    first, last = (_number(at, each) for each in parts)
    if not (0 <= first <= 24 and 0 <= last <= 24) or first == last:
        raise BadConfig(f"{at} is {said!r}", "Hours of the day are from 0 to 24.")
    return first, last


def _moment(at: str, said: Any) -> Any:
    if isinstance(said, date) or (isinstance(said, int | float) and not isinstance(said, bool)):
        return said
    try:
        text = _word(at, said)
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        cure = "Give a day such as 2026-05-01, or a time in the model's unit."
        raise BadConfig(f"{at} is {said!r}", cure) from None


def _length(at: str, said: Any) -> float | str:
    """A number in the model's unit, or "14 days"."""
    if isinstance(said, str) and " " in said.strip():
        number, _, unit = said.strip().partition(" ")
        if unit.strip().rstrip("s") not in _LENGTHS:
            raise BadConfig(f"{at} is {said!r}", "Give a length such as 14 days or 4 hours.")
        return f"{_factor(at, number):g} {unit.strip().rstrip('s')}s"
    return _factor(at, said)


def _roster(at: str, said: Any) -> tuple[tuple[float, int], ...]:
    if isinstance(said, str):
        said = [each.split(":") for each in said.split(",")]
    if not isinstance(said, list | tuple) or not said:
        raise BadConfig(f"{at} has no times", "Give [[0, 3], [8, 10]], or 0:3,8:10.")
    changes = []
    for each in said:
        if not isinstance(each, list | tuple) or len(each) != 2:
            raise BadConfig(f"{at} has {each!r}", "Give pairs of a time and a number.")
        changes.append((_number(at, each[0]), _not_negative(at, each[1])))
    return tuple(changes)


_READ: dict[tuple[str, str], Callable[[str, Any], Any]] = {
    ("", "more"): _whole, ("places", "to"): _not_negative, ("", "places"): _not_negative,
    ("", "times"): _factor, ("", "share"): _share, ("", "who"): _who, ("", "hours"): _hours,
    ("", "since"): _moment, ("", "until"): _moment, ("", "over"): _length,
    ("staffing", "changes"): _roster, ("staffing", "every"): _factor,
}  # fmt: skip
