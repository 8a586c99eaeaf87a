"""A district's own tables: they may only be kinder than the law, unless they say why not. Pure.

The Care Act lets a council leave people more than the law's minimum, never less. A table that
would leave them less is refused, unless it carries `harsher = "why"`, which is then shown with it.
What a local table leaves out stays as the law has it on each day.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from onesystem.budget.entitlement.rates import Rates, Table
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

# Of these, more is kinder to the person; of the step of the tariff too; of what a step adds, less.
_LESS_IS_KINDER: Mapping[str, frozenset[str]] = {
    "capital limits": frozenset({"a_step"}),
    "prescription": frozenset({"an_item", "a_year"}),
    "maximum contribution": frozenset({"lowest", "highest"}),
}
_FREE = frozenset({"funded nursing care", "maximum contribution"})  # what another body sets


def with_local(national: Rates, local: Iterable[Table]) -> Rates:
    """The law with the district's tables before it. Raises BadConfig where one is harsher."""
    tables = tuple(local)
    for table in tables:
        harsher = problems(national, table)
        if harsher and not table.harsher:
            raise BadConfig(
                say(
                    "charges.toml, {name} since {since}: {harsher}",
                    name=repr(table.name),
                    since=table.since,
                    harsher=harsher[0],
                ),
                'A local table may only be kinder. Where it has to be so, write harsher = "why".',
            )
    return national.with_tables(tables)


def problems(national: Rates, table: Table) -> list[str]:
    """In which amounts a local table is harsher than a national one that holds while it does."""
    if table.name in _FREE:
        return []
    found = []
    for other in national.tables:
        if other.name == table.name and _meet(table, other):
            found += _harsher(table, other)
    return found


def _harsher(table: Table, other: Table) -> list[str]:
    less = _LESS_IS_KINDER.get(table.name, frozenset())
    return [
        say(
            "{key} is {amount}, and the law says {amounts} from {since}",
            key=key,
            amount=amount,
            amounts=other.amounts[key],
            since=other.since.isoformat(),
        )
        for key, amount in table.amounts.items()
        if key in other.amounts
        and (amount > other.amounts[key] if key in less else amount < other.amounts[key])
    ]


def _meet(one: Table, other: Table) -> bool:
    return one.since < (other.until or date.max) and other.since < (one.until or date.max)
