"""Alerts in words: what asks, where and whom, how it stands now, who has it and what was done."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onesystem.flow import presenters
from onesystem.flow.boards.config import config
from onesystem.flow.boards.layout import LENGTHS, SHARES
from onesystem.flow.boards.rows import Alert, AlertStep
from onesystem.flow.boards.rules import EVERYWHERE, Figure, Rule
from onesystem.flow.now import ServiceNow
from onesystem.flow.queries import Board
from onesystem.vocabulary import words
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

_CLOSED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A step of an alert: what, by whom, when, in which words."""

    kind: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A place that an alert is about, with its figure now; empty where it is hidden."""

    code: str
    name: str
    now: str
    heard: presenters.Heard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShown:
    """An alert in words. `over` are the places that it is about, as they stand now."""

    id: int
    title: str
    where: str
    service: str
    said: str
    limit: str
    opened_at: datetime
    closed_at: datetime | None
    level: int
    owner: str
    asks: str
    over: tuple[Over, ...]
    steps: tuple[StepShown, ...]

    @property
    def state(self) -> tuple[str, str]:
        """Words and colour of where it stands."""
        if self.closed_at:
            return say("Closed"), "quiet"
        if self.level and not self.owner:
            return say("Escalated, level {level}", level=self.level), "bad"
        return (
            (say("{owner} has it", owner=self.owner), "info")
            if self.owner
            else (say("Nobody has it"), "warn")
        )

    @property
    def done(self) -> tuple[StepShown, ...]:
        """What was done about it, the latest first."""
        return tuple(step for step in reversed(self.steps) if step.kind == "acted")


def open_alerts(board: Board, *, exact: bool) -> list[AlertShown]:
    """Those that are open: what nobody has first, the loudest first. `board` as the actor sees."""
    rows = list(Alert.objects.filter(closed_at=0))
    rows.sort(key=lambda row: (bool(row.owner), -row.level, row.opened_at))
    return _all(rows, board, exact=exact)


def closed_alerts(board: Board, *, since: datetime, exact: bool) -> list[AlertShown]:
    """The newest that closed since a moment."""
    rows = Alert.objects.filter(closed_at__gte=max(1, to_micros(since))).order_by("-closed_at")
    return _all(list(rows[:_CLOSED]), board, exact=exact)


def open_count(services: Iterable[str] | None = None) -> tuple[int, int]:
    """How many alerts are open, of all or of some services, and how many of them nobody has."""
    found = Alert.objects.filter(closed_at=0)
    if services is not None:
        found = found.filter(service__in=[*services, EVERYWHERE])
    owners = list(found.values_list("owner", flat=True))
    return len(owners), sum(not owner for owner in owners)


def _all(rows: list[Alert], board: Board, *, exact: bool) -> list[AlertShown]:
    steps: dict[int, list[StepShown]] = {}
    for s in AlertStep.objects.filter(alert__in=[a.pk for a in rows]).order_by("at", "pk"):
        shown = StepShown(kind=s.kind, by=s.by, at=from_micros(s.at), text=s.text)
        steps.setdefault(s.alert, []).append(shown)
    rules = config(board.district.path)
    return [
        _shown(row, rules.rule(row.rule), tuple(steps.get(row.pk, ())), board, exact=exact)
        for row in rows
    ]


def _shown(
    row: Alert, rule: Rule | None, steps: tuple[StepShown, ...], board: Board, *, exact: bool
) -> AlertShown:
    many = row.service == EVERYWHERE
    place = (
        say("{value} places", value=f"{row.value:.0f}")
        if many
        else board.district.service_name(row.service)
    )
    over = _over(row, rule, board) if rule and not row.closed_at else ()
    return AlertShown(
        id=row.pk,
        title=rule.title if rule else row.rule,
        where=place,
        service="" if many else row.service,
        said="" if many or rule is None else _said(row.value, rule.figure, board, exact=exact),
        limit=in_words(rule.figure, rule.at_least) if rule else "",
        opened_at=from_micros(row.opened_at),
        closed_at=from_micros(row.closed_at) if row.closed_at else None,
        level=row.level,
        owner=row.owner,
        asks=rule.asked_at(row.level) if rule and not row.owner else "",
        over=over,
        steps=steps,
    )  # fmt: skip


def _over(row: Alert, rule: Rule, board: Board) -> tuple[Over, ...]:
    """The place of an alert; where it stands for many, those that are over its limit now."""
    if row.service != EVERYWHERE:
        figures = board.services.get(row.service)
        found = [(rule.value(figures), figures)] if figures else []
    else:
        every = [(rule.value(f), f) for f in board.services.values() if rule.looks_at(f)]
        over = [(value, f) for value, f in every if value is not None and value >= rule.at_least]
        found = sorted(over, key=lambda pair: -pair[0])
    return tuple(
        Over(
            code=figures.service, name=board.district.service_name(figures.service),
            now=_now(value, figures, rule, board), heard=presenters.newest(figures, board),
        )
        for value, figures in found
    )  # fmt: skip


def _now(value: float | None, figures: ServiceNow, rule: Rule, board: Board) -> str:
    hidden = figures.hidden and rule.figure in LENGTHS and not value
    if value is not None and not hidden:
        return in_words(rule.figure, value)
    if rule.figure == Figure.OCCUPANCY or hidden:
        return ""
    return f"<{board.district.suppress_below}"


def _said(value: float, figure: Figure, board: Board, *, exact: bool) -> str:
    """The figure when the alert was raised. Of a share or a length nobody can say any more how
    many people it was of, so that those who may not see people are not told.
    """
    if not exact and (figure == Figure.OCCUPANCY or figure in LENGTHS):
        return ""
    below = board.district.suppress_below
    return f"<{below}" if not exact and 0 < value < below else in_words(figure, value)


def in_words(figure: str, value: float) -> str:
    """A figure of a board or a rule with its unit; as a limit, never where there is none."""
    if math.isinf(value):
        return "never"
    if figure in SHARES:
        return words.percent(value)
    return words.length_of(value * 60) if figure in LENGTHS else f"{value:,.0f}"
