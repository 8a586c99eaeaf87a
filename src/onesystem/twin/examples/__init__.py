"""A model of a district that stands for none, for as long as there is none of one's own."""

from functools import cache
from importlib.resources import files

NAME = "example.json"


@cache
def text() -> str:
    """The example as JSON."""
    return (files(__name__) / NAME).read_text(encoding="utf-8")
