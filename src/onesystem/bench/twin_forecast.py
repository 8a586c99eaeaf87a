"""The next 72 hours of a district of 50,000 people, from those who are in it: 200 replications."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from onesystem.bench.shape import Row

_PEOPLE, _DAYS = 50_000, 30


def rows() -> Iterable[Row]:
    """Seconds and CPU seconds of a forecast, and CPU seconds with its levers; the best of three."""
    from onesystem.bench.twin_district import district
    from onesystem.twin import model_of, replications
    from onesystem.twin.forecast.beginning import Here
    from onesystem.twin.forecast.made import Asked, forecast
    from onesystem.twin.forecast.running import marks
    from onesystem.twin.forecast.sites import Site
    from onesystem.twin.network import layout as at
    from onesystem.twin.network.model import Present

    model = model_of(district(_PEOPLE, 24.0 * _DAYS))
    (run,) = replications(replace(model, replications=1), contacts=True, workers=1)
    names, kinds = list(model.nodes), list(model.classes)
    there = run.rows[run.rows[:, at.R_OUTCOME] == at.OPEN]
    inside = [
        Present(
            node=names[row[at.R_NODE]], kind=kinds[row[at.R_CLASS]],
            elapsed=24.0 * _DAYS - row[at.R_BEGAN] / at.TICKS,
        )
        for row in there.tolist() if row[at.R_BEGAN] != at.UNSET
    ]  # fmt: skip
    here = Here(people=[(each, float("nan")) for each in inside])
    beds = model.nodes["Ward"].servers.most  # type: ignore[union-attr]
    asked = Asked(
        at=model.starts + timedelta(days=_DAYS), levers=False, settings={"ED": "ED"},
        sites=[Site(code="h", name="Hospital", beds=("Ward",), gates=("ED",),
                    places=(beds,) * len(marks(72)))],
    )  # fmt: skip

    def spent(what: Asked) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        forecast(model, here, what)
        return time.perf_counter() - wall, time.process_time() - cpu

    seconds, cpu = (min(each) for each in zip(*(spent(asked) for _ in range(3)), strict=True))
    name = f"forecast of {_PEOPLE:,} people, {len(inside):,} of them inside: 72 hours, 200 times"
    yield Row(name=name, value=round(seconds, 2), unit="s", target=1.0, lower_is_better=True)
    yield Row(name=f"{name}, CPU", value=round(cpu, 2), unit="CPU s")
    helped = spent(replace(asked, levers=True))[1]
    yield Row(name=f"{name}, with its levers, CPU", value=round(helped, 2), unit="CPU s")
