"""How sums are filed: by period, and by a few cuts instead of by everything at once.

A cell for every combination of service, practice, age, sex, deprivation and area would hold one
contact each. So a measure is kept in cuts: by service, and by service with one more thing that
is known of the person. What pages ask for is a sum over one cut; two things of a person that
stand in different cuts cannot be asked for at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from onesystem.flow.measures.days import PERIODS
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.measures.tree import settings_of
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

MARK = "\x1f"  # between the parts of a key


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to file sums: the parts of its key, and the shortest period that it is kept by."""

    name: str
    parts: tuple[str, ...]
    shortest: str = "day"


CUTS: dict[str, Cut] = {
    made.name: made
    for made in (
        Cut("all", ()),
        Cut("service", ("service",)),
        Cut("practice", ("service", "practice"), "month"),
        Cut("age", ("service", "band", "sex"), "month"),
        Cut("deprivation", ("service", "deprivation"), "month"),
        Cut("area", ("service", "area"), "month"),
        # For measures over all settings: with the service beside, each cell would hold one contact.
        Cut("practice-", ("practice",), "month"),
        Cut("age-", ("band", "sex"), "month"),
        Cut("deprivation-", ("deprivation",), "month"),
        Cut("area-", ("area",), "month"),
        # For rates standardised by age: the same with the band of age beside it.
        Cut("all+", ("band",), "month"),
        Cut("service+", ("service", "band"), "month"),
        Cut("practice+", ("service", "practice", "band"), "month"),
        Cut("deprivation+", ("service", "deprivation", "band"), "month"),
        Cut("area+", ("service", "area", "band"), "month"),
        # For how unevenly people have something: with the size of what each has beside it.
        Cut("all#", ("size",), "month"),
        Cut("practice#", ("practice", "size"), "month"),
        Cut("age#", ("band", "sex", "size"), "month"),
        Cut("deprivation#", ("deprivation", "size"), "month"),
        Cut("area#", ("area", "size"), "month"),
    )
}
OF_SERVICE = ("service", "setting", "organisation", "place")
_PART = {"age_band": "band", "sex": "sex"} | {
    each: each for each in ("practice", "deprivation", "area")
}


def cuts_of(measure: Declared) -> list[Cut]:
    """The cuts that a measure is kept in."""
    asked = {_PART.get(each, "") for each in measure.dimensions}
    of_person = ("practice", "age", "deprivation", "area")
    if measure.spread:
        told = (CUTS[f"{name}#"] for name in of_person)
        return [CUTS["all#"], *(cut for cut in told if set(cut.parts) & asked)]
    by_service = any(each in measure.dimensions for each in OF_SERVICE)
    wanted = ["all", *(["service"] if by_service else [])]
    wide = measure.of == "contact" and not settings_of(measure.population)
    end = "-" if wide or measure.people_once else ""
    wanted += [f"{name}{end}" for name in of_person if set(CUTS[name].parts) & asked]
    if measure.standardisation != "none":
        wanted += [f"{name}+" for name in wanted if f"{name}+" in CUTS]
    return [CUTS[name] for name in wanted]


def periods_of(measure: Declared, cut: Cut) -> tuple[str, ...]:
    """The periods that a cut of a measure is kept by, the shortest first."""
    shortest = max(PERIODS.index(measure.every), PERIODS.index(cut.shortest))
    return PERIODS[shortest:]


def cut_for(measure: Declared, dimensions: Iterable[str], every: str, *, ages: bool) -> Cut:
    """The cut that tells these dimensions apart. Raises BadConfig where none does.

    `ages` asks for the band of age too, to standardise by.
    """
    asked = set(dimensions)
    for each in asked - set(measure.dimensions):
        raise BadConfig(
            say("{name} is not kept by {each}", name=measure.name, each=each),
            say("It is kept by {dimensions}", dimensions=", ".join(measure.dimensions)),
        )
    parts = {_PART[each] for each in asked if each in _PART}
    served = bool(asked & set(OF_SERVICE))
    kept = cuts_of(measure)
    for cut in kept:
        if cut.name.endswith("+") is not ages:
            continue
        has = set(cut.parts)
        if parts <= has and (not served or "service" in has):
            _long_enough(measure, cut, every)
            return cut
    raise BadConfig(
        say(
            "{name} is not kept by {asked} at once",
            name=measure.name,
            asked=" and ".join(sorted(asked)),
        ),
        "Ask for one thing known of the person at a time (age and sex go together)",
    )


def _long_enough(measure: Declared, cut: Cut, every: str) -> None:
    if every not in periods_of(measure, cut):
        shortest = periods_of(measure, cut)[0]
        raise BadConfig(
            say(
                "{name} so cut is kept by {shortest} and longer, not by {every}",
                name=measure.name,
                shortest=shortest,
                every=every,
            ),
            say("Ask for every {shortest}", shortest=shortest),
        )
