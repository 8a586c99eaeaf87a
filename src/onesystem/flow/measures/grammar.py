"""From the text of an expression to its tree: Python's syntax, a list of words, and no evaluation.

`setting == "ED" and minutes(started, ended) <= 240` is parsed by `ast` and every node is checked
against the language; whatever is not in it is a mistake that says its line and the nearest word.
"""

import ast
import re

from onesystem.flow.measures.language import ALL_FUNCTIONS, FIELDS, GATHER, Function
from onesystem.flow.measures.tree import (
    All,
    Among,
    Arith,
    Call,
    Choose,
    Compare,
    Const,
    Field,
    Kind,
    Node,
    Not,
    Some,
)
from onesystem.vocabulary.errors import nearest
from onesystem.vocabulary.said import say

_COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITH = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_NUMBERS = (Kind.WHOLE, Kind.NUMBER)
_PLAIN = (Kind.TEXT, Kind.FLAG)  # compared for being the same, never for being more


class Mistake(ValueError):
    """What is wrong with an expression, in which of its lines (from 1), and how to mend it."""

    def __init__(self, what: str, cure: str = "", line: int = 1) -> None:
        super().__init__(f"{what}. {cure}" if cure else what)
        self.what, self.cure, self.line = what, cure, line


def parse(text: str, wanted: Kind | None = None) -> Node:
    """The tree of an expression. `wanted` is what it has to give. Raises Mistake."""
    # Brackets around it let an expression run over lines, as a condition in a file does.
    try:
        parsed = ast.parse(f"(\n{text}\n)", mode="eval")
    except (SyntaxError, ValueError) as error:
        line = max(1, (getattr(error, "lineno", None) or 2) - 1)
        alone = re.search(r"(?<![=<>!])=(?!=)", text)
        cure = say("Write == to compare") if alone else say("Look at brackets and quotes")
        raise Mistake("this cannot be read as an expression", cure, line) from error
    reader = _Reader()
    node = reader.read(parsed.body)
    kind = reader.kinds[id(parsed.body)]
    if wanted is not None and kind is not wanted:
        raise Mistake(
            say("this is {kind}, and {wanted} is wanted", kind=kind, wanted=wanted),
            _cure(kind, wanted),
        )
    return node


def _cure(kind: Kind, wanted: Kind) -> str:
    if kind is Kind.TIME and wanted is Kind.FLAG:
        return say("Write known(...) to ask whether a time is known")
    if kind is Kind.NUMBER and wanted is Kind.WHOLE:
        return say("Sums are of whole numbers: lasted(a, b) gives milliseconds")
    return say("See the functions in the reference of measures")


class _Reader:
    """Reads one expression; remembers the kind of every node that it has read."""

    def __init__(self) -> None:
        self.kinds: dict[int, Kind] = {}
        self.inside = False  # a function over the others, where `other.` has a meaning

    def read(self, node: ast.expr) -> Node:
        made, kind = self._read(node)
        self.kinds[id(node)] = kind
        return made

    def kind(self, node: ast.expr) -> Kind:
        return self.kinds[id(node)]

    def _read(self, node: ast.expr) -> tuple[Node, Kind]:  # noqa: C901, PLR0911 - one case a form
        match node:
            case ast.Constant(value=value):
                return _constant(node, value)
            case ast.Name(id=name):
                return Field(_known(node, name, FIELDS, "field")), FIELDS[name][0]
            case ast.Attribute(value=ast.Name(id="other"), attr=name):
                return self._other(node, name)
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self._want(each, Kind.FLAG) for each in values)
                return (All(parts) if isinstance(op, ast.And) else Some(parts)), Kind.FLAG
            case ast.UnaryOp(op=ast.Not(), operand=what):
                return Not(self._want(what, Kind.FLAG)), Kind.FLAG
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                return _constant(node, -value)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then, otherwise = self.read(body), self._want(orelse, self.kind(body))
                return Choose(self._want(test, Kind.FLAG), then, otherwise), self.kind(body)
            case ast.Call():
                return self._call(node)
            case _:
                raise Mistake(
                    say("{unparse} has no meaning here", unparse=ast.unparse(node)),
                    "Use fields, comparisons, and, or, not, + - * and the functions",
                    _line(node),
                )

    def _want(self, node: ast.expr, wanted: Kind) -> Node:
        made = self.read(node)
        kind = self.kind(node)
        if kind is not wanted and not (wanted is Kind.NUMBER and kind is Kind.WHOLE):
            what = say(
                "{unparse} is {kind}, and {wanted} is wanted",
                unparse=ast.unparse(node),
                kind=kind,
                wanted=wanted,
            )
            raise Mistake(what, _cure(kind, wanted), _line(node))
        return made

    def _other(self, node: ast.expr, name: str) -> tuple[Node, Kind]:
        if not self.inside:
            raise Mistake(
                say("other.{name} stands outside of a function over the others", name=name),
                say("Put it inside one of: {gather}", gather=", ".join(GATHER)),
                _line(node),
            )
        return Field(_known(node, name, FIELDS, "field"), other=True), FIELDS[name][0]

    def _arithmetic(self, node: ast.BinOp) -> tuple[Node, Kind]:
        op = _ARITH.get(type(node.op))
        if op is None:
            cure = (
                say("Use part(a, b) for a share")
                if isinstance(node.op, ast.Div)
                else say("Use + - *")
            )
            raise Mistake(
                say("{unparse} cannot be worked out", unparse=ast.unparse(node)), cure, _line(node)
            )
        left, right = self._want(node.left, Kind.NUMBER), self._want(node.right, Kind.NUMBER)
        whole = all(self.kind(each) is Kind.WHOLE for each in (node.left, node.right))
        return Arith(op, left, right), Kind.WHOLE if whole else Kind.NUMBER

    def _compare(self, node: ast.Compare) -> tuple[Node, Kind]:
        parts: list[Node] = []
        sides = [node.left, *node.comparators]
        for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
            parts.append(self._one(left, op, right))
        return (parts[0] if len(parts) == 1 else All(tuple(parts))), Kind.FLAG

    def _one(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            among = Among(self._want(left, Kind.TEXT), _texts(right))
            return among if isinstance(op, ast.In) else Not(among)
        if type(op) not in _COMPARE:
            raise Mistake("only == != < <= > >= and in compare", "", _line(left))
        first, second = self.read(left), self.read(right)
        kinds = self.kind(left), self.kind(right)
        alike = kinds[0] is kinds[1] or all(kind in _NUMBERS for kind in kinds)
        ordered = not isinstance(op, ast.Eq | ast.NotEq)
        if not alike or (ordered and kinds[0] in _PLAIN):
            what = say(
                "{unparse} is {kinds} and {unparse2} is {kinds2}",
                unparse=ast.unparse(left),
                kinds=kinds[0],
                unparse2=ast.unparse(right),
                kinds2=kinds[1],
            )
            raise Mistake(say("{what}: they cannot be compared so", what=what), "", _line(left))
        return Compare(_COMPARE[type(op)], first, second)

    def _call(self, node: ast.Call) -> tuple[Node, Kind]:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise Mistake(
                say("{unparse} has no meaning here", unparse=ast.unparse(node)), "", _line(node)
            )
        name = _known(node, node.func.id, ALL_FUNCTIONS, "function")
        if name in GATHER:
            return self._gather(node, name)
        function = ALL_FUNCTIONS[name]
        takes = _arguments(node, name, function)
        args = tuple(
            self._argument(arg, kind, name, at >= function.literal)
            for at, (arg, kind) in enumerate(zip(node.args, takes, strict=True))
        )
        return Call(name, args), function.gives

    def _argument(self, arg: ast.expr, kind: Kind, name: str, literal: bool) -> Node:
        if literal and not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
            raise Mistake(say("{name} wants a text between quotes here", name=name), "", _line(arg))
        if name == "known":
            return self.read(arg)
        return self._want(arg, kind)

    def _gather(self, node: ast.Call, name: str) -> tuple[Node, Kind]:
        if self.inside:
            raise Mistake(
                say("{name} stands inside another function over the others", name=name),
                "",
                _line(node),
            )
        function = GATHER[name]
        takes = _arguments(node, name, function)
        self.inside = True
        args = tuple(self._want(a, k) for a, k in zip(node.args, takes, strict=True))
        self.inside = False
        return Call(name, args), function.gives


def _constant(node: ast.expr, value: object) -> tuple[Node, Kind]:
    if isinstance(value, bool):
        return Const(value), Kind.FLAG
    if isinstance(value, int):
        return Const(value), Kind.WHOLE
    if isinstance(value, float):
        return Const(value), Kind.NUMBER
    if isinstance(value, str):
        return Const(value), Kind.TEXT
    cure = say("Write known(...) or not known(...)")
    raise Mistake(say("{value} has no meaning here", value=repr(value)), cure, _line(node))


def _texts(node: ast.expr) -> tuple[str, ...]:
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
    texts = tuple(
        i.value for i in items if isinstance(i, ast.Constant) and isinstance(i.value, str)
    )
    if not texts or len(texts) != len(items):
        raise Mistake("in wants texts in brackets", 'Such as in ("ED", "ward")', _line(node))
    return texts


def _arguments(node: ast.Call, name: str, function: Function) -> tuple[Kind, ...]:
    takes, given = function.takes, len(node.args)
    if function.many and given > len(takes):
        takes = (*takes, *[takes[-1]] * (given - len(takes)))
    if len(takes) != given:
        kinds = ", ".join(str(kind) for kind in takes)
        raise Mistake(
            say("{name} wants {kinds}", name=name, kinds=kinds),
            say("It was given {given}", given=given),
            _line(node),
        )
    return takes


def _known(node: ast.expr, name: str, words: dict[str, object] | object, what: str) -> str:
    if name not in words:  # type: ignore[operator]
        raise Mistake(
            say("there is no {what} {name}", what=what, name=repr(name)),
            nearest(name, words),
            _line(node),
        )
    return name


def _line(node: ast.expr) -> int:
    return max(1, node.lineno - 1)
