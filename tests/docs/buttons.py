"""What stands on buttons: read from templates, and from the Python that names buttons of forms.

A label is what a `<button>` holds, or a link of the class `button`, or what a macro that writes
either is called with; what stands there for screen readers alone is left out.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import jinja2
from jinja2 import nodes

SOURCE = Path(__file__).resolve().parents[2] / "src" / "onesystem"
_BUTTON = re.compile(r"<(button|a)\b((?:\{\{.*?\}\}|\{%.*?%\}|[^>])*?)>(.*?)</\1>", re.DOTALL)
_QUIET = re.compile(r'<span class="unseen">.*?</span>|<svg.*?</svg>', re.DOTALL)
_ENV = jinja2.Environment(autoescape=True)

Givers = dict[str, set[int | str]]  # by macro: where, or under which name, it takes a label


def labels() -> dict[str, set[str]]:
    """Each label, or how it begins, and the files that have it."""
    texts = {
        path: path.read_text(encoding="utf-8") for path in SOURCE.glob("*/templates/**/*.html")
    }
    trees = {path: _ENV.parse(text) for path, text in texts.items()}
    shared = _givers([texts[path] for path in texts if _is_shared(path)])
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for body in _bodies(texts[path]):
            for label in _first(_ENV.parse(body).body):
                found[label].add(path.name)
        for label in _called(tree, _givers([texts[path]], shared)):
            found[label].add(path.name)
    for path in SOURCE.rglob("*.py"):
        for label in _named(path.read_text(encoding="utf-8")):
            found[label].add(path.name)
    return {label.strip(): files for label, files in found.items() if label.strip()}


def _is_shared(path: Path) -> bool:
    return path.name.startswith("_") or path.name == "macros.html"


def _bodies(text: str) -> Iterator[str]:
    for tag, attributes, body in _BUTTON.findall(text):
        if tag == "button" or re.search(r'class="[^"]*\bbutton\b', attributes):
            yield _QUIET.sub("", body).strip()


def _givers(texts: list[str], known: Givers | None = None) -> Givers:
    """The macros that write one of their arguments on a button, or hand it to one that does."""
    macros = [each for text in texts for each in _macros(text)]
    own = {name for name, *_ in macros}
    found = {name: set(at) for name, at in (known or {}).items() if name not in own}
    for _ in range(2):  # a macro around a macro
        for name, names, body, tree in macros:
            shown = {
                inner[3:-3] for inner in _bodies(body) if re.fullmatch(r"\{\{ \w+ \}\}", inner)
            }
            shown |= {arg.name for arg in _handed(tree, found) if isinstance(arg, nodes.Name)}
            for each in shown & set(names):
                found.setdefault(name, set()).update({names.index(each), each})
    return found


def _macros(text: str) -> Iterator[tuple[str, list[str], str, nodes.Template]]:
    for whole in re.findall(r"\{%-? macro .*?endmacro -?%\}", text, re.DOTALL):
        tree = _ENV.parse(whole)
        [macro] = tree.find_all(nodes.Macro)
        yield macro.name, [arg.name for arg in macro.args], whole, tree


def _handed(tree: nodes.Node, givers: Givers) -> Iterator[nodes.Expr]:
    for call in tree.find_all(nodes.Call):
        name = getattr(call.node, "attr", getattr(call.node, "name", ""))
        places = givers.get(name, set())
        yield from (arg for n, arg in enumerate(call.args) if n in places)
        yield from (given.value for given in call.kwargs if given.key in places)


def _called(tree: nodes.Node, givers: Givers) -> Iterator[str]:
    for arg in _handed(tree, givers):
        yield from _said(arg)


def _first(body: list[nodes.Node]) -> list[str]:
    """What a label begins with; each of them where it depends."""
    for node in body:
        if isinstance(node, nodes.If):
            return [*_first(node.body), *_first(node.else_)]
        parts = getattr(node, "nodes", [])
        if parts and not isinstance(parts[0], nodes.TemplateData):
            return list(_said(parts[0]))
        if words := " … ".join(each.data.strip() for each in parts if hasattr(each, "data")):
            return [words]
    return []


def _said(node: nodes.Expr) -> Iterator[str]:
    match node:
        case nodes.Const(value=str() as words):
            yield words
        case nodes.CondExpr():
            yield from _said(node.expr1)
            if node.expr2 is not None:
                yield from _said(node.expr2)
        case nodes.Concat():
            yield from _said(node.nodes[0])


def _named(text: str) -> Iterator[str]:
    """`button="Save"` of forms that rooms share, and the verbs of the inbox."""
    if "button=" not in text and "Verb(act=" not in text:
        return
    for call in ast.walk(ast.parse(text)):
        for given in getattr(call, "keywords", []):
            verb = given.arg == "name" and getattr(call.func, "id", "") == "Verb"
            if given.arg == "button" or verb:
                inside = ast.walk(given.value)
                yield from (each.value for each in inside if isinstance(each, ast.Constant))
