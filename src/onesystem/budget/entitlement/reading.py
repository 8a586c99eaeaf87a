"""A case from JSON: what is missing, misspelt, negative or half a penny is refused. Pure."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from onesystem.budget.entitlement.case import (
    BANDS,
    FREE,
    HOUSEHOLDS,
    NURSING,
    PREMIUMS,
    RESIDENTS,
    SETTINGS,
    Capital,
    Case,
    Gift,
    Income,
    Property,
)
from onesystem.budget.entitlement.kinds import CAPITAL, HOME, INCOME, kinds
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import fraction_of

_MOST = 10**13  # a hundred thousand million: more is a slip of the finger
_ADULT = 18
_OLDEST = 125
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "setting": SETTINGS, "household": HOUSEHOLDS, "band": BANDS, "nursing": NURSING,
    "free": tuple(FREE), "resident": RESIDENTS, "choice": ("", "a", "b"),
    "currency": ("GBP", "NZD"),
}  # fmt: skip
_WHOLE = ("cost", "age", "children", "weeks", "dre", "housing", "metered", "start_assets", "items",
          "maximum", "funeral", "kept")  # fmt: skip
_FLAGS = ("eligible", "end_of_life", "chc", "low_income")


def case_of(said: Mapping[str, Any]) -> Case:
    """A case from JSON. Raises UserError naming the key and the cure."""
    if not isinstance(said, Mapping):
        raise UserError("a case is a table of keys", "See onesystem charge --schema.")
    _keys(said)
    made = dict(said)
    made["day"] = _day(said["day"])
    made |= {key: whole(key, said[key]) for key in _WHOLE if key in said}
    if said.get("accommodation") is not None:
        made["accommodation"] = whole("accommodation", said["accommodation"])
    made["premiums"] = _premiums(said.get("premiums", ()))
    made["income"] = tuple(_income(n, e) for n, e in enumerate(_list(said, "income"), 1))
    made["capital"] = tuple(_capital(n, e) for n, e in enumerate(_list(said, "capital"), 1))
    made["gifts"] = tuple(_gift(n, e) for n, e in enumerate(_list(said, "gifts"), 1))
    made["home"] = _home(said["home"]) if said.get("home") else None
    return checked(Case(**made))


def _keys(said: Mapping[str, Any]) -> None:
    known = {f.name for f in fields(Case)}
    for key in said:
        if key not in known:
            raise UserError(say("a case has no {key}", key=repr(key)), nearest(key, known))
    for key in ("day", "setting", "cost", "age"):
        if key not in said:
            raise UserError(
                say("the case has no {key}", key=key),
                say("Write {key}: see onesystem charge --schema", key=key),
            )
    for key, words in _CHOICES.items():
        if key in said and said[key] not in words:
            cure = nearest(str(said[key]), [w for w in words if w])
            raise UserError(say("{key} is {said}", key=key, said=repr(said[key])), cure)
    for key in _FLAGS:
        if key in said and not isinstance(said[key], bool):
            raise UserError(
                say("{key} is {said}", key=key, said=repr(said[key])), "Write true or false."
            )
    if said.get("pension_age") not in {None, True, False}:
        raise UserError(
            say("pension_age is {pension_age}", pension_age=repr(said["pension_age"])),
            "Write true, false or nothing.",
        )


def checked(case: Case) -> Case:
    """The case, where its parts go together. Raises UserError."""
    if not _ADULT <= case.age <= _OLDEST:
        raise UserError(
            say("the age is {age}", age=case.age), "These rules are for adults: 18 to 125."
        )
    if case.accommodation is not None and case.accommodation > case.cost:
        raise UserError("board and lodging cost more than the whole", "Write a smaller part.")
    if case.nursing and case.setting != "care home":
        raise UserError("funded nursing care is for a care home with nursing",
                        'Write setting "care home", or take nursing out.')  # fmt: skip
    if case.household == "single" and case.resident in {"both", "one"}:
        raise UserError(
            say("resident is {resident}, and the household single", resident=repr(case.resident)),
            'Write household "couple".',
        )
    return case


def whole(key: str, value: object) -> int:
    """A whole amount of zero or more. Raises UserError: half a penny is never rounded unseen."""
    if type(value) is not int:
        raise UserError(
            say("{key} is {value}", key=key, value=repr(value)),
            "Write whole pence (cents), such as 3065 for 30.65.",
        )
    if not 0 <= value < _MOST:
        raise UserError(
            say("{key} is {value}", key=key, value=value),
            "Write an amount of zero or more, in pence.",
        )
    return value


def _day(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise UserError(
            say("day is {value}", value=repr(value)), "Write a date such as 2026-05-01."
        ) from None


def _list(said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    some = said.get(key) or []
    if not isinstance(some, list | tuple) or not all(isinstance(e, Mapping) for e in some):
        raise UserError(
            say("{key} is no list of entries", key=key),
            say('Write {key}: [{{"kind": ..., "amount": ...}}].', key=key),
        )
    return list(some)


def _premiums(some: object) -> tuple[str, ...]:
    if not isinstance(some, list | tuple):
        raise UserError("premiums is no list", 'Write premiums: ["carer"].')
    for each in some:
        if each not in PREMIUMS:
            raise UserError(
                say("there is no premium {each}", each=repr(each)), nearest(str(each), PREMIUMS)
            )
    return tuple(dict.fromkeys(some))


def _entry(
    where: str, said: Mapping[str, Any], known: tuple[str, ...], need: tuple[str, ...]
) -> None:
    for key in said:
        if key not in known:
            raise UserError(
                say("{where} has no {key}", where=where, key=repr(key)), nearest(key, known)
            )
    for key in need:
        if key not in said:
            raise UserError(
                say("{where} has no {key}", where=where, key=key), say("Write {key}.", key=key)
            )


def _income(number: int, said: Mapping[str, Any]) -> Income:
    where = say("income {number}", number=number)
    _entry(where, said, ("kind", "amount", "words", "out", "why"), ("kind", "amount"))
    if said["kind"] not in kinds(INCOME):
        raise UserError(
            say("{where}: kind {kind}", where=where, kind=repr(said["kind"])),
            nearest(str(said["kind"]), kinds(INCOME)),
        )
    amount, out = (
        whole(say("{where}, amount", where=where), said["amount"]),
        whole(say("{where}, out", where=where), said.get("out", 0)),
    )
    if out > amount:
        raise UserError(
            say("{where}: more is left out than comes in", where=where), "Write a smaller out."
        )
    return Income(kind=said["kind"], amount=amount, words=str(said.get("words", "")), out=out,
                  why=str(said.get("why", "")))  # fmt: skip


def _capital(number: int, said: Mapping[str, Any]) -> Capital:
    where = say("capital {number}", number=number)
    _entry(where, said, ("kind", "amount", "words", "share"), ("kind", "amount"))
    if said["kind"] not in kinds(CAPITAL):
        words = nearest(str(said["kind"]), kinds(CAPITAL))
        raise UserError(say("{where}: kind {kind}", where=where, kind=repr(said["kind"])), words)
    return Capital(
        kind=said["kind"],
        amount=whole(say("{where}, amount", where=where), said["amount"]),
        words=str(said.get("words", "")),
        share=_share(where, said.get("share", 1)),
    )


def _home(said: object) -> Property:
    if not isinstance(said, Mapping):
        raise UserError("home is no table", 'Write home: {"value": 20000000}.')
    _entry("home", said, ("value", "secured", "share", "lives", "deferred"), ("value",))
    lives = said.get("lives", "nobody")
    if lives not in kinds(HOME):
        raise UserError(
            say("home: lives is {lives}", lives=repr(lives)), nearest(str(lives), kinds(HOME))
        )
    numbers = {
        k: whole(say("home, {k}", k=k), said.get(k, 0)) for k in ("value", "secured", "deferred")
    }
    return Property(**numbers, share=_share("home", said.get("share", 1)), lives=str(lives))


def _gift(number: int, said: Mapping[str, Any]) -> Gift:
    where = say("gift {number}", number=number)
    _entry(where, said, ("amount", "back"), ("amount", "back"))
    return Gift(amount=whole(say("{where}, amount", where=where), said["amount"]),
                back=whole(say("{where}, back", where=where), said["back"]))  # fmt: skip


@lru_cache(maxsize=256)
def _fraction(text: str) -> Fraction:
    return fraction_of(text)


def _share(where: str, value: object) -> Fraction:
    try:
        share = _fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise UserError(
            say("{where}: share is {value}", where=where, value=repr(value)),
            'Write a share such as "1/2".',
        ) from None
    if not 0 < share <= 1:
        raise UserError(
            say("{where}: share is {value}", where=where, value=repr(value)),
            'Write a share from above 0 to 1, as "1/2".',
        )
    return share
