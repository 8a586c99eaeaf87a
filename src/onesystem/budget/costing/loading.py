"""The rules in force here: those that are shipped, and the district's `costs.toml` on them."""

import hashlib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from onesystem.budget.costing.pricing import Book
from onesystem.budget.costing.rates import Rules
from onesystem.budget.costing.reading import read
from onesystem.district import current, folder
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

FILE = "costs.toml"


def shipped() -> Rules:
    """The rules that come with the product."""
    return _shipped()


def book() -> Book:
    """The district's rules, with prices; read again when the file changes. Raises BadConfig."""
    path = folder() / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        stamp = 0
    return _book(path, stamp, tuple(sorted(current().services)))


def read_file(path: Path) -> Rules:
    """The rules that a file says, on the shipped ones."""
    return read(path.read_text(encoding="utf-8"), name=path.name, ground=_shipped())


def digest(of: Book, month: date) -> str:
    """Changes when anything that costs of a month depend on does."""
    rules = of.rules
    said = [each for some in (rules.rules, rules.staff, rules.national, rules.pools)
            for each in some if each.on(month)]  # fmt: skip
    moved = [(n, sorted(index.items())) for n, index in sorted(rules.deflators.items())]
    told = repr((month >= rules.since, sorted(map(repr, said)), moved, sorted(rules.none.items())))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _shipped() -> Rules:
    path = files("onesystem.budget.costing") / "data" / "rules.toml"
    return read(path.read_text(encoding="utf-8"), name="rules.toml")


@lru_cache(maxsize=4)
def _book(path: Path, stamp: int, services: tuple[str, ...]) -> Book:
    if not stamp:
        return Book(_shipped())
    rules = read_file(path)
    named = {r.service: r.name for r in rules.rules if r.service}
    named |= {s: p.code for p in rules.pools for s in p.services}
    for service, who in named.items():
        if services and service not in services:
            raise BadConfig(
                say(
                    "{name}: {who} is of the service {service}, which the district has not",
                    name=path.name,
                    who=repr(who),
                    service=repr(service),
                ),
                nearest(service, services),
            )
    return Book(rules)
