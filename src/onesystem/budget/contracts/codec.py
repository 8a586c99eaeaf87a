"""An agreement as JSON and TOML, both ways. Pure; what cannot be read is said with its place."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from fractions import Fraction
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from onesystem.budget.contracts.agreement import Agreement
from onesystem.budget.terms.numbers import share_of, share_words
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.toml import toml
from onesystem.vocabulary.typed import fraction_of

FORMAT = "onesystem.contract.1"


def packed(made: Agreement) -> dict[str, Any]:
    """As JSON would have it; what has its usual value is left out."""
    return {"format": FORMAT, **_plain(made)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            f.name: str(has) if f.name == "bound" else _plain(has)
            for f in fields(value)
            if not _usual(has := getattr(value, f.name), f)
        }
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Fraction):
        return share_words(value)
    return str(value) if isinstance(value, date) else value


def _usual(has: Any, f: Any) -> bool:
    if f.default_factory is not MISSING:
        return bool(has == f.default_factory())
    return f.default is not MISSING and bool(has == f.default)


def text_of(made: Agreement) -> str:
    """The text that is signed: JSON with its keys in order."""
    return json.dumps(packed(made), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def loads(text: str) -> dict[str, Any]:
    """The plain data of what was kept."""
    return json.loads(text)  # type: ignore[no-any-return]


def unpacked(said: Mapping[str, Any]) -> Agreement:
    """An agreement of JSON. Raises BadConfig, which names the place and the cure."""
    found = dict(said)
    form = found.pop("format", FORMAT)
    if form != FORMAT:
        raise BadConfig(
            say("it is of the format {form}", form=repr(form)),
            say("Write it as {format}.", format=repr(FORMAT)),
        )
    made = _of(Agreement, found, "")
    assert isinstance(made, Agreement)  # noqa: S101 - as asked
    return made


def read(text: str | bytes, name: str = "the file") -> Agreement:
    """An agreement of TOML or JSON, whichever it is. Raises BadConfig."""
    text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    try:
        is_json = text.lstrip().startswith("{")
        loads = json.loads if is_json else tomllib.loads
        said = loads(text, parse_float=fraction_of)  # exact: 0.1 is a tenth
    except ValueError as error:
        raise BadConfig(
            say("{name} cannot be read: {error}", name=name, error=error), "Mend that place."
        ) from None
    return unpacked(said)


def _of(kind: Any, said: Any, where: str) -> Any:
    if not isinstance(said, Mapping):
        raise BadConfig(say("{where} is no table", where=where or "it"), "Write names with values.")
    hints = get_type_hints(kind)
    for name in said:
        if name not in hints:
            raise BadConfig(say("{at} is not known", at=_at(where, name)), nearest(name, hints))
    values = {name: _value(hints[name], each, _at(where, name)) for name, each in said.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadConfig(f"{where or 'the contract'}: {error}", "Write what is missing.") from None


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _value(hint: Any, said: Any, where: str) -> Any:
    if get_origin(hint) in {Union, UnionType}:
        hint = next(each for each in get_args(hint) if each is not type(None))
        if said is None:
            return None
    if get_origin(hint) is tuple:
        if not isinstance(said, list):
            raise BadConfig(say("{where} is no list", where=where), "Write it in brackets.")
        inner = get_args(hint)[0]
        return tuple(_value(inner, each, f"{where}.{n}") for n, each in enumerate(said))
    if is_dataclass(hint):
        return _of(hint, said, where)
    return _single(hint, said, where)


def _single(hint: Any, said: Any, where: str) -> Any:
    try:
        if hint is date:
            return said if isinstance(said, date) else date.fromisoformat(said)
        if hint is Fraction and not isinstance(said, bool):
            return share_of(said)
    except (ValueError, TypeError, ZeroDivisionError):
        cure = "Write a day as 2026-04-01." if hint is date else 'Write a share as "50%" or "1/2".'
        raise BadConfig(say("{where} is {said}", where=where, said=repr(said)), cure) from None
    if hint is int and isinstance(said, Fraction):
        cure = "Money is written in whole pence or cents, people and contacts as whole numbers."
        raise BadConfig(say("{where} is {said}", where=where, said=f"{float(said):g}"), cure)
    if type(said) is not hint:
        raise BadConfig(
            say("{where} is {said}", where=where, said=repr(said)),
            say("Write it as {kinds}.", kinds=_KINDS[hint]),
        )
    return said


_KINDS = {int: "a whole number", str: "a text", bool: "true or false"}


def to_json(made: Agreement) -> str:
    """As a file of JSON."""
    return json.dumps(packed(made), indent=1, ensure_ascii=False) + "\n"


def to_toml(made: Agreement) -> str:
    """As a file of TOML."""
    return toml(packed(made))
