"""How long a record is kept, by rules that are dated data; which rule holds it, and until when.

Pure. A record is kept as long as the longest rule that applies to it says. A rule without years
after the last contact holds for life. Rules come from `data/retention.csv`, each with its source;
a district may say other years (`[retention]` of district.toml).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

ANY = "any"
CHILD = "child"
ADULT = 18
_OURS = "the district's own years"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the schedule. `applies`: the class of record; see `Known.classes`.

    `checked`: what its periods were compared with; empty where a district has to confirm them.
    """

    code: str
    title: str
    applies: str
    years: int | None  # after the last contact of that class
    death_years: int | None  # after death, where that is the earlier
    until_age: int | None
    until_age_if_17: int | None
    source: str
    since: date
    checked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one person: the last day of each class of record."""

    born: date | None
    died: date | None
    last: date
    classes: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Until when a record is kept, and why. `until` None: for life, or as long as it is in use."""

    until: date | None
    rule: Rule
    why: str


def kept_until(known: Known, rules: Iterable[Rule]) -> Kept | None:
    """The rule that holds the record longest; None where no rule says anything of it."""
    found = [each for rule in rules if (each := _under(rule, known)) is not None]
    forever = next((each for each in found if each.until is None), None)
    return forever or max(found, key=lambda k: (k.until, k.rule.code), default=None)


def falls_due(kept: Kept | None, on: date) -> bool:
    """Whether it is no longer to be kept on that day: the last day that it is kept is over."""
    return kept is not None and kept.until is not None and kept.until < on


def adjusted(rules: Iterable[Rule], years: Mapping[str, int]) -> list[Rule]:
    """The rules with the district's own years; one with 0 years is off."""
    from dataclasses import replace

    found = []
    for rule in rules:
        said = years.get(rule.code)
        if said == 0:
            continue
        if said is None:
            found.append(rule)
        elif rule.until_age is not None:
            found.append(replace(rule, until_age=said, until_age_if_17=None, checked=_OURS))
        elif rule.years is None:
            found.append(replace(rule, death_years=said, checked=_OURS))
        else:
            found.append(replace(rule, years=said, checked=_OURS))
    return found


def _under(rule: Rule, known: Known) -> Kept | None:
    if rule.applies == CHILD:
        return _child(rule, known)
    last = known.last if rule.applies == ANY else known.classes.get(rule.applies)
    if last is None:
        return None
    after_death = None
    if rule.death_years is not None and known.died:
        after_death = Kept(
            until=_years_after(known.died, rule.death_years), rule=rule,
            why=f"{rule.death_years} years after death on {known.died.isoformat()}",
        )  # fmt: skip
    if rule.years is None:
        alive = Kept(until=None, rule=rule, why="for life")
        return after_death or alive
    after = Kept(
        until=_years_after(last, rule.years), rule=rule,
        why=f"{rule.years} years after the last contact on {last.isoformat()}",
    )  # fmt: skip
    if after_death and after_death.until < after.until:  # type: ignore[operator]
        return after_death
    return after


def _child(rule: Rule, known: Known) -> Kept | None:
    """Held where the last contact was before the eighteenth birthday."""
    if known.born is None or rule.until_age is None:
        return None
    age = _age(known.born, known.last)
    if age >= ADULT:
        return None
    years = rule.until_age_if_17 if age == ADULT - 1 and rule.until_age_if_17 else rule.until_age
    birthday = _years_after(known.born, years)
    return Kept(
        until=birthday, rule=rule,
        why=f"until the birthday of {years} years on {birthday.isoformat()}",
    )  # fmt: skip


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _years_after(day: date, years: int) -> date:
    """The same day some years later; of 29 February, 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def shortest(rules: Collection[Rule]) -> int:
    """No record falls due sooner after its last contact than that many years."""
    return min((r.years or 0) if r.death_years is None else min(r.years or 99, r.death_years)
               for r in rules if r.until_age is None)  # fmt: skip
