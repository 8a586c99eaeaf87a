"""A rule at the prices of a month: what each line costs for one unit. Pure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from onesystem.budget.costing.rates import Basis, Line, Rule, Rules, Unit
from onesystem.vocabulary.said import say

# The whole number that is counted for a unit, and how many of it are one unit.
COUNTED: dict[Unit, tuple[Unit, int]] = {
    "contact": ("contact", 1),
    "minute": ("minute", 1),
    "hour": ("minute", 60),
    "day": ("day", 1),
    "night": ("night", 1),
    "week": ("day", 7),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A line at its price: `price` minor units for each counted `unit`, or a share of the lines
    above (`percent`).
    """

    kind: str
    name: str
    words: str
    unit: Unit
    per: Unit
    price: Fraction
    percent: Fraction = Fraction(0)
    most: int = 0
    minutes: Fraction = Fraction(0)  # of staff, for each counted unit
    pool: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedRule:
    """A rule as it is in a month."""

    rule: Rule
    lines: tuple[Priced, ...]

    @property
    def basis(self) -> Basis:
        """Own minutes, or a national average."""
        return self.rule.basis


class Book:
    """The rules of a district with their prices, looked up by month; prices are worked out once."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._priced = lru_cache(maxsize=65_536)(self._price)
        self._found: dict[tuple[str, str, str, date], tuple[Rule, ...]] = {}
        self._pooled = {service for pool in rules.pools for service in pool.services}
        self._own = {rule.service for rule in rules.rules} - {""}

    def candidates(self, service: str, setting: str, mode: str, month: date) -> tuple[Rule, ...]:
        """The rules that may be of such a contact; worked out once for each kind of contact."""
        named = service if service in self._own else ""
        key = named, setting, mode, month
        if key not in self._found:
            self._found[key] = self.rules.candidates(named, setting, mode, month)
        return self._found[key]

    def priced(self, rule: Rule, service: str, month: date) -> PricedRule:
        """A rule at the prices of a month. Raises NoRate where one is missing."""
        return self._priced(rule, service if service in self._pooled else "", month)

    def _price(self, rule: Rule, service: str, month: date) -> PricedRule:
        made = tuple(self._line(rule, line, service, month) for line in rule.lines)
        return PricedRule(rule=rule, lines=made)

    def _line(self, rule: Rule, line: Line, service: str, month: date) -> Priced:
        unit, many = COUNTED[line.per]
        pool = ""
        price, source, words = line.minor, rule.source, line.words
        if line.kind == "staff":
            found = self.rules.pool(service, line.group, month) if service else None
            if found:
                pool = found.code
                rate, source = Fraction(found.cost, found.minutes), found.source
            else:
                rate = self.rules.rate(line.group, month)
                source = self._source_of(line.group, month)
            price = line.minutes * rate
            words = words or say(
                "{minutes} min of {called}",
                minutes=said(line.minutes),
                called=self._called(line.group),
            )
        elif line.kind == "national":
            price = self.rules.national_cost(line.code, month)
            known = next(n for n in self.rules.national if n.code == line.code and n.on(month))
            source, words = known.source, words or known.words
        elif line.kind == "overhead":
            words = words or say("{percent} % of the lines above", percent=said(line.percent))
        return Priced(
            kind=line.kind,
            name=line.group or line.code or line.kind,
            words=words or line.kind.capitalize(),
            unit=unit,
            per=line.per,
            price=price / many,
            percent=line.percent,
            most=line.most,
            minutes=line.minutes / many,
            pool=pool,
            source=source,
        )

    def _called(self, group: str) -> str:
        return next((s.words for s in self.rules.staff if s.group == group), group)

    def _source_of(self, group: str, month: date) -> str:
        return next(s.source for s in self.rules.staff if s.group == group and s.on(month))


def said(value: Fraction) -> str:
    """A fraction as people write it."""
    return f"{float(value):g}" if value.denominator != 1 else f"{value.numerator:,}"


def whole(amount: Fraction) -> int:
    """Whole minor units, half to even: where a line of a contact is rounded."""
    return round(amount)
