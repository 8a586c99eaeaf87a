"""How soon does each service answer, and where is something overdue? Counts, no names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.care.requests import inbox, inbox_figures
from onesystem.care.requests.inbox_figures import Figures
from onesystem.district import District, current, now
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.words import length_of

DAYS = say_each({"30": "30 days", "90": "90 days", "365": "a year"})
_COLUMNS = (
    Column("service", "Service"),
    Column("organisation", "Organisation"),
    Column("open", "Open", right=True),
    Column("overdue", "Overdue"),
    Column("sent", "Asked for", right=True),
    Column("first", "First answer", right=True, unit="median"),
    Column("slow", "Nine of ten", right=True, unit="within"),
    Column("last", "End", right=True, unit="median"),
    Column("returned", "Returned", right=True),
)


@require_safe
@access.page(right="measures.see")
def overview(request: HttpRequest) -> HttpResponse:
    """Time to answer by service, and what is overdue."""
    actor, here = request.actor, current()  # type: ignore[attr-defined]
    days = request.GET.get("days", "") if request.GET.get("days") in DAYS else "90"
    of = request.GET.get("of", "") if request.GET.get("of") in here.organisations else ""
    below = 0 if access.may(actor, "person.open") else here.suppress_below
    mine = set(inbox.worked(inbox.asker(actor)))
    found = inbox_figures.figures(at=to_micros(now()), days=int(days), below=below)
    listing = Listing(
        caption=f"Requests of the last {DAYS[days]} by service",
        columns=_COLUMNS,
        all_rows=[
            _row(each, here, each.service in mine)
            for each in found
            if of in {"", _runs(each, here)}
        ],
        query=request.GET,
        default_sort="overdue",
        default_descending=True,
        empty_title="Nothing was asked for",
        empty_advice="Choose a longer time, or another organisation.",
    )
    if taken := access.exported(listing, request, "time-to-answer"):
        return taken
    codes = sorted({_runs(each, here) for each in found} - {""})
    context = {
        "listing": listing, "days": days, "choices": list(DAYS.items()), "of": of, "below": below,
        "organisations": [("", say("Every organisation")),
                          *((code, here.organisations[code].name) for code in codes)],
        "hides": any(each.hidden for each in found), "inboxes": reverse("inbox:inboxes"),
        "works": access.may(actor, inbox.RIGHT),
    }  # fmt: skip
    return render(request, "care/inbox/overview.html", context)


def _runs(figures: Figures, here: District) -> str:
    known = here.services.get(figures.service)
    return known.organisation if known and known.organisation in here.organisations else ""


def _row(figures: Figures, here: District, mine: bool) -> list[Any]:
    code = _runs(figures, here)
    name = here.service_name(figures.service)
    return [
        Cell(name, href=reverse("inbox:inbox", args=[figures.service])) if mine else name,
        here.organisations[code].name if code else "",
        _count(figures.open),
        _overdue(figures.overdue),
        _count(figures.sent),
        _length(figures.first),
        _length(figures.slow),
        _length(figures.last),
        _count(figures.returned),
    ]


def _count(many: int | None) -> Cell:
    return Cell("few", value=None, title=say("too few to be shown")) if many is None else Cell(
        f"{many:,}", value=many
    )  # fmt: skip


def _overdue(many: int | None) -> Cell:
    if many is None:
        return Cell("few", tag="warn")
    return (
        Cell(say("{many} overdue", many=f"{many:,}"), value=many, tag="bad")
        if many
        else Cell("none", value=0)
    )


def _length(seconds: float | None) -> Cell | str:
    return "" if seconds is None else Cell(length_of(seconds), value=round(seconds))
