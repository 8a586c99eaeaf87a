"""FHIRPath as far as views need it: text to a tree. A Pratt parser over one regular expression.

The grammar is that of FHIRPath N1 (hl7.org/fhirpath, section 4, precedence in section 6.8),
without types as values, aggregates and dates with units.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from onesystem.record.views.trouble import BadView


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; `type` is that of FHIR where the text alone does not tell, as for dates."""

    value: object
    type: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """An element of what is on the left; of the focus where nothing is."""

    left: "Node | None"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of what is on the left."""

    left: "Node | None"
    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Index:
    """One item of what is on the left."""

    left: "Node"
    at: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    """A number with its sign turned."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Variable:
    """What `$this` or `%name` stands for."""

    name: str


Node = Literal | Member | Call | Index | Binary | Negative | Variable

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<temporal>@T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?
        |@\d{4}(?:-\d\d(?:-\d\d)?)?(?:T(?:\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?)?(?:Z|[+-]\d\d:\d\d)?)?)
      |(?P<number>\d+(?:\.\d+)?)
      |(?P<text>'(?:[^'\\]|\\.)*')
      |(?P<name>[A-Za-z_]\w*|`(?:[^`\\]|\\.)*`)
      |(?P<variable>%(?:[A-Za-z_]\w*|`[^`]*`|'[^']*')|\$\w+)
      |(?P<sign><=|>=|!=|!~|[-+*/=<>~|&()\[\]{}.,])
      |(?P<end>$)
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_STRENGTH = {
    "implies": 1, "or": 2, "xor": 2, "and": 3, "in": 4, "contains": 4,
    "=": 5, "!=": 5, "~": 5, "!~": 5, "<": 6, ">": 6, "<=": 6, ">=": 6, "|": 7,
    "is": 8, "as": 8, "+": 9, "-": 9, "&": 9, "*": 10, "/": 10, "div": 10, "mod": 10,
}  # fmt: skip
_TIGHT = 11
_DEEPEST = 60


def parse(text: str) -> Node:
    """The tree of a FHIRPath. Raises BadView, which shows the place in the text."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.deep = 0
        self.tokens = list(_tokens(text))
        self.at = 0

    def whole(self) -> Node:
        found = self.expression(0)
        if self._kind() != "end":
            raise self._wrong()
        return found

    def expression(self, least: int) -> Node:
        self.deep += 1
        if self.deep > _DEEPEST:
            raise BadView("the path is nested too deep", "Write it as several columns.")
        left = self._term()
        while (strength := self._strength()) > least:
            sign = self._take()
            if sign in {"is", "as"}:
                left = Call(left, "ofType" if sign == "as" else "is", (self._type(),))
            else:
                left = Binary(sign, left, self.expression(strength))
        self.deep -= 1
        return left

    def _type(self) -> Node:
        named: Node = Member(None, self._name())
        while self._value() == ".":
            self._take()
            named = Member(None, self._name())
        return named

    def _strength(self) -> int:
        return _STRENGTH.get(self._value(), 0) if self._kind() in {"sign", "name"} else 0

    def _term(self) -> Node:
        if self._value() in {"-", "+"} and self._kind() == "sign":
            sign = self._take()
            inner = self.expression(_TIGHT)
            return Negative(inner) if sign == "-" else inner
        found = self._first()
        while self._kind() == "sign" and self._value() in {".", "["}:
            if self._take() == ".":
                found = self._named(found)
            else:
                found = Index(found, self.expression(0))
                self._expect("]")
        return found

    def _first(self) -> Node:
        kind, value = self._kind(), self._value()
        if kind in _MADE:
            return _MADE[kind](self._take())
        if kind == "sign" and value in {"(", "{"}:
            return self._bracket()
        if kind == "name" and value in {"true", "false"}:
            return Literal(self._take() == "true")
        return self._named(None)

    def _bracket(self) -> Node:
        if self._take() == "{":
            self._expect("}")
            return Literal(None)
        found = self.expression(0)
        self._expect(")")
        return found

    def _named(self, left: Node | None) -> Node:
        if left is not None and self._value().startswith("$"):
            raise self._wrong()
        name = self._name()
        if not (self._kind() == "sign" and self._value() == "("):
            return Member(left, name)
        self._take()
        args = []
        while not (self._kind() == "sign" and self._value() == ")"):
            args.append(self.expression(0))
            if self._value() != ",":
                break
            self._take()
        self._expect(")")
        return Call(left, name, tuple(args))

    def _name(self) -> str:
        if self._kind() != "name":
            raise self._wrong()
        value = self._take()
        return _unescaped(value) if value.startswith("`") else value

    def _expect(self, sign: str) -> None:
        if self._kind() != "sign" or self._value() != sign:
            raise self._wrong()
        self._take()

    def _kind(self) -> str:
        return self.tokens[self.at][0]

    def _value(self) -> str:
        return self.tokens[self.at][1]

    def _take(self) -> str:
        value = self.tokens[self.at][1]
        self.at += 1
        return value

    def _wrong(self) -> BadView:
        place = self.tokens[self.at][2]
        rest = self.text[place:].strip()
        if not rest:
            return BadView(f"the path {self.text!r} ends too early", "Write the rest of it.")
        return BadView(
            f"the path {self.text!r} cannot be read from {rest[:30]!r} on",
            "Write FHIRPath, such as name.where(use = 'official').family.first().",
        )


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, at = [], 0
    while True:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise BadView(
                f"the path {text!r} cannot be read from {text[at:].strip()[:30]!r} on",
                "Write FHIRPath, such as name.where(use = 'official').family.first().",
            )
        kind = match.lastgroup
        found.append((kind, match[kind], match.start(kind)))
        if kind == "end":
            return found
        at = match.end()


def _unescaped(quoted: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return _ESCAPES.get(match[2], match[2])

    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|(.))", one, quoted[1:-1])


def _temporal(text: str) -> Literal:
    if text.startswith("@T"):
        return Literal(text[2:], "time")
    bare = text[1:]
    return Literal(bare.rstrip("T"), "dateTime" if "T" in bare else "date")


_MADE: dict[str, Callable[[str], Node]] = {
    "number": lambda text: Literal(Decimal(text) if "." in text else int(text)),
    "text": lambda text: Literal(_unescaped(text)),
    "temporal": _temporal,
    "variable": lambda text: Variable(text.replace("`", "").replace("'", "")),
}
