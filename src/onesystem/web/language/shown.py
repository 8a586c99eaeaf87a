"""What macros show: which of their arguments are words for people, found out from their bodies.

An argument is words where the macro writes it for people to read, or hands it to a macro that
does, and does nothing else with it but ask whether it is there. One that is compared, or is part
of an address or a class, is a name for the machine: it must not be translated.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes

from onesystem.web.language.pieces import Html
from onesystem.web.language.walk import Walk

Path = tuple[str | int, ...]  # (): itself; ("*", 1): the second part of each of its rows
KEPT = frozenset({"capitalize", "upper", "lower", "title", "trim", "default"})
Signature = tuple[tuple[str, ...], dict[str, frozenset[Path]]]  # parameters, and what is words


class Macros:
    """The macros of an environment's templates, each read once."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env
        self.of_template = lru_cache(maxsize=None)(self._of_template)
        self.blocks_of = lru_cache(maxsize=None)(self._blocks_of)

    def parsed(self, template: str) -> nodes.Template:
        """A template as it lies, without any language."""
        assert self._env.loader is not None  # noqa: S101 - Django gives one
        source, _, _ = self._env.loader.get_source(self._env, template)
        return jinja2.Environment.parse(self._env, source, template)

    def _of_template(self, template: str) -> dict[str, Signature]:
        try:
            return self.of(self.parsed(template))
        except jinja2.TemplateNotFound:
            return {}

    def blocks_above(self, made: nodes.Template) -> dict[str, Html]:
        """Where the blocks of the template that it extends stand in their HTML."""
        extends = made.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return {}
        return self.blocks_of(extends.template.value)

    def _blocks_of(self, template: str) -> dict[str, Html]:
        made = self.parsed(template)
        walk = Walk()
        walk.template(made, self.blocks_above(made))
        return walk.blocks

    def of(self, made: nodes.Template) -> dict[str, Signature]:
        """The macros that a template has: its own and those that it imports."""
        known = dict(self.imported(made))
        own = list(made.find_all(nodes.Macro))
        # Begin by trusting all of them, and take back until nothing changes: macros call macros.
        for macro in own:
            names = tuple(arg.name for arg in macro.args)
            known[macro.name] = (names, dict.fromkeys(names, frozenset({(), ("*",)})))
        for _ in range(len(own) + 1):
            found = {m.name: (known[m.name][0], _Uses(m, known).found()) for m in own}
            if all(known[name] == signature for name, signature in found.items()):
                break
            known |= found
        return known

    def imported(self, made: nodes.Template) -> Iterable[tuple[str, Signature]]:
        """Macros under the names by which the template calls them."""
        for each in made.find_all(nodes.Import):
            if isinstance(each.template, nodes.Const):
                for name, signature in self.of_template(each.template.value).items():
                    yield f"{each.target}.{name}", signature
        for some in made.find_all(nodes.FromImport):
            if isinstance(some.template, nodes.Const):
                theirs = self.of_template(some.template.value)
                for pair in some.names:
                    own, here = pair if isinstance(pair, tuple) else (pair, pair)
                    if own in theirs:
                        yield here, theirs[own]


def called(
    call: nodes.Call, known: dict[str, Signature]
) -> list[tuple[Any, Any, frozenset[Path]]] | None:
    """The arguments of a macro's call: where each stands, what of it is words; None if unknown."""
    target = call.node
    name = ""
    if isinstance(target, nodes.Name):
        name = target.name
    elif isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name):
        name = f"{target.node.name}.{target.attr}"
    if name not in known:
        return None
    params, words = known[name]
    given: list[tuple[Any, Any, str]] = [
        (call.args, i, param) for i, param in enumerate(params[: len(call.args)])
    ]
    given += [(kw, "value", kw.key) for kw in call.kwargs]
    return [(where, key, words.get(param, frozenset())) for where, key, param in given]


def argument(where: Any, key: Any) -> nodes.Expr:
    """The expression that stands there."""
    found: nodes.Expr = where[key] if isinstance(where, list) else getattr(where, key)
    return found


class _Uses(Walk):
    """How a macro uses its arguments."""

    def __init__(self, macro: nodes.Macro, known: dict[str, Signature]) -> None:
        super().__init__()
        self._macro, self._known = macro, known
        self._from: dict[str, tuple[str, Path]] = {a.name: (a.name, ()) for a in macro.args}
        self._fine: set[int] = set()
        self._words: set[tuple[str, Path]] = set()

    def found(self) -> dict[str, frozenset[Path]]:
        """By argument, what of it is words."""
        self.body(self._macro.body, Html())
        spoilt = {
            self._from[name.name]
            for name in self._macro.find_all(nodes.Name)
            if name.ctx == "load" and name.name in self._from and id(name) not in self._fine
        }
        words = self._words - spoilt
        return {
            arg.name: frozenset(path for name, path in words if name == arg.name)
            for arg in self._macro.args
        }

    def value(self, expression: nodes.Expr) -> nodes.Expr:
        """What people read: which arguments stand in it."""
        self._read(expression)
        return expression

    def unread(self, expression: nodes.Expr) -> None:
        """What nobody reads: to ask there whether something is given is no use of it."""
        if isinstance(expression, nodes.CondExpr):
            self.asked(expression.test)
        elif isinstance(expression, nodes.Getattr):
            self.asked(expression)

    def asked(self, test: nodes.Node) -> None:
        """Asking whether something is there is no use of what it says."""
        match test:
            case nodes.Name():
                self._fine.add(id(test))
            case nodes.Not() | nodes.Test(name="none" | "string" | "defined"):
                self.asked(test.node)
            case nodes.And() | nodes.Or():
                self.asked(test.left)
                self.asked(test.right)
            case nodes.Compare(ops=[nodes.Operand(expr=nodes.Const(value=""))]):
                self.asked(test.expr)
            case nodes.Getattr() | nodes.Getitem():
                self.asked(test.node)

    def looped(self, node: nodes.For) -> None:
        """A loop over an argument: its rows have parts."""
        origin = self._place(node.iter)
        if origin is None:
            return
        self._fine.add(id(node.iter))
        param, path = origin
        if isinstance(node.target, nodes.Name):
            self._from[node.target.name] = (param, (*path, "*"))
        elif isinstance(node.target, nodes.Tuple):
            for i, each in enumerate(node.target.items):
                if isinstance(each, nodes.Name):
                    self._from[each.name] = (param, (*path, "*", i))

    def _place(self, node: nodes.Node) -> tuple[str, Path] | None:
        if isinstance(node, nodes.Name):
            return self._from.get(node.name)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            origin = self._place(node.node)
            return origin and (origin[0], (*origin[1], node.arg.value))
        return None

    def _read(  # noqa: C901 - one arm a kind
        self, node: nodes.Expr, below: frozenset[Path] = frozenset({()})
    ) -> None:
        origin = self._place(node)
        if origin is not None:
            self._words |= {(origin[0], origin[1] + path) for path in below}
            self.asked(node)
            return
        match node:
            case nodes.CondExpr():
                self.asked(node.test)
                self._read(node.expr1, below)
                if node.expr2 is not None:
                    self._read(node.expr2, below)
            case nodes.Concat():
                for each in node.nodes:
                    self._read(each)
            case nodes.Or() | nodes.And():
                self._read(node.left, below)
                self._read(node.right, below)
            case nodes.Filter() if node.name in KEPT and node.node is not None:
                self._read(node.node, below)
            case nodes.Getattr():
                self.asked(node)
            case nodes.Call():
                for where, key, words in called(node, self._known) or ():
                    if words:
                        self._read(argument(where, key), words)
