"""Scenarios beside doing nothing as pages show them: headlines, tables, numbers. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from onesystem.twin.network.model import Model
from onesystem.twin.scenarios.figures import (
    EVERYTHING,
    LESS_IS_BETTER,
    MORE_IS_BETTER,
    of_service,
)
from onesystem.vocabulary.tables import Cell, Column, Listing

FIRST = (
    "gridlock days", "wait", "days at home", "days in beds", "people through", "time inside",
    "staff hours", "cost",
)  # fmt: skip
_NEXT_TO_NOTHING, _PART = 5e-4, 0.05
_SUMS = {"staff hours", "cost", "days at home", "days in beds", "days in service", "came"}
YEARS = ((0, "a year"), (5, "5 years"), (10, "10 years"), (20, "20 years"))
FIGURES = {
    "wait": "Mean wait, hours", "nine in ten wait": "Nine in ten wait at most, hours",
    "occupancy": "Occupancy", "waiting": "People waiting", "hours full": "Hours full",
    "gridlock days": "Days with gridlock", "taken in": "People taken in",
    "came": "People who came", "left waiting": "Left without being seen",
    "found no room": "Found no room", "people through": "People through the district",
    "time inside": "Time from first contact to last, hours", "days at home": "Days at home",
    "days in beds": "Days in beds", "days in service": "Days in services",
    "staff hours": "Hours of staff with people", "cost": "Cost", "places used": "Places used",
    "inside at the end": "People inside at the end",
    "went": "People who went from one to another",
}  # fmt: skip


def who(found: Mapping[str, Any], model: Model) -> list[tuple[str, str]]:
    """Whose figures can be shown, for a choice: everybody, or by class or another attribute."""
    there = {row["kind"] for row in found["rows"]}
    ways = [("", "everybody")] + ([("class", "each class")] if len(model.classes) > 1 else [])
    return ways + [
        (name, f"by {name}") for name, of in model.attributes.items()
        if any(f"{name} {level}" in there for level in of.levels)
    ]  # fmt: skip


def groups(model: Model, way: str) -> list[str]:
    """The groups of such a choice, everybody first."""
    if way == "class":
        return ["all", *model.classes]
    attribute = model.attributes.get(way)
    return ["all", *(f"{way} {level}" for level in attribute.levels)] if attribute else ["all"]


def results(
    found: Mapping[str, Any], figure: str, query: Any, kinds: Sequence[str] = ("all",)
) -> tuple[Listing, Listing]:
    """One figure by place and service, of each of these groups: nothing, then each scenario.

    First the whole and where it differs, then where nothing does.
    """
    told = [
        r for r in found["rows"]
        if r["figure"] == figure and r["kind"] in kinds and r["nothing"]["mean"] is not None
    ]  # fmt: skip
    order = {where: n for n, where in enumerate(dict.fromkeys(r["where"] for r in told))}
    told.sort(key=lambda r: (r["where"] != "", not r["where"].startswith(EVERYTHING),
                             order[r["where"]], kinds.index(r["kind"])))  # fmt: skip
    differ = {
        r["where"] for r in told if any(each["difference"]["mean"] for each in r["scenarios"])
    } | {""}
    first, others = (
        [r for r in told if (r["where"] in differ) == those] for those in (True, False)
    )
    return (_listing(found, figure, query, first), _listing(found, figure, query, others))


def _listing(found: Mapping[str, Any], figure: str, query: Any, rows: list[Any]) -> Listing:
    columns = [Column("where", "Where"), Column("kind", "Who"),
               Column("nothing", "Do nothing", right=True)]  # fmt: skip
    for n, name in enumerate(found["scenarios"]):
        columns += [Column(f"s{n}", name, right=True),
                    Column(f"d{n}", "Difference (95% interval)", right=True)]  # fmt: skip
    return Listing(
        caption=FIGURES.get(figure, figure), columns=tuple(columns), query=query,
        all_rows=[
            [_where(r["where"]), "everybody" if r["kind"] == "all" else r["kind"],
             said(r["nothing"]["mean"], figure),
             *(cell for each in r["scenarios"] for cell in _beside(each, figure))]
            for r in rows
        ],
        per_page=1000, exports=False, empty_title="This figure is not there",
        empty_advice="Choose another one.",
    )  # fmt: skip


def _where(where: str) -> str:
    if where.startswith(EVERYTHING):
        return f"{where[:1].upper()}{where[1:]}"
    return where or "The whole district"


def _beside(each: Mapping[str, Any], figure: str) -> list[Any]:
    value, d = each["value"]["mean"], each["difference"]
    return [said(value, figure), Cell(signed(d, figure), value=d["mean"], tag=sure_tag(d, figure))]


def sure_tag(difference: Mapping[str, Any], figure: str) -> str:
    """The colour of a difference: quiet where it may be chance, else whether it is good."""
    low, high = difference["low"], difference["high"]
    if low is None or low <= 0 <= high:
        return "quiet"
    if figure not in LESS_IS_BETTER | MORE_IS_BETTER:
        return "info"
    return "good" if (high < 0) == (figure in LESS_IS_BETTER) else "bad"


def signed(difference: Mapping[str, Any], figure: str) -> str:
    """A difference with its interval."""
    mean, low, high = (difference[key] for key in ("mean", "low", "high"))
    if mean is None:
        return ""
    text = change(difference, figure)
    return text if low is None else f"{text} ({said(low, figure)} to {said(high, figure)})"


def change(difference: Mapping[str, Any], figure: str) -> str:
    """A difference alone, with its sign."""
    mean = difference["mean"]
    text = said(mean, figure)
    return f"+{text}" if mean and mean > 0 and text not in ("0", "0.0%") else text


def between(difference: Mapping[str, Any], figure: str) -> str:
    """The interval of a difference, after other words; empty where there is none."""
    if difference["low"] is None:
        return ""
    low, high = (said(difference[key], figure) for key in ("low", "high"))
    return f"; the change is {low} to {high}"


def said(value: float | None, figure: str) -> str:
    """A number as a page shows it."""
    if value is None:
        return ""
    if figure == "occupancy":
        return f"{value * 100:.1f}%"
    if abs(value) < (_PART if figure in _SUMS else _NEXT_TO_NOTHING):
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def headlines(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of the whole, a scenario each."""
    whole = {r["figure"]: r for r in found["rows"] if not r["where"] and r["kind"] == "all"}
    return [
        {
            "name": name,
            "figures": [
                {
                    "label": FIGURES[key], "value": change(row["scenarios"][n]["difference"], key),
                    "kind": {"good": "good", "bad": "bad"}.get(
                        sure_tag(row["scenarios"][n]["difference"], key), ""),
                    "note": f"from {said(row['nothing']['mean'], key)} "
                    f"to {said(row['scenarios'][n]['value']['mean'], key)}"
                    f"{between(row['scenarios'][n]['difference'], key)}",
                }
                for key in FIRST if (row := whole.get(key))
            ],
            "why": moved(found, n),
        }
        for n, name in enumerate(found["scenarios"])
    ]  # fmt: skip


def moved(found: Mapping[str, Any], nth: int) -> list[str]:
    """Where the flow changed most, in words; the largest in relation to what was there first."""
    changed = []
    for r in found["rows"]:
        if r["kind"] != "all" or r["figure"] not in ("taken in", "waiting"):
            continue
        if not of_service(r["where"]):
            continue
        difference, before = r["scenarios"][nth]["difference"], r["nothing"]["mean"]
        if difference["low"] is None or difference["low"] <= 0 <= difference["high"]:
            continue
        weight = abs(difference["mean"]) / max(abs(before or 0.0), 1.0)
        words = {"taken in": "people taken in", "waiting": "people waiting at a time"}[r["figure"]]
        now = signed(difference, r["figure"])
        text = f"{r['where']}: {words} {now}, from {said(before, r['figure'])}"
        changed.append((weight, text))
    return [text for _, text in sorted(changed, reverse=True)[:8]]
