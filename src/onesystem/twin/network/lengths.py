"""How long something takes, from JSON: a number, or a distribution by any of its usual names."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from onesystem.twin.network.distributions import KINDS, Distribution, Exponential, Fixed, Lognormal
from onesystem.twin.network.values import number, numbers
from onesystem.vocabulary import BadConfig, nearest


def distribution(at: str, said: Any) -> Distribution:
    """A number, or one distribution by its name and parameters. Raises BadConfig."""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _made(at, Fixed, {"value": said})
    if not isinstance(said, dict) or len(said) != 1:
        raise BadConfig(
            f"{at} is not a length of time",
            'Give a number, or one distribution such as {"exponential": {"mean": 2}}.',
        )
    ((kind, parameters),) = said.items()
    if kind not in KINDS:
        raise BadConfig(f"{at}: there is no distribution {kind!r}", nearest(kind, KINDS))
    if isinstance(parameters, int | float | list):
        first = fields(KINDS[kind])[0].name
        parameters = {first: parameters}
    if not isinstance(parameters, dict):
        raise BadConfig(f"{at}.{kind} has no parameters", f"Give {_parameters(KINDS[kind])}.")
    return _special(at, kind, parameters) or _made(at, KINDS[kind], parameters)


def _special(at: str, kind: str, said: dict[str, Any]) -> Distribution | None:
    """The other usual ways of giving a distribution."""
    if kind == "exponential" and set(said) == {"rate"}:
        rate = number(f"{at}.rate", said["rate"], above=0)
        return Exponential(1 / rate)
    if kind == "lognormal" and set(said) == {"mu", "sigma"}:
        mu, sigma = (number(f"{at}.{key}", said[key]) for key in ("mu", "sigma"))
        return _guarded(at, lambda: Lognormal.of_logs(mu, sigma))
    if kind == "gamma" and set(said) == {"mean", "cv"}:
        mean, cv = (number(f"{at}.{key}", said[key], above=0) for key in ("mean", "cv"))
        return _guarded(at, lambda: KINDS["gamma"](1 / cv**2, mean * cv**2))
    return None


def _made(at: str, kind: type, said: dict[str, Any]) -> Distribution:
    known = [field.name for field in fields(kind)]
    for key in said:
        if key not in known:
            raise BadConfig(f"{at}: {kind.__name__.lower()} has no {key!r}", nearest(key, known))
    given = {
        key: numbers(f"{at}.{key}", each) if isinstance(each, list) else number(f"{at}.{key}", each)
        for key, each in said.items()
    }
    return _guarded(at, lambda: kind(**given))


def _guarded(at: str, make: Callable[[], Distribution]) -> Distribution:
    try:
        return make()
    except TypeError as error:
        raise BadConfig(f"{at}: {error}", "Give all of its parameters.") from error
    except ValueError as error:
        raise BadConfig(
            f"{at}: {error}", "See the reference of models for its parameters."
        ) from error


def _parameters(kind: type) -> str:
    return ", ".join(field.name for field in fields(kind))
