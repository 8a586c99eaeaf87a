"""What the nodes of a measure say of the rows of a table, as Ibis values.

A condition that is unknown says no, a number that is unknown counts nothing.
"""

import re
from collections.abc import Sequence
from functools import reduce
from typing import Any

from onesystem.flow.measures import portable
from onesystem.flow.measures.tree import (
    TRUE,
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
    conjuncts,
)
from onesystem.flow.measures.world import World

_DAY = portable.DAY


class Nodes:
    """Nodes as values of the tables of one engine, whose moments lie in first to last (ms)."""

    def __init__(self, world: World, *, first: int, last: int) -> None:
        self.world, self.first, self.last = world, first, last

    def day(self, moment: Any) -> Any:
        """The day of a moment."""
        return portable.day_of(moment, self.world.clock, first=self.first, last=self.last)

    def flag(self, node: Node, table: Any) -> Any:
        """A condition, false where it is unknown."""
        return self.value(node, table).fill_null(False)

    def holds(self, node: Node, table: Any) -> list[Any]:
        """The conditions that all must hold, to filter by.

        A filter lets nothing unknown through of itself, and plain conditions reach the files.
        """
        return [self.value(part, table) for part in conjuncts(node)]

    def those(self, node: Node, table: Any) -> Any:
        """The rows of which a condition holds."""
        held = self.holds(node, table)
        return table.filter(*held) if held else table

    def whole(self, node: Node | int, table: Any) -> Any:
        """A whole number; a condition counts one, what is unknown nothing."""
        import ibis

        if isinstance(node, int) or node == TRUE:
            return ibis.literal(int(node == TRUE), "int64")
        value = self.value(node, table)
        if value.type().is_boolean():
            return value.fill_null(False).ifelse(1, 0).cast("int64")
        return value.fill_null(0).cast("int64")

    def value(self, node: Node, table: Any) -> Any:  # noqa: C901, PLR0911 - one case a form
        """What a node says of a row of the table."""
        import ibis

        match node:
            case Const(value):
                return portable.whole(value) if type(value) is int else ibis.literal(value)
            case Field(name, other):
                return table[f"o_{name}"] if other else table[name]
            case Compare(op, left, right):
                return _OPS[op](self.value(left, table), self.value(right, table))
            case Among(what, values):
                return self.value(what, table).isin(list(values))
            case All(parts):
                return reduce(lambda a, b: a & b, (self.value(p, table) for p in parts))
            case Some(parts):
                return reduce(lambda a, b: a | b, (self.value(p, table) for p in parts))
            case Not(what):
                return ~self.value(what, table)
            case Arith("*", Call("price") as price, right):
                return self.priced(self.value(price, table), right, table)
            case Arith(op, left, right):
                return _OPS[op](self.value(left, table), self.value(right, table))
            case Choose(condition, then, otherwise):
                return self.flag(condition, table).ifelse(
                    self.value(then, table), self.value(otherwise, table)
                )
            case Call(name, args):
                return self.call(name, args, table)

    def priced(self, price: Any, times: Node, table: Any) -> Any:
        """A price times a number, which is not worked out where the price is nothing."""
        import ibis

        product, unknown = price * self.value(times, table), self.unknown(times, table)
        if unknown is None:
            return product
        nothing = unknown.ifelse(ibis.null("int64"), ibis.literal(0, "int64"))
        return (price == 0).ifelse(nothing, product)

    def unknown(self, node: Node, table: Any) -> Any | None:
        """Whether a number is unknown, told without working it out; None where that cannot be."""
        import ibis

        match node:
            case Const():
                return ibis.literal(value=False)
            case Field():
                return self.value(node, table).isnull()
            case Call("nights" | "lasted" | "day" | "at_least" | "at_most", args):
                parts = [self.unknown(arg, table) for arg in args]
                known = [part for part in parts if part is not None]
                return reduce(lambda a, b: a | b, known) if len(known) == len(parts) else None
        return None

    def call(self, name: str, args: Sequence[Node], table: Any) -> Any:
        """What a function gives."""
        if name == "age":
            born = "o_born" if ages_other(Call(name, tuple(args))) else "born"
            day = self.day(self.value(args[0], table))
            return portable.years_between(table[born], day)
        if name in {"in_codes", "starts_with", "contains", "price"}:
            return self.of_text(name, args, table)
        return _CALLS[name](self, *(self.value(arg, table) for arg in args))

    def of_text(self, name: str, args: Sequence[Node], table: Any) -> Any:
        """What a function of a text gives."""
        import ibis

        text = self.value(args[0], table)
        words = [str(arg.value) for arg in args[1:] if isinstance(arg, Const)]
        if name == "in_codes":
            return _on_list(text, self.world.codes[words[0]])
        if name == "price":
            table_ = self.world.prices[words[0]]
            cases = [(text == word, portable.whole(n)) for word, n in table_.items()]
            return ibis.cases(*cases, else_=portable.whole(0))
        if name == "starts_with":
            return reduce(lambda a, b: a | b, (text.startswith(word) for word in words))
        lowered = text.lower()
        return reduce(lambda a, b: a | b, (lowered.contains(word.lower()) for word in words))


def _on_list(text: Any, codes: Any) -> Any:
    import ibis

    said = text.replace(".", "").replace(" ", "").upper()
    # One pattern: a list of codes as a list of conditions is asked one by one.
    exact = "|".join(map(re.escape, sorted(codes.exact)))
    parts = [f"(?:{exact})\\z"] if exact else []
    parts += [re.escape(prefix) for prefix in sorted(codes.prefixes)]
    return said.re_search(f"^(?:{'|'.join(parts)})") if parts else ibis.literal(value=False)


def _divided(whole: int) -> Any:
    return lambda _, a, b: portable.ratio(b - a, whole)


def _least(_: Any, a: Any, b: Any) -> Any:
    return ((a > b) | b.isnull()).ifelse(b, a)


def _greatest(_: Any, a: Any, b: Any) -> Any:
    return ((a < b) | b.isnull()).ifelse(b, a)


_CALLS: dict[str, Any] = {
    "known": lambda _, a: a.notnull(),
    "minutes": lambda _, a, b: portable.minutes_between(a, b),
    "hours": _divided(3_600_000),
    "days": _divided(_DAY),
    "lasted": lambda _, a, b: b - a,
    "nights": lambda build, a, b: build.day(b) - build.day(a),
    "day": lambda build, a: build.day(a),
    "days_after": lambda _, a, n: a + n * _DAY,
    "first_known": lambda _, a, *rest: a.coalesce(*rest),
    "earlier": _least,
    "later": _greatest,
    "at_most": _least,
    "at_least": _greatest,
    "part": lambda _, a, b: portable.quotient(a * 1_000_000, b),
}
_OPS: dict[str, Any] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}
