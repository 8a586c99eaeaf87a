"""One journey in words: its steps beside the usual, and the agreed way with where it was left."""

from collections.abc import Mapping
from typing import Any

from onesystem.district import District
from onesystem.flow.journeys import one, presenters
from onesystem.flow.journeys.agreed import Way
from onesystem.flow.journeys.own import Journey, until
from onesystem.flow.journeys.question import Question
from onesystem.vocabulary import to_local, words
from onesystem.vocabulary.said import say


def shown(
    journey: Journey,
    found: dict[str, Any],
    asked: Question,
    agreed: Mapping[str, Way],
    here: District,
) -> dict[str, Any]:
    """What the page shows of one journey beside the map of many."""
    kinds = [step.kind for step in journey.steps]
    made = {
        "total": found["map"],
        "map": presenters.map_shown(found["map"], asked, detail=80, below=0, own=kinds),
        "rows": rows(journey, found["map"], here.zone, within=_within(journey, asked, here.zone)),
        "lead": lead(journey, found["map"]),
        "missing": sorted(set(kinds) - {n["name"] for n in found["map"]["nodes"]}),
    }
    way = agreed.get(asked.way)
    if way:
        usual = found.get("adherence")
        stages = usual["stages"] if usual else [{}] * len(way.stages)
        made |= {
            "way": way,
            "stages": [
                stage_row(kept, many, here.zone)
                for kept, many in zip(one.held(journey.steps, way.stages), stages, strict=True)
            ],
        }
    return made


def lead(journey: Journey, many: Mapping[str, Any]) -> str:
    """How long it took and what it cost, beside the usual."""
    took = (until(journey) - journey.begins).total_seconds()
    cost = sum(step.cost for step in journey.steps)
    said = say(
        "{contacts} in {length_of}",
        contacts=words.plural(len(journey.steps), "contact"),
        length_of=words.length_of(took),
    )
    half = "" if many["length"] is None else _length(many["length"])
    usual = say(" (half of all last {half} or less)", half=half) if half else ""
    price = say(", {cost} at average unit costs", cost=presenters.money(cost)) if cost else ""
    mean = (
        say(" (the mean of all is {cost_each})", cost_each=presenters.money(many["cost_each"]))
        if many["cost"]
        else ""
    )
    return f"{said}{usual}{price}{mean if price else ''}."


def _within(journey: Journey, asked: Question, zone: str) -> bool:
    """Whether the map holds this journey: it is one of the days that the map is of."""
    return asked.start <= to_local(journey.first, zone).date() < asked.end


def rows(
    journey: Journey, many: Mapping[str, Any], zone: str, *, within: bool
) -> list[dict[str, Any]]:
    """A row a step, numbered in the order in which they came."""
    made = []
    for number, each in enumerate(one.beside(journey.steps, many, within=within), 1):
        made.append({
            "number": number,
            "when": f"{to_local(each.step.start, zone):%-d %b %Y %H:%M}",
            "kind": each.step.kind,
            "service": each.step.service,
            "why": each.step.why,
            "since": "" if each.since is None else _length(each.since),
            "usual": "" if each.usual is None else _length(each.usual),
            "slow": each.slow,
            "alone": number > 1 and not each.others,
            "stay": "" if each.stay is None else _length(each.stay),
            "usual_stay": "" if each.usual_stay is None else _length(each.usual_stay),
            "cost": presenters.money(each.step.cost) if each.step.cost else "",
        })  # fmt: skip
    return made


def stage_row(kept: one.Kept, many: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """A stage of the agreed way, with this journey's own time and what came instead."""
    return {
        "name": kept.stage.name,
        "optional": kept.stage.optional,
        "limit": "" if kept.stage.within is None else _length(kept.stage.within),
        "when": "" if kept.step is None else f"{to_local(kept.step.start, zone):%-d %b %H:%M}",
        "took": "" if kept.took is None else _length(kept.took),
        "usual": "" if many.get("time") is None else _length(many["time"]),
        "state": _state(kept),
        "instead": _instead(kept),
    }


def _state(kept: one.Kept) -> tuple[str, str]:
    """The words and the colour of a stage."""
    if kept.left:
        return say("left here"), "bad"
    if kept.step is None:
        return (
            (say("passed over"), "quiet") if kept.stage.optional else (say("not reached"), "quiet")
        )
    return ("late", "warn") if kept.late else ("reached", "good")


def _instead(kept: one.Kept) -> str:
    if not kept.left:
        return ""
    if kept.instead is None:
        return say("Nothing more is known of this journey.")
    why = f": {kept.instead.why}" if kept.instead.why else ""
    return f"{kept.instead.service}{why}"


def _length(micros: float) -> str:
    return presenters.length(micros)
