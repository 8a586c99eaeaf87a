"""Figures of the whole: of everybody, of each group of people, and of each place. Pure.

Days in beds are those in wards, rehabilitation beds and care homes, from start to end; days at home
are all days of the people who live there without them (the measure *days at home*, in a model).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import LIVED_IN, UNITS, Model
from onesystem.twin.network.results import ALL
from onesystem.twin.network.running import Replication
from onesystem.twin.scenarios.figures import EVERYTHING
from onesystem.vocabulary import Setting

Key = tuple[str, str, str]  # figure; node, pool or place ("" is the whole); group
Figures = Iterator[tuple[Key, float | None]]
_ATTENDED = {
    Setting.GENERAL_PRACTICE, Setting.OUT_OF_HOURS, Setting.AMBULANCE, Setting.OUTPATIENT,
    Setting.DIAGNOSTICS, Setting.COMMUNITY, Setting.PHARMACY, Setting.TELEPHONE,
}  # fmt: skip
_SUMS = (
    ("taken in", at.G_STARTED), ("left waiting", at.G_LEFT), ("found no room", at.G_LOST),
)  # fmt: skip
_AS_GROUP = (at.ARRIVED, at.STARTED, at.SUM_WAIT, at.RENEGED, at.LOST, at.CLOCK_INSIDE,
             at.CLOCK_WAITING)  # fmt: skip


def groups(model: Model, run: Replication) -> Iterator[tuple[str, Any]]:
    """Everybody, each class and each level of an attribute: its name, and nodes by `layout.G_...`.

    Levels are told with their attribute: "sex female".
    """
    kinds, nodes = list(model.classes), len(model.nodes)
    count = run.count.reshape(nodes + 1, len(kinds), -1)[:-1]
    each = count[:, :, _AS_GROUP]
    each[:, :, at.G_LEFT] += count[:, :, at.BALKED]
    yield ALL, each.sum(axis=1)
    if len(kinds) > 1:
        yield from ((kind, each[:, n]) for n, kind in enumerate(kinds))
    rows = run.group.reshape(nodes, -1, at.GROUP_COLUMNS)
    names = [f"{name} {level}" for name, of in model.attributes.items() for level in of.levels]
    yield from ((name, rows[:, n]) for n, name in enumerate(names))


def of_group(model: Model, name: str, rows: Any, hour: float) -> Figures:
    """What a group met over all services, and (but for classes, told elsewhere) at each."""
    days, home, in_beds = _days(rows, hour), at_home(model), _beds(model)
    rows = np.where(home[:, np.newaxis], 0.0, rows)  # home is no service
    whole = rows.sum(axis=0)
    for figure, column in _SUMS:
        yield (figure, "", name), float(whole[column])
    yield ("wait", "", name), mean_hours(whole[at.G_WAIT], whole[at.G_STARTED], hour)
    beds = float(days[in_beds].sum())
    if name != ALL:
        yield ("days in service", "", name), float(days[~home].sum())
    if in_beds.any():
        yield ("days in beds", "", name), beds
    if home.any():
        yield ("days at home", "", name), float(days.sum()) - beds
    elif in_beds.any() and (living := _living(model, name)):
        span = (model.horizon - model.warm_up) * UNITS[model.unit] / 86_400
        yield ("days at home", "", name), living * span - beds
    for n, node in enumerate(model.nodes):
        if name != ALL:
            yield ("days in service", node, name), float(days[n])
        if name != ALL and name not in model.classes:
            yield ("came", node, name), float(rows[n, at.G_CAME])
            for figure, column in _SUMS:
                yield (figure, node, name), float(rows[n, column])
            yield ("wait", node, name), mean_hours(rows[n, at.G_WAIT], rows[n, at.G_STARTED], hour)


def of_places(model: Model, run: Replication, rows: Any, hour: float) -> Figures:
    """Everything at each place together; `rows` are those of everybody."""
    where = np.array([node.place for node in model.nodes.values()])
    for place in dict.fromkeys(where.tolist()):
        mine = where == place
        if not place or mine.sum() < 2:  # of one service the same is said already
            continue
        name, whole = EVERYTHING + place, rows[mine].sum(axis=0)
        for figure, column in _SUMS:
            yield (figure, name, ALL), float(whole[column])
        yield ("wait", name, ALL), mean_hours(whole[at.G_WAIT], whole[at.G_STARTED], hour)
        area = run.area[mine]
        yield ("waiting", name, ALL), float(area[:, at.A_WAITING].sum() / run.span)
        yield ("places used", name, ALL), float(area[:, at.A_BUSY].sum() / run.span)
        yield ("days in service", name, ALL), float(area[:, at.A_BUSY].sum() / hour / 24)


def attended(model: Model, run: Replication, hour: float) -> Figures:
    """Hours that staff spend with people where somebody is with everybody who is served."""
    whole, some = 0.0, False
    for n, (name, node) in enumerate(model.nodes.items()):
        if node.setting in _ATTENDED and not node.uses:
            spent = float(run.area[n, at.A_BUSY] / hour)
            whole, some = whole + spent, True
            yield ("staff hours", name, ALL), spent
    for n, name in enumerate(model.pools):
        used, there = run.pool_area[n]
        whole, some = whole + float(used / hour), True
        yield ("staff hours", name, ALL), float(used / hour)
        yield ("occupancy", name, ALL), float(used / there) if there else None
    if some:
        yield ("staff hours", "", ALL), whole


def at_home(model: Model) -> Any:
    """Which nodes are where people live (`people.lives`), and no services."""
    return np.array([node.setting == LIVED_IN for node in model.nodes.values()], bool)


def _beds(model: Model) -> Any:
    known = {each.value for each in Setting if each.holds_beds}
    return np.array([node.setting in known for node in model.nodes.values()], bool)


def _days(rows: Any, hour: float) -> Any:
    """Days from start to end at each node."""
    return (rows[:, at.G_INSIDE] - rows[:, at.G_WAITING]) / hour / 24


def _living(model: Model, name: str) -> float:
    """People of a group who live there; 0 where that is not known."""
    return sum(model.living.values()) if name == ALL else model.living.get(name, 0.0)


def mean_hours(total: float, count: float, hour: float) -> float | None:
    """The mean in hours of times that sum to `total` ticks, `hour` ticks each; None of nobody."""
    return float(total / count / hour) if count else None
