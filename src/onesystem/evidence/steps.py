"""Cells of a stepped wedge, checked: who was treated when, and how they did. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.evidence.panel import in_order
from onesystem.vocabulary import BadInput

Array = Any
Row = tuple[str, Any, bool, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Cells of a stepped wedge: cluster, period, treated or not, the mean, and of how many."""

    clusters: tuple[str, ...]
    periods: tuple[Any, ...]
    cluster: Array
    period: Array
    treated: Array
    mean: Array
    size: Array
    unit: str = ""
    within: tuple[float, int] = (0.0, 0)  # squares of people around their cell, and those free


def steps(rows: Sequence[Row], *, unit: str = "", where: str = "row") -> Steps:
    """Checked cells from (cluster, period, treated, mean, size) rows.

    Where cells have two rows and more throughout, the rows are people, and the cells their means.

    >>> cells = steps([(practice, period, int(period > at), 20.0, 30)
    ...                for at, practice in enumerate("PQR") for period in range(4)])
    >>> cells.clusters, cells.periods, cells.treated[:4].tolist()
    (('P', 'Q', 'R'), (0, 1, 2, 3), [0.0, 1.0, 1.0, 1.0])
    """
    if not rows:
        raise BadInput("there are no rows", rule="evidence.empty", cure="Check the file")
    _all_known(rows, where)
    within = (0.0, 0)
    if len(rows) >= 2 * len({(r[0], r[1]) for r in rows}):
        rows, within = _of_people(rows, where)
    clusters = tuple(dict.fromkeys(r[0] for r in rows))
    periods = in_order([r[1] for r in rows], where)
    seen: set[tuple[str, Any]] = set()
    for i, (cluster, period, *_) in enumerate(rows):
        if (cluster, period) in seen:
            raise BadInput(
                f"{cluster} has {period} twice", rule="evidence.twice", where=f"{where} {i + 2}",
                cure="Keep one row a cluster and period, with --size for how many it stands",
            )  # fmt: skip
        seen.add((cluster, period))
    on = {c: sorted((r[1], bool(r[2])) for r in rows if r[0] == c) for c in clusters}
    for name, cells in on.items():
        states = [t for _, t in cells]
        if states != sorted(states):
            period = next(p for (p, t), b in zip(cells[1:], states, strict=False) if b and not t)
            raise BadInput(
                f"{name} goes back to untreated in {period}",
                rule="evidence.not-a-wedge",
                cure="In a stepped wedge nobody goes back; mend the column, or use did",
            )
    treated = np.array([float(r[2]) for r in rows])
    if len(clusters) < 3 or treated.min() == treated.max():
        raise BadInput(
            "nothing to compare" if len(clusters) >= 3 else f"only {len(clusters)} clusters",
            rule="evidence.no-comparison",
            cure="Give at least three clusters that begin at different times",
        )
    return Steps(
        clusters=clusters, periods=periods, unit=unit, within=within,
        cluster=np.array([clusters.index(r[0]) for r in rows]),
        period=np.array([periods.index(r[1]) for r in rows]), treated=treated,
        mean=np.array([float(r[3]) for r in rows]), size=np.array([float(r[4]) for r in rows]),
    )  # fmt: skip


def _all_known(rows: Sequence[Row], where: str) -> None:
    for i, (cluster, period, _, mean, size) in enumerate(rows):
        if not np.isfinite(mean) or not size > 0:
            raise BadInput(
                f"{cluster} in {period} has no value or a size of {size:g}",
                rule="evidence.missing", where=f"{where} {i + 2}",
                cure="Leave the cell out, or give a size above 0",
            )  # fmt: skip


def _of_people(rows: Sequence[Row], where: str) -> tuple[list[Row], tuple[float, int]]:
    """The cells of rows of people, and how people lie around the means of their cells."""
    cells: dict[tuple[str, Any], list[Row]] = {}
    for i, row in enumerate(rows):
        cell = cells.setdefault((row[0], row[1]), [])
        if cell and cell[0][2] != row[2]:
            raise BadInput(
                f"{row[0]} is both treated and untreated in {row[1]}",
                rule="evidence.not-a-wedge", where=f"{where} {i + 2}",
                cure="A cluster is either in a period: mend the column",
            )  # fmt: skip
        cell.append(row)
    means, squares = [], 0.0
    for (cluster, period), people in cells.items():
        weights, values = np.array([r[4] for r in people]), np.array([r[3] for r in people])
        mean = float(np.average(values, weights=weights))
        squares += float(weights @ (values - mean) ** 2)
        means.append((cluster, period, people[0][2], mean, float(weights.sum())))
    return means, (squares, len(rows) - len(cells))
