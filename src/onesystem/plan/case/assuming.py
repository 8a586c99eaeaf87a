"""What the case takes as given, and what somebody set instead. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.plan.case.figures import Assumption
from onesystem.plan.case.lines import Lines
from onesystem.vocabulary.errors import BadConfig, nearest
from onesystem.vocabulary.said import say

HEALTHY, REAL_COST = "healthy", "real-cost"
_LIMITS = {HEALTHY: (0.0, 1.2), REAL_COST: (-5.0, 10.0)}
_GROWTH = (-10.0, 10.0)
_BEYOND = say(
    "Assumption: the series at hand begin in 2021 or 2022 and cannot tell growth "
    "from the recovery after the pandemic"
)


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """Each with its spread: growth by line, healthy years, and costs beyond prices."""

    growth: dict[str, tuple[float, float]]
    healthy: tuple[float, float]
    real_cost: tuple[float, float]
    told: tuple[Assumption, ...]


def assumed(told: Lines, said: Mapping[str, float]) -> Assumed:
    """As shipped, with what was set instead. Raises BadConfig for what cannot be set."""
    shipped = _shipped(told)
    for key, value in said.items():
        if key not in shipped:
            raise BadConfig(
                say("there is no assumption {key}", key=repr(key)), nearest(key, shipped)
            )
        least, most = _LIMITS.get(key, _GROWTH)
        if not (math.isfinite(value) and least <= value <= most):
            raise BadConfig(
                say("{key} is set to {value}", key=key, value=f"{value:g}"),
                say("Give {least} to {most}.", least=f"{least:g}", most=f"{most:g}"),
            )
    taken = {
        key: Assumption(
            key=key, name=each.name, value=float(said.get(key, each.value)), sd=each.sd,
            unit=each.unit, shipped=each.value, source=each.source,
        )
        for key, each in shipped.items()
    }  # fmt: skip
    pair = {key: (each.value, each.sd) for key, each in taken.items()}
    growth = {line.key: pair[f"growth-{line.key}"] for line in told.lines}
    return Assumed(
        growth=growth, healthy=pair[HEALTHY], real_cost=pair[REAL_COST],
        told=tuple(taken.values()),
    )  # fmt: skip


def _shipped(told: Lines) -> dict[str, Assumption]:
    s = told.settings
    made = [
        Assumption(
            key=HEALTHY, name=say("Added years of life that are lived without more need"),
            value=s["healthy"], sd=s["healthy_sd"], unit=say("part of them"), shipped=s["healthy"],
            source=s["healthy_source"],
        ),
        Assumption(
            key=REAL_COST, name=say("Costs rise faster than prices by"), value=s["real_cost"],
            sd=s["real_cost_sd"], unit=say("% a year"), shipped=s["real_cost"],
            source=s["real_cost_source"],
        ),
    ]  # fmt: skip
    made += [
        Assumption(
            key=f"growth-{line.key}",
            name=say("{name}: growth beyond people's ages", name=line.name),
            value=line.growth,
            sd=line.growth_sd,
            unit=say("% a year"),
            shipped=line.growth,
            source=_BEYOND,
        )
        for line in told.lines
    ]
    return {each.key: each for each in made}
