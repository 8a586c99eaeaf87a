"""A case for `onesystem capitation`, as JSON says it, and what comes of it. Pure."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.budget.capitation.care_plus import CARE_PLUS, care_plus
from onesystem.budget.capitation.england import GLOBAL_SUM, WEIGHTED, global_sum, weighted_list
from onesystem.budget.capitation.shares import SHARES, shares
from onesystem.budget.capitation.working import Worked
from onesystem.vocabulary.errors import BadConfig, nearest
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import fraction_of

RULES = say_each(
    {
        GLOBAL_SUM: "What a practice in England is due a year for its weighted list",
        WEIGHTED: "Weighted lists from registered patients by age and sex",
        CARE_PLUS: "Who is eligible for Care Plus in New Zealand",
        SHARES: "A sum shared by weighted populations (PBFF)",
    }
)
_NEEDS = {
    GLOBAL_SUM: ("day", "weighted", "registered"),
    WEIGHTED: ("day", "practices"),
    CARE_PLUS: ("day", "enrolled"),
    SHARES: ("people", "weights", "sum"),
}


def work(case: Mapping[str, Any]) -> Worked:
    """The working of a case. Raises BadConfig for what cannot be read, with the cure."""
    rule = case.get("rule")
    if rule not in RULES:
        raise BadConfig(say("there is no rule {rule}", rule=repr(rule)), nearest(str(rule), RULES))
    missing = [name for name in _NEEDS[rule] if name not in case]
    if missing:
        raise BadConfig(
            say("the case lacks {missing}", missing=", ".join(missing)), "See --schema case"
        )
    try:
        return _work(rule, case)
    except (AttributeError, TypeError, ZeroDivisionError) as error:
        raise BadConfig(
            say("the case cannot be read: {error}", error=error), "See --schema case"
        ) from error


def _work(rule: str, case: Mapping[str, Any]) -> Worked:
    if rule == SHARES:
        return shares(
            _groups(case["people"]), _numbers(case["weights"]), sum_=_whole(case["sum"]),
            currency=str(case.get("currency", "NZD")), adjusters=_groups(case.get("adjusters", {})),
            floors={d: _whole(f) for d, f in case.get("floors", {}).items()},
            source=str(case.get("source", "")),
        )  # fmt: skip
    day = _day(case["day"])
    if rule == GLOBAL_SUM:
        return global_sum(
            weighted=_number(case["weighted"]), registered=_number(case["registered"]), day=day,
            out_of_hours=bool(case.get("out_of_hours")), london=bool(case.get("london")),
        )  # fmt: skip
    if rule == WEIGHTED:
        return weighted_list(_groups(case["practices"]), day, joined=_numbers(
            case.get("joined", {})), care_home=_numbers(case.get("care_home", {})))  # fmt: skip
    return care_plus(
        {cell: [_whole(n) for n in counts] for cell, counts in case["enrolled"].items()}, day,
        high_use=_whole(case.get("high_use", 0)),
        taken_up=None if case.get("taken_up") is None else _whole(case["taken_up"]),
        population=None if case.get("population") is None else _whole(case["population"]),
    )  # fmt: skip


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise BadConfig(
            say("{said} is no day", said=repr(said)), "Write it as 2022-04-01"
        ) from error


def _number(said: Any) -> Fraction:
    """A number, exact: 4579.78 is 457978/100, whether it came as text or as a JSON number."""
    try:
        found = fraction_of(str(said))
    except ValueError as error:
        raise BadConfig(
            say("{said} is no number", said=repr(said)), "Write it as 4579.78"
        ) from error
    if isinstance(said, bool) or found < 0:
        raise BadConfig(
            say("{said} is no count of people", said=repr(said)), "Give a number of nothing or more"
        )
    return found


def _whole(said: Any) -> int:
    found = _number(said)
    if found.denominator != 1:
        raise BadConfig(
            say("{said} is no whole number", said=repr(said)), "Give whole people, or whole pence"
        )
    return int(found)


def _numbers(said: Mapping[str, Any]) -> dict[str, Fraction]:
    return {str(name): _number(value) for name, value in said.items()}


def _groups(said: Mapping[str, Any]) -> dict[str, dict[str, Fraction]]:
    return {str(name): _numbers(value) for name, value in said.items()}
