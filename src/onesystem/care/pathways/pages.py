"""Reading pathways: the list and its search, one as it is in force, on paper, for the person."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.care.pathways import actions, presenters, queries
from onesystem.care.pathways.codec import to_toml
from onesystem.care.pathways.offers import offers
from onesystem.care.pathways.queries import Version
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, NotPermitted, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text
from onesystem.vocabulary.typed import whole_or

SOON = 90  # days ahead in which a review is shown as due
TYPED = 100
ROWS = 100  # of the list on one page


@require_safe
@access.page(right="pathways.see")
def pathways(request: HttpRequest) -> HttpResponse:
    """Which pathways are in force, written, due, or waiting for me?"""
    rights = _rights(request)
    tabs = {"": "In force"} | ({"written": "Being written", "due": "Due for review"}
                              if rights["writes"] or rights["signs"] else {})  # fmt: skip
    mine = queries.waiting_for(request.actor.name, lead=rights["signs"])  # type: ignore[attr-defined]
    if mine or rights["signs"]:
        tabs["mine"] = say("For my signature ({mine})", mine=len(mine))
    show = request.GET.get("show", "")
    show = show if show in tabs else ""
    rows = [presenters.version_words(v) for v in mine] if show == "mine" else _listed(show)
    if request.GET.get("format") == "csv":
        return _file(csv_text(_HEAD, map(_line, rows)), "text/csv; charset=utf-8", "pathways.csv")
    typed = request.GET.get("q", "")[:TYPED]
    said = request.GET.get("page", "")
    last = max(1, -(-len(rows) // ROWS))
    page = min(max(whole_or(said, 1), 1), last)
    context = {
        "rows": rows[(page - 1) * ROWS : page * ROWS],
        "many": len(rows),
        "page": page,
        "last": last,
        "show": show,
        "tabs": [(name, f"?show={key}", key == show) for key, name in tabs.items()],
        "q": typed,
        "hits": queries.search(typed),
        **rights,
    }
    return render(request, "care/pathways/pathways.html", context)


@require_safe
@access.page(right="pathways.see")
def search(request: HttpRequest) -> HttpResponse:
    """What was meant, as it is typed: a part of a page."""
    typed = request.GET.get("q", "")[:TYPED]
    person = request.GET.get("person", "")
    context = {"hits": queries.search(typed, 12), "q": typed,
               "person": whole_or(person, 0)}  # fmt: skip
    return render(request, "care/pathways/_hits.html", context)


@require_safe
@access.page(right="pathways.see")
def pathway(request: HttpRequest, slug: str) -> HttpResponse:
    """What is the agreed way? The version in force, red flags first."""
    version = in_force(slug)
    actions.opened(slug=slug, number=version.number, by=request.actor)  # type: ignore[attr-defined]
    return render(request, "care/pathways/pathway.html", context_of(request, version))


@require_safe
@access.page(right="pathways.see")
def older(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Any version as it was, or as it is being written."""
    version = known(slug, number)
    require_reader(request, version)
    return render(request, "care/pathways/pathway.html", context_of(request, version))


@require_safe
@access.page(right="pathways.see")
def information(request: HttpRequest, slug: str) -> HttpResponse:
    """What the person is told, on a page to hand out."""
    version = in_force(slug)
    context = {
        "page": presenters.page_words(version.pathway),
        "v": presenters.version_words(version),
    }
    return render(request, "care/pathways/information.html", context)


@require_safe
@access.page(right="pathways.see")
def export(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The version in force, or one by `?version=`, as TOML or as FHIR R4."""
    number = request.GET.get("version", "")
    version = known(slug, int(number)) if number.isdecimal() and len(number) < 9 else in_force(slug)
    require_reader(request, version)
    name = f"{slug}-{version.number}.{form}"
    access.record(by=request.actor, act="pathway.exported", what=f"{slug} {version.number}")  # type: ignore[attr-defined]
    if form == "toml":
        return _file(to_toml(version.pathway), "application/toml; charset=utf-8", name)
    from onesystem.care.pathways.fhir import to_fhir

    status = {"published": "active", "draft": "draft", "in review": "draft"}
    told = to_fhir(
        version.pathway, status=status.get(version.state, "retired"), version=str(version.number)
    )
    return _file(told, "application/fhir+json", name)


def context_of(
    request: HttpRequest, version: Version, *, used: frozenset[str] = frozenset(), **more: Any
) -> dict[str, Any]:
    """All that the page of a version shows. `used`: the services that the person has been to."""
    rights, actor = _rights(request), request.actor  # type: ignore[attr-defined]
    page = version.pathway
    today = to_local(now(), current().zone).date()
    notes = queries.notes_on(version.slug, actions.today()) if version.state == "published" else []
    return {
        "page": presenters.page_words(page, offers(page.requests, today, used)),
        "v": presenters.version_words(version),
        "notes": [presenters.note_words(note) for note in notes],
        "whole": request.GET.get("print") == "1",
        "may_note": rights["writes"] or rights["signs"],
        "reviews": rights["signs"] or rights["writes"],
        "opens_people": access.may(actor, "person.open"),
        "sends": access.may(actor, "requests.send"),
        **rights,
        **more,
    }


def require_reader(request: HttpRequest, version: Version) -> None:
    """What is not in force yet is read by those who write and sign it, or once were asked to."""
    if version.state not in {"draft", "in review", "dropped"} or any(_rights(request).values()):
        return
    asked = {step.to for step in queries.steps(version.slug, version.number)}
    if request.actor.name not in asked:  # type: ignore[attr-defined]
        raise NotPermitted(
            "this version is not in force yet", "Those who write and sign pathways read it first."
        )


def in_force(slug: str) -> Version:
    """The version in force; the page of a pathway that is gone says so, and why."""
    return queries.published(slug)


def known(slug: str, number: int) -> Version:
    """A version by its number."""
    try:
        return queries.version(slug, number)
    except NotFound as error:
        raise Http404(str(error)) from error


def _rights(request: HttpRequest) -> dict[str, bool]:
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "writes": access.may(actor, "pathways.write"),
        "signs": access.may(actor, "pathways.sign"),
    }


def _listed(show: str) -> list[dict[str, Any]]:
    today = actions.today()
    every = queries.listed()
    if show == "written":
        return [presenters.row_words(row, today) for row in every if row.open]
    rows = [row for row in every if row.in_force]
    if show == "due":
        rows = [r for r in rows if r.in_force and r.in_force.review <= today + SOON]
        rows.sort(key=lambda r: r.in_force.review if r.in_force else 0)
    return [presenters.row_words(row, today) for row in rows]


_HEAD = (
    "pathway",
    "title",
    "version",
    "state",
    say("in force since"),
    say("review by"),
    say("written by"),
    say("clinical lead"),
    say("subject expert"),
)


def _line(row: dict[str, Any]) -> list[Any]:
    said = row.get("force") or row.get("open") or row
    return [said["slug"], said["title"], said["number"], said["state"],
            said["published"].date().isoformat() if said["published"] else "",
            said["review"].isoformat() if said["review"] else "",
            said["author"], said["lead"], said["expert"]]  # fmt: skip


def _file(text: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
