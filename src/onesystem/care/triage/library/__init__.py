"""The tables that are shipped: published scores whose arithmetic is free to use, and examples."""

from functools import cache
from importlib.resources import files

from onesystem.care.triage.reading import read
from onesystem.care.triage.tables import Table
from onesystem.vocabulary import NotFound, nearest
from onesystem.vocabulary.said import say


def text(key: str) -> str:
    """The file of one of them, as it is shipped. Raises NotFound."""
    table(key)
    return files(__package__).joinpath(f"{key}.toml").read_text(encoding="utf-8")


@cache
def tables() -> tuple[Table, ...]:
    """All of them, by title."""
    found = [
        read(each.read_text(encoding="utf-8"), name=each.name)
        for each in files(__package__).iterdir()
        if each.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda table: table.title))


def table(key: str) -> Table:
    """One of them. Raises NotFound."""
    known = {each.key: each for each in tables()}
    if key not in known:
        raise NotFound(say("no table {key} is shipped", key=repr(key)), nearest(key, known))
    return known[key]
