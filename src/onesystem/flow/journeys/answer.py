"""The answer to a question about journeys, in a form that can be kept and shown again. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from onesystem.flow.journeys import paths as ways_taken
from onesystem.flow.journeys.adherence import adherence
from onesystem.flow.journeys.maps import process_map
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.stage import Stage
from onesystem.flow.journeys.steps import Steps


def answer(steps: Steps, asked: Question, way: Sequence[Stage] = ()) -> dict[str, Any]:
    """Map, paths and adherence of the journeys that the question is about."""
    chosen = narrowed(steps, asked)
    made = process_map(chosen)
    found: dict[str, Any] = {
        "all": steps.journeys,
        "map": asdict(made),
        "paths": asdict(ways_taken.paths(chosen)),
    }
    if way:
        found["adherence"] = held_against(chosen, way)
    return found


def narrowed(steps: Steps, asked: Question) -> Steps:
    """Only the journeys that take the path asked for."""
    chosen = steps
    if asked.through:
        chosen = chosen.only(ways_taken.through(chosen, asked.through))
    if asked.begins:
        chosen = chosen.only(ways_taken.beginning(chosen, asked.begins))
    if asked.ends:
        chosen = chosen.only(ways_taken.ending(chosen, asked.ends))
    if asked.source and asked.target:
        chosen = chosen.only(ways_taken.directly(chosen, asked.source, asked.target))
    if asked.source and asked.then:
        chosen = chosen.only(ways_taken.eventually(chosen, asked.source, asked.then))
    if asked.along:
        names = [name.strip() for name in asked.along.split(">")]
        chosen = chosen.only(ways_taken.along(chosen, names))
    return chosen


def held_against(steps: Steps, way: Sequence[Stage]) -> dict[str, Any]:
    """How these journeys keep an agreed way, in a form that can be kept."""
    held = adherence(steps, way)
    return {
        "journeys": held.journeys,
        "entered": held.entered,
        "kept": held.kept,
        "in_time": held.in_time,
        "stages": [
            {
                "name": each.stage.name,
                "within": each.stage.within,
                "since": each.stage.since,
                "optional": each.stage.optional,
                "reached": each.reached,
                "late": each.late,
                "left": each.left,
                "time": each.time,
                "instead": [list(pair) for pair in each.instead],
            }
            for each in held.stages
        ],
    }
