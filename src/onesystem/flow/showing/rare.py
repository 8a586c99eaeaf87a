"""Rare events from counts by day: the time between them, and how much went well between. Pure.

Figures are kept by day, so events of one day are taken as evenly spread over it, and so is what
went well that day. What lies before the first event is not known whole, and makes no point.
"""

from collections.abc import Iterator, Sequence


def gaps(events: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Of each event but the first: the place of its day, and the days since the event before.

    >>> list(gaps([0, 1, 0, 2]))
    [(3, 1.75), (3, 0.5)]
    """
    before: float | None = None
    for day, many in enumerate(events):
        for nth in range(many):
            at = day + (nth + 0.5) / many
            if before is not None:
                yield day, at - before
            before = at


def between(events: Sequence[int], others: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of each event but the first: the place of its day, and how many others came in between.

    >>> list(between([1, 0, 2], [4, 10, 3]))
    [(2, 13), (2, 1)]
    """
    since: int | None = None
    for day, (many, rest) in enumerate(zip(events, others, strict=True)):
        # The others of the day fall into one more stretch than there are events, evenly.
        parts = [(rest * (n + 1)) // (many + 1) - (rest * n) // (many + 1) for n in range(many + 1)]
        for part in parts[:-1]:
            if since is not None:
                yield day, since + part
            since = 0
        if since is not None:
            since += parts[-1]
