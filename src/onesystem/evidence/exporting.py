"""A result as a file: the figures, the effects, and the definition that belongs to them."""

from collections.abc import Iterator
from typing import Any

from onesystem.evidence import presenters
from onesystem.evidence.models import Run
from onesystem.evidence.question import Question
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary.tables import csv_text

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EFFECTS = ("effect", "estimate", "low", "high", "unit", "level", "p")


def effects(result: dict[str, Any]) -> Iterator[list[Any]]:
    """Each effect, and each translation a year."""
    for e in result["effects"]:
        yield [e["label"], e["estimate"], e["low"], e["high"], e["unit"], e["level"], e["p"]]
    for t in result["translated"]:
        yield [t["what"], t["estimate"], t["low"], t["high"], t["unit"], None, None]


def as_csv(run: Run) -> str:
    """The figures period by period (the last table); for all else there is the workbook."""
    table = run.result["tables"][-1] if run.result["design"] != "synth" else run.result["tables"][1]
    return csv_text(tuple(table["columns"]), table["rows"])


def definition(run: Run, address: str) -> Iterator[tuple[str, str]]:
    """What it is, how it was worked out, who stands by it."""
    question, result = Question.of(run.version.asked), run.result
    yield "Question", question.title
    names = {g["code"]: str(g["name"] or g["code"]) for g in run.data["groups"]}
    for key, value in presenters.facts(question, run.data["measure"], names):
        yield key, str(value)
    yield "Definition of the measure", f"{run.data['words']} {run.data['source']}".strip()
    yield "Version of the measure", str(run.data["version"])
    yield "Result", result["words"]
    yield "Method", result["method"]
    yield "Source of the method", result["source"]
    for check in result["checks"]:
        yield f"{check['title']}: {check['verdict']}", f"{check['figure']}. {check['words']}"
    for limit in result["limits"]:
        yield "What it cannot say", limit
    yield "Figures up to", str(run.data_to or "")
    yield "Version of the question", f"{run.version.number}, by {run.version.by}"
    yield "Run", f"{run.id}, by {run.by}, {run.done_at.isoformat(timespec='seconds')}"
    yield "Digest of the result", run.digest
    for signed in run.signatures.order_by("id"):
        yield "Signed", f"{signed.name}, {signed.made_at:%Y-%m-%d}: {signed.statement}"
    yield "Address", address


def as_xlsx(run: Run, address: str) -> bytes:
    """A workbook: effects, every table, and the definition on a sheet of its own."""
    sheets = [
        Sheet(
            name="Effects",
            head=EFFECTS,
            rows=effects(run.result),
            widths=(44, 14, 14, 14, 22, 8, 10),
        )
    ]
    taken = {"Effects", "Definition"}
    for table in run.result["tables"]:
        name = _free(table["title"], taken)
        taken.add(name)
        columns = table["columns"]
        sheets.append(
            Sheet(name=name, head=columns, rows=table["rows"], widths=(18,) * len(columns))
        )
    sheets.append(
        Sheet(
            name="Definition",
            head=("what", "words"),
            rows=definition(run, address),
            widths=(34, 110),
        )
    )
    return workbook(*sheets)


def _free(title: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other has."""
    name = "".join(c for c in title if c not in "[]:*?/\\")[:31]
    while name in taken:
        name = f"{name[:29]} 2"
    return name
