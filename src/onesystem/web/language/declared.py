"""Python's words that need no mark: arguments of these classes are words wherever they are written.

A column's label, the title of an empty table, a place of the navigation: whoever makes one writes
the words as a literal. The extractor reads them there, and a page in another language looks them
up where it shows that attribute of that class. What comes from a district's own files or from a
record passes through the same attributes and is in no catalogue, so it is shown as it is.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from onesystem.vocabulary import Setting, Standing
from onesystem.vocabulary.said import Said

# class: attribute -> its place among the arguments
DECLARED: dict[str, dict[str, int]] = {
    "onesystem.vocabulary.tables.Column": {"label": 1, "unit": 3},
    "onesystem.vocabulary.tables.Listing": {
        "caption": 0, "empty_title": 7, "empty_advice": 8,
    },
    "onesystem.web.frame.Place": {"name": 0},
}  # fmt: skip
# Values of these are words wherever they are shown: what services and standings are called.
WORDS: tuple[type[StrEnum], ...] = (Setting, Standing)
BY_NAME = {name.rsplit(".", 1)[1]: places for name, places in DECLARED.items()}


def declared(kind: type, attribute: str) -> bool:
    """Whether that attribute of the class is words of the product."""
    return attribute in DECLARED.get(f"{kind.__module__}.{kind.__qualname__}", {})


def shown(value: Any, message: Callable[[str], str | None]) -> Any:
    """A value for people: words that Python said are said anew in the language."""
    if isinstance(value, WORDS):
        return message(value) or value
    if type(value) is not Said:
        return value
    text = message(value.message)
    if text is None:
        return value
    given = {key: shown(each, message) for key, each in value.given.items()}
    try:
        return text.format(**given) if given else text
    except (KeyError, IndexError, ValueError):
        return value  # a translation that names what is not there
