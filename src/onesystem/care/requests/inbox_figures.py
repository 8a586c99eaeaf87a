"""How soon services answer, and what is overdue: counts and lengths, never a name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from onesystem.access.quick import marks, rows
from onesystem.care.requests import inbox_queries, inbox_seeing
from onesystem.care.requests.states import NEW, OPEN

_DAY = 86_400_000_000
_UNDECIDED = tuple(sorted(NEW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One service. Lengths in seconds; None where there are none, or so few that it is hidden.

    `first` and `last` are the medians from asking to the first answer and to the end, `slow` the
    length within which nine of ten had their first answer. `hidden`: some figure is not shown.
    """

    service: str
    open: int | None
    overdue: int | None
    sent: int | None
    first: float | None
    slow: float | None
    last: float | None
    returned: int | None
    hidden: bool = False


def figures(*, at: int, days: int, below: int = 0) -> list[Figures]:
    """Every service that was asked for something in so many days, or has something open."""
    told = rows(
        "SELECT r.service, r.state, coalesce(r.at, r.recorded), r.since,"
        " (SELECT min(s.recorded) FROM care_step s WHERE s.request = r.request"
        f" AND s.state NOT IN ({marks(_UNDECIDED)})) FROM care_request r"
        " WHERE r.identity > 0 AND coalesce(r.at, r.recorded) >= %s",
        [*_UNDECIDED, at - days * _DAY],
    )
    asked: dict[str, list[tuple[str, int, int, int | None]]] = defaultdict(list)
    for service, state, begun, since, first in told:
        asked[service].append((state, begun, since, first))
    waiting = dict(
        rows(
            "SELECT service, count(*) FROM care_request WHERE identity > 0"
            f" AND state IN ({marks(sorted(OPEN))}) GROUP BY service",
            sorted(OPEN),
        )
    )
    return [
        _one(service, asked.get(service, []), waiting.get(service, 0), at=at, below=below)
        for service in sorted({*asked, *waiting})
    ]


def _one(
    service: str, asked: Sequence[tuple[str, int, int, int | None]], waiting: int, *, at: int,
    below: int,
) -> Figures:  # fmt: skip
    firsts = [(first - begun) / 1e6 for _, begun, _, first in asked if first is not None]
    ends = [(since - begun) / 1e6 for state, begun, since, _ in asked if state not in OPEN]
    clock = inbox_seeing.clock_of(service)
    overdue = inbox_queries.counts(service, clock, at=at)["overdue"] if waiting else 0
    counts = {
        "open": waiting, "overdue": overdue, "sent": len(asked),
        "returned": sum(state == "returned" for state, *_ in asked),
    }  # fmt: skip
    shown = {key: None if 0 < many < below else many for key, many in counts.items()}
    return Figures(
        service=service,
        first=_if_many(firsts, below, median(firsts) if firsts else None),
        slow=_if_many(firsts, max(below, 10), quantiles(firsts, n=10)[8] if firsts[1:] else None),
        last=_if_many(ends, below, median(ends) if ends else None),
        hidden=any(many is None for many in shown.values()) or 0 < len(firsts) < below,
        **shown,
    )


def _if_many(values: Sequence[float], below: int, value: float | None) -> float | None:
    return None if len(values) < below else value
