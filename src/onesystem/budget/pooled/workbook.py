"""A return as files: a workbook with its definitions, and one CSV of the same. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary.tables import csv_text

_INCOME = ("Contribution", "Partner", "Kind", "Plan of the year", "Due by now", "Received",
           "Received in the quarter")  # fmt: skip
_SPENDING = ("Scheme", "Type", "Owner", "Provider", "Paid from", "Plan of the year",
             "Planned by now", "Spent", "Spent in the quarter", "Goal", "Measure")  # fmt: skip
_CONDITIONS = ("Condition", "What it asks", "Met", "Evidence", "What the books say",
               "Holds by the books")  # fmt: skip
_MEASURES = ("Measure", "What is asked", "Unit", "Headline", "Target", "This quarter",
             "Year so far", "Same months a year ago", "On track", "Signal", "What is said",
             "What cannot be known")  # fmt: skip


def as_xlsx(said: Mapping[str, Any], signed: Sequence[tuple[str, str, str]]) -> bytes:
    """The workbook: cover, conditions, income, expenditure, measures, definitions."""
    return workbook(
        Sheet(name="Cover", head=(), rows=cover(said, signed), widths=(34, 90), keys=True),
        Sheet(name="Conditions", head=_CONDITIONS, rows=conditions(said),
              widths=(40, 60, 8, 60, 60, 16)),
        Sheet(name="Income", head=_INCOME, rows=income(said), widths=(34, 34, 22, *[16] * 4)),
        Sheet(name="Expenditure", head=_SPENDING, rows=spending(said),
              widths=(34, 26, 30, 30, 22, *[16] * 4, 50, 26)),
        Sheet(name="Measures", head=_MEASURES, rows=measures(said),
              widths=(40, 60, 14, 10, *[14] * 4, 10, 34, 50, 80)),
        Sheet(name="Definitions", head=(), rows=said["definitions"], widths=(40, 110), keys=True),
    )  # fmt: skip


def as_csv(said: Mapping[str, Any], signed: Sequence[tuple[str, str, str]]) -> str:
    """The same in one table: part, row, what, value."""
    return csv_text(("part", "row", "what", "value"), list(_flat(said, signed)))


def _flat(said: Mapping[str, Any], signed: Sequence[tuple[str, str, str]]) -> Iterator[list[Any]]:
    for key, value in cover(said, signed):
        yield ["Cover", 1, key, value]
    for part, head, rows in (
        ("Conditions", _CONDITIONS, conditions(said)), ("Income", _INCOME, income(said)),
        ("Expenditure", _SPENDING, spending(said)), ("Measures", _MEASURES, measures(said)),
    ):  # fmt: skip
        for number, row in enumerate(rows, 1):
            for what, value in zip(head, row, strict=True):
                yield [part, number, what, value]
    for key, value in said["definitions"]:
        yield ["Definitions", 1, key, value]


def cover(
    said: Mapping[str, Any], signed: Sequence[tuple[str, str, str]]
) -> Iterator[tuple[str, Any]]:
    """Who returns what, for when, and who signed it."""
    yield "Fund", said["name"]
    yield "Health and wellbeing board", said["board"]
    yield "Host", said["host"]
    yield "Year", said["year"]
    yield "Quarter", said["quarter"]
    yield "Up to", said["until"]
    yield "Rules", said["framework"]
    yield "Agreement under section 75", said["signed"] or "not dated"
    yield "Received so far", said["received"] / 100
    yield "Spent so far", said["spent"] / 100
    for partner, by, at in signed:
        yield f"Signed for {partner}", f"{by}, {at}" if by else "not yet"
    yield "What went well", said["successes"]
    yield "What was hard", said["challenges"]
    yield "Support that is wanted", said["support"]


def conditions(said: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The conditions' rows."""
    for c in said["conditions"]:
        yield [c["name"], c["words"], c["met"] or "not said", c["evidence"], c["books"], c["holds"]]


def income(said: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The contributions' rows, with their sum."""
    rows = said["income"]
    for i in rows:
        yield [i["words"] or i["code"], i["partner"], i["kind"], i["year"] / 100, i["due"] / 100,
               i["received"] / 100, i["quarter"] / 100]  # fmt: skip
    sums = [sum(i[k] for i in rows) / 100 for k in ("year", "due", "received", "quarter")]
    yield ["All", "", "", *sums]


def spending(said: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The schemes' rows, with their sum."""
    rows = said["spending"]
    for s in rows:
        yield [s["name"], s["type"], s["owner"], s["provider"], s["paid_from"], s["year"] / 100,
               s["planned"] / 100, s["spent"] / 100, s["quarter"] / 100, s["goal"],
               s["measure"]]  # fmt: skip
    sums = [sum(s[k] for s in rows) / 100 for k in ("year", "planned", "spent", "quarter")]
    yield ["All", "", "", "", "", *sums, "", ""]


def measures(said: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The measures' rows."""
    for m in said["measures"]:
        yield [m["title"], m["asked"], m["unit"], "yes" if m["headline"] else "", m["target"],
               m["value"], m["so_far"], m["before"], m["on_track"] or "cannot be told",
               m["signal"], m["words"], " ".join(m["notes"])]  # fmt: skip
