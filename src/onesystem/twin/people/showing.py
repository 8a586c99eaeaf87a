"""People in the years to come, as a page shows them. Pure."""

from collections.abc import Sequence

from onesystem.twin.network.model import Model
from onesystem.twin.people.ageing import Year
from onesystem.twin.people.growing import ages_of
from onesystem.vocabulary.tables import Column, Listing

_STEP = 5


def ahead(model: Model, lived: Sequence[Year]) -> Listing:
    """The first year and every fifth after it: everybody, and the classes that say their ages."""
    kinds = {kind: ages for kind in model.classes if (ages := ages_of(kind))}
    first = {kind: lived[0].between(*ages) for kind, ages in kinds.items()}
    rows = [
        [
            str(year.year), f"{year.between(0):,.0f}",
            *(_told(year.between(*ages), first[kind]) for kind, ages in kinds.items()),
            f"{year.born:,.0f}" if year.born else None, f"{year.died:,.0f}" if year.died else None,
        ]
        for year in lived[::_STEP]
    ]  # fmt: skip
    return Listing(
        caption="Population by year",
        columns=(
            Column("year", "Year"), Column("people", "People", right=True),
            *(Column(f"k{n}", kind, right=True) for n, kind in enumerate(kinds)),
            Column("born", "Born in it", right=True), Column("died", "Died in it", right=True),
        ),
        all_rows=rows, query={}, per_page=50, exports=False,
    )  # fmt: skip


def _told(people: float, first: float) -> str:
    if not first or people == first:
        return f"{people:,.0f}"
    return f"{people:,.0f} ({people / first - 1:+.0%})"
