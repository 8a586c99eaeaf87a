"""What costing tells the measures of pathways: a measure of each in force, of its steps done.

What a pathway's steps cost in a month is rounded once for each staff group, as on the page of
pathways. It is shared among those of whom a step was done by what theirs cost, so that the parts
are the whole, and its cells are the page to the penny.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from django.db import OperationalError, ProgrammingError

from onesystem.budget.costing import loading
from onesystem.budget.costing.pathways import told
from onesystem.budget.costing.rates import NoRate, Rules
from onesystem.district import current, folder
from onesystem.flow.measures import days, library, who
from onesystem.flow.measures.telling import Sum, Sums, Teller, register_teller
from onesystem.vocabulary import Money, to_local

_NAME = "pathway-cost-"
_TEXT = '''name = {name}
title = {title}
words = """What the steps of this pathway that were done cost, for each person of whom one was
done in the period: the minutes that a step is expected to take, at the rate of its staff group."""
version = 1
shape = "told"
told = {name}
of = "person-month"
people_once = true
unit = "pounds"
direction = "none"
source = "Own: the pathway in force here, and the district's dated rates"
source_date = 2026-11-23
own = true
live = """The minutes lie within contacts that are costed by themselves: they are never added to
those. Steps of staff groups without a rate are left out."""
dimensions = ["practice"]
'''
Given = dict[date, dict[int, Fraction]]  # by month and identity: what their steps cost, exactly


def connect() -> None:
    """Let the measures ask. Safe to call again."""
    library.register_written("pathways", _texts)


def name_of(slug: str) -> str:
    """The name of the measure of a pathway."""
    return f"{_NAME}{slug}"


def _texts() -> Iterable[str]:
    """The definitions, of the pathways in force; each with who tells it."""
    try:
        titles = told().titles()
    except (OperationalError, ProgrammingError):  # a store from before there were any
        return
    for slug, title in titles.items():
        name = name_of(slug)
        register_teller(name, Teller(_stamp, sums=_teller(slug)))
        yield _TEXT.format(name=_said(name), title=_said(f"Cost of a person on: {title}"))


def _said(text: str) -> str:
    """As TOML writes a text."""
    return json.dumps(text)


def _stamp() -> str:
    rules = loading.book().rules
    rates = hashlib.sha256(repr((rules.staff, sorted(rules.deflators.items()))).encode())
    return f"{told().stamp()} {rates.hexdigest()[:16]}"


def _teller(slug: str) -> Sums:
    return lambda asks: (sums(slug, parts, every) for parts, every in asks)


def sums(slug: str, parts: tuple[str, ...], every: str) -> Iterator[Sum]:
    """Cost and people of each period and key of a pathway."""
    exact, whole = _given(folder(), _stamp()).get(slug, ({}, {}))
    people = who.of_identities({i for some in exact.values() for i in some})
    minor: dict[tuple[int, tuple[str, ...]], int] = defaultdict(int)
    persons: dict[tuple[int, tuple[str, ...]], set[int]] = defaultdict(set)
    for month, some in exact.items():
        period = days.begin(days.day_of(month), every)
        shares = list(some.values())
        split = Money(whole[month], "").split(shares if any(shares) else [1] * len(shares))
        for identity, part in zip(some, split, strict=True):
            known = people.get(identity)
            key = tuple((known.practice if known else "") for _ in parts)
            minor[period, key] += part.minor
            persons[period, key].add(known.person if known else -identity)
    for (period, key), amount in sorted(minor.items()):
        many = len(persons[period, key])
        yield Sum(period, key, amount, many, many)


@lru_cache(maxsize=1)
def _given(_folder: Path, _stamp: str) -> dict[str, tuple[Given, dict[date, int]]]:
    """What each one's steps cost by month, exactly, and what a month's come to, in whole units."""
    rules, zone = loading.book().rules, current().zone
    exact: dict[str, Given] = defaultdict(lambda: defaultdict(lambda: defaultdict(Fraction)))
    minutes: dict[tuple[str, date, str], int] = defaultdict(int)
    for at, identity, slug, staff, many in told().steps():
        month = to_local(at, zone).date().replace(day=1)
        exact[slug][month][identity] += many * _rate(rules, staff, month)
        minutes[slug, month, staff] += many
    whole: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for (slug, month, staff), many in minutes.items():
        whole[slug][month] += round(many * _rate(rules, staff, month))
    return {slug: (some, whole[slug]) for slug, some in exact.items()}


def _rate(rules: Rules, staff: str, month: date) -> Fraction:
    try:
        return rules.rate(staff, month)
    except NoRate:
        return Fraction(0)
