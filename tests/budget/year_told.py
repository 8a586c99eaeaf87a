"""Two years of a small district's activity and cost, as the costing would tell them."""

from datetime import UTC, date, datetime

from onesystem.budget.costing.cells import Cell, month_of, number_of
from onesystem.budget.costing.queries import Kept

FIRST, DAY = date(2024, 10, 1), date(2026, 10, 15)
SERVICES = (  # service, setting, mode, contacts a month, cost of one, basis
    ("ed", "ED", "walk-in", 100, 150_00, "national"),
    ("ed", "ED", "ambulance", 20, 300_00, "national"),
    ("ward-a", "ward", "planned", 30, 2_000_00, "national"),
    ("ward-b", "ward", "from ED", 3, 4_000_00, "own"),
    ("nursing", "community", "home visit", 400, 50_00, "own"),
)


def cells():
    """Each contact has two lines: half of its cost is staff. A tenth more in the second year."""
    made = []
    for at in range(24):
        for service, setting, mode, many, each, basis in SERVICES:
            count = many * (11 if at >= 12 else 10) // 10
            for line, kind in enumerate(("staff", "goods")):
                made.append(
                    Cell(service=service, setting=setting, mode=mode, rule=f"{service} rule",
                         basis=basis, kind=kind, name=kind, pool="", unit="contact",
                         month=number_of(FIRST) + at, line=line, portions=count, begun=count,
                         quantity=count, minor=count * each // 2)
                )  # fmt: skip
    return made


def tell(monkeypatch, told=None):
    """Let the costing tell these cells."""
    from onesystem.budget.comparing import queries
    from onesystem.budget.costing import queries as costing

    told = cells() if told is None else told
    kept = Kept(DAY, datetime(2026, 10, 15, tzinfo=UTC), len(told)) if told else Kept(None, None, 0)

    def between(first, last):
        return [c for c in told if number_of(first) <= c.month <= number_of(last)]

    monkeypatch.setattr(costing, "kept", lambda: kept)
    monkeypatch.setattr(costing, "cells", between)
    monkeypatch.setattr(
        costing, "months", lambda: [month_of(m) for m in sorted({c.month for c in told})]
    )
    monkeypatch.setattr(queries, "people_count", lambda: 1_000)
    queries._rows.cache_clear()
