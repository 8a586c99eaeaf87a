"""What nodes say of rows. Each node is made ready once, and asked once of the same rows."""

import operator
from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from onesystem.flow.measures.columns import calendar
from onesystem.flow.measures.columns.gathering import gathered
from onesystem.flow.measures.columns.rows import Asked, Rows
from onesystem.flow.measures.columns.values import (
    Array,
    Column,
    Text,
    Value,
    both_known,
    chosen,
    same,
)
from onesystem.flow.measures.language import GATHER
from onesystem.flow.measures.tree import (
    All,
    Among,
    Arith,
    Call,
    Choose,
    Compare,
    Const,
    Field,
    Node,
    Not,
    Some,
    ages_other,
)

_DAY = 86_400_000


@lru_cache(maxsize=8192)
def asked(node: Node) -> Asked:
    """The function that asks a node of rows."""
    if isinstance(node, Field):
        name, other = node.name, node.other
        return lambda rows: rows.field(name, other=other)
    inner = _inner(node)

    def ask(rows: Rows) -> Column:
        found: Column | None = rows.memo.get(ask)
        if found is None:
            found = rows.memo[ask] = inner(rows)
        return found

    return ask


def _inner(node: Node) -> Asked:  # noqa: C901, PLR0911 - one case a form
    match node:
        case Const(str() as word):
            constant = Text(np.zeros((), np.int32), (word,))
            return lambda rows: constant  # noqa: ARG005
        case Const(value):
            number = Value(np.asarray(value))
            return lambda rows: number  # noqa: ARG005
        case Compare(op, left, right):
            return _compared(_COMPARE[op], op, asked(left), asked(right))
        case Among(what, values):
            return _of_text(asked(what), frozenset(values).__contains__)
        case All(parts):
            return _all([asked(part) for part in parts])
        case Some(parts):
            return _some([asked(part) for part in parts])
        case Not(what):
            return _not(asked(what))
        case Arith(op, left, right):
            return _arith(_SUMS[op], asked(left), asked(right))
        case Choose(condition, then, otherwise):
            return _choose(asked(condition), asked(then), asked(otherwise))
        case Call(name, args):
            if name in GATHER:
                return gathered(node, asked)
            return _called(node, name, args)
    raise TypeError(node)


def _compared(work: Callable[..., Any], op: str, left: Asked, right: Asked) -> Asked:
    def compare(rows: Rows) -> Value:
        a, b = left(rows), right(rows)
        if not isinstance(a, Text):
            return Value(work(a.values, b.values), both_known(a, b))
        found = same(a, b)  # texts have no order in the language
        return Value(found if op == "==" else ~found)

    return compare


def _of_text(what: Asked, say: Callable[[str], bool]) -> Asked:
    return lambda rows: Value(what(rows).told(say, bool))


def _all(parts: list[Asked]) -> Asked:
    def every(rows: Rows) -> Value:
        said = [part(rows) for part in parts]
        true = reduce(operator.and_, (each.true for each in said))
        if all(each.known is None for each in said):
            return Value(true)
        false = reduce(operator.or_, (_false(each) for each in said))
        return Value(true, true | false)

    return every


def _some(parts: list[Asked]) -> Asked:
    def some(rows: Rows) -> Value:
        said = [part(rows) for part in parts]
        true = reduce(operator.or_, (each.true for each in said))
        if all(each.known is None for each in said):
            return Value(true)
        false = reduce(operator.and_, (_false(each) for each in said))
        return Value(true, true | false)

    return some


def _false(said: Value) -> Array:
    """Where a condition is known not to hold."""
    found = ~said.values
    return found if said.known is None else found & said.known


def _not(what: Asked) -> Asked:
    def turned(rows: Rows) -> Value:
        said = what(rows)
        return Value(~said.values, said.known)

    return turned


def _arith(work: Callable[..., Any], left: Asked, right: Asked) -> Asked:
    def sums(rows: Rows) -> Value:
        a, b = left(rows), right(rows)
        return Value(work(a.values, b.values), both_known(a, b))

    return sums


def _choose(condition: Asked, then: Asked, otherwise: Asked) -> Asked:
    def choose(rows: Rows) -> Column:
        test, a, b = condition(rows).true, then(rows), otherwise(rows)
        if isinstance(a, Text):
            return chosen(test, a, b)
        known = None
        if a.known is not None or b.known is not None:
            known = np.where(test, _known(a), _known(b))
        return Value(np.where(test, a.values, b.values), known)

    return choose


def _known(said: Value) -> Array:
    return np.True_ if said.known is None else said.known  # type: ignore[return-value]


def _called(node: Call, name: str, args: tuple[Node, ...]) -> Asked:  # noqa: PLR0911 - a table
    inner = [asked(arg) for arg in args if not isinstance(arg, Const) or not _is_word(arg)]
    words = [str(arg.value) for arg in args[1:] if isinstance(arg, Const)]
    match name:
        case "known":
            return lambda rows: _is_known(rows, inner[0](rows))
        case "first_known":
            return lambda rows: reduce(_or_else, (each(rows) for each in inner))
        case "age":
            other = ages_other(node)
            return lambda rows: _age(rows, rows.field("born", other=other), inner[0](rows))
        case "in_codes":
            return lambda rows: Value(inner[0](rows).told(rows.world.codes[words[0]].has, bool))
        case "price":
            return lambda rows: _priced(inner[0](rows), rows.world.prices[words[0]])
        case "starts_with":
            begins = tuple(words)
            return _of_text(inner[0], lambda text: text.startswith(begins))
        case "contains":
            parts = [word.lower() for word in words]
            return _of_text(inner[0], lambda text: any(part in text.lower() for part in parts))
        case "part":
            return lambda rows: _part(inner[0](rows), inner[1](rows))
    work = _PLAIN[name]

    def call(rows: Rows) -> Value:
        said = [each(rows) for each in inner]
        known = reduce(_both, (each.known for each in said))
        return Value(work(rows, *(each.values for each in said)), known)

    return call


def _is_word(node: Const) -> bool:
    return isinstance(node.value, str)


def _both(a: Array | None, b: Array | None) -> Array | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def _is_known(rows: Rows, said: Value) -> Value:
    if isinstance(said, Text) or said.known is None:
        return Value(np.ones(len(rows), bool))
    return Value(said.known)


def _or_else(a: Value, b: Value) -> Value:
    if a.known is None:
        return a
    known = None if b.known is None else a.known | b.known
    return Value(np.where(a.known, a.values, b.values), known)


def _age(rows: Rows, born: Any, at: Value) -> Value:
    day = calendar.day(rows.world.clock, at.values)
    return Value(calendar.years(born.values, day), both_known(born, at))


def _priced(text: Text, table: Any) -> Value:
    return Value(text.told(lambda word: table.get(word, 0), np.int64))


def _part(a: Value, b: Value) -> Value:
    some = b.values != 0
    known = some if (both := both_known(a, b)) is None else some & both
    return Value(a.values * 1_000_000 // np.where(some, b.values, 1), known)


_COMPARE: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SUMS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip
_PLAIN: dict[str, Callable[..., Any]] = {
    "minutes": lambda r, a, b: (b - a) / 60_000,  # noqa: ARG005
    "hours": lambda r, a, b: (b - a) / 3_600_000,  # noqa: ARG005
    "days": lambda r, a, b: (b - a) / _DAY,  # noqa: ARG005
    "lasted": lambda r, a, b: b - a,  # noqa: ARG005
    "nights": lambda r, a, b: calendar.day(r.world.clock, b) - calendar.day(r.world.clock, a),
    "day": lambda r, a: calendar.day(r.world.clock, a),
    "days_after": lambda r, a, n: a + n * _DAY,  # noqa: ARG005
    "earlier": lambda r, a, b: np.minimum(a, b),  # noqa: ARG005
    "later": lambda r, a, b: np.maximum(a, b),  # noqa: ARG005
    "at_most": lambda r, a, b: np.minimum(a, b),  # noqa: ARG005
    "at_least": lambda r, a, b: np.maximum(a, b),  # noqa: ARG005
}
