"""An option, or several together, in the words of the twin's scenarios. Pure.

>>> from onesystem.plan.options.library import option
>>> said = expressed([(option("beds"), "central")], model, people=500_000)  # doctest: +SKIP

Several that change the same stays or places are one change whose factor is their product: two
programmes that each shorten stays by a tenth leave 81 per cent, not 80. What a model cannot say is
told in `Said.missing`, never left out in silence.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.plan.options import selecting
from onesystem.plan.options.option import Option
from onesystem.twin.network.model import OUT, UNITS, Model
from onesystem.twin.scenarios.changes import Scenario
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.routes import goes_to
from onesystem.vocabulary.said import say

PER = 100_000
Change = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A scenario, the services that it opens, and what the model has no words for."""

    scenario: Scenario
    plain: Mapping[str, Any]
    opened: tuple[str, ...]
    missing: tuple[str, ...]


def expressed(
    chosen: Sequence[tuple[Option, str]], model: Model, *, people: float, name: str = "",
    since: str = "",
) -> Said:  # fmt: skip
    """What options at their strengths change in a model, from a day on where one is said."""
    changes: list[Change] = []
    missing: list[str] = []
    for option, strength in chosen:
        made, gone = _Work(option, strength, model, people, since).changes()
        changes += made
        missing += [f"{option.title}: {each}" for each in gone]
    joined = _joined(changes)
    called = name or " and ".join(option.title for option, _ in chosen) or say("Do nothing")
    plain = {"name": called, "changes": joined}
    opened = tuple(c["service"] for c in joined if c["change"] == "open")
    return Said(scenario=read(plain), plain=plain, opened=opened, missing=tuple(missing))


class _Work:
    """One option on its way into the words of one model."""

    def __init__(
        self, option: Option, strength: str, model: Model, people: float, since: str
    ) -> None:
        self.option, self.strength, self.model, self.people = option, strength, model, people
        self.dated = {"from": since} if since else {}
        self.opened: set[str] = set()
        self.missing: list[str] = []

    def changes(self) -> tuple[list[Change], list[str]]:
        made: list[Change] = []
        for said in self.option.twin:
            do = getattr(self, f"_{said['change']}")
            made += [each | self.dated for each in do(said)]
        return made, self.missing

    def _lacks(self, what: str) -> list[Change]:
        self.missing.append(what)
        return []

    def _size(self, name: str) -> float:
        return self.option.effect(name).at(self.strength)

    def _factor(self, said: Any) -> float:
        if "less" in said:
            return round(1 - self._size(said["less"]), 6)
        return round(1 + self._size(said["more"]), 6)

    def _for(self, said: Mapping[str, Any]) -> float:
        """A number for the people who live here."""
        a_place = said.get("people")
        number = self._size(said["people_effect"]) if a_place is None else float(a_place)
        return number * self.people / PER

    def _open(self, said: Mapping[str, Any]) -> list[Change]:
        name, like = said["service"], selecting.services(self.model, said["like"])
        if name in self.model.nodes:
            return self._places({"service": name, "more": said["places"]})
        if not like:
            return self._lacks(say("the model has no service that a new one could be like"))
        self.opened.add(name)
        places = max(1, math.ceil(self._for(said["places"])))
        stay = selecting.hours_of_stay(self.model, like[0])
        wanted = said["days"] * 86_400 / UNITS[self.model.unit]
        made: list[Change] = [
            {"change": "open", "service": name, "like": like[0], "places": places}
        ]
        if stay > 0:
            made.append({"change": "stays", "service": name, "times": round(wanted / stay, 6)})
        return made

    def _send(self, said: Mapping[str, Any]) -> list[Change]:
        to = self._to(said["to"])
        if not to:
            return self._lacks(say("the model has nowhere to send people to"))
        share = round(self._size(said["share"]["effect"]), 6)
        made: list[Change] = [
            {"change": "send", "leaving": leaving, "instead_of": instead, "to": to,
             "share": share, **self._who(said)}
            for leaving in selecting.services(self.model, said["leaving"])
            for instead in self._instead(leaving, said["instead_of"])
        ]  # fmt: skip
        return made or self._lacks(say("nobody goes this way in the model"))

    def _to(self, said: Any) -> str:
        if isinstance(said, str) and (said in self.opened or said in self.model.nodes):
            return said
        return next(iter(selecting.services(self.model, said)), "")

    def _instead(self, leaving: str, said: Any) -> Iterable[str]:
        wanted = [OUT] if said == OUT else selecting.services(self.model, said)
        route = self.model.nodes[leaving].next
        return [each for each in wanted if goes_to(route, each)]

    def _who(self, said: Mapping[str, Any]) -> Change:
        ages = selecting.ages(self.model, said.get("age", ""))
        return {"who": {"class": ages}} if ages else {}

    def _stays(self, said: Mapping[str, Any]) -> list[Change]:
        """One change for each class of people, so that several options can be joined."""
        kinds = selecting.ages(self.model, said.get("age", "")) or list(self.model.classes)
        many = len(self.model.classes) > 1
        made: list[Change] = [
            {"change": "stays", "service": name, "over": said["over"],
             "times": self._factor(said["times"]), **({"who": {"class": [kind]}} if many else {})}
            for name in selecting.services(self.model, said["service"]) for kind in kinds
        ]  # fmt: skip
        return made or self._lacks(say("the model has no service whose stays could be shorter"))

    def _arrivals(self, said: Mapping[str, Any]) -> list[Change]:
        kinds = set(selecting.ages(self.model, said.get("age", "")))
        made = []
        for name in selecting.inflows(self.model, said["inflow"]):
            mine = [k for k, share in self.model.arrivals[name].classes.items()
                    if share > 0 and k in kinds]  # fmt: skip
            if not kinds or mine:
                who = {"who": {"class": mine}} if mine else {}
                times = self._factor(said["times"])
                made.append({"change": "arrivals", "inflow": name, "times": times, **who})
        return made or self._lacks(say("nobody comes that way in the model"))

    def _move(self, said: Mapping[str, Any]) -> list[Change]:
        """A share of those who come to one kind of service come to another instead."""
        before, after = (selecting.inflows(self.model, said[end]) for end in ("from", "to"))
        hours = tuple(float(h) for h in said["hours"].split("-")) if "hours" in said else None
        share = self._size(said["share"]["effect"])
        at: Any = hours
        taken = share * sum(selecting.rate(self.model, name, at) for name in before)
        there = sum(selecting.rate(self.model, name) for name in after)
        if not (taken and there):
            return self._lacks(say("nobody comes that way in the model, or nowhere to come to"))
        when = {"hours": said["hours"]} if hours else {}
        return [
            {"change": "arrivals", "inflow": name, "times": round(1 - share, 6), **when}
            for name in before
        ] + [
            {"change": "arrivals", "inflow": name, "times": round(1 + taken / there, 6)}
            for name in after
        ]

    def _places(self, said: Mapping[str, Any]) -> list[Change]:
        made: list[Change] = []
        for name in selecting.services(self.model, said["service"]):
            there = selecting.most(self.model, name)
            if not there:
                continue
            if "times" in said:
                more = round(there * (self._factor(said["times"]) - 1))
            else:
                more = max(1, round(self._for(said["more"])))
            if more:
                times = round((there + more) / there, 6)
                made.append({"change": "places", "service": name, "times": times})
        return made or self._lacks(say("this is too small to show as whole places of the model"))


def _joined(changes: Sequence[Change]) -> list[Change]:
    """Changes of the same stays or places as one, with the product of their factors."""
    made: dict[str, Change] = {}
    for nth, each in enumerate(changes):
        joins = each["change"] in ("stays", "places")
        key = repr(sorted((k, v) for k, v in each.items() if k != "times")) if joins else str(nth)
        if key in made:
            made[key] = {**each, "times": round(made[key]["times"] * each["times"], 6)}
        else:
            made[key] = each
    return list(made.values())
