"""Expressions that people read: the words in them, and how their values are shown."""

import html
import re
from typing import Any, Protocol

from jinja2 import nodes

from onesystem.web.language.pieces import Filled, Piece, Word
from onesystem.web.language.sentences import has_words, is_sentence, message_of, put_back, split
from onesystem.web.language.shown import KEPT, Path, Signature, argument, called

_NUMBER_FORM = re.compile(r"\{:[+]?,?(\.\d+)?f?\}$")


class Catalogue(Protocol):
    """What a language says."""

    wraps: bool  # whether values go through the filters of the language

    def message(self, text: str) -> str | None:
        """A message in the language; None where it is not translated."""

    def plural(self, one: str, many: str) -> list[str] | None:
        """All forms of a message that counts."""


class Values:
    """Expressions of one template in one language."""

    def __init__(self, catalogue: Catalogue, known: dict[str, Signature]) -> None:
        self._catalogue, self._known = catalogue, known

    def of(self, node: nodes.Expr) -> nodes.Expr:  # noqa: PLR0911 - one arm a kind
        """The expression with its words translated and its values shown as the language does."""
        match node:
            case nodes.Const():
                return self._const(node)
            case nodes.CondExpr():
                node.expr1 = self.of(node.expr1)
                node.expr2 = self.of(node.expr2) if node.expr2 is not None else None
                return node
            case nodes.Or():
                node.left, node.right = self.of(node.left), self.of(node.right)
                return node
            case nodes.And():
                node.right = self.of(node.right)
                return node
            case nodes.Concat():
                return self._concat(node)
            case nodes.Filter():
                return self._filter(node)
            case nodes.Call():
                return self._call(node)
            case nodes.Getattr():
                return self._through("of", node.node, nodes.Const(node.attr), plain=node)
            case nodes.Name() | nodes.Getitem():
                return self._through("shown", node, plain=node)
            case _:
                return node

    def _through(self, name: str, node: Any, *args: nodes.Expr, plain: nodes.Expr) -> nodes.Expr:
        if not self._catalogue.wraps:
            return plain
        return nodes.Filter(node, name, list(args), [], None, None)

    def _const(self, node: nodes.Const) -> nodes.Expr:
        if not isinstance(node.value, str) or not has_words(html.escape(node.value)):
            return node
        words = node.value.strip()
        said = self._catalogue.message(words)
        return node if said is None else nodes.Const(node.value.replace(words, said))

    def _concat(self, node: nodes.Concat) -> nodes.Expr:
        parts = [each if _is_text(each) else self.of(each) for each in node.nodes]
        pieces: list[Piece] = [
            Word(html.escape(p.value)) if isinstance(p, nodes.Const) and _is_text(p) else Filled(p)
            for p in parts
        ]
        before, middle, after = split(pieces)
        node.nodes = parts
        if is_sentence(before, middle):
            message = message_of(middle)
            said = self._catalogue.message(message.text)
            made = put_back(said, message, attribute=False) if said is not None else None
            if made is not None:
                outer = [*(_plain(p) for p in before), *made, *(_plain(p) for p in after)]
                node.nodes = [_as_const(each) for each in outer]
        return node

    def _filter(self, node: nodes.Filter) -> nodes.Expr:
        if node.name == "plural" and node.args and all(_is_text(a) for a in node.args):
            one = node.args[0].value  # type: ignore[attr-defined]
            many = node.args[1].value if len(node.args) > 1 else f"{one}s"  # type: ignore[attr-defined]
            self._catalogue.plural(f"{{n}} {one}", f"{{n}} {many}")
        elif node.name in KEPT and node.node is not None:
            node.node = self.of(node.node)
            if node.name == "default" and node.args:
                node.args[0] = self.of(node.args[0])
        return node

    def _call(self, node: nodes.Call) -> nodes.Expr:
        arguments = called(node, self._known)
        for where, key, words in arguments or ():
            self.set(where, key, words)
        target = node.node
        if isinstance(target, nodes.Getattr) and target.attr == "strftime":
            return self._through("dated", node, plain=node)
        if isinstance(target, nodes.Getattr) and target.attr == "format":
            form = target.node
            if isinstance(form, nodes.Const) and _NUMBER_FORM.match(str(form.value)):
                return self._through("marked", node, plain=node)
        return node if arguments is not None else self._through("shown", node, plain=node)

    def set(self, where: Any, key: Any, words: frozenset[Path]) -> None:
        """Translate what stands there, as far as it is words."""
        node = argument(where, key)
        if () in words:
            made = self.of(node)
            if isinstance(where, list):
                where[key] = made
            else:
                setattr(where, key, made)
            return
        rows = frozenset(path[1:] for path in words if path[:1] == ("*",))
        match node:
            case nodes.List() | nodes.Tuple() if rows:
                for i, each in enumerate(node.items):
                    self._row(node.items, i, each, rows)
            case nodes.Add() if rows:
                self.set(node, "left", words)
                self.set(node, "right", words)
            case nodes.CondExpr() if rows:
                self.set(node, "expr1", words)
                if node.expr2 is not None:
                    self.set(node, "expr2", words)

    def _row(self, items: list[Any], i: int, each: Any, rows: frozenset[Path]) -> None:
        if () in rows:
            self.set(items, i, rows)
        elif isinstance(each, nodes.Tuple | nodes.List):
            for column in range(len(each.items)):
                below = frozenset(path[1:] for path in rows if path[:1] == (column,))
                if below:
                    self.set(each.items, column, below)


def _is_text(node: Any) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _plain(piece: Piece) -> nodes.Expr:
    if isinstance(piece, Word):
        return nodes.Const(html.unescape(piece.raw))
    assert isinstance(piece, Filled)  # noqa: S101 - nothing else stands in a concatenation
    return piece.node


def _as_const(node: Any) -> Any:
    if isinstance(node, nodes.TemplateData):
        return nodes.Const(html.unescape(node.data))
    return node
