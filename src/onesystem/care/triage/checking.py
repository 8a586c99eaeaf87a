"""Whether a table can be used: every name is known, every edge is met, every total has a band."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

from onesystem.care.triage.tables import COMPARES, Condition, Input, Item, Table, Value
from onesystem.vocabulary.said import say

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
        yield say("the table has no key or no title; give it both")
    elif not _KEY.fullmatch(table.key) or len(table.key) > _LONGEST:
        yield (
            say(
                "the key {key} cannot stand in an address; write it in small letters, digits "
                "and hyphens, of at most {longest} characters",
                key=repr(table.key),
                longest=_LONGEST,
            )
        )
    if table.since and table.until and table.until <= table.since:
        yield say("the table ends before it begins; mend since or until")
    if not table.source:
        yield say(
            "the table does not say its source; name the paper, standard or group, with its date"
        )
    for what, names in (("input", [i.name for i in table.inputs]),
                        ("item", [i.name for i in table.items])):  # fmt: skip
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield say(
                "{what} {name} stands twice; name one of them otherwise", what=what, name=repr(name)
            )
    asked = {name for item in table.items for name in item.inputs}
    for each in table.inputs:
        if each.name not in asked:
            yield say(
                "input {name} is asked and no item uses it; use it or leave it out",
                name=repr(each.name),
            )


def _input(each: Input) -> Iterator[str]:
    if each.kind not in _KINDS:
        yield say(
            "input {name} is of kind {kind}; it is one of {kinds}",
            name=repr(each.name),
            kind=repr(each.kind),
            kinds=", ".join(_KINDS),
        )
    if each.kind == "number" and not each.least < each.most:
        yield say("input {name} has no range; say its least and most", name=repr(each.name))
    if not each.step > 0:
        yield say(
            "input {name} has steps of {step}; write how finely it is measured",
            name=repr(each.name),
            step=f"{each.step:g}",
        )
    if each.kind == "choice" and len(each.options) < 2:
        yield say(
            "input {name} is a choice of fewer than two; write its options", name=repr(each.name)
        )


def _item(item: Item, table: Table) -> Iterator[str]:
    known = {each.name: each for each in table.inputs}
    if not item.cases:
        yield say("item {name} has no cases; write what gives which points", name=repr(item.name))
    wrong = [w for case in item.cases for c in case.when for w in _condition(item, c, known)]
    yield from wrong
    if wrong:
        return
    reached = _reached(item, known)
    if reached is None:
        yield say("item {name} is too large to be checked; part it", name=repr(item.name))
        return
    for number, case in enumerate(item.cases, 1):
        if number not in reached:
            words = " and ".join(f"{c.name} {c.compare} {c.value}" for c in case.when) or "always"
            yield (
                say(
                    "case {number} of item {name} ({words}) is never met, because an earlier one "
                    "covers it; move it up or take it out",
                    number=number,
                    name=repr(item.name),
                    words=words,
                )
            )


def _condition(item: Item, one: Condition, known: Mapping[str, Input]) -> Iterator[str]:
    place = say(
        "item {name}: {name2} {compare} {value}",
        name=repr(item.name),
        name2=one.name,
        compare=one.compare,
        value=one.value,
    )
    if one.name not in known:
        yield say(
            "{place}: there is no input {name}; add it or name another",
            place=place,
            name=repr(one.name),
        )
        return
    if one.compare not in COMPARES:
        yield say(
            "{place} cannot be compared; use one of {compares}",
            place=place,
            compares=" ".join(COMPARES),
        )
    asked = known[one.name]
    if asked.kind == "number" and not _is_number(one.value):
        yield say("{place} cannot be: {name} is a number; write one", place=place, name=one.name)
    if asked.kind == "choice" and one.value not in {code for code, _ in asked.options}:
        yield say(
            "{place} cannot be; it is one of {options}",
            place=place,
            options=", ".join((code for code, _ in asked.options)),
        )
    if asked.kind == "yes-no" and not isinstance(one.value, bool):
        yield say("{place} cannot be; it is yes or no", place=place)


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
        yield say("the table has no bands; say what a total means")
        return
    least = min(0, *(case.points for item in table.items for case in item.cases), 0)
    last = table.bands[-1]
    if last.least is None or last.least > least:
        yield say(
            "a total of {least} has no band; let the last band begin with {least}", least=least
        )
    limits = [b.least for b in table.bands if b.least is not None]
    if limits != sorted(limits, reverse=True):
        yield say("the bands are not in order; write the most pressing first")
    for band in table.bands:
        if band.least is None and band.single is None:
            yield say(
                "band {words} never holds; say from how many points on", words=repr(band.words)
            )
        if band.kind not in _BANDS:
            yield say(
                "band {words} is of kind {kind}; it is one of {bands}",
                words=repr(band.words),
                kind=repr(band.kind),
                bands=", ".join(_BANDS),
            )
        if band.outcome and band.outcome not in _OUTCOMES:
            some = ", ".join(_OUTCOMES)
            yield say(
                "band {words} proposes {outcome}; it is one of {some}",
                words=repr(band.words),
                outcome=repr(band.outcome),
                some=some,
            )
