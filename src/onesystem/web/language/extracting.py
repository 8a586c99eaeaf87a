"""The catalogue that translators begin from: every message of templates and of Python."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import jinja2
import polib
from jinja2 import nodes

from onesystem.web.language.catalogue import AGES, MARKS, NAMES, OWN_NAME
from onesystem.web.language.declared import BY_NAME, WORDS
from onesystem.web.language.sentences import has_words
from onesystem.web.language.shown import Macros
from onesystem.web.language.translating import translated

PACKAGE = Path(__file__).resolve().parents[2]
_COMMENTS = {
    OWN_NAME: "The name of your language in itself, as its readers look for it.",
    MARKS: "How your language writes this number: the marks are taken from here.",
    "May": "The month, short or long.",
}


class Found:
    """Messages with the files that have them."""

    wraps = False

    def __init__(self) -> None:
        self.where: dict[str, set[str]] = defaultdict(set)
        self.many: dict[str, str] = {}
        self.file = ""

    def message(self, text: str) -> None:
        """A message: noted, never translated."""
        self.where[text].add(self.file)

    def plural(self, one: str, many: str) -> list[str]:
        """A message that counts."""
        self.where[one].add(self.file)
        self.many[one] = many
        return [one, many]


def messages(env: jinja2.Environment) -> Found:
    """All messages of the product."""
    found = Found()
    macros = Macros(env)
    for name in sorted(env.list_templates(extensions=["html"])):
        found.file = name
        template = macros.parsed(name)
        translated(template, found, macros)
        for call in template.find_all(nodes.Call):  # say("...") in a `set`
            if isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args:
                found.message(call.args[0].as_const())
    for file in sorted(PACKAGE.rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        if "say(" in source or any(f"{name}(" in source for name in BY_NAME):
            found.file = file.relative_to(PACKAGE).as_posix()
            for text in _of_python(ast.parse(source)):
                found.message(text)
    found.file = "web/language/catalogue.py"
    for text in (*NAMES, *AGES, MARKS, OWN_NAME, *(each for kind in WORDS for each in kind)):
        found.message(str(text))
    return found


def _of_python(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "say" and node.args:
                yield from _literals(node.args[0])
            for argument, place in BY_NAME.get(name, {}).items():
                given = [kw.value for kw in node.keywords if kw.arg == argument]
                given += node.args[place : place + 1]
                for each in given:
                    yield from _literals(each)
        elif isinstance(node, ast.ClassDef) and node.name in BY_NAME:
            for line in node.body:  # what is said where nobody says anything else
                if isinstance(line, ast.AnnAssign) and line.value is not None:
                    name = getattr(line.target, "id", "")
                    if name in BY_NAME[node.name]:
                        yield from _literals(line.value)


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


def written(found: Found) -> str:
    """The messages as a `.pot`: by file, without line numbers, so that it changes with words alone.

    A message of a hundred files names the first three of them.
    """
    made = polib.POFile(wrapwidth=0)  # a message a line: easier to compare and to merge
    made.metadata = {
        "Project-Id-Version": "onesystem",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "",
        "Plural-Forms": "nplurals=INTEGER; plural=EXPRESSION;",
    }
    for text, files in sorted(found.where.items(), key=lambda item: (min(item[1]), item[0])):
        entry = polib.POEntry(
            msgid=text,
            occurrences=[(file, "") for file in sorted(files)[:3]],
            comment=_COMMENTS.get(text, ""),
        )
        if text in found.many:
            entry.msgid_plural = found.many[text]
            entry.msgstr_plural = {0: "", 1: ""}
        made.append(entry)
    return f"{made}\n"
