"""The parsed form of an expression: a small tree that every engine reads alike.

A value is a flag, a text, a time (whole milliseconds since 1970 UTC), a whole number or a number.
Any of them may be unknown, and what is worked out of the unknown is unknown, as in SQL; a
condition counts only where it is known to be true.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from onesystem.vocabulary.said import say


class Kind(StrEnum):
    """What a value is."""

    FLAG = say("a condition")
    TEXT = say("a text")
    TIME = say("a time")
    WHOLE = say("a whole number")
    NUMBER = say("a number")


@dataclass(frozen=True, slots=True)
class Const:
    """A literal."""

    value: bool | int | float | str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the unit in hand or, with `other`, of another unit of the same person."""

    name: str
    other: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values beside each other: == != < <= > >=."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a text is one of some."""

    what: "Node"
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """All of these (and)."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Any of these (or)."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition; unknown stays unknown."""

    what: "Node"


@dataclass(frozen=True, slots=True)
class Arith:
    """A sum, difference or product."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Choose:
    """The one value where a condition is true, the other where it is false or unknown."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language."""

    name: str
    args: "tuple[Node, ...]"


Node = Const | Field | Compare | Among | All | Some | Not | Arith | Choose | Call

TRUE = Const(value=True)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Compare(_, left, right) | Arith(_, left, right):
            return left, right
        case Among(what, _) | Not(what):
            return (what,)
        case All(parts) | Some(parts):
            return parts
        case Choose(condition, then, otherwise):
            return condition, then, otherwise
        case Call(_, args):
            return args
        case _:
            return ()


def walk(node: Node) -> list[Node]:
    """The node and all below it."""
    return [node, *(below for child in children(node) for below in walk(child))]


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The conditions that must all hold."""
    if isinstance(node, All):
        return tuple(each for part in node.parts for each in conjuncts(part))
    return () if node == TRUE else (node,)


def both(*nodes: Node) -> Node:
    """All of the conditions as one."""
    parts = tuple(each for node in nodes for each in conjuncts(node))
    if not parts:
        return TRUE
    return parts[0] if len(parts) == 1 else All(parts)


def settings_of(node: Node, *, other: bool = False) -> frozenset[str]:
    """The settings that a condition lets through, where it says so plainly; else none.

    `other` asks it of the other units instead of the one in hand.
    """
    for each in conjuncts(node):
        match each:
            case Compare("==", Field("setting", who), Const(str() as setting)) if who is other:
                return frozenset([setting])
            case Among(Field("setting", who), settings) if who is other:
                return frozenset(settings)
    return frozenset()


def ages_other(node: Node) -> bool:
    """Whether it asks for the age at a time of another unit."""
    return any(
        isinstance(n, Call) and n.name == "age" and any(
            isinstance(f, Field) and f.other for f in walk(n)
        )
        for n in walk(node)
    )  # fmt: skip


def mapped(node: Node, change: Callable[[Node], Node | None]) -> Node:  # noqa: PLR0911 - one case a form
    """The tree with some nodes changed."""
    changed = change(node)
    if changed is not None:
        return changed

    def go(below: Node) -> Node:
        return mapped(below, change)

    match node:
        case Compare(_, left, right) | Arith(_, left, right):
            return replace(node, left=go(left), right=go(right))
        case Among(what, _) | Not(what):
            return replace(node, what=go(what))
        case All(parts) | Some(parts):
            return replace(node, parts=tuple(map(go, parts)))
        case Choose(condition, then, otherwise):
            return Choose(go(condition), go(then), go(otherwise))
        case Call(name, args):
            return Call(name, tuple(map(go, args)))
        case _:
            return node
