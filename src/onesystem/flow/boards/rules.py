"""When the board asks for somebody, when it stops, and when it asks louder. Pure.

A rule raises at `at_least` and closes below `clear_below`, so that a figure that trembles about a
limit does not raise an alert a minute. What nobody acknowledged within `escalate_minutes` goes
up a level, again and again; so does what somebody has and says nothing of for `act_minutes`: a name
on an alert is not an act. More than `MOST` services over one rule at once are one alert that
says how many: nobody reads forty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from onesystem.flow.now import ServiceNow
from onesystem.vocabulary import Setting

MOST = 8
EVERYWHERE = "*"  # the service of an alert that stands for many
_MINUTE = 60_000_000


class Figure(StrEnum):
    """What a rule looks at."""

    OCCUPANCY = "occupancy"
    HERE = "here"
    WAITING = "waiting"
    READY = "ready"
    OVER_LIMIT = "over_limit"
    LONGEST_WAIT = "longest_wait"
    LONGEST_STAY = "longest_stay"
    CREWS = "crews"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: a figure of the services of a setting (or of one service) and its limits.

    `asks` are those who are asked: first, and then level by level while nobody has it.
    """

    name: str
    title: str
    figure: Figure
    at_least: float
    clear_below: float
    escalate_minutes: int = 60
    act_minutes: int = 120
    setting: str = ""
    service: str = ""
    asks: tuple[str, ...] = ()

    def asked_at(self, level: int) -> str:
        """Whom it asks at a level: the last who is named from there on; empty where nobody is."""
        return self.asks[min(level, len(self.asks) - 1)] if self.asks else ""

    def looks_at(self, figures: ServiceNow) -> bool:
        """Whether a service is one that the rule is about."""
        if self.service:
            return figures.service == self.service
        return not self.setting or figures.setting == Setting(self.setting)

    def value(self, figures: ServiceNow) -> float | None:
        """The figure of a service; None where it is not known. Waits and stays in minutes."""
        match self.figure:
            case Figure.OCCUPANCY:
                return figures.occupancy
            case Figure.LONGEST_WAIT:
                return _minutes(figures.waiting_since, figures.at)
            case Figure.LONGEST_STAY:
                return _minutes(figures.here_since, figures.at)
            case Figure.HAND_OVER:
                return _minutes(figures.crews_since, figures.at)
            case _:
                return getattr(figures, self.figure)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert that is open: since when, at which level, whether somebody has it."""

    rule: str
    service: str
    opened_at: int
    level: int = 0
    acknowledged: bool = False
    heard_at: int = 0  # when anything was last said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be done about alerts: `raised`, `closed` or `escalated`."""

    kind: str
    rule: str
    service: str
    value: float | None = None
    level: int = 0


def judge(
    rules: Iterable[Rule],
    services: Mapping[str, ServiceNow],
    standing: Iterable[Standing],
    *,
    at: int,
) -> list[Change]:
    """What changes now, given what stands. Judging again at once changes nothing."""
    by_rule: dict[str, dict[str, Standing]] = {}
    for each in standing:
        by_rule.setdefault(each.rule, {})[each.service] = each
    changes: list[Change] = []
    for rule in rules:
        mine = by_rule.pop(rule.name, {})
        values = {c: rule.value(f) for c, f in services.items() if rule.looks_at(f)}
        known = {code: value for code, value in values.items() if value is not None}
        changes += _of_rule(rule, known, mine, at)
    # What a rule that was taken away had raised is closed: nobody could close it else.
    gone = [each for standing_of in by_rule.values() for each in standing_of.values()]
    return changes + [Change(kind="closed", rule=e.rule, service=e.service) for e in gone]


def _of_rule(
    rule: Rule, values: Mapping[str, float], mine: Mapping[str, Standing], at: int
) -> list[Change]:
    over = {code: value for code, value in values.items() if value >= rule.at_least}
    if EVERYWHERE in mine:
        if len(over) > MOST // 2:
            return _louder(rule, mine, at)
        over_still = [
            Change(kind="raised", rule=rule.name, service=code, value=value)
            for code, value in sorted(over.items())
        ]
        return [Change(kind="closed", rule=rule.name, service=EVERYWHERE), *over_still]
    fresh = {code: value for code, value in over.items() if code not in mine}
    if len(over) > MOST and fresh:
        made = [Change(kind="closed", rule=rule.name, service=code) for code in mine]
        everywhere = Change(kind="raised", rule=rule.name, service=EVERYWHERE, value=len(over))
        return [*made, everywhere]
    closed = [
        Change(kind="closed", rule=rule.name, service=code, value=values.get(code))
        for code in mine
        if values.get(code, 0) < rule.clear_below
    ]
    kept = {code: each for code, each in mine.items() if code not in {c.service for c in closed}}
    raised = [
        Change(kind="raised", rule=rule.name, service=code, value=value)
        for code, value in sorted(fresh.items())
    ]
    return [*closed, *_louder(rule, kept, at), *raised]


def _louder(rule: Rule, mine: Mapping[str, Standing], at: int) -> list[Change]:
    """What nobody has, and what nothing was said of, goes up a level by the rule's clocks."""
    levels = {code: _level(rule, each, at) for code, each in mine.items()}
    return [
        Change(kind="escalated", rule=rule.name, service=code, level=level)
        for code, level in levels.items()
        if level > mine[code].level
    ]


def _level(rule: Rule, each: Standing, at: int) -> int:
    if not each.acknowledged:
        return (at - each.opened_at) // (rule.escalate_minutes * _MINUTE)
    silent = at - max(each.heard_at, each.opened_at)
    return each.level + (silent >= rule.act_minutes * _MINUTE)


def _minutes(since: int | None, at: int) -> float | None:
    return 0.0 if since is None else (at - since) / _MINUTE
