"""The expression of a measure for engines: one Ibis table of what each unit gives.

Columns of the result: person, day, service, band, numerator, denominator, contact. The engines
supply three tables of whole numbers and texts (see `frames`): contacts, somebody, services. What a
measure does not ask for is not joined: a row measure without people reads the contacts alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onesystem.flow.measures import portable
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.gathering import gathered, gathers
from onesystem.flow.measures.language import FIELDS, OF_PERSON, OF_SERVICE
from onesystem.flow.measures.nodes import Nodes
from onesystem.flow.measures.tree import Field, Kind, Node, conjuncts, walk
from onesystem.flow.measures.world import World


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
        self.nodes = Nodes(world, first=frames.first, last=frames.last)

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

        held = rows.filter(self.nodes.flag(self.measure.spell, rows), rows.started.notnull())
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
        day = self.nodes.day(begun.started)
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
        units, wanted = gathered(self.nodes, units, others, [*wanted, *measure.span])
        included, when, numerator, denominator, start, end = wanted
        units = units.filter(self.nodes.flag(included, units))
        if measure.shape == "interval":
            return self.finished(self.each_day(units, start, end, numerator))
        at = self.nodes.value(when, units)
        units = units.filter(at.notnull())
        over = 0 if measure.over else denominator
        units = units.mutate(
            day=self.nodes.day(self.nodes.value(when, units)),
            numerator=self.nodes.whole(numerator, units),
            denominator=self.nodes.whole(over, units),
        )
        kept = units.filter((units.numerator != 0) | (units.denominator != 0))
        return self.finished(kept)

    def narrowed(self, units: Any) -> Any:
        """The units that the plain part of the population lets through, before any join."""
        plain = [e for e in conjuncts(self.measure.population) if not gathers(e)]
        return units.filter(*(self.nodes.flag(e, units) for e in plain)) if plain else units

    def each_day(self, units: Any, start: Node, end: Node, weight: Node) -> Any:
        """A row for each day that an interval touches."""
        import ibis

        units = units.mutate(
            begins=self.nodes.value(start, units), stops=self.nodes.value(end, units),
            weight=self.nodes.whole(weight, units),
        )  # fmt: skip
        units = units.filter(units.stops > units.begins, units.weight != 0)
        units = units.mutate(first=self.nodes.day(units.begins), last=self.nodes.day(units.stops))
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
