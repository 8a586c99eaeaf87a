"""A part of a condition in words: as it was written, and what was asked for."""

from collections.abc import Callable, Mapping
from typing import Any

from onesystem.record.views.paths import (
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Negative,
    Node,
    Variable,
)
from onesystem.vocabulary.said import say


def asked_words(sign: str, right: Node) -> str:
    """What a comparison asks for; nothing where it is a truth, which the fact says itself."""
    if not isinstance(right, Literal) or isinstance(right.value, bool) or right.value is None:
        return ""
    value = right.value
    return {
        ">=": say("{value} or more is asked for", value=value),
        ">": say("more than {value} is asked for", value=value),
        "<=": say("{value} or less is asked for", value=value),
        "<": say("less than {value} is asked for", value=value),
        "=": say("{value} is asked for", value=value),
        "!=": say("anything but {value} is asked for", value=value),
    }[sign]


def called(node: Node | None) -> list[str]:
    """What codes that stand in a condition are called: by their words where it says any."""
    if isinstance(node, Binary) and node.sign == "|":
        every = [*called(node.left), *called(node.right)]
        words = [each for each in every if not each.isdigit()]
        return list(dict.fromkeys(words or every))
    if isinstance(node, Literal):
        return [str(node.value).rpartition("|")[2]]
    return [text_of(node)]


def text_of(node: Node | None) -> str:
    """A tree as FHIRPath again."""
    return _WRITE[type(node)](node)


def _member(node: Any) -> str:
    return f"{text_of(node.left)}.{node.name}" if node.left else str(node.name)


def _call(node: Any) -> str:
    called = f"{node.name}({', '.join(map(text_of, node.args))})"
    return f"{text_of(node.left)}.{called}" if node.left else called


_WRITE: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda node: "",  # noqa: ARG005
    Literal: lambda node: _literal(node.value),
    Variable: lambda node: str(node.name),
    Member: _member,
    Call: _call,
    Index: lambda node: f"{text_of(node.left)}[{text_of(node.at)}]",
    Negative: lambda node: f"-{text_of(node.of)}",
    Binary: lambda node: f"{_bound(node.left)} {node.sign} {_bound(node.right)}",
}


def _bound(node: Node) -> str:
    return f"({text_of(node)})" if isinstance(node, Binary) else text_of(node)


def _literal(value: object) -> str:
    if value is None:
        return "{}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else str(value)
