"""Run scenarios apart from pages, for `flow.answers`: with progress, stopped when cancelled."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from onesystem import district
from onesystem.flow import answers
from onesystem.twin.network.model import Model
from onesystem.twin.pricing import prices
from onesystem.twin.standing import standing
from onesystem.vocabulary import BadConfig

KIND, GRID, BEST = "what-if", "what-if-grid", "what-if-best"
FEW_RUNS = 4  # of many years
MOST_RUNS = 200  # of an option, until one remains
_SUMMARY = "with groups and places"  # what a summary has: an older one is not taken for it


def connect() -> None:
    """Say who runs scenarios."""
    answers.register(KIND, work)
    answers.register(GRID, sweep)
    answers.register(BEST, choose)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Compare the scenarios with doing nothing; what was run before is not run again."""
    from onesystem.twin.scenarios.comparing import compared
    from onesystem.twin.scenarios.reading import read

    model = over(_model(asked), asked.get("years", 0))
    costs = prices(model)
    found = compared(
        model,
        [read(each) for each in asked["scenarios"]],
        prices=costs,
        progress=lambda done, of: progress(done / of, f"{done} of {of} replications are done"),
        kept=lambda model, run: kept(model, costs, run),
    )
    return found.plain() | {"prices": costs.source if costs else ""}


def sweep(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """A figure over a grid of one or two settings."""
    from onesystem.twin.scenarios.asking import Asked, swept

    model = _model(asked)
    figure = Asked(asked["figure"], asked["where"], prices(model))
    told = _told(progress)
    return swept(model, asked["lines"], figure, progress=told).plain()


def choose(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Which of doing nothing and some scenarios is best, with a stated confidence."""
    from onesystem.twin.scenarios.asking import Asked, best_of
    from onesystem.twin.scenarios.changes import NOTHING
    from onesystem.twin.scenarios.reading import read

    options = [NOTHING, *(read(each) for each in asked["scenarios"])]
    model = _model(asked)
    figure = Asked(asked["figure"], asked["where"], prices(model))
    found = best_of(
        model, options, figure, matters=asked["matters"], sure=asked["sure"],
        least=asked["least"], most=MOST_RUNS, progress=_told(progress),
    )  # fmt: skip
    return asdict(found) | {"options": [each.name for each in options]}


def _told(progress: answers.Progress) -> Callable[[int, int], None]:
    return lambda done, of: progress(done / of, f"{done} of {of} replications at most are done")


def _model(asked: dict[str, Any]) -> Model:
    held = standing(district.current().path)
    if held.digest != asked["model"]:
        raise BadConfig("The model has changed since this was asked", "Run it again.")
    return held.model


def over(model: Model, years: int) -> Model:
    """The model over so many years of the people who live in the district; 0 is as it is."""
    from onesystem.twin.people import living
    from onesystem.twin.people.growing import grown

    if not years:
        return model
    lived = living.ahead(model, str(district.current().zone), years)
    if not lived:
        raise BadConfig(
            "Nobody's age has been counted, so who will come in years is not known",
            "Work out the measures first (onesystem measures refresh), or run it over a year.",
        )
    return replace(grown(model, lived), replications=min(model.replications, FEW_RUNS))


def run_ahead() -> None:
    """Run the district's model as it is, so that a scenario is set beside what is there already."""
    from onesystem.twin.scenarios.summing import summed

    model = standing(district.current().path).model
    costs = prices(model)
    kept(model, costs, lambda: summed(model, prices=costs))


def came() -> Any:
    """What the district's own model came to when it was last run as it is; None if it never was.

    Raises BadConfig where the district has no model of its own.
    """
    from onesystem.twin.models import Ran
    from onesystem.twin.scenarios.summing import summary

    held = standing(district.current().path)
    if not held.own:
        raise BadConfig(
            "This district has no twin yet", "Make one: onesystem twin calibrate --keep."
        )
    row = Ran.objects.filter(key=_key(held.model, prices(held.model))).first()
    return summary(json.loads(row.summary)) if row else None


def kept(model: Model, prices: Any, run: Callable[[], Any]) -> Any:
    """What the replications of a model came to: as it was worked out before, else by `run`."""
    from onesystem.twin.models import Ran
    from onesystem.twin.scenarios.summing import summary

    key = _key(model, prices)
    if row := Ran.objects.filter(key=key).first():
        return summary(json.loads(row.summary))
    found = run()
    Ran.objects.update_or_create(
        key=key, defaults={"summary": json.dumps(found.plain()), "ran_at": district.now()}
    )
    return found


def _key(model: Model, prices: Any) -> str:
    from onesystem.twin.network.writing import model_json
    from onesystem.twin.queries import key_of

    return key_of([_SUMMARY, model_json(model), repr(prices)])
