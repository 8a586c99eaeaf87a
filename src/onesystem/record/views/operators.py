"""The operators of FHIRPath on collections. Empty in, empty out, but for `and` and `or`."""

from collections.abc import Callable, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from onesystem.record.views import temporal
from onesystem.record.views.trouble import BadView

Items = Sequence[Any]
_NUMBERS = (int, float, Decimal)


def single(items: Items, what: str) -> Any:
    """The one item, None for none. Raises BadView for several."""
    if len(items) > 1:
        raise BadView(f"{what} has {len(items)} values where one is asked for",
                      "Narrow the path with first(), where(...) or an index.")  # fmt: skip
    return items[0] if items else None


def truth(items: Items, what: str) -> bool | None:
    """A boolean, None for none. Raises BadView for anything else."""
    value = single(items, what)
    if value is None:
        return None
    if isinstance(value, bool):
        return value
    raise BadView(f"{what} is {str(value)[:30]!r} and not true or false",
                  "Compare it, or ask exists().")  # fmt: skip


def same(left: Any, right: Any, *, dated: bool) -> bool | None:
    """Whether two items are equal; None where their dates do not tell."""
    if isinstance(left, str) and isinstance(right, str):
        if left == right:
            return True
        if dated or (temporal.looks_whole(left) and temporal.looks_whole(right)):
            order = temporal.compare(left, right)
            return None if order is None else order == 0
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left is right)
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return bool(_exact(left) == _exact(right))
    return bool(left == right)


def equal(left: Items, right: Items, *, dated: bool) -> bool | None:
    """`=`: None where a side is empty, or where dates do not tell."""
    if not left or not right:
        return None
    if len(left) != len(right):
        return False
    found: bool | None = True
    for a, b in zip(left, right, strict=True):
        one = same(a, b, dated=dated)
        if one is False:
            return False
        found = None if one is None else found
    return found


_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def ordered(sign: str, left: Items, right: Items, *, dated: bool) -> bool | None:
    """`<`, `>`, `<=` and `>=` of numbers, texts, dates and times."""
    a, b = single(left, f"the left of {sign}"), single(right, f"the right of {sign}")
    if a is None or b is None:
        return None
    if isinstance(a, str) and isinstance(b, str):
        if dated or (temporal.looks_whole(a) and temporal.looks_whole(b)):
            order = temporal.compare(a, b)
        else:
            order = (a > b) - (a < b)
    elif _is_number(a) and _is_number(b):
        one, other = _exact(a), _exact(b)
        order = (one > other) - (one < other)
    else:
        raise BadView(f"{str(a)[:30]!r} and {str(b)[:30]!r} cannot be put in order by {sign}",
                      "Compare numbers, texts, dates or times of one kind.")  # fmt: skip
    return None if order is None else _ORDERS[sign](order)


def logic(sign: str, left: bool | None, right: bool | None) -> bool | None:
    """Three-valued `and`, `or`, `xor` and `implies`."""
    if sign == "implies":
        sign, left = "or", None if left is None else not left
    if sign == "xor":
        return None if left is None or right is None else left is not right
    decides = sign == "or"
    if left is decides or right is decides:
        return decides
    return None if left is None or right is None else not decides


def arithmetic(sign: str, left: Items, right: Items) -> Any:
    """`+ - * / div mod` of numbers, `+` and `&` of texts; None for none, and for division by 0."""
    a, b = single(left, f"the left of {sign}"), single(right, f"the right of {sign}")
    if sign == "&":
        return f"{'' if a is None else a}{'' if b is None else b}"
    if a is None or b is None:
        return None
    if sign == "+" and isinstance(a, str) and isinstance(b, str):
        return a + b
    if not (_is_number(a) and _is_number(b)):
        raise BadView(f"{str(a)[:30]!r} {sign} {str(b)[:30]!r} cannot be worked out",
                      "Write numbers on both sides.")  # fmt: skip
    return _worked_out(sign, _exact(a), _exact(b))


_FIGURES: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: Decimal(a) / Decimal(b),
    "div": lambda a, b: int(Decimal(a) // Decimal(b)),
    "mod": lambda a, b: a - b * int(Decimal(a) // Decimal(b)),
}


def _worked_out(sign: str, a: Any, b: Any) -> Any:
    try:
        return _FIGURES[sign](a, b)
    except (DivisionByZero, InvalidOperation, ZeroDivisionError):
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value
