"""ED time and general practice in words, rows and a picture; small numbers stay hidden."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from onesystem.flow.journeys.edtime import drawing
from onesystem.flow.journeys.edtime.question import Question
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say

PARTS = (
    (say("At the door"), say("from the ambulance's arrival at the ED to its hand-over")),
    (say("To the first test"), say("from the hand-over, or the start, to the first test")),
    ("Tests", say("from the first test's start to the last one's end")),
    (
        say("Seen without a test"),
        say("of those who had none: from the hand-over, or the start, to the decision, or the end"),
    ),
    (say("After the tests"), say("from the last test to the decision, or the end")),
    (say("Ready, not gone"), say("from the decision to admit, or being free to go, to leaving")),
    (say("On the way to a ward"), say("from leaving the ED to the start on the ward it led to")),
)
HEAD = (
    "period",
    "whole",
    "attendances",
    "admitted",
    say("within 4 hours"),
    say("mean minutes"),
    say("median minutes"),
    *(say("{name}, mean minutes", name=name.lower()) for name, _ in PARTS),
    say("general practice asked for"),
    say("general practice held"),
    say("mean wait of those held, days"),
    say("out of hours held"),
    say("telephone advice asked for"),
)


def rows(found: Mapping[str, Any], below: int) -> list[dict[str, Any]]:
    """Each bucket's figures; None where nothing is known or where they are of too few."""
    return [_row(bucket, below) for bucket in found["buckets"]]


def _row(bucket: Mapping[str, Any], below: int) -> dict[str, Any]:
    many = bucket.get("attendances", 0)
    shown = many >= max(below, 1)
    minutes = [total / 60 / many for total in bucket["parts"]] if shown else None
    waited, seconds = bucket["gp_waited"]
    return {
        "key": bucket["key"],
        "name": name(bucket["key"]),
        "whole": bucket["whole"],
        "hidden": 0 < many < below,
        "attendances": many if shown or not many else None,
        "admitted": _open(bucket.get("admitted", 0), below) if shown else None,
        "within": bucket["within"] / many if shown and _open(many - bucket["within"], below)
        is not None else None,
        "minutes": minutes,
        "mean": sum(minutes) if minutes else None,
        "median": bucket["median"] / 60 if shown else None,
        "gp_asked": _open(bucket["gp_asked"][0], below),
        "gp_held": _open(bucket["gp_held"][0], below),
        "gp_wait": seconds / 86_400 / waited if waited >= max(below, 1) else None,
        "ooh": _open(bucket["ooh_held"][0], below),
        "calls": _open(bucket["calls_asked"][0], below),
    }  # fmt: skip


def _open(count: int, below: int) -> int | None:
    return None if 0 < count < below else count


def table(shown: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The rows of the page's table, as text."""
    return [
        [
            row["name"] + ("" if row["whole"] else " (part)"),
            _count(row["attendances"]),
            words.percent(row["within"]) if row["attendances"] else "",
            _minutes(row["median"]),
            _minutes(row["mean"]),
            *(_minutes(each) for each in row["minutes"] or [None] * len(PARTS)),
            _count(row["gp_asked"]),
            _count(row["gp_held"]),
            "" if row["gp_wait"] is None else f"{row['gp_wait']:.1f}",
            _count(row["ooh"]),
            _count(row["calls"]),
        ]
        for row in shown
    ]


def lines(shown: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """The rows of the file, under HEAD; empty where hidden or not known."""
    return [
        [
            row["key"], "yes" if row["whole"] else "no", row["attendances"], row["admitted"],
            _rounded(row["within"], 4), _rounded(row["mean"]), _rounded(row["median"]),
            *(_rounded(each) for each in row["minutes"] or [None] * len(PARTS)),
            row["gp_asked"], row["gp_held"], _rounded(row["gp_wait"]), row["ooh"], row["calls"],
        ]
        for row in shown
    ]  # fmt: skip


def drawn(shown: Sequence[Mapping[str, Any]]) -> drawing.Picture:
    """The picture: the stack of each bucket, and general practice under it."""
    said = [
        [
            say(
                "{name}, {part}: {minutes} min",
                name=row["name"],
                part=part.lower(),
                minutes=_minutes(m),
            )
            for (part, _), m in zip(PARTS, row["minutes"] or (), strict=False)
        ]
        for row in shown
    ]
    return drawing.picture(
        [row["name"] for row in shown],
        [row["minutes"] for row in shown],
        said,
        (
            (say("General practice: asked for, and held"),
             [_of(shown, "gp_asked"), _of(shown, "gp_held")]),
            (say("Mean wait of those held, days"), [_of(shown, "gp_wait")]),
            (say("Out of hours held, and telephone advice asked for"),
             [_of(shown, "ooh"), _of(shown, "calls")]),
        ),
    )  # fmt: skip


def headline(found: Mapping[str, Any], below: int) -> str:
    """The longest part of the mean stay, and how much of it."""
    many = sum(b.get("attendances", 0) for b in found["buckets"])
    if many < max(below, 1):
        return say("Too few people came to say anything.")
    totals = [sum(b["parts"][i] for b in found["buckets"] if "parts" in b) for i in range(7)]
    mean, most = sum(totals) / 60 / many, max(range(7), key=totals.__getitem__)
    share = totals[most] / (sum(totals) or 1)
    return say(
        "{stays}, {mean} minutes each on average. The longest part is “{parts}”: "
        "{share} of the time.",
        stays=words.plural(many, "stay"),
        mean=f"{mean:,.0f}",
        parts=PARTS[most][0],
        share=words.percent(share),
    )


def name(key: str | int) -> str:
    """A bucket in a few letters: `3 Nov`, `14:00`."""
    if isinstance(key, int):
        return f"{key:02d}:00"
    day = date.fromisoformat(key)
    return f"{day.day} {day:%b}"


def link(asked: Question, **changes: str) -> str:
    """The address of the same question, changed."""
    return "?" + urlencode({k: v for k, v in {**asked.as_dict(), **changes}.items() if v})


def _of(shown: Sequence[Mapping[str, Any]], key: str) -> list[float | None]:
    return [row[key] for row in shown]


def _count(value: int | None) -> str:
    return "hidden" if value is None else f"{value:,}"


def _minutes(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _rounded(value: float | None, places: int = 2) -> float | None:
    return None if value is None else round(value, places)
