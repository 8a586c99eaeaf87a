"""Words that Python says, found in its source: those of `say`, and those of declared classes."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from onesystem.web.language.declared import BY_NAME, ERRORS
from onesystem.web.language.sentences import has_words

Message = tuple[str, str]  # the message, and its plural where it counts
Classes = Mapping[str, Mapping[str, int]]  # by name, the arguments that are words: their places


def wordy_classes(trees: Iterable[ast.Module]) -> Classes:
    """The classes whose arguments are words: those declared, and the errors made from them."""
    made = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {node.name: {_name(base) for base in node.bases} for node in made}
    errors = {each.__name__ for each in ERRORS}
    while more := {name for name, of in bases.items() if of & errors} - errors:
        errors |= more
    return {**dict.fromkeys(errors, BY_NAME["UserError"]), **BY_NAME}


def told(tree: ast.Module, classes: Classes) -> Iterator[Message]:
    """Every message of a module."""
    says = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            ours = isinstance(node.func, ast.Name) or name in _COUNT
            if name in says and ours:
                yield from _said(name, node)
            for argument, place in classes.get(name, {}).items():
                given = [kw.value for kw in node.keywords if kw.arg == argument]
                for each in (*given, *node.args[place : place + 1]):
                    yield from ((text, "") for text in _literals(each))
        elif isinstance(node, ast.ClassDef) and (places := classes.get(node.name)):
            for line in node.body:  # what is said where nobody says anything else
                if isinstance(line, ast.AnnAssign) and _name(line.target) in places and line.value:
                    yield from ((text, "") for text in _literals(line.value))


def _imported(tree: ast.Module) -> frozenset[str]:
    """Which functions that say something a module has: `say` is not a name of ours alone."""
    found = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_SAYING)
        for alias in node.names
    }
    return frozenset((found | ({"plural"} if "words" in found else set())) & _SAY)


_SAYING = "onesystem.vocabulary"
_COUNT = frozenset({"counted", "plural"})  # called by their module too: `words.plural`
_SAY = _COUNT | {"say", "say_counted", "say_each"}


def _said(name: str, call: ast.Call) -> Iterator[Message]:
    match name, call.args:
        case "say", [text, *_]:
            yield from ((each, "") for each in _literals(text))
        case "say_each", [ast.Dict(values=values)]:
            yield from ((each, "") for value in values for each in _literals(value))
        case "say_counted", [ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_]:
            yield one, many
        case "counted" | "plural", [_, ast.Constant(value=str(noun)), *rest]:
            many = next((each for arg in rest for each in _literals(arg)), f"{noun}s")
            yield f"{{n}} {noun}", f"{{n}} {many}"


def _name(node: ast.expr) -> str:
    found = getattr(node, "id", getattr(node, "attr", ""))
    return found if isinstance(found, str) else ""


def _literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text) if has_words(text):
            yield text
        case ast.IfExp():
            yield from _literals(node.body)
            yield from _literals(node.orelse)
        case ast.BoolOp():
            for each in node.values:
                yield from _literals(each)
