"""Functions over the other units of the same person, as joins: exists, count, total and their kin.

A condition over the others alone is asked of them before the join, so that few are joined.
"""

from collections.abc import Sequence
from typing import Any

from onesystem.flow.measures.language import GATHER
from onesystem.flow.measures.nodes import Nodes
from onesystem.flow.measures.tree import Call, Field, Node, ages_other, conjuncts, mapped, walk


def gathers(node: Node) -> bool:
    """Whether it asks anything of the others."""
    return any(_is_call(each) for each in walk(node))


def gathered(
    nodes: Nodes, units: Any, others: Any, wanted: Sequence[Node]
) -> tuple[Any, list[Node]]:
    """The units with a column for every function over the others; `wanted` as it reads them."""
    calls = list(dict.fromkeys(n for e in wanted for n in walk(e) if _is_call(n)))
    names = {call: f"gathered_{i}" for i, call in enumerate(calls, 1)}
    for call, name in names.items():
        units = _gather(nodes, units, others, call, name)  # type: ignore[arg-type]
    return units, [_instead(node, names) for node in wanted]


def _gather(nodes: Nodes, units: Any, others: Any, call: Call, name: str) -> Any:
    """The units with one more column: what a function over the others gives."""
    parts = conjuncts(call.args[-1])
    mine = [p for p in parts if not any(isinstance(n, Field) and not n.other for n in walk(p))]
    joined = [p for p in parts if p not in mine]
    around = others.filter(*(nodes.flag(_own(p), others) for p in mine)) if mine else others
    used = {n.name for a in call.args for n in walk(a) if isinstance(n, Field) and n.other}
    used |= {"born"} if any(ages_other(a) for a in call.args) else set()
    keep = {f"o_{n}": around[n] for n in sorted(used | {"contact"})}
    keep["o_person"] = around.person
    period = "period" in units.columns
    if period:
        keep["o_period"] = around.period
    around = around.select(**keep)
    id_columns = ["person", "period"] if period else ["person", "contact"]
    left = units.select(*{*id_columns, *_mine(call, units)})
    predicates = [left.person == around.o_person]
    if period:
        predicates.append(left.period == around.o_period)
    else:
        predicates.append(left.contact != around.o_contact)
    pairs = left.join(around, predicates)
    for part in joined:
        pairs = pairs.filter(nodes.flag(part, pairs))
    found = _aggregated(nodes, pairs, call, name, id_columns)
    found = found.rename({f"of_{name}_{n}": n for n in id_columns})
    units = units.left_join(found, [units[n] == found[f"of_{name}_{n}"] for n in id_columns]).drop(
        *(f"of_{name}_{n}" for n in id_columns)
    )
    if call.name == "exists":
        return units.mutate(**{name: units[name].notnull()})
    if call.name in {"earliest", "latest"}:
        return units
    return units.mutate(**{name: units[name].fill_null(0).cast("int64")})


def _mine(call: Call, units: Any) -> set[str]:
    """The fields of the unit itself that a call names."""
    names = {n.name for a in call.args for n in walk(a) if isinstance(n, Field) and not n.other}
    if any(isinstance(n, Call) and n.name == "age" for a in call.args for n in walk(a)):
        names.add("born")
    return names & set(units.columns)


def _aggregated(nodes: Nodes, pairs: Any, call: Call, name: str, ids: list[str]) -> Any:
    """One row a unit, of the others that it was joined to."""
    if call.name in {"exists", "count"}:
        return pairs.group_by(ids).agg(**{name: pairs.o_contact.count()})
    value = nodes.value(call.args[0], pairs)
    pairs = pairs.mutate(what=value)
    if call.name in {"total", "earliest", "latest"}:
        function = {"total": "sum", "earliest": "min", "latest": "max"}[call.name]
        return pairs.group_by(ids).agg(**{name: getattr(pairs.what, function)()})
    told = pairs.filter(pairs.what != "")
    shared = told.group_by([*ids, "what"]).agg(n=told.o_contact.count())
    if call.name == "distinct":
        return shared.group_by(ids).agg(**{name: shared.n.count()})
    if call.name == "largest":
        return shared.group_by(ids).agg(**{name: shared.n.max()})
    return shared.group_by(ids).agg(**{name: (shared.n * shared.n).sum()})


def _is_call(node: Node) -> bool:
    return isinstance(node, Call) and node.name in GATHER


def _own(node: Node) -> Node:
    """A condition over the others as one over their own table."""
    return mapped(node, lambda n: Field(n.name) if isinstance(n, Field) else None)


def _instead(node: Node, calls: dict[Node, str]) -> Node:
    """The node with each function over the others replaced by the column that holds it."""
    return mapped(node, lambda n: Field(calls[n]) if n in calls else None)
