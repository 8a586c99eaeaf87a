"""The answer to a question about journeys, in a form that can be kept and shown again. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from onesystem.flow.journeys import paths as ways_taken
from onesystem.flow.journeys.adherence import adherence
from onesystem.flow.journeys.maps import lengths, process_map
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


def behind(
    steps: Steps, asked: Question, way: Sequence[Stage] = (), *, most: int = 500
) -> dict[str, Any]:
    """The journeys that the question is about, one by one, the latest first, at most `most`.

    `first` is the first contact's start. Times as ISO text in UTC, lengths in microseconds.
    """
    chosen = narrowed(steps, asked)
    first, took = chosen.first, lengths(chosen)
    counts = chosen.last - first + 1 if len(chosen) else first
    spent = np.add.reduceat(chosen.cost, first) if len(chosen) else first
    left = _left(chosen, way)
    order = np.argsort(-chosen.start[first], kind="stable")[:most]
    return {
        "total": chosen.journeys,
        "journeys": [
            {
                "person": int(chosen.label[i]),
                "first": _moment(int(chosen.start[first[i]])).isoformat(),
                "steps": int(counts[i]),
                "length": int(took[i]),
                "cost": int(spent[i]),
                "left": left[i] if left else "",
            }
            for i in order
        ],
    }


def _left(steps: Steps, way: Sequence[Stage]) -> list[str]:
    """Per journey, in words, whether it kept the agreed way; empty without one."""
    if not way or not len(steps):
        return []
    held = adherence(steps, way)
    names = [f"left before {stage.name}" for stage in way]
    names[0] = "did not enter it"
    return [
        names[at] if at < len(way) else "kept, late" if late else "kept in time"
        for at, late in zip(held.left_at, held.late, strict=True)
    ]


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


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
