"""The catalogue that translators begin from: every message of templates and of Python."""

import ast
from collections import defaultdict
from pathlib import Path

import jinja2
import polib
from jinja2 import nodes

from onesystem.web.language.catalogue import AGES, MARKS, NAMES, OWN_NAME
from onesystem.web.language.declared import WORDS
from onesystem.web.language.reading_python import told, wordy_classes
from onesystem.web.language.shown import Macros
from onesystem.web.language.translating import translated

PACKAGE = Path(__file__).resolve().parents[2]
UNSEEN = frozenset({"cli", "bench", "demo"})  # rooms whose words no page shows
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
    _of_modules(found)
    found.file = "web/language/catalogue.py"
    for text in (*NAMES, *AGES, MARKS, OWN_NAME, *(each for kind in WORDS for each in kind)):
        found.message(str(text))
    return found


def _of_modules(found: Found) -> None:
    """What Python says: of all rooms but those that no page shows."""
    files = [each for each in sorted(PACKAGE.rglob("*.py")) if _room(each) not in UNSEEN]
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    classes = wordy_classes(trees.values())
    for file, tree in trees.items():
        found.file = file.relative_to(PACKAGE).as_posix()
        for one, many in told(tree, classes):
            if many:
                found.plural(one, many)
            else:
                found.message(one)


def _room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0]


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
