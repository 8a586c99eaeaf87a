"""The policy model in words: rows of its table, definitions, checks. Pure."""

from collections.abc import Sequence
from typing import Any

from onesystem.budget.policy.asked import Asked, defaults, limits, plain
from onesystem.budget.policy.checks import Check, within
from onesystem.budget.policy.drawing import billions
from onesystem.budget.policy.model import Model
from onesystem.budget.policy.working import Year, balance
from onesystem.vocabulary.said import say

SHARE = 2  # digits of a per cent of the economy


def heads(model: Model) -> list[str]:
    """What stands above the columns of the table of years."""
    lines = [*(r.title for r in model.revenues), *(c.title for c in model.costs)]
    return [
        say("Year"),
        *lines,
        say("Comes in"),
        say("Costs"),
        say("Over or short"),
        say("Added up"),
        "Economy",
        say("Health and social care, per cent of it"),
        say("Without the package, per cent"),
    ]


def table(model: Model, told: Sequence[Year]) -> list[list[Any]]:
    """The years in whole pounds, as they go into a file."""
    added = balance(tuple(told))
    return [
        [y.year, *(y.revenue[r.name] for r in model.revenues),
         *(y.cost[c.name] for c in model.costs), y.comes_in, y.costs, y.result, total, y.gdp,
         float(round(y.share, SHARE)), float(round(y.share_without, SHARE))]
        for y, total in zip(told, added, strict=True)
    ]  # fmt: skip


def shown(told: Sequence[Year], model: Model) -> list[dict[str, Any]]:
    """The years as the page has them, in billions."""
    added = balance(tuple(told))
    return [
        {"year": y.year, "in": billions(y.comes_in), "out": billions(y.costs),
         "result": billions(y.result), "short": y.result < 0, "added": billions(total),
         "care": billions(y.care), "with": billions(y.care_with),
         "share": f"{float(y.share):.1f}", "without": f"{float(y.share_without):.1f}",
         "within": within(model, y) if y.year == model.economy.envelope_year else None}
        for y, total in zip(told, added, strict=True)
    ]  # fmt: skip


def lines(model: Model, asked: Asked, year: Year) -> list[dict[str, Any]]:
    """Every revenue line with its setting, its assumption and its yield in a year."""
    return [
        {"line": each, "value": plain(asked.settings[each.name]),
         "least": plain(each.least), "most": plain(each.most), "step": plain(each.step),
         "package": plain(each.setting), "changed": each.name in asked.changed,
         "full": billions(round(each.at(asked.settings[each.name]))),
         "yields": billions(year.revenue[each.name]), "says": billions(each.yields)}
        for each in model.revenues
    ]  # fmt: skip


def bands(model: Model, asked: Asked, year: Year) -> list[dict[str, Any]]:
    """Every cost line with the year from which it holds, and what it costs in a year."""
    return [
        {"line": each, "key": f"{each.name}-from", "value": asked.begins[each.name],
         "costs": billions(year.cost[each.name]), "changed": f"{each.name}-from" in asked.changed}
        for each in model.costs
    ]  # fmt: skip


def phases(model: Model, asked: Asked) -> list[tuple[int, list[str]]]:
    """From which year what is in force: the time line."""
    found: dict[int, list[str]] = {}
    for each in model.costs:
        found.setdefault(asked.begins[each.name], []).append(each.title)
    for stage in (1, 2):
        names = ", ".join(r.title for r in model.revenues if r.stage == stage)
        found.setdefault(asked.starts(stage), []).append(
            say("Stage {stage} of revenue: {names}", stage=stage, names=names)
        )
    return sorted((year, what) for year, what in found.items() if year <= model.last)


def definitions(model: Model, asked: Asked) -> list[list[Any]]:
    """What was set, what the package has, where it comes from and what is assumed."""
    known = defaults(model)
    rows: list[list[Any]] = [
        [r.name, r.title, plain(asked.settings[r.name]), plain(r.setting), r.unit, r.source,
         r.assumption]
        for r in model.revenues
    ]  # fmt: skip
    rows += [
        [f"{c.name}-from", c.title, asked.begins[c.name], known[f"{c.name}-from"], "year", "", ""]
        for c in model.costs
    ]
    rows += [
        [
            stage,
            say("When stage {stage} of revenue begins", stage=stage[-1]),
            asked.begins[stage],
            known[stage],
            "year",
            "",
            say("The announcement has two stages, and names no years"),
        ]
        for stage in ("stage-1", "stage-2")
    ]
    for each in model.assumptions:
        option = each.option(asked.options[each.name])
        rows.append([f"assume-{each.name}", each.title, option.title, each.options[0].title,
                     "chosen", option.source, option.assumption])  # fmt: skip
    sources = model.economy.sources
    rows += [
        ["gdp-growth", say("Growth of the economy"), plain(asked.gdp_growth), known["gdp-growth"],
         say("per cent a year"), sources["gdp_growth"], ""],
        ["spend-growth", say("Growth of spending without the package"), plain(asked.spend_growth),
         known["spend-growth"], say("per cent a year"), sources["spend_growth"], ""],
    ]  # fmt: skip
    return rows


def as_json(model: Model, asked: Asked, told: Sequence[Year], checks: Sequence[Check]) -> Any:
    """All of it for another program, in whole pounds."""
    return {
        "currency": model.currency, "prices": 2014, "changed": dict(asked.changed),
        "settings": [
            dict(zip(("name", "title", "value", "package", "unit", "source", "assumption"), row,
                     strict=True))
            for row in definitions(model, asked)
        ],
        "years": [
            {"year": y.year, "revenue": dict(y.revenue), "cost": dict(y.cost),
             "comes_in": y.comes_in, "costs": y.costs, "result": y.result, "added_up": total,
             "gdp": y.gdp, "spend_without": y.spend,
             "share_of_gdp": float(round(y.share, 4)),
             "share_without": float(round(y.share_without, 4))}
            for y, total in zip(told, balance(tuple(told)), strict=True)
        ],
        "checks": [
            {"about": c.about, "source_says": c.says, "model_gives": c.gives, "holds": c.holds,
             "source": c.source}
            for c in checks
        ],
    }  # fmt: skip


def between(model: Model, key: str) -> tuple[str, str]:
    """Between what a number may be set."""
    low, high = limits(model, key)
    return plain(low), plain(high)
