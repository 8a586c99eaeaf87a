"""The expression of a measure for engines: one Ibis table of what each unit gives.

Columns of the result: person, day, service, band, numerator, denominator, contact. The engines
supply three tables of whole numbers and texts (see `frames`): contacts, somebody, services. What a
measure does not ask for is not joined: a row measure without people reads the contacts alone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from onesystem.flow.measures import days, portable
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.gathering import gathered, gathers, in_periods
from onesystem.flow.measures.language import FIELDS, OF_PERSON, OF_SERVICE
from onesystem.flow.measures.nodes import Nodes
from onesystem.flow.measures.tree import Field, Kind, Node, both, conjuncts, walk
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
    together: "Together | None" = None


class Together:
    """What measures that are worked out one after the other share: a step they have in common is
    worked out once, and kept by `keep`, which gives the table that holds it.
    """

    def __init__(self, measures: Iterable[Declared], keep: Callable[[Any], Any]) -> None:
        self.keep = keep
        self.made: dict[Any, Any] = {}
        self.used: dict[Any, set[str]] = {}
        for each in measures:
            if key := _spell_of(each):
                self.used.setdefault(key, set()).update(_used(each))

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """The table of a step."""
        if key not in self.made:
            self.made[key] = self.keep(make())
        return self.made[key]


def given(measure: Declared, frames: Frames, world: World) -> Any:
    """What every unit of the measure gives, with the person and the band of age."""
    _plainly()
    return _Build(measure, frames, world).given()


def summed(measure: Declared, frames: Frames, world: World, *, every: str) -> Any:
    """What the measure comes to by service and period: service, day, numerator, denominator.

    `day` is the first of the period. Nothing is asked of people but what the measure asks itself.
    """
    _plainly()
    return _Build(measure, frames, world, every=every).summed()


def _plainly() -> None:
    import ibis

    # Columns that are worked out once stay one step of the query: put into one another, the
    # arithmetic of days would grow with every use of it.
    ibis.options.sql.fuse_selects = False


def _used(measure: Declared) -> set[str]:
    """The columns that a measure needs: the fewer there are, the smaller the query."""
    used = {n.name for e in measure.expressions for n in walk(e) if isinstance(n, Field)}
    used |= {"contact", "service", "started", "ended"}
    if measure.needs_history:
        used |= {"identity", "person"}
    if measure.names(OF_PERSON):
        used |= {"identity", "person", "born"}
    if measure.shape == "interval":
        used.add("until")
    if _spell_of(measure):
        used |= {"until", "last_service"}
    return used


def _spell_of(measure: Declared) -> Any:
    """What tells the spells of a measure from those of others; nothing where it has none."""
    return "spell" in (measure.of, measure.others) and ("spell", measure.spell, measure.gap)


class _Build:
    def __init__(self, measure: Declared, frames: Frames, world: World, *, every: str = "") -> None:
        self.measure, self.frames, self.world = measure, frames, world
        self.people, self.every = not every, every or "day"
        self.nodes = Nodes(world, first=frames.first, last=frames.last)

    # -- the units -----------------------------------------------------------------------------

    def rows(self, more: Iterable[str] = ()) -> Any:
        """All contacts that count, with what the measure asks of person and service.

        `more` columns are those that other measures ask of them.
        """
        t = self.frames.contacts
        sane = (t.ended >= t.started).fill_null(True)
        used = {*self.used(), *more}
        rows = t.filter(~t.cancelled, sane).select(
            *(n for n in t.columns if n in used and n != "cancelled")
        )
        if "person" in used:
            who = self.frames.somebody
            who = who.select(*(n for n in who.columns if n in used))
            rows = rows.join(who, "identity")
        if used & set(OF_SERVICE):
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
        """The columns that the measure needs, and those that the result does."""
        return _used(self.measure) | ({"identity", "person", "born"} if self.people else set())

    def spells(self) -> Any:
        """Contacts joined into spells; each has the id and words of its first stretch."""
        key, together = _spell_of(self.measure), self.frames.together
        if together is None or self.people or key not in together.used:
            return self.joined(self.rows())
        return together.once(key, lambda: self.joined(self.rows(together.used[key])))

    def joined(self, rows: Any) -> Any:
        """The spells of rows: most are of one stretch, and only the others are sorted out."""
        held = rows.filter(*self.nodes.holds(self.measure.spell, rows), rows.started.notnull())
        gap, together = self.measure.gap, self.frames.together
        told = portable.alone(held, by=["person"], start="started", end="ended", gap=gap)
        told = told if together is None else together.keep(told)  # it is read twice
        single = told.filter(told.alone).select(*held.columns)
        marked = portable.active_intervals(
            told.filter(~told.alone), by=["person"], start="started", end="ended", gap=gap
        )
        several = self.sorted_out(marked)
        return single.union(several.select(*held.columns))

    def sorted_out(self, marked: Any) -> Any:
        """Stretches with the island that they are of as spells."""
        import ibis

        whole = ibis.window(group_by=["person", "island"])
        first = ibis.window(group_by=["person", "island"], order_by=["started", "contact"])
        last = ibis.window(
            group_by=["person", "island"],
            order_by=[ibis.desc("reach"), ibis.desc("started"), ibis.desc("contact")],
        )
        ranked = marked.mutate(place=ibis.row_number().over(first))
        of_last = (n for n in ("ready", "outcome", "bed", "ended") if n in marked.columns)
        more = {n: ranked[n].first(include_null=True).over(last) for n in of_last}
        more["last_service"] = ranked.service.first().over(last)
        more["until"] = ranked.until.max().over(whole)
        if "stretches" in marked.columns:
            more["stretches"] = ranked.contact.count().over(whole).cast("int64")
        if "known_at" in marked.columns:
            more["known_at"] = ranked.known_at.max().over(whole)
        told = ranked.mutate(**more)
        return told.filter(told.place == 0)

    def units(self) -> tuple[Any, Any]:
        """The units that are counted, and the table of the others."""
        of, others = self.measure.of, self.measure.others
        rows = self.rows() if (of, others) != ("spell", "spell") else None
        spells = self.spells() if _spell_of(self.measure) else None
        return (spells if of == "spell" else rows), (spells if others == "spell" else rows)

    def periods(self, wanted: list[Node]) -> tuple[Any, Any, list[Node]]:
        """Each person's periods in which a contact started, with what is asked of those in it.

        Gives the periods, the contacts in them, and `wanted` as the periods read it.
        """
        rows = self.rows()
        begun = rows.filter(rows.started.notnull())
        starts, firsts = self.starts(self.measure.every)
        inside = begun.mutate(period=portable.chosen(begun.started, starts[1:], firsts))
        keys = ["person", "period"]
        if self.people or self.measure.needs_person:
            keys += [n for n in OF_PERSON if n in inside.columns]
        units, wanted = in_periods(self.nodes, inside, keys, wanted, self.once)
        calendar = self.calendar(self.measure.every)
        calendar = calendar.filter(calendar.of_day == calendar.period)
        calendar = calendar.select("of_day", "period_start", "period_end")
        units = units.join(calendar, units.period == calendar.of_day)
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
        return units, inside, wanted

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """A step over people's periods that other measures may have in common with this."""
        together = self.frames.together
        if together is None or self.people:
            return make()
        return together.once((self.measure.of, key), make)

    def starts(self, period: str) -> tuple[list[int], list[int]]:
        """The moments at which the periods begin that occur, and their first days."""
        clock = self.world.clock
        day, last = days.first_of(clock.day(self.frames.first), period), self.frames.last
        firsts = [day]
        while clock.midnight(day) <= last:
            day = days.after(day, period)
            firsts.append(day)
        return [clock.midnight(each) for each in firsts], firsts

    def calendar(self, period: str) -> Any:
        """Every day with the period that it lies in."""
        return self.frames.calendar(period)

    # -- what they give ------------------------------------------------------------------------

    def given(self) -> Any:
        """The table that `given` gives."""
        units = self.counted()
        kept = units.filter((units.numerator != 0) | (units.denominator != 0))
        age = portable.years_between(kept.born, kept.day)
        kept = kept.mutate(age=age)
        import ibis

        band = ibis.least(portable.quotient(kept.age, 5) * 5, ibis.literal(90, "int64"))
        unknown = kept.age.isnull() | (kept.age < 0)
        return kept.select(
            day=kept.day, service=self.placed(kept), person=kept.person,
            band=unknown.ifelse(-1, band).cast("int64"), numerator=kept.numerator,
            denominator=kept.denominator, contact=kept.contact,
        )  # fmt: skip

    def summed(self) -> Any:
        """The table that `summed` gives."""
        units = self.counted()
        units = units.select("day", "numerator", "denominator", service=self.placed(units))
        sums = units.group_by("service", "day").agg(
            numerator=units.numerator.sum(), denominator=units.denominator.sum()
        )
        return sums.filter((sums.numerator != 0) | (sums.denominator != 0))

    def counted(self) -> Any:
        """The units that are counted, with their day, numerator and denominator."""
        measure = self.measure
        wanted = [
            measure.included, measure.when, measure.numerator, measure.denominator, *measure.span
        ]  # fmt: skip
        if measure.of.startswith("person-"):
            units, others, wanted = self.periods(wanted)
        else:
            units, others = self.units()
        plain = [e for e in conjuncts(wanted[0]) if not gathers(e)]
        wanted[0] = both(*(e for e in conjuncts(wanted[0]) if gathers(e)))
        units = self.nodes.those(both(*plain), units)  # before any join
        units, wanted = gathered(self.nodes, units, others, wanted)
        included, when, numerator, denominator, start, end = wanted
        units = self.nodes.those(included, units)
        if measure.shape == "interval":
            return self.each_day(units, start, end, numerator)
        over = 0 if measure.over else denominator
        units = units.filter(self.nodes.value(when, units).notnull())
        begins = self.every in ("day", measure.every) and when == Field("started")
        begins = begins and measure.of.startswith("person-")
        return units.mutate(
            day=units.period if begins else self.on(self.nodes.value(when, units)),
            numerator=self.nodes.whole(numerator, units),
            denominator=self.nodes.whole(over, units),
        )

    def on(self, moment: Any) -> Any:
        """The day of a moment, or the first of the period that days are told by."""
        if self.every == "day":
            return self.nodes.day(moment)
        starts, firsts = self.starts(self.every)
        return portable.chosen(moment, starts[1:], firsts)

    def each_day(self, units: Any, start: Node, end: Node, weight: Node) -> Any:
        """A row for each day that an interval touches, or for each longer period."""
        import ibis

        units = units.mutate(
            begins=self.nodes.value(start, units), stops=self.nodes.value(end, units),
            weight=self.nodes.whole(weight, units),
        )  # fmt: skip
        units = units.filter(units.stops > units.begins, units.weight != 0)
        units = units.mutate(first=self.nodes.day(units.begins), last=self.nodes.day(units.stops))
        nights = self.measure.counts == "nights"
        if nights:
            units = units.filter(units["last"] > units["first"])
        if nights and self.every == "day":
            units = units.mutate(day=ibis.range(units["first"], units["last"]).unnest())
            return units.mutate(numerator=units.weight, denominator=ibis.literal(0, "int64"))
        if nights:
            units = self.census(units)
        upto = units["last"] - 1 if nights else units["last"]
        _, firsts = self.starts(self.every)
        places = list(range(len(firsts)))
        low, high = (portable.chosen(day, firsts[1:], places) for day in (units["first"], upto))
        units = units.mutate(place=ibis.range(low, high + 1).unnest())
        calendar = self.calendar(self.every)
        calendar = calendar.filter(calendar.of_day == calendar.period).select(
            day="period", place_of="place", after="after", period_start="period_start",
            period_end="period_end",
        )  # fmt: skip
        dated = units.join(calendar, units.place == calendar.place_of)
        ends = (dated["first"], dated["last"]) if nights else (dated.begins, dated.stops)
        edges = (dated.day, dated.after) if nights else (dated.period_start, dated.period_end)
        inside = ibis.least(ends[1], edges[1]) - ibis.greatest(ends[0], edges[0])
        dated = dated.mutate(numerator=inside * dated.weight, denominator=ibis.literal(0, "int64"))
        return dated.filter(inside > 0)

    def census(self, units: Any) -> Any:
        """Intervals of days as stretches of a service in which as many count: far fewer.

        Has service, first, last and weight.
        """
        import ibis

        shift = portable.whole(1 << 32)  # beyond all days: marks the ends
        both = ibis.array([units["first"], units["last"] + shift])
        ends = units.select("weight", service=self.placed(units), end=both.unnest())
        stops = ends.end >= shift
        changes = ends.mutate(
            day=stops.ifelse(ends.end - shift, ends.end),
            change=stops.ifelse(-ends.weight, ends.weight),
        )
        changes = changes.group_by("service", "day").agg(change=changes.change.sum())
        told = portable.running_balance(changes, by=["service"], at="day", change="change")
        after = told.day.lead().over(ibis.window(group_by="service", order_by="day"))
        told = told.mutate(last=after)
        told = told.filter(told["last"].notnull(), told.balance != 0)
        return told.select(
            service=told.service, last_service=told.service, first=told.day, last=told["last"],
            weight=told.balance.cast("int64"),
        )  # fmt: skip

    def placed(self, units: Any) -> Any:
        """The service that a unit counts for: of a spell told by its end, the last."""
        ends = {"ended", "ready", "until", "last_service"}
        named = {n.name for n in walk(self.measure.when) if isinstance(n, Field)}
        last = self.measure.of == "spell" and named & ends
        return units.last_service if last else units.service
