"""A shock in the words of the twin: what changes in this model, from a day on. Pure.

What is told for a number of people is scaled to those of the district, and how is said
(`Made.scaled`). What the model has no words for is said too (`Made.missing`), never left out in
silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from onesystem.plan.options import selecting
from onesystem.plan.shocks.kinds import Shock
from onesystem.twin.network.model import OUT, UNITS, Model
from onesystem.vocabulary import BadConfig, Setting
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say, say_counted

_DAY = 86_400
_DOORS = (Setting.ED.value, Setting.AMBULANCE.value)
Change = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A shock for one model: its changes, how numbers were scaled, what could not be said."""

    changes: tuple[Change, ...]
    scaled: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What is meant by a shock here: people, when it comes, which ward, how many practices."""

    people: float
    at: float
    ward: str = ""
    practices: int = 0


def made(shock: Shock, said: Mapping[str, float], model: Model, where: Where) -> Made:
    """The changes of a shock. Raises BadConfig where nothing of it can be said."""
    work = _Work(shock, shock.numbers(said), model, where)
    getattr(work, f"_{shock.key}")()
    if not work.changes:
        why = work.missing[0] if work.missing else say("its numbers change nothing")
        raise BadConfig(
            say("this shock changes nothing here: {why}", why=why), "Say larger numbers."
        )
    return Made(changes=tuple(work.changes), scaled=tuple(work.scaled), missing=tuple(work.missing))


def wards(model: Model) -> list[str]:
    """The wards of a model that have a number of places, the largest first.

    Where hospitals are known, only their wards: what the log knows of no place is no ward to close.
    """
    found = selecting.services(model, {"setting": Setting.WARD.value})
    known = [(selecting.most(model, name), name) for name in found]
    there = [name for places, name in sorted(known, key=lambda e: (-e[0], e[1])) if places]
    return [name for name in there if model.nodes[name].place] or there


def moment(model: Model, at: float) -> datetime:
    """A time of a model as a date, so that sentences say it as people do."""
    return model.starts + timedelta(seconds=at * UNITS[model.unit])


class _Work:
    """One shock on its way into the words of one model."""

    def __init__(
        self, shock: Shock, numbers: Mapping[str, float], model: Model, where: Where
    ) -> None:
        self.shock, self.numbers, self.model, self.where = shock, numbers, model, where
        self.day = _DAY / UNITS[model.unit]
        self.changes: list[Change] = []
        self.scaled: list[str] = []
        self.missing: list[str] = []

    def _for(self, weeks: float) -> Change:
        """From when until when: for good where weeks are none, or more than the model runs."""
        ends = self.where.at + weeks * 7 * self.day
        dated = {"from": moment(self.model, self.where.at)}
        if weeks > 0 and ends < self.model.horizon:
            dated["until"] = moment(self.model, ends)
        return dated

    def _here(self, name: str) -> int:
        """A number for the people of the district, with how it was scaled."""
        size = next(each for each in self.shock.sizes if each.name == name)
        value = self.numbers[name]
        found = size.here(value, self.where.people)
        whole = max(1, round(found)) if value else 0
        if size.per:
            self.scaled.append(
                say_counted(
                    "{words}: {value} for {per} people are {found} for {people}; {n} is taken",
                    "{words}: {value} for {per} people are {found} for {people}; {n} are taken",
                    whole,
                    words=size.words,
                    value=f"{value:g}",
                    per=f"{size.per:,}",
                    found=f"{found:.2f}",
                    people=f"{self.where.people:,.0f}",
                )
            )
        return whole

    def _earthquake(self) -> None:
        dated = self._for(self.numbers["weeks"])
        self._fewer(wards(self.model), self._here("beds"), dated, say("ward beds"))
        homes = selecting.services(self.model, {"setting": Setting.CARE_HOME.value})
        places = self._here("homes")
        self._fewer([h for h in homes if selecting.most(self.model, h)], places, dated,
                    say("care-home places"))  # fmt: skip
        self._comes(places * self.numbers["come"] / 100)

    def _fewer(self, some: list[str], lost: int, dated: Change, what: str) -> None:
        """So many places fewer, shared among services by how many they have."""
        there = [selecting.most(self.model, name) for name in some]
        if not some or not lost:
            if lost:
                self.missing.append(say("the twin knows no {what} with a number", what=what))
            return
        if lost > sum(there):
            self.missing.append(
                say(
                    "only {there} {what} are in the twin, not {lost}",
                    there=sum(there),
                    what=what,
                    lost=lost,
                )
            )
            lost = sum(there)
        parts = Money(lost, "").split([Fraction(each) for each in there])
        for name, part, most in zip(some, parts, there, strict=True):
            if gone := min(part.minor, most):
                times = round(1 - gone / most, 6)
                self.changes.append({"change": "places", "service": name, "times": times, **dated})

    def _comes(self, people: float) -> None:
        """So many people more come to hospital within a week."""
        doors = selecting.inflows(self.model, {"setting": Setting.ED.value})
        rate = sum(selecting.rate(self.model, name) for name in doors) * 7 * self.day
        if not people:
            return
        if not rate:
            self.missing.append(say("nobody comes to an emergency department in the twin"))
            return
        times = round(1 + people / rate, 6)
        dated = self._for(1)
        self.scaled.append(
            say(
                "{people} people of lost homes come to hospital within a week, beside {rate}",
                people=f"{people:.2f}",
                rate=f"{rate:.1f}",
            )
        )
        self.changes += [
            {"change": "arrivals", "inflow": e, "times": times, **dated} for e in doors
        ]

    def _winter(self) -> None:
        dated = self._for(self.numbers["weeks"])
        more, longer = self.numbers["more"], self.numbers["longer"]
        doors = [
            n for n, e in self.model.arrivals.items()
            if self.model.nodes[e.node].setting in (*_DOORS, Setting.WARD.value)
        ]  # fmt: skip
        if not doors:
            self.missing.append(say("nobody comes as an emergency in the twin"))
        if more:
            times = round(1 + more / 100, 6)
            self.changes += [
                {"change": "arrivals", "inflow": e, "times": times, **dated} for e in doors
            ]
        some = selecting.services(self.model, {"setting": Setting.WARD.value}) if longer else []
        self.changes += [
            {"change": "stays", "service": e, "times": round(1 + longer / 100, 6), **dated}
            for e in some
        ]

    def _ward(self) -> None:
        every = wards(self.model)
        if not every:
            self.missing.append(say("the twin has no ward with a number of places"))
            return
        name = self.where.ward or every[0]
        if name not in self.model.nodes:
            raise BadConfig(
                say("there is no ward {name}", name=repr(name)), "Choose one of the list."
            )
        place = self.model.nodes[name].place
        others = [e for e in every if e != name]
        near = [e for e in others if place and self.model.nodes[e].place == place]
        instead = next(iter([*near, *others]), OUT)
        self.scaled.append(
            say(
                "{name} has {most} places; its people go to {instead}",
                name=name,
                most=selecting.most(self.model, name),
                instead=instead,
            )
            if instead != OUT
            else say("{name} is the only ward; its people leave", name=name)
        )
        self.changes.append({
            "change": "close", "service": name, "instead": instead,
            **self._for(self.numbers["weeks"]),
        })  # fmt: skip

    def _practice(self) -> None:
        practices = selecting.services(self.model, {"setting": Setting.GENERAL_PRACTICE.value})
        share = self.numbers["share"] / 100 or 1 / max(self.where.practices, len(practices), 1)
        dated = self._for(self.numbers["weeks"])
        if not practices:
            self.missing.append(say("the twin has no practices"))
            return
        self.scaled.append(
            f"{share:.1%} of appointments are lost" + (
                "" if self.numbers["share"] else f": one of {self.where.practices} practices")
        )  # fmt: skip
        for name in practices:
            if selecting.most(self.model, name):
                times = round(1 - share, 6)
                self.changes.append({"change": "places", "service": name, "times": times, **dated})
            else:
                self.missing.append(
                    say("{name} has as many places as it takes in the twin", name=name)
                )
        self._elsewhere(practices, share * self.numbers["elsewhere"] / 100, dated)

    def _elsewhere(self, practices: list[str], share: float, dated: Change) -> None:
        """A share of those who come to practices come to an emergency department instead."""
        doors = selecting.inflows(self.model, {"setting": Setting.ED.value})
        inflows = [n for n, e in self.model.arrivals.items() if e.node in practices]
        taken = share * sum(selecting.rate(self.model, name) for name in inflows)
        there = sum(selecting.rate(self.model, name) for name in doors)
        if not (taken and there):
            return
        pairs = [(inflows, 1 - share), (doors, 1 + taken / there)]
        self.changes += [
            {"change": "arrivals", "inflow": name, "times": round(times, 6), **dated}
            for some, times in pairs for name in some
        ]  # fmt: skip
