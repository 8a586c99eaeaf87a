"""A model of an area's hospitals, and what happens after them, from what is published. Pure.

Each trust that takes its people from the area is modelled whole, since its beds are for all who
come: an emergency department, general and acute beds, and three ways on that need something
arranged. Nothing published says how many places those have, so what a delay costs is in the bed:
people stay there, ready to leave, for as long as makes the published number of them (Little 1961).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

from onesystem.twin.areas.facts import WAYS, Area, Trust, trusts_of, ways_of
from onesystem.twin.network.distributions import Lognormal
from onesystem.twin.network.model import (
    OUT,
    Attribute,
    By,
    Chances,
    Inflow,
    Model,
    Node,
    Poisson,
    Schedule,
)
from onesystem.vocabulary.errors import UserError

PUBLISHED, DERIVED, ASSUMED = "published", "derived", "assumed"
LEAST = 0.05  # of a trust's patients, the part from the area below which it is another area's
_WAY = "way on"
_ED_CV, _BEDS_CV, _AFTER_CV = 0.7, 1.2, 1.0
_URGENT = 0.88  # of people who leave after a night, those who came urgently
_HELP, _REHABILITATION = 6664.354 / 76_900, 2601.125 / 76_900  # of all who leave a hospital
_CARE_HOME = _REHABILITATION * 30 / 63
_AFTER_DAYS = {"help at home": 30.0, "rehabilitation": 28.0, "care home": 801.0}
_ED_HOURS = (  # weights of the hours of a day, from midnight
    27, 23, 20, 18, 17, 18, 22, 31, 48, 62, 68, 69, 66, 64, 63, 63, 63, 63, 62, 60, 55, 47, 40, 33,
)  # fmt: skip
_PLANNED_HOURS = range(7, 12)  # on weekdays
_YEAR, _SETTLES = 365 * 24.0, 90 * 24.0


@dataclass(frozen=True)
class Figure:
    """A figure that went into the model: `kind` is published, derived or assumed."""

    of: str
    what: str
    value: float
    unit: str
    kind: str
    source: str


def first_twin(area: Area, *, least: float = LEAST) -> tuple[Model, list[Figure]]:
    """The model of an area and all that went into it; times in hours.

    `least` is the part of a trust's patients who come from the area, from which on it is in the
    model. Errors: UserError where no trust has so many.
    """
    trusts = trusts_of(area, least=least)
    if not trusts:
        raise UserError(
            f"No trust has {least:.0%} of its patients from {area.name}",
            "Name a smaller part with --least.",
        )
    nodes: dict[str, Node] = {}
    inflows: dict[str, Inflow] = {}
    figures = list(_of_area(area))
    for trust, share in trusts:
        worked = _Trust(trust)
        nodes |= worked.nodes()
        inflows |= worked.inflows()
        figures += worked.figures(share)
    for way, days in _AFTER_DAYS.items():
        nodes[way.capitalize()] = Node(service=Lognormal(days * 24, _AFTER_CV))
    parts = dict(zip(WAYS, _parts(), strict=True))
    model = Model(
        nodes=nodes,
        arrivals=inflows,
        horizon=_SETTLES + _YEAR,
        warm_up=_SETTLES,
        name=f"{area.plain}: first twin",
        classes={"urgent": 0, "planned": 1},
        attributes={_WAY: Attribute(levels=WAYS, shares=parts)},
    )
    return model, figures


def _parts() -> tuple[float, ...]:
    """The parts of people who leave a hospital by each way on."""
    arranged = (_HELP, _REHABILITATION, _CARE_HOME)
    return (1 - sum(arranged), *arranged)


class _Trust:
    """What a trust's published figures come to."""

    def __init__(self, trust: Trust) -> None:
        self.trust = trust
        self.urgent = min(_URGENT * trust.discharges, trust.admissions)  # a day, for a night
        self.planned = trust.discharges - self.urgent
        self.cared = (trust.occupied - trust.ready) / trust.discharges  # days
        sigma = math.sqrt(math.log(1 + _ED_CV**2))
        quick = NormalDist().inv_cdf(1 - trust.over_four_hours)
        self.ed_hours = math.exp(math.log(4) - quick * sigma + sigma**2 / 2)
        parts = zip(WAYS, _parts(), strict=True)
        waits = ways_of(trust)
        self.delayed = {w: trust.ready * waits[w] / trust.discharges / p for w, p in parts}  # days

    @property
    def ed(self) -> str:
        return f"ED, {self.trust.plain}"

    @property
    def beds(self) -> str:
        return f"Beds, {self.trust.plain}"

    def nodes(self) -> dict[str, Node]:
        admitted = self.urgent / self.trust.attendances
        stays = {w: Lognormal((self.cared + self.delayed[w]) * 24, _BEDS_CV) for w in WAYS}
        after = {w: OUT if w == "home" else w.capitalize() for w in WAYS}
        return {
            self.ed: Node(
                service=Lognormal(self.ed_hours, _ED_CV),
                next=Chances(((self.beds, admitted), (OUT, 1 - admitted))),
            ),
            self.beds: Node(
                service=By(_WAY, stays),
                servers=Schedule(((0.0, round(self.trust.beds)),)),
                next=By(_WAY, after),
            ),
        }

    def inflows(self) -> dict[str, Inflow]:
        hourly = self.trust.attendances / sum(_ED_HOURS)
        week = [h % 24 in _PLANNED_HOURS and h < 5 * 24 for h in range(7 * 24)]
        booked = self.planned * 7 / sum(week)
        made = {
            f"{self.trust.plain}, to the ED": Inflow(
                node=self.ed,
                process=Poisson(tuple(weight * hourly for weight in _ED_HOURS), 24.0),
                classes={"urgent": 1.0},
            )
        }
        if self.planned > 0:
            made[f"{self.trust.plain}, planned"] = Inflow(
                node=self.beds,
                process=Poisson(tuple(booked if on else 0.0 for on in week), 7 * 24.0),
                classes={"planned": 1.0},
            )
        return made

    def figures(self, share: float) -> Iterator[Figure]:
        trust, of = self.trust, self.trust.plain
        flow, beds = "NHS England, A&E attendances", "NHS England, daily situation reports"
        year = "September 2023 to August 2024"
        for what, value, unit, source in (
            ("patients from the area", share, "share", "OHID, catchments of trusts 2022"),
            ("ED attendances", trust.attendances, "a day", f"{flow}, {year}"),
            ("attendances over four hours", trust.over_four_hours, "share", f"{flow}, {year}"),
            ("emergency admissions", trust.admissions, "a day", f"{flow}, {year}"),
            ("general and acute beds open", trust.beds, "beds", f"{beds}, {year}"),
            ("beds occupied", trust.occupied, "beds", f"{beds}, {year}"),
            ("discharges after a night", trust.discharges, "a day", f"{beds}, {year}"),
            ("in a bed, ready to leave", trust.ready, "people", f"{beds}, {year}"),
        ):
            yield Figure(of, what, value, unit, PUBLISHED, source)
        for what, value, unit, source in (
            ("urgent stays of a night or more", self.urgent, "a day",
             "discharges and emergency admissions; the rest go home the same day"),
            ("planned stays of a night or more", self.planned, "a day", "discharges less urgent"),
            ("stay until ready", self.cared, "days", "occupied less ready, by discharges"),
            ("time in the ED, mean", self.ed_hours, "hours", "share over four hours, log-normal"),
            *((f"delay of those going on to: {way}", days, "days",
               "ready people by reason (NHS England, June 2024 to February 2025), by discharges")
              for way, days in self.delayed.items()),
        ):  # fmt: skip
            yield Figure(of, what, value, unit, DERIVED, source)


def _of_area(area: Area) -> Iterator[Figure]:
    """What holds for the whole area, and what nobody publishes by area."""
    for ages, count in area.people.items():
        words = f"people of {ages.replace('85-90', '85 and more')}"
        source = "Office for National Statistics, mid-2020"
        yield Figure(area.plain, words, float(count), "people", PUBLISHED, source)
    audit = "NHS England 2023 weekly, by way of the Health Foundation, of all discharges in England"
    home, helped, bedded, housed = _parts()
    for what, value, unit, kind, source in (
        ("leave with help at home", helped, "share", DERIVED, audit),
        ("leave for a rehabilitation bed", bedded, "share", DERIVED, audit),
        ("leave for a care home", housed, "share", DERIVED,
         "30 to 63 of those to rehabilitation: medians of seven trusts, Health Foundation"),
        ("leave with nothing to arrange", home, "share", DERIVED, "the rest"),
        ("urgent, of those who leave after a night", _URGENT, "share", ASSUMED,
         "England's admissions with a night, rounded"),
        ("spread of times in the ED", _ED_CV, "sd / mean", ASSUMED, "log-normal"),
        ("spread of stays in a bed", _BEDS_CV, "sd / mean", ASSUMED, "log-normal"),
        ("spread of what comes after", _AFTER_CV, "sd / mean", ASSUMED, "log-normal"),
        ("help at home lasts", _AFTER_DAYS["help at home"], "days", ASSUMED,
         "reablement of at most six weeks (Care and Support Regulations 2014)"),
        ("rehabilitation lasts", _AFTER_DAYS["rehabilitation"], "days", ASSUMED, "four weeks"),
        ("a care home lasts", _AFTER_DAYS["care home"], "days", ASSUMED,
         "Forder and Fernandez 2011, lengths of stay in care homes"),
        ("hours of the day at the ED", float(len(_ED_HOURS)), "weights", ASSUMED,
         "England's arrivals by hour, rounded; the same every day"),
        ("planned admissions", float(len(_PLANNED_HOURS)), "hours", ASSUMED,
         "weekdays, from seven to noon"),
        ("places for help, rehabilitation, care homes", math.inf, "places", ASSUMED,
         "not published; their lack is in the delays"),
    ):  # fmt: skip
        yield Figure(area.plain, what, value, unit, kind, source)
