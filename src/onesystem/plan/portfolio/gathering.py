"""What a plan's options come to in the twin, as the optimiser takes it: work less, places more.

Each option is run alone, as its plan takes it to work; what was run before is not run again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from onesystem.plan.options import queries, running
from onesystem.plan.options.selecting import most
from onesystem.plan.portfolio.building import Change, Today
from onesystem.plan.portfolio.work import care
from onesystem.twin.network.model import Model
from onesystem.twin.pricing import prices
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.summing import Prices, Summary, summed
from onesystem.twin.working import kept
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

Told = Callable[[float, str], None]
_YEAR = 365.25


def scenarios(plan: queries.Plan, keys: Sequence[str]) -> dict[str, Any]:
    """Each option alone in the twin's words, by key, with the model's digest. Raises UserError."""
    if not keys:
        raise UserError("no option is in the plan", "Take options in, then ask for a proposal.")
    asked = running.question(plan, [(key,) for key in keys])
    middle = [each for each in asked["scenarios"] if each["strength"] == "central"]
    return {
        "model": asked["model"], "people": asked["people"], "missing": asked["missing"],
        "scenarios": [
            {"key": asked["sets"][each["set"]]["keys"][0], **each} for each in middle
        ],
    }  # fmt: skip


def gathered(
    said: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    grows: Mapping[str, float],
    told: Told,
) -> tuple[dict[str, Today], tuple[Change, ...]]:
    """What is done today, and what each option changes. `options` has money, staff and lag."""
    here = running.twin()
    if here.digest != said["model"]:
        raise UserError("The model has changed since this was asked", "Ask again.")
    costs = prices(here.model)
    every = [("", here.model, ())]
    for each in said["scenarios"]:
        model = applied(here.model, read(each["plain"]))
        every.append((each["key"], model, tuple(each["opened"])))
    total, done, found = len(every) * here.model.replications, 0, {}

    def one_more() -> None:
        nonlocal done
        done += 1
        told(
            done / total,
            say("{done} of {total} replications of options are done", done=done, total=total),
        )

    for n, (key, model, opened) in enumerate(every):
        run = kept(model, costs, lambda m=model: summed(m, prices=costs, done=one_more))  # type: ignore[misc]
        found[key] = (_units(model, run, opened), _places(model, opened))
        done = (n + 1) * here.model.replications
        told(done / total, say("options are run in the twin"))
    units, places = found.pop("")
    today = {
        s: Today(setting=s, units=round(u, 3), cost=_cost(s, costs), places=places.get(s, 0),
                 grows=grows.get(s))
        for s, (u, _) in units.items()
    }  # fmt: skip
    changes = [_change(options[key], units, places, *found[key]) for key in found]
    return today, tuple(changes)


def _change(
    option: Mapping[str, Any], units: Any, places: Any, then: Any, then_places: Any
) -> Change:
    """Less to do: fewer who come, and fewer who come in vain."""
    less = {}
    for s, (before, in_vain) in units.items():
        after, still = then.get(s, (before, in_vain))
        less[s] = round(before - after + in_vain - still, 3)
    more = {s: then_places.get(s, 0) - n for s, n in places.items()}
    return Change(
        key=option["key"], title=option["title"], setup=option["setup"],
        running=option["running"], lag_months=option["lag"], posts=option["posts"], less=less,
        places={s: float(n) for s, n in more.items() if n},
    )  # fmt: skip


def _units(
    model: Model, run: Summary, opened: tuple[str, ...]
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Units a year of each kind of care, and how many more came in vain."""
    known, found, scale = care(), dict[str, tuple[float, float]](), _YEAR / run.days
    for name, node in model.nodes.items():
        if node.setting not in known or name in opened:
            continue
        if known[node.setting].per == "days":
            had, vain = _mean(run, say("days in service"), name), 0.0
        else:
            had = _mean(run, "came", name)
            vain = had - _mean(run, "taken in", name)
        units, lost = found.get(node.setting, (0.0, 0.0))
        found[node.setting] = (units + had * scale, lost + vain * scale)
    return found


def _mean(run: Summary, figure: str, name: str) -> float:
    values = [each or 0.0 for each in run.values.get((figure, name, "all"), [])]
    return sum(values) / len(values) if values else 0.0


def _places(model: Model, opened: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, node in model.nodes.items():
        if name not in opened:
            found[node.setting] = found.get(node.setting, 0) + most(model, name)
    return found


def _cost(setting: str, costs: Prices | None) -> int:
    """What a unit costs on average in minor units: a contact, or a day."""
    if costs is None:
        return 0
    once, hour = costs.of("", setting)
    return round((hour * 24 if care()[setting].per == "days" else once) * 100)
