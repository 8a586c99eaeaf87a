"""A template in a language: every sentence and every word of it that its catalogue knows.

English is not translated at all: its templates are compiled as they lie. A language has an
environment of its own, whose templates are compiled with its catalogue, so that no page looks
anything up that the template says.
"""

import html
from typing import Any

from jinja2 import nodes

from onesystem.web.language.pieces import Filled, Piece, Word
from onesystem.web.language.sentences import (
    is_sentence,
    message_of,
    put_back,
    side_by_side,
    split,
)
from onesystem.web.language.shown import Macros, Signature
from onesystem.web.language.values import Catalogue, Values
from onesystem.web.language.walk import Walk, emitted, raw


class Translate(Walk):
    """A walk that puts sentences into a language."""

    def __init__(
        self, catalogue: Catalogue, known: dict[str, Signature], language: str = ""
    ) -> None:
        super().__init__(language)
        self._catalogue = catalogue
        self._known = known
        self._values = Values(catalogue, known)

    def value(self, expression: nodes.Expr) -> nodes.Expr:
        """An expression that people read, in the language."""
        # An English plural stays whole until its sentence is known.
        return expression if _counted(expression) else self._values.of(expression)

    def run(self, pieces: list[Piece], *, attribute: bool) -> list[nodes.Node]:
        """A stretch of pieces: one sentence, or some that stand beside each other."""
        groups = side_by_side(pieces)
        if len(groups) > 1:
            return [node for group in groups for node in self.run(group, attribute=attribute)]
        before, middle, after = split(pieces)
        counts = [c for p in middle if isinstance(p, Filled) and (c := _counted(p.node))]
        if counts and (said := self._plural(middle, counts[0], attribute=attribute)):
            return [*raw(before), *said, *raw(after)]
        for piece in pieces:
            if isinstance(piece, Filled) and _counted(piece.node):
                piece.node = self._values.of(piece.node)
        if is_sentence(before, middle):
            message = message_of(middle)
            text = self._catalogue.message(message.text)
            made = put_back(text, message, attribute=attribute) if text is not None else None
            if made is not None:
                return [*raw(before), *made, *raw(after)]
        return raw(pieces)

    def defaulted(self, node: nodes.Macro) -> None:
        """What a macro says where nobody says anything else."""
        _, words = self._known.get(node.name, ((), {}))
        for i, argument in enumerate(node.args[-len(node.defaults) :] if node.defaults else ()):
            self._values.set(node.defaults, i, words.get(argument.name, frozenset()))

    def _plural(
        self, middle: list[Piece], count: nodes.Expr, *, attribute: bool
    ) -> list[nodes.Node] | None:
        one = message_of([_form(piece, count, 0) for piece in middle])
        many = message_of([_form(piece, count, 1) for piece in middle])
        if not is_sentence([], [Word(html.escape(one.text))]):
            return None
        forms = self._catalogue.plural(one.text, many.text)
        made = [put_back(form, many, attribute=attribute) for form in forms or []]
        if not made or any(each is None for each in made):
            return None
        return _chosen(count, [emitted(each or []) for each in made])


def _counted(node: nodes.Expr) -> nodes.Expr | None:
    """What is counted by an English plural such as `"day" if n == 1 else "days"`."""
    match node:
        case nodes.CondExpr(
            test=nodes.Compare(
                expr=count, ops=[nodes.Operand(op="eq" | "ne", expr=nodes.Const(value=1))]
            ),
            expr1=nodes.Const(value=str()),
            expr2=None | nodes.Const(value=str()),
        ):
            return count
        case _:
            return None


def _form(piece: Piece, count: nodes.Expr, form: int) -> Piece:
    """The piece in the singular (0) or the plural (1)."""
    if not (isinstance(piece, Filled) and _counted(piece.node) == count):
        return piece
    choice: Any = piece.node
    arms = [choice.expr1, choice.expr2]
    if choice.test.ops[0].op == "ne":
        arms.reverse()
    return Word(html.escape(arms[form].value) if arms[form] is not None else "")


def _chosen(count: nodes.Expr, forms: list[list[nodes.Node]]) -> list[nodes.Node]:
    made = forms[-1]
    for i in range(len(forms) - 2, -1, -1):
        which = nodes.Filter(count, "plural_form", [], [], None, None)
        test = nodes.Compare(which, [nodes.Operand("eq", nodes.Const(i))])
        made = [nodes.If(test, forms[i], [], made)]
    return made


def translated(
    made: nodes.Template, catalogue: Catalogue, macros: Macros, language: str = ""
) -> nodes.Template:
    """The template in the language of the catalogue, changed in place."""
    walk = Translate(catalogue, macros.of(made), language)
    walk.template(made, macros.blocks_above(made))
    return made
