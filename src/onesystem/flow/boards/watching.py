"""Look at the board once a minute: raise, close and escalate alerts, and keep the pressure."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from onesystem.access import Actor
from onesystem.district import District, current
from onesystem.flow import queries
from onesystem.flow.boards.config import config
from onesystem.flow.boards.gridlock import Pressure, pressures
from onesystem.flow.boards.rows import Alert, AlertStep, PressureHour
from onesystem.flow.boards.rules import Change, Standing, judge
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

JOB = "watch"


def watch(at: datetime) -> list[Change]:
    """One look: what changed about alerts. The pressure of the hour is kept as well."""
    district = current()
    board, moment = queries.read_board(at=at), to_micros(at)
    rules = config(district.path)
    with transaction.atomic():
        standing = {(a.rule, a.service): a for a in Alert.objects.filter(closed_at=0)}
        heard = _heard()
        changes = judge(
            rules.rules,
            board.services,
            [
                Standing(
                    rule=a.rule, service=a.service, opened_at=a.opened_at, level=a.level,
                    acknowledged=bool(a.owner), heard_at=heard.get(a.pk, 0),
                )
                for a in standing.values()
            ],
            at=moment,
        )  # fmt: skip
        for change in changes:
            rule = rules.rule(change.rule)
            whom = rule.asked_at(change.level) if rule else ""
            _keep(change, standing.get((change.rule, change.service)), moment, whom)
        for pressure in pressure_now(district, board, moment):
            _keep_hour(pressure)
    return changes


def pressure_now(district: District, board: queries.Board, at: int) -> list[Pressure]:
    """The pressure on each organisation with beds at the moment of a board."""
    runs = {code: service.organisation for code, service in district.services.items()}
    return pressures(board.services.values(), runs, config(district.path).gridlock, at=at)


def _heard() -> dict[int, int]:
    """When anything was last said of each alert that is open."""
    open_ = Alert.objects.filter(closed_at=0).values("pk")
    last = AlertStep.objects.filter(alert__in=open_).values_list("alert").annotate(Max("at"))
    return dict(last)


def _keep(change: Change, row: Alert | None, at: int, whom: str) -> None:
    text = say("{whom} is asked", whom=whom) if whom else ""
    if change.kind == "raised":
        row = Alert.objects.create(
            rule=change.rule, service=change.service, value=change.value or 0, opened_at=at
        )
    elif row is None:
        return
    elif change.kind == "closed":
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        text = say("the figure came back under its limit")
    else:
        row.level = change.level
        row.save(update_fields=["level"])
        why = (
            say("{owner} has it and said nothing", owner=row.owner)
            if row.owner
            else say("nobody had it")
        )
        text = f"{why}{': ' if text else ''}{text}"
    AlertStep.objects.create(
        alert=row.pk, kind=change.kind, by=Actor.job(JOB).name, at=at, text=text
    )


def _keep_hour(pressure: Pressure) -> None:
    row, _ = PressureHour.objects.get_or_create(
        organisation=pressure.organisation,
        hour=pressure.hour,
        defaults={"here": 0, "waiting": 0, "ready": 0, "over_limit": 0},
    )
    row.here, row.capacity, row.waiting = pressure.here, pressure.capacity, pressure.waiting
    row.ready, row.over_limit = pressure.ready, pressure.over_limit
    row.gridlock = max(row.gridlock, int(pressure.gridlock))
    row.save()
