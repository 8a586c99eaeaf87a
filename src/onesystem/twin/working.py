"""Run scenarios apart from pages, for `flow.answers`: with progress, stopped when cancelled."""

import json
from collections.abc import Callable
from typing import Any

from onesystem import district
from onesystem.flow import answers
from onesystem.twin.standing import standing
from onesystem.vocabulary import BadConfig

KIND = "what-if"
PRICES = "twin-prices.json"


def connect() -> None:
    """Say who runs scenarios."""
    answers.register(KIND, work)


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Compare the scenarios with doing nothing; what was run before is not run again."""
    from onesystem.twin.scenarios.comparing import compared
    from onesystem.twin.scenarios.reading import read
    from onesystem.twin.scenarios.summing import prices_of

    here = district.current().path
    held = standing(here)
    if held.digest != asked["model"]:
        raise BadConfig("The model has changed since this was asked", "Run it again.")
    path = here / PRICES
    prices = prices_of(path.read_bytes(), PRICES) if path.is_file() else None
    found = compared(
        held.model,
        [read(each) for each in asked["scenarios"]],
        prices=prices,
        progress=lambda done, of: progress(done / of, f"{done} of {of} replications are done"),
        kept=lambda model, run: _kept(model, prices, run),
    )
    return found.plain()


def _kept(model: Any, prices: Any, run: Callable[[], Any]) -> Any:
    from onesystem.twin.models import Ran
    from onesystem.twin.network.writing import model_json
    from onesystem.twin.queries import key_of
    from onesystem.twin.scenarios.summing import summary

    key = key_of([model_json(model), repr(prices)])
    if row := Ran.objects.filter(key=key).first():
        return summary(json.loads(row.summary))
    found = run()
    Ran.objects.update_or_create(
        key=key, defaults={"summary": json.dumps(found.plain()), "ran_at": district.now()}
    )
    return found
