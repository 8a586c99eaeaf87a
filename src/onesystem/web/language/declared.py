"""Python's words that need no mark: arguments of these classes are words wherever they are written.

A column's label, the title of an empty table, a place of the navigation, what an error says:
whoever makes one writes the words as a literal. The extractor reads them there, and a page in
another language looks them up where it shows that attribute of that class. What comes from a
district's own files or from a record passes through the same attributes and is in no catalogue, so
it is shown as it is.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Any

from onesystem.vocabulary import BadInput, Setting, Standing, UserError
from onesystem.vocabulary.said import Language, again

# class: attribute -> its place among the arguments
DECLARED: dict[str, dict[str, int]] = {
    "onesystem.vocabulary.tables.Column": {"label": 1, "unit": 3},
    "onesystem.vocabulary.tables.Listing": {
        "caption": 0, "empty_title": 7, "empty_advice": 8,
    },
    "onesystem.vocabulary.errors.UserError": {"what": 0, "cure": 1},
    "onesystem.vocabulary.errors.BadInput": {"what": 0, "cure": 1},
    "onesystem.web.frame.Place": {"name": 0},
}  # fmt: skip
# Values of these are words wherever they are shown: what services and standings are called.
WORDS: tuple[type[StrEnum], ...] = (Setting, Standing)
ERRORS = (UserError, BadInput)
BY_NAME = {name.rsplit(".", 1)[1]: places for name, places in DECLARED.items()}


@lru_cache(maxsize=1024)
def declared(kind: type, attribute: str) -> bool:
    """Whether that attribute of the class is words of the product."""
    return any(
        attribute in DECLARED.get(f"{each.__module__}.{each.__qualname__}", {})
        for each in kind.__mro__
    )


def shown(value: Any, language: Language) -> Any:
    """A value for people: words that Python said are said anew in the language."""
    if isinstance(value, WORDS):
        return language.message(value) or value
    return again(str(value) if isinstance(value, ERRORS) else value, language)
