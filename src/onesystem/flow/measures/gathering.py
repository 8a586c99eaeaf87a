"""Functions over the other units of the same person, as joins: exists, count, total and their kin.

A condition over the others alone is asked of them before the join, so that few are joined.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeGuard

from onesystem.flow.measures.language import GATHER
from onesystem.flow.measures.nodes import Nodes
from onesystem.flow.measures.tree import (
    Call,
    Compare,
    Const,
    Field,
    Node,
    Some,
    ages_other,
    conjuncts,
    mapped,
    walk,
)


def gathers(node: Node) -> bool:
    """Whether it asks anything of the others."""
    return any(_is_call(each) for each in walk(node))


def gathered(
    nodes: Nodes, units: Any, others: Any, wanted: Sequence[Node]
) -> tuple[Any, list[Node]]:
    """The units with a column for every function over the others; `wanted` as it reads them."""
    calls: list[Call] = list(dict.fromkeys(n for e in wanted for n in walk(e) if _is_call(n)))
    names = {call: f"gathered_{i}" for i, call in enumerate(calls, 1)}
    for call, name in names.items():
        units = _gather(nodes, units, others, call, name)
    return units, [_instead(node, names) for node in wanted]


def in_periods(
    nodes: Nodes,
    rows: Any,
    keys: list[str],
    wanted: Sequence[Node],
    once: Callable[[Any, Callable[[], Any]], Any],
) -> tuple[Any, list[Node]]:
    """People's periods, with a column for each function that asks nothing of the period itself.

    `rows` are the contacts in them and `keys` tell one period from another: one grouping does what
    would be a join each. `wanted`, of which the first is the population, as the periods read it.
    """
    calls = _groupable(wanted)
    names = {call: f"grouped_{i}" for i, call in enumerate(calls, 1)}
    held = _counting(calls, wanted[0])
    those = rows if held is None else nodes.those(own(held), rows)
    units = once((*keys, *calls, held), lambda: _grouped(nodes, those, keys, names))
    made = {}
    for call, name in names.items():
        if call.name == "exists":
            made[name] = units[name] > 0
        elif call.name not in _EITHER_END:
            made[name] = units[name].fill_null(0).cast("int64")
    units = units.mutate(**made) if made else units
    return units, [_instead(node, names) for node in wanted]


_EITHER_END = {"earliest": "min", "latest": "max"}
_BY_WORD = ("distinct", "largest", "squares")  # of those who share a text


def _groupable(wanted: Sequence[Node]) -> list[Call]:
    """The calls that one grouping can answer: those by texts all by the same one."""
    calls: list[Call] = []
    what: Node | None = None
    for call in dict.fromkeys(n for e in wanted for n in walk(e) if isinstance(n, Call)):
        if not _is_call(call):
            continue
        if any(isinstance(n, Field) and not n.other for a in call.args for n in walk(a)):
            continue
        if call.name in _BY_WORD:
            if what not in (None, call.args[0]):
                continue
            what = call.args[0]
        calls.append(call)
    return calls


def _grouped(nodes: Nodes, rows: Any, keys: list[str], names: dict[Call, str]) -> Any:
    """The periods of the rows, with the parts of each call."""
    what = next((c.args[0] for c in names if c.name in _BY_WORD), None)
    if what is not None:
        rows = rows.mutate(what=nodes.value(own(what), rows))
    parts = {name: _part(nodes, rows, call) for call, name in names.items()}
    if what is None:
        return rows.group_by(keys).agg(some=rows.contact.count(), **parts)
    each = rows.group_by([*keys, "what"]).agg(some=rows.contact.count(), **parts)
    whole = {name: _whole(each[name], call.name) for call, name in names.items()}
    return each.group_by(keys).agg(some=each.some.sum(), **whole)


def _counting(calls: Sequence[Call], population: Node) -> Node | None:
    """What holds of all contacts that can count, where no period is asked for but theirs."""
    if not any(_some_of(part) in calls for part in conjuncts(population)):
        return None
    conditions = tuple(dict.fromkeys(call.args[-1] for call in calls))
    return conditions[0] if len(conditions) == 1 else Some(conditions)


def _some_of(condition: Node) -> Call | None:
    """The function that must find something where the condition holds."""
    match condition:
        case Call("exists"):
            return condition
        case Compare(">=", Call("count") as call, Const(int() as least)) if least > 0:
            return call
        case Compare(">", Call("count") as call, Const(int() as least)) if least >= 0:
            return call
    return None


def _part(nodes: Nodes, rows: Any, call: Call) -> Any:
    """What a function gives for a group of contacts; of a text's, how many there are."""
    held = nodes.holds(own(call.args[-1]), rows)
    where = reduce(lambda a, b: a & b, held) if held else None
    if call.name in {"exists", "count"}:
        return rows.contact.count(where=where)
    if call.name in _BY_WORD:
        told = rows.what != ""
        return rows.contact.count(where=told if where is None else where & told)
    value = nodes.value(own(call.args[0]), rows)
    return getattr(value, {"total": "sum", **_EITHER_END}[call.name])(where=where)


def _whole(parts: Any, name: str) -> Any:
    """The parts by texts as one."""
    match name:
        case "distinct":
            return parts.count(where=parts > 0)
        case "largest":
            return parts.max()
        case "squares":
            return (parts * parts).sum()
    return getattr(parts, _EITHER_END.get(name, "sum"))()


def _gather(nodes: Nodes, units: Any, others: Any, call: Call, name: str) -> Any:
    """The units with one more column: what a function over the others gives."""
    parts = conjuncts(call.args[-1])
    mine = [p for p in parts if not any(isinstance(n, Field) and not n.other for n in walk(p))]
    joined = [p for p in parts if p not in mine]
    around = others.filter(*(nodes.value(own(p), others) for p in mine)) if mine else others
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
        pairs = nodes.those(part, pairs)
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


def _is_call(node: Node) -> TypeGuard[Call]:
    return isinstance(node, Call) and node.name in GATHER


def own(node: Node) -> Node:
    """A condition over the others as one over their own table."""
    return mapped(node, lambda n: Field(n.name) if isinstance(n, Field) else None)


def _instead(node: Node, calls: Mapping[Call, str]) -> Node:
    """The node with each function over the others replaced by the column that holds it."""
    return mapped(node, lambda n: Field(calls[n]) if isinstance(n, Call) and n in calls else None)
