"""Whether a table can be used: every name is known, every edge is met, every total has a band."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from onesystem.care.triage.tables import COMPARES, Condition, Input, Item, Table, Value

MOST = 20_000  # combinations of an item's edges that are tried
_KINDS = ("number", "choice", "yes-no")
_BANDS = ("good", "warn", "bad", "info")
_OUTCOMES = ("convey", "ring", "leave", "acute", "falls")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 60


def faults(table: Table) -> list[str]:
    """What is wrong with a table, each with its place and its cure. Empty: it can be used."""
    return [
        *_names(table), *(f for each in table.inputs for f in _input(each)),
        *(f for item in table.items for f in _item(item, table)), *_bands(table),
    ]  # fmt: skip


def _names(table: Table) -> Iterator[str]:
    if not table.key or not table.title:
        yield "the table has no key or no title; give it both"
    elif not _KEY.fullmatch(table.key) or len(table.key) > _LONGEST:
        yield (
            f"the key {table.key!r} cannot stand in an address; write it in small letters, digits "
            f"and hyphens, of at most {_LONGEST} characters"
        )
    if table.since and table.until and table.until <= table.since:
        yield "the table ends before it begins; mend since or until"
    if not table.source:
        yield "the table does not say its source; name the paper, standard or group, with its date"
    for what, names in (("input", [i.name for i in table.inputs]),
                        ("item", [i.name for i in table.items])):  # fmt: skip
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"{what} {name!r} stands twice; name one of them otherwise"
    asked = {name for item in table.items for name in item.inputs}
    for each in table.inputs:
        if each.name not in asked:
            yield f"input {each.name!r} is asked and no item uses it; use it or leave it out"


def _input(each: Input) -> Iterator[str]:
    if each.kind not in _KINDS:
        yield f"input {each.name!r} is of kind {each.kind!r}; it is one of {', '.join(_KINDS)}"
    if each.kind == "number" and not each.least < each.most:
        yield f"input {each.name!r} has no range; say its least and most"
    if not each.step > 0:
        yield f"input {each.name!r} has steps of {each.step:g}; write how finely it is measured"
    if each.kind == "choice" and len(each.options) < 2:
        yield f"input {each.name!r} is a choice of fewer than two; write its options"


def _item(item: Item, table: Table) -> Iterator[str]:
    known = {each.name: each for each in table.inputs}
    if not item.cases:
        yield f"item {item.name!r} has no cases; write what gives which points"
    wrong = [w for case in item.cases for c in case.when for w in _condition(item, c, known)]
    yield from wrong
    if wrong:
        return
    reached = _reached(item, known)
    if reached is None:
        yield f"item {item.name!r} is too large to be checked; part it"
        return
    for number, case in enumerate(item.cases, 1):
        if number not in reached:
            words = " and ".join(f"{c.name} {c.compare} {c.value}" for c in case.when) or "always"
            yield (
                f"case {number} of item {item.name!r} ({words}) is never met, because an earlier "
                "one covers it; move it up or take it out"
            )


def _condition(item: Item, one: Condition, known: Mapping[str, Input]) -> Iterator[str]:
    place = f"item {item.name!r}: {one.name} {one.compare} {one.value}"
    if one.name not in known:
        yield f"{place}: there is no input {one.name!r}; add it or name another"
        return
    if one.compare not in COMPARES:
        yield f"{place} cannot be compared; use one of {' '.join(COMPARES)}"
    asked = known[one.name]
    if asked.kind == "number" and not _is_number(one.value):
        yield f"{place} cannot be: {one.name} is a number; write one"
    if asked.kind == "choice" and one.value not in {code for code, _ in asked.options}:
        yield f"{place} cannot be; it is one of {', '.join(code for code, _ in asked.options)}"
    if asked.kind == "yes-no" and not isinstance(one.value, bool):
        yield f"{place} cannot be; it is yes or no"


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def edges(each: Input, conditions: list[Condition]) -> list[Value]:
    """The values of an input at which anything may change: just below, at and above each edge."""
    if each.kind == "yes-no":
        return [True, False]
    if each.kind == "choice":
        return [code for code, _ in each.options]
    found = {each.least, each.most}
    for one in conditions:
        if _is_number(one.value):
            at = float(one.value)
            found |= {at - each.step, at, at + each.step}
    return sorted(round(v, 6) for v in found if each.least <= v <= each.most)


def _reached(item: Item, known: Mapping[str, Input]) -> set[int] | None:
    """The numbers of the cases that some value reaches; None where there are too many to try."""
    conditions = [c for case in item.cases for c in case.when]
    ways = [edges(known[n], [c for c in conditions if c.name == n]) for n in item.inputs]
    count = 1
    for way in ways:
        count *= len(way)
    if count > MOST:
        return None
    reached = set()
    for values in product(*ways):
        given = dict(zip(item.inputs, values, strict=True))
        for number, case in enumerate(item.cases, 1):
            if all(c.holds(given) for c in case.when):
                reached.add(number)
                break
    return reached


def _bands(table: Table) -> Iterator[str]:
    if not table.bands:
        yield "the table has no bands; say what a total means"
        return
    least = min(0, *(case.points for item in table.items for case in item.cases), 0)
    last = table.bands[-1]
    if last.least is None or last.least > least:
        yield f"a total of {least} has no band; let the last band begin with {least}"
    limits = [b.least for b in table.bands if b.least is not None]
    if limits != sorted(limits, reverse=True):
        yield "the bands are not in order; write the most pressing first"
    for band in table.bands:
        if band.least is None and band.single is None:
            yield f"band {band.words!r} never holds; say from how many points on"
        if band.kind not in _BANDS:
            yield f"band {band.words!r} is of kind {band.kind!r}; it is one of {', '.join(_BANDS)}"
        if band.outcome and band.outcome not in _OUTCOMES:
            some = ", ".join(_OUTCOMES)
            yield f"band {band.words!r} proposes {band.outcome!r}; it is one of {some}"
