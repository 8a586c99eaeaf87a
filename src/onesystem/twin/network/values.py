"""Single values of a model in JSON: each mistake named by its place, the rule and the cure."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from onesystem.vocabulary import BadConfig, nearest


def table(
    at: str, said: Any, keys: Collection[str], *, needs: Collection[str] = ()
) -> dict[str, Any]:
    """An object with these keys only."""
    if not isinstance(said, dict):
        raise BadConfig(f"{at} is no object", f"Its keys are: {', '.join(keys)}.")
    for key in said:
        if key not in keys:
            raise BadConfig(f"{at}: there is no key {key!r}", nearest(key, keys))
    for key in needs:
        if key not in said:
            raise BadConfig(f"{at} has no {key!r}", f"Add {key!r}.")
    return said


def named(at: str, said: Any, one: Callable[[str, Any], Any]) -> dict[str, Any]:
    """An object of any names, each read by `one`."""
    if not isinstance(said, dict):
        raise BadConfig(f"{at} is no object", "Give names and what belongs to each.")
    return {name: one(f"{at}.{name}", each) for name, each in said.items()}


def number(at: str, said: Any, *, whole: bool = False, above: float | None = None) -> Any:
    """One number; `whole` and `above` say which."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise BadConfig(f"{at} is {said!r}, not a number", "Give a number.")
    if whole and said != int(said):
        raise BadConfig(f"{at} is {said}, not a whole number", "Give a whole number.")
    if above is not None and said <= above:
        raise BadConfig(f"{at} is {said}", f"Give a number above {above:g}.")
    return int(said) if whole else float(said)


def numbers(at: str, said: Any) -> tuple[float, ...]:
    """A list of numbers."""
    if not isinstance(said, list) or not said:
        raise BadConfig(f"{at} is no list of numbers", "Give [number, ...].")
    return tuple(number(f"{at}[{n}]", each) for n, each in enumerate(said))


def word(at: str, said: Any, known: Collection[str] = ()) -> str:
    """One word; `known` are those that it may be."""
    if not isinstance(said, str):
        some = ", ".join(each for each in known if each)
        cure = f"Give one of {some}." if some else "Put it between quotes."
        raise BadConfig(f"{at} is {said!r}, not a word", cure)
    return said


def words(at: str, said: Any) -> tuple[str, ...]:
    """A list of words."""
    if not isinstance(said, list) or not said:
        raise BadConfig(f"{at} is no list of names", 'Give ["name", ...].')
    return tuple(word(f"{at}[{n}]", each) for n, each in enumerate(said))


def moment(at: str, said: Any) -> datetime:
    """A time in ISO 8601, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(word(at, said))
    except ValueError as error:
        raise BadConfig(f"{at} is {said!r}", "Give a time such as 2026-01-05T00:00:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
