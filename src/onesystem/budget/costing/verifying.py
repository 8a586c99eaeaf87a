"""Whether costs are sound: no contact twice in a month, and sums that are those of the contacts."""

from collections.abc import Iterator

from onesystem.budget.costing import queries, store
from onesystem.budget.costing.cells import month_of


def problems() -> Iterator[str]:
    """What is wrong with the costs as they lie; nothing where they are sound."""
    import duckdb

    known = store.current()
    files = [str(store.place() / part.name) for part in known.parts.values()]
    if not files:
        return
    with duckdb.connect() as duck:
        twice = duck.execute(
            "SELECT contact, month, count(*) FROM read_parquet(?) GROUP BY ALL"
            " HAVING count(*) > 1 ORDER BY 1, 2 LIMIT 20", [files],
        ).fetchall()  # fmt: skip
        sums = dict(duck.execute(
            "SELECT month, CAST(sum(minor) AS BIGINT) FROM read_parquet(?) GROUP BY month", [files],
        ).fetchall())  # fmt: skip
    for contact, month, many in twice:
        yield f"contact {contact} is costed {many} times in {month_of(month):%B %Y}"
    told: dict[int, int] = dict.fromkeys(sums, 0)
    for cell in queries.every():
        told[cell.month] = told.get(cell.month, 0) + cell.minor
    for month in sorted(told):
        if told[month] != sums.get(month, 0):
            yield (f"{month_of(month):%B %Y}: contacts come to {sums.get(month, 0)}, "
                   f"their sums say {told[month]}")  # fmt: skip
