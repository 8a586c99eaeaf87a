"""The library of options: what districts have tried, each a dated file with its evidence."""

from functools import cache
from importlib.resources import files

from onesystem.plan.options.option import Option, read
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.said import say


@cache
def options() -> dict[str, Option]:
    """The options by key, in the order of their titles."""
    found = [
        read(each.read_text("utf-8"), each.name.removesuffix(".toml"))
        for each in files(__name__).iterdir()
        if each.name.endswith(".toml")
    ]
    return {each.key: each for each in sorted(found, key=lambda each: each.title)}


def option(key: str) -> Option:
    """One of them. Raises NotFound with the nearest."""
    known = options()
    if key not in known:
        raise NotFound(say("there is no option {key}", key=repr(key)), nearest(key, known))
    return known[key]
