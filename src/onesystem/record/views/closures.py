"""A parsed FHIRPath as a closure: what is decided once is decided when the view is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onesystem.record.views import functions as f
from onesystem.record.views import operators as o
from onesystem.record.views.functions import NONE, Env, Items, Run
from onesystem.record.views.paths import (
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Negative,
    Node,
    Variable,
    parse,
)
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import nearest

CHOICES = frozenset((
    "Address", "Age", "Annotation", "Attachment", "Base64Binary", "Boolean", "Canonical", "Code",
    "CodeableConcept", "CodeableReference", "Coding", "ContactDetail", "ContactPoint",
    "Contributor", "Count", "DataRequirement", "Date", "DateTime", "Decimal", "Distance", "Dosage",
    "Duration", "Expression", "HumanName", "Id", "Identifier", "Instant", "Integer", "Integer64",
    "Markdown", "Meta", "Money", "Oid", "ParameterDefinition", "Period", "PositiveInt", "Quantity",
    "Range", "Ratio", "RatioRange", "Reference", "RelatedArtifact", "SampledData", "Signature",
    "String", "Time", "Timing", "TriggerDefinition", "UnsignedInt", "Uri", "Url", "UsageContext",
    "Uuid",
))  # fmt: skip
DATED = frozenset(("date", "dateTime", "instant", "time"))
FUNCTIONS = (
    "where", "exists", "empty", "first", "last", "ofType", "extension", "join", "getResourceKey",
    "getReferenceKey", "lowBoundary", "highBoundary", "not", "count", "all", "select", "is",
)  # fmt: skip
_PLAIN: dict[str, Run] = {
    "empty": lambda items, env: f.FALSE if items else f.TRUE,  # noqa: ARG005
    "first": lambda items, env: items[:1],  # noqa: ARG005
    "last": lambda items, env: items[-1:],  # noqa: ARG005
    "count": lambda items, env: (len(items),),  # noqa: ARG005
    "not": f.negated,
    "getResourceKey": f.resource_key,
}
_OF_EACH = {"where": f.where, "all": f.every, "select": f.select}


@dataclass(frozen=True, slots=True)
class Path:
    """A path that is ready to run. `type` is what it surely gives, empty where it may be any."""

    run: Run
    type: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of a view: its value and its FHIR type."""

    value: Any
    type: str


@dataclass(slots=True)
class Compiler:
    """Makes paths into closures. `exact` is set when one needs numbers digit for digit."""

    constants: Mapping[str, Constant] = field(default_factory=dict)
    exact: bool = False

    def path(self, text: str) -> Path:
        """A path as a closure. Raises BadView."""
        return self.node(parse(text))

    def node(self, node: Node) -> Path:
        """A tree as a closure."""
        made: Path = getattr(self, f"_{type(node).__name__.lower()}")(node)
        return made

    def _literal(self, node: Literal) -> Path:
        fixed: Items = NONE if node.value is None else (node.value,)
        return Path(lambda items, env: fixed, node.type)  # noqa: ARG005

    def _member(self, node: Member) -> Path:
        return _member(self._left(node.left), node.name, top=node.left is None)

    def _negative(self, node: Negative) -> Path:
        inner = self.node(node.of).run
        return Path(lambda items, env: _one(o.arithmetic("*", inner(items, env), (-1,))))

    def _left(self, left: Node | None) -> Path:
        return Path(lambda items, env: items) if left is None else self.node(left)  # noqa: ARG005

    def _variable(self, node: Variable) -> Path:
        name = node.name
        if name == "$this":
            return Path(lambda items, env: items)  # noqa: ARG005
        if name == "%rowIndex":
            return Path(lambda items, env: (env.index,), "integer")  # noqa: ARG005
        if name in {"%resource", "%context", "%rootResource"}:
            return Path(lambda items, env: (env.resource,))  # noqa: ARG005
        if name[1:] not in self.constants:
            cure = nearest(name[1:], self.constants) if self.constants else "Add it to `constant`."
            raise BadView(f"there is no constant {name}", cure)
        constant = self.constants[name[1:]]
        fixed = (constant.value,)
        return Path(lambda items, env: fixed, constant.type)  # noqa: ARG005

    def _index(self, node: Index) -> Path:
        left, at = self.node(node.left), self.node(node.at).run
        inner = left.run

        def run(items: Items, env: Env) -> Items:
            place = o.single(at(items, env), "an index")
            if not isinstance(place, int) or isinstance(place, bool):
                raise BadView("an index is no whole number", "Write name[0], or an integer.")
            return inner(items, env)[place : place + 1] if place >= 0 else NONE

        return Path(run, left.type)

    def _binary(self, node: Binary) -> Path:
        sign, left, right = node.sign, self.node(node.left), self.node(node.right)
        a, b = left.run, right.run
        dated = bool({left.type, right.type} & DATED)
        if sign in {"=", "!=", "~", "!~"}:
            return Path(_equality(a, b, turned=sign[0] == "!", dated=dated), "boolean")
        if sign in {"<", ">", "<=", ">="}:
            return Path(lambda items, env: f.of_bool(
                o.ordered(sign, a(items, env), b(items, env), dated=dated)), "boolean")  # fmt: skip
        if sign in {"and", "or", "xor", "implies"}:
            return Path(_logic(sign, a, b), "boolean")
        if sign == "|":
            return Path(lambda items, env: _unique([*a(items, env), *b(items, env)]))
        if sign in {"in", "contains"}:
            one, many = (a, b) if sign == "in" else (b, a)
            return Path(lambda items, env: _within(one(items, env), many(items, env)), "boolean")
        self.exact = True
        return Path(lambda items, env: _one(o.arithmetic(sign, a(items, env), b(items, env))))

    def _call(self, node: Call) -> Path:
        left, name, args = node.left, node.name, node.args
        if name not in FUNCTIONS:
            raise BadView(f"there is no function {name}()", nearest(name, FUNCTIONS))
        if name in {"ofType", "is"}:
            f.needs(name, len(args), 1, 1)
            return self._typed(left, name, _type_name(args[0]))
        before = self._left(left)
        if name == "getReferenceKey":
            f.needs(name, len(args), 0, 1)
            return _then(before, f.reference_key(_type_name(args[0]) if args else ""), "string")
        if name in {"lowBoundary", "highBoundary"}:
            f.needs(name, len(args), 0, 0)
            self.exact = True
            high = name == "highBoundary"
            kind = before.type if before.type in DATED else ""
            return _then(before, f.boundary(kind, high=high), kind)
        if name in _PLAIN:
            f.needs(name, len(args), 0, 0)
            kept = before.type if name in {"first", "last"} else _GIVES.get(name, "")
            return _then(before, _PLAIN[name], kept)
        return self._with_argument(before, name, args)

    def _with_argument(self, before: Path, name: str, args: tuple[Node, ...]) -> Path:
        f.needs(name, len(args), 0 if name in {"exists", "join"} else 1, 1)
        inner = self.node(args[0]).run if args else None
        if name == "exists":
            return _then(before, f.exists(inner), "boolean")
        if name == "join":
            return _then(before, f.join(inner), "string")
        if inner is None:
            raise BadView(f"{name}() has no argument", "Write one.")
        if name == "extension":
            return _then(before, f.extension(inner), "")
        gives = {"where": before.type, "all": "boolean"}.get(name, "")
        return _then(before, _OF_EACH[name](inner), gives)

    def _typed(self, left: Node | None, name: str, kind: str) -> Path:
        """`ofType`: of an element that has its type in its name, that element; else by its form."""
        if isinstance(left, Member):
            plain, exact = left.name, left.name + kind[:1].upper() + kind[1:]
            inner = self._left(left.left).run

            def chosen(items: Items, env: Env) -> Items:
                found: list[Any] = []
                for item in inner(items, env):
                    if isinstance(item, dict):
                        if exact in item:
                            _add(found, item[exact])
                        elif plain in item:
                            value = item[plain]
                            every = value if isinstance(value, list) else [value]
                            found += [each for each in every if f.is_of(each, kind)]
                return found

            if name == "ofType":
                return Path(chosen, kind)
            present = _member(Path(inner), plain, top=False).run
            return Path(lambda items, env: f.of_bool(
                bool(chosen(items, env)) if present(items, env) else None), "boolean")  # fmt: skip
        before = self._left(left)
        if name == "is":
            return Path(lambda items, env: f.of_bool(
                all(f.is_of(i, kind) for i in found) if (found := before.run(items, env)) else None
            ), "boolean")  # fmt: skip
        return _then(before, lambda items, env: [i for i in items if f.is_of(i, kind)], kind)  # noqa: ARG005


_GIVES = {"empty": "boolean", "not": "boolean", "count": "integer", "getResourceKey": "string"}


def _then(before: Path, after: Run, kind: str) -> Path:
    run = before.run
    return Path(lambda items, env: after(run(items, env), env), kind)


def _one(value: Any) -> Items:
    return NONE if value is None else (value,)


def _add(found: list[Any], value: Any) -> None:
    if isinstance(value, list):
        found += [each for each in value if each is not None]
    elif value is not None:
        found.append(value)


def _member(before: Path, name: str, *, top: bool) -> Path:
    inner = before.run
    size = len(name)
    typed = top and name[:1].isupper()

    def run(items: Items, env: Env) -> Items:
        found: list[Any] = []
        for item in inner(items, env):
            if not isinstance(item, dict):
                continue
            value = item.get(name)
            if value is not None:
                _add(found, value)
            elif typed:
                if item.get("resourceType") == name:
                    found.append(item)
            else:  # an element with its type in its name: value of valueQuantity
                for key, other in item.items():
                    if len(key) > size and key.startswith(name) and key[size].isupper():
                        if key[size:] in CHOICES:
                            _add(found, other)
                        break
        return found

    return Path(run)


def _equality(a: Run, b: Run, *, turned: bool, dated: bool) -> Run:
    def run(items: Items, env: Env) -> Items:
        found = o.equal(a(items, env), b(items, env), dated=dated)
        return f.of_bool(None if found is None else found is not turned)

    return run


def _logic(sign: str, a: Run, b: Run) -> Run:
    def run(items: Items, env: Env) -> Items:
        left = o.truth(a(items, env), f"the left of {sign}")
        if sign in {"and", "or"} and left is (sign == "or"):
            return f.of_bool(left)
        return f.of_bool(o.logic(sign, left, o.truth(b(items, env), f"the right of {sign}")))

    return run


def _within(one: Items, many: Items) -> Items:
    value = o.single(one, "what is looked for")
    if value is None:
        return NONE
    return f.of_bool(any(o.same(value, each, dated=False) for each in many))


def _unique(items: list[Any]) -> Items:
    found: list[Any] = []
    for each in items:
        if not any(o.same(each, other, dated=False) for other in found):
            found.append(each)
    return found


def _type_name(node: Node) -> str:
    if isinstance(node, Member) and isinstance(node.left, Member | None):
        return node.name  # FHIR.Patient is Patient
    raise BadView("a type is asked for here", "Write its name, such as Quantity, without quotes.")
