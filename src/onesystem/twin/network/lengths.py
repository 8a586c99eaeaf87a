"""How long something takes, from JSON: a number, or a distribution by any of its usual names."""

from collections.abc import Callable
from dataclasses import MISSING, fields
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
        cure = _OTHER_NAMES.get(kind.lower()) or nearest(kind, KINDS)
        raise BadConfig(f"{at}: there is no distribution {kind!r}", cure)
    if isinstance(parameters, int | float | list):
        first = fields(KINDS[kind])[0].name
        parameters = {first: parameters}
    if not isinstance(parameters, dict):
        raise BadConfig(f"{at}.{kind} has no parameters", _takes(KINDS[kind]))
    return _special(at, kind, parameters) or _made(at, KINDS[kind], parameters)


def _special(at: str, kind: str, said: dict[str, Any]) -> Distribution | None:
    """The other usual ways of giving a distribution."""
    if kind == "exponential" and set(said) == {"rate"}:
        rate = number(f"{at}.rate", said["rate"], above=0)
        return Exponential(1 / rate)
    if kind == "lognormal" and set(said) == {"mu", "sigma"}:
        mu, sigma = (number(f"{at}.{key}", said[key]) for key in ("mu", "sigma"))
        return _guarded(at, Lognormal, lambda: Lognormal.of_logs(mu, sigma))
    if kind == "gamma" and set(said) == {"mean", "cv"}:
        mean, cv = (number(f"{at}.{key}", said[key], above=0) for key in ("mean", "cv"))
        return _guarded(at, KINDS[kind], lambda: KINDS["gamma"](1 / cv**2, mean * cv**2))
    return None


def _made(at: str, kind: type, said: dict[str, Any]) -> Distribution:
    known = [field.name for field in fields(kind)]
    for key in said:
        if key not in known:
            raise BadConfig(f"{at}: {_word(kind)} has no {key!r}", nearest(key, known))
    lacks = [f.name for f in fields(kind) if f.default is MISSING and f.name not in said]
    if lacks:
        raise BadConfig(f"{at}: {_word(kind)} does not say {' and '.join(lacks)}", _takes(kind))
    given = {
        key: numbers(f"{at}.{key}", each) if isinstance(each, list) else number(f"{at}.{key}", each)
        for key, each in said.items()
    }
    return _guarded(at, kind, lambda: kind(**given))


def _guarded(at: str, kind: type, make: Callable[[], Distribution]) -> Distribution:
    """What is made, where its parameters are possible."""
    try:
        return make()
    except TypeError as error:  # a list where a number belongs, or the other way round
        raise BadConfig(f"{at}: {_word(kind)} with wrong parameters", _takes(kind)) from error
    except (ValueError, OverflowError) as error:
        raise BadConfig(f"{at}: {_word(kind)}: {error}", _takes(kind)) from error


def _word(kind: type) -> str:
    return kind.__name__.lower()


def _takes(kind: type) -> str:
    """What a distribution takes, in the words of the reference."""
    ways = [_parameters(kind), *(" and ".join(way) for way in _OTHER_WAYS.get(_word(kind), ()))]
    return f"It takes {'; or '.join(ways)}."


def _parameters(kind: type) -> str:
    return " and ".join(field.name for field in fields(kind))


_ALWAYS = 'Give the number alone, or {"fixed": number}.'
_EMPIRICAL = 'Give {"quantiles": [...]}, or {"discrete": {"values": [...], "p": [...]}}.'
_OTHER_NAMES = {
    "deterministic": _ALWAYS, "constant": _ALWAYS, "degenerate": _ALWAYS,
    "empirical": _EMPIRICAL, "samples": _EMPIRICAL,
    "normal": "A length of time is never below 0: give lognormal or gamma, by mean and cv.",
}  # fmt: skip
_OTHER_WAYS = {
    "exponential": (("rate",),), "lognormal": (("mu", "sigma"),), "gamma": (("mean", "cv"),),
}  # fmt: skip
