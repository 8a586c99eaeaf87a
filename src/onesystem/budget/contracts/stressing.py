"""Stress a contract, apart from pages: a ward closed, a bad winter, other shares, any scenario.

What was run of the model before is not run again, so that another question of the same years is
answered at once. Questions wait their turn with the twin's own (`flow.answers`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from onesystem.budget.contracts import queries, simulating
from onesystem.budget.contracts.agreement import ALLIANCE, MEMBER, Agreement
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.scoping import Around, services_of
from onesystem.budget.contracts.terming import terms_of
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.flow import answers
from onesystem.twin.network.model import UNITS, Model
from onesystem.twin.pricing import prices
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.reading import read
from onesystem.twin.scenarios.summing import Summary, summed
from onesystem.twin.standing import Standing, standing
from onesystem.twin.working import kept
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

MORE, LONGER = 1.15, 1.1  # of a bad winter: arrivals, and stays of those who stay
RUNS = 12  # replications: years that might be


def question(slug: str, number: int, asked: dict[str, Any]) -> dict[str, Any]:
    """What is asked of the errands: the contract's text and the model, each by its digest."""
    known = queries.contract(slug)
    now_ = standing(current().path)
    return {
        "contract": slug, "version": number, "text": known.version(number).row.digest,
        "model": now_.digest, "runs": RUNS, **asked,
    }  # fmt: skip


def work(asked: dict[str, Any], progress: answers.Progress) -> dict[str, Any]:
    """Settle the simulated years as they are, and with the change."""
    held, near = standing(current().path), around()
    if held.digest != asked["model"]:
        raise BadConfig("The model has changed since this was asked", "Run it again.")
    made = _agreement(asked["contract"], asked["version"])
    model = replace(held.model, replications=asked["runs"])
    quality = simulating.qualities(
        made, asked["runs"], reached=Fraction(asked.get("quality", "1")),
        chance=Fraction(asked["chance"]) if "chance" in asked else None,
    )  # fmt: skip
    other = renewed(made, asked.get("shares", {}))
    stress = scenario(asked, model)
    runs = asked["runs"] * (2 if stress.changes else 1)
    today = _run(model, of.NOTHING, progress, 0, runs)
    then = _run(model, stress, progress, asked["runs"], runs) if stress.changes else today
    shares, factors = _placed(made, model, near, today)
    was, after = (
        simulating.scaled(simulating.years(each, shares), factors) for each in (today, then)
    )
    parties = [party.organisation for party in made.parties]
    found = simulating.beside(
        _had(made, near, was, quality), _had(other, near, after, quality), parties
    )
    return {
        "rows": found, "years": asked["runs"], "scenario": stress.name, "own": held.own,
        "left_out": sorted(_left_out(made, near, was)), "warnings": list(today.warnings),
        "from_log": bool(factors),
    }  # fmt: skip


def _agreement(slug: str, number: int) -> Agreement:
    return simulating.one_year(queries.contract(slug).version(number).agreement)


def _had(
    made: Agreement, near: Around, every: Sequence[Any], quality: Sequence[Fraction]
) -> dict[str, list[simulating.Had]]:
    terms = terms_of(made, code="simulated", version=1, currency=current().currency)
    return simulating.had(terms, made, near, every, quality)


def _run(
    model: Model, stress: of.Scenario, progress: answers.Progress, before: int, runs: int
) -> Summary:
    changed, costs, done = applied(model, stress), prices(model), before

    def one_more() -> None:
        nonlocal done
        done += 1
        progress(done / runs, say("{done} of {runs} years are simulated", done=done, runs=runs))

    progress(before / runs, say("{before} of {runs} years are simulated", before=before, runs=runs))
    found: Summary = kept(changed, costs, lambda: summed(changed, prices=costs, done=one_more))
    return found


def _placed(
    made: Agreement, model: Model, near: Around, today: Summary
) -> tuple[simulating.Shares, dict[str, tuple[float, float]]]:
    """Which services the nodes stand for, and what brings the model to what the log has cost."""
    counted = _counted(made, near)
    nodes = {name: (node.setting, node.place) for name, node in model.nodes.items()}
    weights = {code: came for code, (came, _) in counted.items()}
    shares = simulating.shares(nodes, near, weights)
    return shares, simulating.factors(counted, simulating.years(today, shares))


def _counted(made: Agreement, near: Around) -> dict[str, tuple[float, float]]:
    """Contacts and costs of the last twelve whole months that are costed; empty where none are."""
    from onesystem.budget.contracts import attributing, costs
    from onesystem.budget.costing.queries import kept as known

    if known().day is None:
        return {}
    end = known().day
    assert end is not None  # noqa: S101 - asked above
    last = (end.replace(day=1) - timedelta(days=1)).replace(day=1)
    first = later(last, -11)
    found: dict[str, tuple[float, float]] = {}
    services = services_of(made, near.services)
    told = (
        attributing.of_people(made.scope, services, first, last) if made.scope.limited
        else costs.of_services(services, first, last)
    )  # fmt: skip
    for each in told:
        came, cost = found.get(each.service, (0.0, 0.0))
        found[each.service] = (came + each.contacts, cost + each.minor)
    return found


def _left_out(made: Agreement, near: Around, every: Sequence[Any]) -> set[str]:
    """Services that the contract is about and the model knows nothing of."""
    known = {code for year in every for code, (came, _) in year.items() if came}
    return {near.services[c].name for c in services_of(made, near.services) if c not in known}


def renewed(made: Agreement, shares: dict[str, str]) -> Agreement:
    """The agreement with other shares: of members, or (`slices`) of what lies off the target."""
    if not shares:
        return made
    parties = tuple(
        replace(p, share=Fraction(shares[p.organisation]))
        if p.role == MEMBER and p.organisation in shares else p
        for p in made.parties
    )  # fmt: skip
    whole = sum((p.share for p in parties if p.role == MEMBER), Fraction(0))
    if made.kind == ALLIANCE and whole != 1:
        raise BadConfig(
            say("the members' shares sum to {whole}%", whole=f"{float(100 * whole):g}"),
            "Let them sum to 100%.",
        )
    return replace(made, parties=parties)


def scenario(asked: dict[str, Any], model: Model) -> of.Scenario:
    """What changes: a service that closes, a bad winter, one of the twin's own, or nothing."""
    match asked.get("what"):
        case "close":
            return _closed(asked["service"], asked["instead"], model)
        case "winter":
            return winter(model)
        case "scenario":
            return read(asked["scenario"])
    return of.NOTHING


def _closed(service: str, instead: str, model: Model) -> of.Scenario:
    for name in (service, instead):
        if name not in model.nodes and name != "out":
            raise BadConfig(
                say("the model has no service {name}", name=repr(name)), "Choose one of the list."
            )
    return of.Scenario(
        name=say("{service} closes", service=service),
        changes=(of.Close(service=service, instead=instead),),
    )


def winter(model: Model) -> of.Scenario:
    """From December to February more people come, and stay longer in beds."""
    first, last = _winter(model)
    beds = [name for name, node in model.nodes.items() if node.setting == "ward"]
    stays = tuple(of.Stays(service=name, times=LONGER, since=first, until=last) for name in beds)
    more = of.Arrivals(times=MORE, since=first, until=last)
    return of.Scenario(name=say("A bad winter"), changes=(more, *stays))


def _winter(model: Model) -> tuple[date, date]:
    """December to February as far as the model runs; of two winters the longer part."""
    begins = model.starts.date()
    ends = begins + timedelta(seconds=model.horizon * UNITS[model.unit])
    spans = [
        (max(date(year, 12, 1), begins), min(date(year + 1, 3, 1), ends))
        for year in range(begins.year - 1, ends.year + 1)
    ]
    first, last = max(spans, key=lambda span: span[1] - span[0])
    if first >= last:
        raise BadConfig("no winter lies in the model's time", "Let the model run for a year.")
    return first, last


def model_here() -> Standing:
    """The model that years are simulated by. Raises BadConfig."""
    return standing(current().path)
