"""Terms, facts and settlements as JSON or TOML, both ways. What is empty is left out.

Shares are written as people write them ("75%", "1/3"), money in whole minor units, days as
2026-04-01 and months as 2026-04. What is not known is refused with the nearest known word.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from onesystem.budget.terms.numbers import share_of, share_words
from onesystem.budget.terms.rates import Rate, Table
from onesystem.budget.terms.schedule import AMOUNT, Schedule, Slice
from onesystem.budget.terms.terms import Facts, Terms
from onesystem.vocabulary import BadInput, nearest
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.toml import toml
from onesystem.vocabulary.typed import fraction_of

Json = dict[str, Any]
NAMES = {(Slice, "start"): "from", (Slice, "end"): "to"}
_ALWAYS = ("engine", "version")  # years later another may be the usual one
PLAIN = {(Rate, "value")}  # numbers that are no share


def terms_json(terms: Terms) -> Json:
    """Terms as plain data."""
    return packed(terms)


def terms_of(said: Mapping[str, Any]) -> Terms:
    """Terms from plain data."""
    return unpacked(Terms, said, "")  # type: ignore[no-any-return]


def read(text: str | bytes, *, suffix: str = ".json") -> Json:
    """The plain data of a file; its numbers stay exact."""
    said = text.decode() if isinstance(text, bytes) else text
    try:
        if suffix == ".toml":
            return tomllib.loads(said, parse_float=fraction_of)
        return json.loads(said, parse_float=fraction_of)  # type: ignore[no-any-return]
    except ValueError as error:
        raise BadInput(
            say("this is no {suffix}: {error}", suffix=suffix[1:].upper(), error=error),
            rule="terms.unreadable",
            cure="Look at the place named and send the file again.",
        ) from None


def terms_toml(terms: Terms) -> str:
    """Terms as the text of a TOML file."""
    return toml(packed(terms))


def packed(thing: Any) -> Json:
    """A frozen thing as plain data."""
    made: Json = {}
    for each in fields(thing):
        value = getattr(thing, each.name)
        if each.name.startswith("_") or (each.name not in _ALWAYS and value == _default(each)):
            continue
        made[NAMES.get((type(thing), each.name), each.name)] = _out(thing, each.name, value)
    if isinstance(thing, Schedule) and thing.unit == AMOUNT:
        for slice_, kept in zip(thing.slices, made["slices"], strict=True):
            kept |= {
                n: int(v) for n, v in (("from", slice_.start), ("to", slice_.end)) if v is not None
            }
    return made


def _default(each: Any) -> Any:
    return each.default if each.default is not MISSING else MISSING


def _out(thing: Any, name: str, value: Any) -> Any:
    if isinstance(value, Fraction):
        return _number(value) if (type(thing), name) in PLAIN else share_words(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return packed(value)
    if isinstance(value, tuple):
        return [_out(thing, name, each) for each in value]
    return value


def _number(value: Fraction) -> int | str:
    return int(value) if value.denominator == 1 else str(value)


def unpacked(kind: Any, said: Any, where: str) -> Any:
    """A frozen thing from plain data; a fault names its place."""
    if not isinstance(said, Mapping):
        raise _bad(f"this is {said!r}", where, f"Write {kind.__name__.lower()} as a table.")
    known = {NAMES.get((kind, each.name), each.name): each for each in known_fields(kind)}
    for name in said:
        if name not in known:
            raise _bad(f"there is no {name!r} here", where, nearest(name, known))
    missing = [
        name for name, each in known.items()
        if name not in said and each.default is MISSING and each.default_factory is MISSING
    ]  # fmt: skip
    if missing:
        raise _bad(f"{missing[0]!r} is missing", where, f"Write {missing[0]!r}.")
    hints = _hints(kind)
    return kind(
        **{
            known[name].name: _in(hints[known[name].name], value, f"{where}/{name}")
            for name, value in said.items()
        }
    )


@cache
def known_fields(kind: Any) -> tuple[Any, ...]:
    """The fields of a kind that are written down."""
    return tuple(each for each in fields(kind) if not each.name.startswith("_"))


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _in(hint: Any, value: Any, where: str) -> Any:
    if isinstance(hint, UnionType) or get_origin(hint) is UnionType:
        if value is None:
            return None
        return _in(next(each for each in get_args(hint) if each is not type(None)), value, where)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value, where)
    if is_dataclass(hint):
        return unpacked(hint, value, where)
    return _one(hint, value, where)


def _tuple(args: tuple[Any, ...], value: Any, where: str) -> Any:
    if not isinstance(value, list | tuple):
        raise _bad(f"this is {value!r}", where, "Write a list.")
    if args[-1] is Ellipsis:
        return tuple(_in(args[0], each, f"{where}/{at}") for at, each in enumerate(value))
    if len(value) != len(args):
        raise _bad(f"this has {len(value)} parts", where, f"Write {len(args)}.")
    return tuple(
        _in(h, v, f"{where}/{at}") for at, (h, v) in enumerate(zip(args, value, strict=True))
    )


def _one(hint: Any, value: Any, where: str) -> Any:
    try:
        if hint is Fraction and not isinstance(value, bool):
            return share_of(value)
        if hint is date:
            return value if isinstance(value, date) else day_of(value)
    except (ValueError, TypeError, ZeroDivisionError):
        cure = (
            say("Write a day as 2026-04-01.")
            if hint is date
            else say('Write a share as "75%" or "3/4".')
        )
        raise _bad(f"this is {value!r}", where, cure) from None
    wanted = hint if hint in (str, int, bool) else str
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        words = say_each(
            {str: "words", int: "a whole number (money in minor units)", bool: "true or false"}
        )
        raise _bad(f"this is {value!r}", where, f"Write {words[wanted]}.")
    return value


def day_of(text: str) -> date:
    """A day, or the first of a month."""
    return date.fromisoformat(text if len(text) > len("2026-04") else f"{text}-01")


def _bad(what: str, where: str, cure: str) -> BadInput:
    return BadInput(what, rule="terms.shape", cure=cure, where=where or "/")


def facts_json(facts: Facts) -> Json:
    """Facts as plain data: a list is one value a month, a number one for the period."""
    values: Json = {n: [_exact(v) for v in each] for n, each in facts.monthly.items()}
    values |= {name: _exact(value) for name, value in facts.whole.items()}
    made: Json = {
        "contract": facts.contract, "currency": facts.currency,
        "months": [f"{each:%Y-%m}" for each in facts.months], "values": values,
        "sources": dict(facts.sources), "known_at": facts.known_at,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value}


_FACTS = {"contract": str, "currency": str, "months": list, "values": dict, "sources": dict}


def facts_of(said: Mapping[str, Any]) -> Facts:
    """Facts from plain data."""
    known = ("contract", "currency", "months", "values", "sources", "known_at")
    if not isinstance(said, Mapping):
        raise _bad(f"this is {said!r}", "", "Write facts as a table.")
    for name in said:
        if name not in known:
            raise _bad(f"there is no {name!r} in facts", "", nearest(name, known))
    for name in ("currency", "months", "values"):
        if not said.get(name):
            raise _bad(f"{name!r} is missing", "", f"Write {name!r}.")
    for name, kind in _FACTS.items():
        if not isinstance(said.get(name, kind()), kind):
            words = say_each({dict: "a table", list: "a list", str: "words"})
            raise _bad(f"this is {said[name]!r}", f"/{name}", f"Write {words[kind]}.")
    monthly, whole = {}, {}
    for name, value in said["values"].items():
        if isinstance(value, list):
            monthly[name] = tuple(_value(each, f"/values/{name}") for each in value)
        else:
            whole[name] = _value(value, f"/values/{name}")
    return Facts(
        months=tuple(_one(date, each, "/months") for each in said["months"]),
        currency=said["currency"], monthly=monthly, whole=whole,
        sources=said.get("sources", {}), contract=said.get("contract", ""),
        known_at=said.get("known_at", ""),
    )  # fmt: skip


def _value(value: Any, where: str) -> int | Fraction:
    found = _one(Fraction, value, where)
    return int(found) if found.denominator == 1 else found


def _exact(value: int | Fraction) -> int | str:
    return int(value) if value.denominator == 1 else str(value)


__all__ = [
    "Table", "facts_json", "facts_of", "packed", "read", "terms_json", "terms_of", "terms_toml",
]  # fmt: skip
