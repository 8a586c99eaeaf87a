"""The expression of a measure for engines: one Ibis table of what each unit gives.

Columns of the result: person, day, service, band, numerator, denominator, contact. The engines
supply three tables of whole numbers and texts (see `frames`): contacts, somebody, services. What a
measure does not ask for is not joined: a row measure without people reads the contacts alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count
from typing import Any

from onesystem.flow.measures import portable
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.language import FIELDS, GATHER, OF_PERSON, OF_SERVICE
from onesystem.flow.measures.tree import (
    TRUE,
    All,
    Among,
    Arith,
    Call,
    Choose,
    Compare,
    Const,
    Field,
    Kind,
    Node,
    Not,
    Some,
    conjuncts,
    walk,
)
from onesystem.flow.measures.world import World

_DAY = portable.DAY
_OF_UNIT = ("contact", "service", "setting", "source", "requested", "started", "ready", "ended",
            "planned", "bed", "mode", "urgency", "reason", "outcome", "by", "known_at")  # fmt: skip


@dataclass(frozen=True)
class Frames:
    """The tables of an engine, and the first and last moment (ms) that occur in them.

    `calendar(period)` gives a table of days, each with the period that it lies in: of_day, period
    (its first day), period_start and period_end (ms).
    """

    contacts: Any
    somebody: Any
    services: Any
    first: int
    last: int
    calendar: Callable[[str], Any]


def given(measure: Declared, frames: Frames, world: World, *, people: bool = True) -> Any:
    """What every unit of the measure gives. `people`: with the person and the band of age."""
    import ibis

    # Columns that are worked out once stay one step of the query: put into one another, the
    # arithmetic of days would grow with every use of it.
    ibis.options.sql.fuse_selects = False
    return _Build(measure, frames, world, people=people).given()


class _Build:
    def __init__(self, measure: Declared, frames: Frames, world: World, *, people: bool) -> None:
        self.measure, self.frames, self.world = measure, frames, world
        self.people = people
        self._names = count(1)

    # -- the units -----------------------------------------------------------------------------

    def rows(self) -> Any:
        """All contacts that count, with what the measure asks of person and service."""
        t = self.frames.contacts
        sane = (t.ended >= t.started).fill_null(True)
        used = self.used()
        rows = t.filter(~t.cancelled, sane).select(
            *(n for n in t.columns if n in used and n != "cancelled")
        )
        measure = self.measure
        if "person" in used:
            who = self.frames.somebody
            who = who.select(*(n for n in who.columns if n in used))
            rows = rows.join(who, "identity")
        if measure.names(OF_SERVICE):
            there = self.frames.services
            rows = rows.left_join(there, "service").drop("service_right")
            rows = rows.mutate(**{n: rows[n].fill_null("") for n in OF_SERVICE})
        import ibis

        limit = ibis.literal(self.world.horizon, "int64")
        more = {
            "until": ibis.least(rows.ended.coalesce(limit), limit),
            "now": limit,
            "last_service": rows.service,
            "stretches": ibis.literal(1, "int64"),
        }
        more = {name: said for name, said in more.items() if name in used}
        return rows.mutate(**more) if more else rows

    def used(self) -> set[str]:
        """The columns that the measure needs: the fewer there are, the smaller the query."""
        measure = self.measure
        used = {n.name for e in measure.expressions for n in walk(e) if isinstance(n, Field)}
        used |= {"contact", "service", "started", "ended"}
        if measure.needs_history or measure.names(OF_PERSON) or self.people:
            used |= {"identity", "person", "born"}
        if measure.shape == "interval":
            used.add("until")
        if "spell" in (measure.of, measure.others):
            used |= {"until", "last_service"}
        return used

    def spells(self, rows: Any) -> Any:
        """Contacts joined into spells; each has the id and words of its first stretch."""
        import ibis

        held = rows.filter(self.flag(self.measure.spell, rows), rows.started.notnull())
        marked = portable.active_intervals(
            held, by=["person"], start="started", end="ended", gap=self.measure.gap
        )
        whole = ibis.window(group_by=["person", "island"])
        first = ibis.window(group_by=["person", "island"], order_by=["started", "contact"])
        last = ibis.window(
            group_by=["person", "island"],
            order_by=[ibis.desc("reach"), ibis.desc("started"), ibis.desc("contact")],
        )
        ranked = marked.mutate(place=ibis.row_number().over(first))
        of_last = (n for n in ("ready", "outcome", "bed", "ended") if n in held.columns)
        more = {n: ranked[n].first(include_null=True).over(last) for n in of_last}
        more["last_service"] = ranked.service.first().over(last)
        more["until"] = ranked.until.max().over(whole)
        if "stretches" in held.columns:
            more["stretches"] = ranked.contact.count().over(whole).cast("int64")
        if "known_at" in held.columns:
            more["known_at"] = ranked.known_at.max().over(whole)
        told = ranked.mutate(**more)
        return told.filter(told.place == 0).drop("place", "island", "reach")

    def units(self) -> tuple[Any, Any]:
        """The units that are counted, and the table of the others."""
        rows = self.rows()
        of, others = self.measure.of, self.measure.others
        if of.startswith("person-"):
            return self.periods(rows)
        spells = self.spells(rows) if "spell" in (of, others) else None
        return (spells if of == "spell" else rows), (spells if others == "spell" else rows)

    def periods(self, rows: Any) -> tuple[Any, Any]:
        """Each person's periods in which a contact started, from a small calendar."""
        begun = rows.filter(rows.started.notnull())
        calendar = self.calendar(self.measure.every)
        day = self.day(begun.started)
        dated = begun.mutate(day=day)
        inside = dated.join(calendar, dated.day == calendar.of_day).drop("of_day", "day")
        keys = ["person", "period", "period_start", "period_end"]
        if self.people or self.measure.needs_person:
            keys += [n for n in OF_PERSON if n in inside.columns]
        units = inside.group_by(keys).agg(some=inside.contact.count())
        import ibis

        used = self.used()
        limit = ibis.literal(self.world.horizon, "int64")
        more = {
            "contact": ibis.literal(0, "int64"), "started": units.period_start,
            "ended": units.period_end, "now": limit,
            "until": ibis.least(units.period_end, limit),
        }  # fmt: skip
        texts = [n for n, (kind, _) in FIELDS.items() if kind is Kind.TEXT and n not in OF_PERSON]
        more |= {n: ibis.literal("") for n in texts}
        units = units.mutate(**{n: said for n, said in more.items() if n in used})
        return units, inside

    def calendar(self, period: str) -> Any:
        """Every day with the period that it lies in."""
        return self.frames.calendar(period)

    # -- what they give ------------------------------------------------------------------------

    def given(self) -> Any:
        """The table that `given` gives."""
        measure = self.measure
        units, others = self.units()
        wanted = [measure.included, measure.when, measure.numerator, measure.denominator]
        units = self.narrowed(units)
        units, wanted = self.gathered(units, others, [*wanted, *measure.span])
        included, when, numerator, denominator, start, end = wanted
        units = units.filter(self.flag(included, units))
        if measure.shape == "interval":
            return self.finished(self.each_day(units, start, end, numerator))
        at = self.value(when, units)
        units = units.filter(at.notnull())
        over = 0 if measure.over else denominator
        units = units.mutate(
            day=self.day(self.value(when, units)),
            numerator=self.whole(numerator, units),
            denominator=self.whole(over, units),
        )
        kept = units.filter((units.numerator != 0) | (units.denominator != 0))
        return self.finished(kept)

    def narrowed(self, units: Any) -> Any:
        """The units that the plain part of the population lets through, before any join."""
        plain = [e for e in conjuncts(self.measure.population) if not _gathers(e)]
        return units.filter(*(self.flag(e, units) for e in plain)) if plain else units

    def each_day(self, units: Any, start: Node, end: Node, weight: Node) -> Any:
        """A row for each day that an interval touches."""
        import ibis

        units = units.mutate(
            begins=self.value(start, units), stops=self.value(end, units),
            weight=self.whole(weight, units),
        )  # fmt: skip
        units = units.filter(units.stops > units.begins, units.weight != 0)
        units = units.mutate(first=self.day(units.begins), last=self.day(units.stops))
        if self.measure.counts == "nights":
            units = units.filter(units["last"] > units["first"])
            units = units.mutate(day=ibis.range(units["first"], units["last"]).unnest())
            return units.mutate(numerator=units.weight, denominator=ibis.literal(0, "int64"))
        units = units.mutate(day=ibis.range(units["first"], units["last"] + 1).unnest())
        calendar = self.calendar("day")
        dated = units.join(calendar, units.day == calendar.of_day)
        inside = ibis.least(dated.stops, dated.period_end) - ibis.greatest(
            dated.begins, dated.period_start
        )
        dated = dated.mutate(numerator=inside * dated.weight, denominator=ibis.literal(0, "int64"))
        return dated.filter(inside > 0)

    def finished(self, units: Any) -> Any:
        """Only the columns of the result."""
        import ibis

        columns = {"day": units.day, "service": self.placed(units)}
        if self.people:
            units = units.mutate(age=portable.years_between(units.born, units.day))
            band = ibis.least(portable.quotient(units.age, 5) * 5, ibis.literal(90, "int64"))
            unknown = units.age.isnull() | (units.age < 0)
            columns = {"day": units.day, "service": self.placed(units), "person": units.person}
            columns["band"] = unknown.ifelse(-1, band).cast("int64")
        columns |= {n: units[n] for n in ("numerator", "denominator", "contact")}
        return units.select(**columns)

    def placed(self, units: Any) -> Any:
        """The service that a unit counts for: of a spell told by its end, the last."""
        ends = {"ended", "ready", "until", "last_service"}
        named = {n.name for n in walk(self.measure.when) if isinstance(n, Field)}
        last = self.measure.of == "spell" and named & ends
        return units.last_service if last else units.service

    # -- over the others of the same person ------------------------------------------------------

    def gathered(self, units: Any, others: Any, nodes: Sequence[Node]) -> tuple[Any, list[Node]]:
        """The units with a column for every function over the others; nodes that read them."""
        calls = {n: f"gathered_{next(self._names)}" for e in nodes for n in walk(e) if _gather(n)}
        for call, name in calls.items():
            units = self.gather(units, others, call, name)  # type: ignore[arg-type]
        return units, [_instead(node, calls) for node in nodes]

    def gather(self, units: Any, others: Any, call: Call, name: str) -> Any:
        """The units with one more column: what a function over the others gives."""
        parts = conjuncts(call.args[-1])
        mine = [p for p in parts if not any(isinstance(n, Field) and not n.other for n in walk(p))]
        joined = [p for p in parts if p not in mine]
        around = others.filter(*(self.flag(_own(p), others) for p in mine)) if mine else others
        used = {n.name for a in call.args for n in walk(a) if isinstance(n, Field) and n.other}
        used |= {"born"} if any(_ages_other(a) for a in call.args) else set()
        keep = {f"o_{n}": around[n] for n in sorted(used | {"contact"})}
        keep["o_person"] = around.person
        period = "period" in units.columns
        if period:
            keep["o_period"] = around.period
        around = around.select(**keep)
        id_columns = ["person", "period"] if period else ["person", "contact"]
        left = units.select(*{*id_columns, *self._mine(call, units)})
        predicates = [left.person == around.o_person]
        if period:
            predicates.append(left.period == around.o_period)
        else:
            predicates.append(left.contact != around.o_contact)
        pairs = left.join(around, predicates)
        for part in joined:
            pairs = pairs.filter(self.flag(part, pairs))
        found = self.aggregated(pairs, call, name, id_columns)
        found = found.rename({f"of_{name}_{n}": n for n in id_columns})
        units = units.left_join(
            found, [units[n] == found[f"of_{name}_{n}"] for n in id_columns]
        ).drop(*(f"of_{name}_{n}" for n in id_columns))
        if call.name == "exists":
            return units.mutate(**{name: units[name].notnull()})
        if call.name in {"earliest", "latest"}:
            return units
        return units.mutate(**{name: units[name].fill_null(0).cast("int64")})

    def _mine(self, call: Call, units: Any) -> set[str]:
        """The fields of the unit itself that a call names."""
        names = {n.name for a in call.args for n in walk(a) if isinstance(n, Field) and not n.other}
        if any(isinstance(n, Call) and n.name == "age" for a in call.args for n in walk(a)):
            names.add("born")
        return names & set(units.columns)

    def aggregated(self, pairs: Any, call: Call, name: str, ids: list[str]) -> Any:
        """One row a unit, of the others that it was joined to."""
        if call.name in {"exists", "count"}:
            return pairs.group_by(ids).agg(**{name: pairs.o_contact.count()})
        value = self.value(call.args[0], pairs)
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

    # -- nodes -----------------------------------------------------------------------------------

    def day(self, moment: Any) -> Any:
        """The day of a moment."""
        frames = self.frames
        return portable.day_of(moment, self.world.clock, first=frames.first, last=frames.last)

    def flag(self, node: Node, table: Any) -> Any:
        """A condition, false where it is unknown."""
        return self.value(node, table).fill_null(False)

    def whole(self, node: Node | int, table: Any) -> Any:
        """A whole number; a condition counts one, what is unknown nothing."""
        import ibis

        if isinstance(node, int) or node == TRUE:
            return ibis.literal(int(node == TRUE), "int64")
        value = self.value(node, table)
        if value.type().is_boolean():
            return value.fill_null(False).ifelse(1, 0).cast("int64")
        return value.fill_null(0).cast("int64")

    def value(self, node: Node, table: Any) -> Any:  # noqa: C901, PLR0911 - one case a form
        """What a node says of a row of the table."""
        import ibis

        match node:
            case Const(value):
                return portable.whole(value) if type(value) is int else ibis.literal(value)
            case Field(name, other):
                return table[f"o_{name}"] if other else table[name]
            case Compare(op, left, right):
                return _OPS[op](self.value(left, table), self.value(right, table))
            case Among(what, values):
                return self.value(what, table).isin(list(values))
            case All(parts):
                return reduce(lambda a, b: a & b, (self.value(p, table) for p in parts))
            case Some(parts):
                return reduce(lambda a, b: a | b, (self.value(p, table) for p in parts))
            case Not(what):
                return ~self.value(what, table)
            case Arith(op, left, right):
                return _OPS[op](self.value(left, table), self.value(right, table))
            case Choose(condition, then, otherwise):
                return self.flag(condition, table).ifelse(
                    self.value(then, table), self.value(otherwise, table)
                )
            case Call(name, args):
                return self.call(name, args, table)

    def call(self, name: str, args: Sequence[Node], table: Any) -> Any:
        """What a function gives."""
        if name == "age":
            born = "o_born" if _ages_other(Call(name, tuple(args))) else "born"
            day = self.day(self.value(args[0], table))
            return portable.years_between(table[born], day)
        if name in {"in_codes", "starts_with", "contains", "price"}:
            return self.of_text(name, args, table)
        return _CALLS[name](self, *(self.value(arg, table) for arg in args))

    def of_text(self, name: str, args: Sequence[Node], table: Any) -> Any:
        """What a function of a text gives."""
        import ibis

        text = self.value(args[0], table)
        words = [str(arg.value) for arg in args[1:] if isinstance(arg, Const)]
        if name == "in_codes":
            return _on_list(text, self.world.codes[words[0]])
        if name == "price":
            table_ = self.world.prices[words[0]]
            cases = [(text == word, portable.whole(n)) for word, n in table_.items()]
            return ibis.cases(*cases, else_=portable.whole(0))
        if name == "starts_with":
            return reduce(lambda a, b: a | b, (text.startswith(word) for word in words))
        lowered = text.lower()
        return reduce(lambda a, b: a | b, (lowered.contains(word.lower()) for word in words))


def _on_list(text: Any, codes: Any) -> Any:
    said = text.replace(".", "").replace(" ", "").upper()
    found = said.isin(sorted(codes.exact))
    for prefix in codes.prefixes:
        found = found | said.startswith(prefix)
    return found


def _divided(whole: int) -> Any:
    return lambda _, a, b: portable.ratio(b - a, whole)


def _least(_: Any, a: Any, b: Any) -> Any:
    import ibis

    return (a.isnull() | b.isnull()).ifelse(ibis.null("int64"), ibis.least(a, b))


def _greatest(_: Any, a: Any, b: Any) -> Any:
    import ibis

    return (a.isnull() | b.isnull()).ifelse(ibis.null("int64"), ibis.greatest(a, b))


_CALLS: dict[str, Any] = {
    "known": lambda _, a: a.notnull(),
    "minutes": lambda _, a, b: portable.minutes_between(a, b),
    "hours": _divided(3_600_000),
    "days": _divided(_DAY),
    "lasted": lambda _, a, b: b - a,
    "nights": lambda build, a, b: build.day(b) - build.day(a),
    "day": lambda build, a: build.day(a),
    "days_after": lambda _, a, n: a + n * _DAY,
    "first_known": lambda _, a, *rest: a.coalesce(*rest),
    "earlier": _least,
    "later": _greatest,
    "at_most": _least,
    "at_least": _greatest,
    "part": lambda _, a, b: portable.quotient(a * 1_000_000, b),
}
_OPS: dict[str, Any] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _gather(node: Node) -> bool:
    return isinstance(node, Call) and node.name in GATHER


def _gathers(node: Node) -> bool:
    return any(_gather(each) for each in walk(node))


def _ages_other(node: Node) -> bool:
    """Whether it asks for the age at a time of another unit."""
    return any(
        isinstance(n, Call) and n.name == "age" and any(
            isinstance(f, Field) and f.other for f in walk(n)
        )
        for n in walk(node)
    )  # fmt: skip


def _own(node: Node) -> Node:
    """A condition over the others as one over their own table."""
    return _mapped(node, lambda n: Field(n.name) if isinstance(n, Field) else None)


def _instead(node: Node, calls: dict[Node, str]) -> Node:
    """The node with each function over the others replaced by the column that holds it."""
    return _mapped(node, lambda n: Field(calls[n]) if n in calls else None)


def _mapped(node: Node, change: Any) -> Node:  # noqa: PLR0911 - one case a form
    """The tree with some nodes changed."""
    changed = change(node)
    if changed is not None:
        return changed  # type: ignore[no-any-return]

    def go(below: Node) -> Node:
        return _mapped(below, change)

    match node:
        case Compare(_, left, right) | Arith(_, left, right):
            return replace(node, left=go(left), right=go(right))
        case Among(what, _) | Not(what):
            return replace(node, what=go(what))
        case All(parts) | Some(parts):
            return replace(node, parts=tuple(map(go, parts)))
        case Choose(condition, then, otherwise):
            return Choose(go(condition), go(then), go(otherwise))
        case Call(name, args):
            return Call(name, tuple(map(go, args)))
        case _:
            return node


__all__ = ["Frames", "given"]
