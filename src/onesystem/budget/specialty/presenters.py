"""Specialty budgets in rows, words and files."""

from collections.abc import Mapping
from typing import Any

from onesystem.budget.pooled.presenters import amount, money
from onesystem.budget.specialty.building import PARTS, Built, build
from onesystem.budget.specialty.shape import GROUPS, Specialty
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing

_LINES = (
    Column("part", "Part"), Column("words", "What"), Column("rule", "Rule"),
    Column("amount", "A year", right=True), Column("source", "Source"),
)  # fmt: skip
_HOURS = 60


def lines(built: Built, query: Any) -> Listing:
    """The lines of a budget."""
    return Listing(
        caption="Lines",
        columns=_LINES,
        all_rows=[
            [PARTS[x.part], x.words, x.rule, amount(x.amount), x.source] for x in built.lines
        ],
        query=query,
        empty_title="Nothing costs anything yet",
        empty_advice="Edit the budget: add staff in post and what is bought.",
    )


def capacity(built: Built) -> list[dict[str, Any]]:
    """Each staff group: its hours, what work takes of them, and what is not used."""
    return [
        {"group": GROUPS[c.group], "wte": f"{c.hundredths / 100:g}", "cost": money(c.cost),
         "hours": round(c.minutes / _HOURS), "needed": round(c.needed / _HOURS),
         "share": None if c.share is None else round(float(c.share) * 100),
         "used": money(c.used), "unused": money(c.unused), "short": round(c.short / _HOURS)}
        for c in built.capacity
    ]  # fmt: skip


def compared(before: Specialty, after: Specialty, query: Any) -> Listing:
    """Two versions beside each other, part by part and line by line."""
    one, other = build(before), build(after)
    rows = [[words, "all", amount(one.part(p)), amount(other.part(p)),
             amount(other.part(p) - one.part(p))] for p, words in PARTS.items()]  # fmt: skip
    rows.append([say("Budget"), "all", amount(one.total), amount(other.total),
                 amount(other.total - one.total)])  # fmt: skip
    was, now = _by_words(one), _by_words(other)
    keys = [*was, *(k for k in now if k not in was)]
    rows += [
        [PARTS[key[0]], key[1], amount(was.get(key, 0)), amount(now.get(key, 0)),
         amount(now.get(key, 0) - was.get(key, 0))]
        for key in keys
        if was.get(key, 0) != now.get(key, 0)
    ]  # fmt: skip
    return Listing(caption="Differences", columns=_COMPARED, all_rows=rows, query=query)


_COMPARED = (
    Column("part", "Part", sorts=False), Column("what", "What", sorts=False),
    Column("before", "Before", right=True, sorts=False),
    Column("after", "After", right=True, sorts=False),
    Column("change", "Change", right=True, sorts=False),
)  # fmt: skip


def _by_words(built: Built) -> Mapping[tuple[str, str], int]:
    made: dict[tuple[str, str], int] = {}
    for line in built.lines:
        key = (line.part, line.words)
        made[key] = made.get(key, 0) + line.amount
    return made
