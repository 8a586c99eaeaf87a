"""A case as a printed report: one page that stands alone, or a PDF where one can be made."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from onesystem.plan.case import drawing, presenters, wording
from onesystem.plan.case.figures import Case
from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say

_ROOM = Path(__file__).parents[1]


def html(case: Case) -> str:
    """The report as one file with all that it needs."""
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    made = Environment(
        loader=FileSystemLoader(_ROOM / "templates"), autoescape=select_autoescape(["html"]),
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["local"] = str  # of a macro beside those that are used here
    style = (_ROOM / "static/plan/report.css").read_text(encoding="utf-8")
    return made.get_template("plan/case/report.html").render(**context(case), style=style)


def context(case: Case) -> dict[str, Any]:
    """What the report's template lays out."""
    return {
        "case": case, "parts": presenters.parts(case), "sentences": wording.sentences(case),
        "marks": [case.years[at] for at in presenters.marks(case)],
        "deprivation": presenters.by_deprivation(case), "pyramid": drawing.pyramid(case),
        "chart_unit": drawing.chart_unit,
    }  # fmt: skip


def write(case: Case, file: Path) -> None:
    """Write the report as .html or .pdf. Raises UserError where it cannot be."""
    if file.suffix not in {".html", ".pdf"}:
        raise UserError(
            say("{name} is neither .html nor .pdf", name=file.name),
            "Name the report by one of them.",
        )
    if file.suffix == ".html":
        file.write_text(html(case), encoding="utf-8")
        return
    if find_spec("weasyprint") is None:
        raise UserError(
            "this machine makes no PDF", "Install onesystem[pdf], or write .html and print it."
        )
    from weasyprint import HTML

    HTML(string=html(case)).write_pdf(file)
