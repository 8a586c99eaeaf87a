"""A walk over a template in document order: what is read by people, and what is for the machine."""

from copy import copy
from typing import Any

from jinja2 import nodes

from onesystem.web.language.pieces import VOID as _VOID
from onesystem.web.language.pieces import Choice, Cutter, Filled, Html, Piece, Tag, Wall, Word, data


class Walk:
    """Goes through a template and leaves it as it is; what derives from it says what changes."""

    def __init__(self, language: str = "") -> None:
        self._language = language
        self.blocks: dict[str, Html] = {}  # where each block stands

    def template(self, made: nodes.Template, parent: dict[str, Html] | None = None) -> None:
        """The whole template, in place. `parent` says where the blocks of its parent stand."""
        self.blocks = dict(parent or {})
        made.body, _ = self.body(made.body, Html())

    def value(self, expression: nodes.Expr) -> nodes.Expr:
        """An expression that people read."""
        return expression

    def unread(self, expression: nodes.Expr) -> None:
        """An expression in a place that nobody reads: an address, a class, a number of a form."""

    def asked(self, test: nodes.Node) -> None:
        """What a branch asks."""

    def run(self, pieces: list[Piece], *, attribute: bool) -> list[nodes.Node]:
        """A stretch of pieces between two walls."""
        del attribute
        return raw(pieces)

    def sentence(self, pieces: list[Piece], attribute: bool) -> list[nodes.Node]:
        """Pieces of an attribute or of a body: stretch by stretch, the walls as they are."""
        out: list[nodes.Node] = []
        stretch: list[Piece] = []
        lone = _lone(pieces)
        for i, piece in enumerate(pieces):
            if isinstance(piece, Wall) or i in lone:
                out += self.run(stretch, attribute=attribute) if stretch else []
                out += raw([piece])
                stretch = []
            else:
                stretch.append(piece)
        return out + (self.run(stretch, attribute=attribute) if stretch else [])

    def body(self, body: list[nodes.Node], html: Html) -> tuple[list[nodes.Node], bool]:
        """A body made anew, and whether it is words and inline tags alone."""
        began = html.mode
        cutter = Cutter(self.sentence, html, language=self._language)
        for node in body:
            if isinstance(node, nodes.Output):
                for child in node.nodes:
                    self._child(child, cutter, html)
            else:
                cutter.statement(*self.statement(node, html))
        if began == "attr" == html.mode and html.is_read:
            pieces, html.inside = html.inside, []
        else:
            pieces = cutter.close()
        inline = (
            html.mode == began in {"text", "attr"}
            and not any(isinstance(p, Wall) for p in pieces)
            and not _lone(pieces)
        )
        return emitted(self.sentence(pieces, began == "attr")), inline

    def _child(self, child: nodes.Expr, cutter: Cutter, html: Html) -> None:
        if isinstance(child, nodes.TemplateData):
            cutter.text(child.data)
        elif html.is_read:
            cutter.filled(self.value(child))
        else:
            self.unread(child)
            cutter.filled(child)

    def statement(self, node: nodes.Node, html: Html) -> tuple[nodes.Node, bool]:
        """A statement with its bodies made anew, and whether it may stand inside a sentence."""
        if isinstance(node, nodes.If):
            return node, self._branches(node, html)
        if isinstance(node, nodes.For):
            self.looped(node)
            return node, self._arms(node, ["body", "else_"], html)
        if isinstance(node, nodes.Block):
            self.blocks.setdefault(node.name, Html(html.mode, html.tag, html.attr, html.quote))
            within = html if html.mode != "text" else copy(self.blocks[node.name])
            self._arms(node, ["body"], within)
        elif isinstance(node, nodes.CallBlock):
            self.value(node.call)  # its arguments; a call it stays
            self._arms(node, ["body"], Html())
        elif isinstance(node, nodes.Macro | nodes.AssignBlock):
            if isinstance(node, nodes.Macro):
                self.defaulted(node)
            self._arms(node, ["body"], Html())
        elif "body" in node.fields:
            self._arms(node, ["body"], html)
        return node, False

    def looped(self, node: nodes.For) -> None:
        """A loop, before its body."""

    def defaulted(self, node: nodes.Macro) -> None:
        """A macro, before its body: what its arguments are where nobody gives them."""

    def _branches(self, node: nodes.If, html: Html) -> bool:
        self.asked(node.test)
        for other in node.elif_:
            self.asked(other.test)
        arms: list[tuple[Any, str]] = [(node, "body"), *((o, "body") for o in node.elif_)]
        return self._each([*arms, (node, "else_")], html)

    def _arms(self, node: nodes.Node, names: list[str], html: Html) -> bool:
        return self._each([(node, name) for name in names], html)

    def _each(self, arms: list[tuple[Any, str]], html: Html) -> bool:
        """Every arm begins where the statement does; after it one is where the first arm ends."""
        began = Html(html.mode, html.tag, html.attr, html.quote)
        inline, end = True, None
        for node, name in arms:
            within = copy(began)
            within.parts, within.inside = [], []
            made, is_inline = self.body(getattr(node, name), within)
            setattr(node, name, made)
            inline = inline and is_inline
            end = end or within
        if end:
            html.mode, html.tag, html.attr, html.quote = end.mode, end.tag, end.attr, end.quote
        return inline


def _lone(pieces: list[Piece]) -> set[int]:
    """Tags that close what was not opened here, or open what is not closed here."""
    lone: set[int] = set()
    opened: list[tuple[str, int]] = []
    for i, piece in enumerate(pieces):
        if isinstance(piece, Wall):
            lone |= {at for _, at in opened}
            opened = []
        elif isinstance(piece, Tag) and not piece.closing and piece.name not in _VOID:
            opened.append((piece.name, i))
        elif isinstance(piece, Tag) and piece.closing:
            if opened and opened[-1][0] == piece.name:
                opened.pop()
            else:
                lone.add(i)
    return lone | {at for _, at in opened}


def raw(pieces: list[Piece]) -> list[nodes.Node]:
    """Pieces as the template had them."""
    out: list[nodes.Node] = []
    for piece in pieces:
        match piece:
            case Word():
                out.append(data(piece.raw))
            case Filled() | Choice():
                out.append(piece.node)
            case Tag() | Wall():
                out += piece.parts
    return out


def emitted(parts: list[nodes.Node]) -> list[nodes.Node]:
    """Statements again: words and values between two of them are one output."""
    out: list[nodes.Node] = []
    for part in parts:
        if not isinstance(part, nodes.Expr):
            out.append(part)
            continue
        if not out or not isinstance(out[-1], nodes.Output):
            out.append(nodes.Output([]))
        line: list[nodes.Expr] = out[-1].nodes  # type: ignore[attr-defined]
        if (
            isinstance(part, nodes.TemplateData)
            and line
            and isinstance(line[-1], nodes.TemplateData)
        ):
            line[-1] = data(line[-1].data + part.data)
        elif not (isinstance(part, nodes.TemplateData) and not part.data):
            line.append(part)
    return [node for node in out if not isinstance(node, nodes.Output) or node.nodes]
