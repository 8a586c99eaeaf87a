"""Writing a pathway in the browser: one form, kept while it is typed, problems at their fields.

A press of add, move or remove, and whatever cannot be saved, goes through the draft that is kept
for the writer: the page is then made from that, so nothing typed is ever lost on the way.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from onesystem import access
from onesystem.access import Actor
from onesystem.care.drafts import actions as drafting
from onesystem.care.drafts.queries import draft
from onesystem.care.pathways import actions, choices, editing, presenters, queries, starting
from onesystem.care.pathways.actions import Overtaken
from onesystem.care.pathways.carrying import carried
from onesystem.care.pathways.checking import check
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.editing import Raw
from onesystem.care.pathways.queries import Version
from onesystem.vocabulary import BadConfig, NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or
from onesystem.vocabulary.words import plural

_LARGEST = 2_000_000  # bytes of a file that are read
_ROWS = ("add", "remove", "up", "down")


@dataclass(frozen=True, slots=True)
class Desk:
    """What an editor works on: the open version if there is one, and what they typed since."""

    slug: str
    open: Version | None
    base: Pathway
    raw: Raw
    seen: int
    typed: datetime | None  # when the draft was last kept; None where nothing was typed since

    @property
    def now(self) -> int:
        """How many steps the open version has."""
        return self.open.seen if self.open else 0

    @property
    def overtaken(self) -> bool:
        """Whether somebody went on with it since this was typed."""
        return self.seen != self.now


def desk_of(slug: str, by: Actor) -> Desk:
    """What somebody works on. Raises NotFound where there is no such pathway."""
    open_ = queries.open_version(slug)
    base = open_ or queries.history(slug)[0].version
    kept = draft(by, _key(slug))
    raw, seen = editing.raw_of(base.pathway), open_.seen if open_ else 0
    if kept:
        said = {name: values[0] if values else "" for name, values in kept.fields.items()}
        seen = whole_or(said.pop("seen", str(seen)), 0)
        raw = editing.raw_from(said)
    return Desk(slug, open_, base.pathway, raw, seen, kept.saved if kept else None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.page(right="pathways.write")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """How is it to be from now on?"""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        desk = desk_of(slug, actor)
    except NotFound as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("pathways:pathways"))
    if desk.open and desk.open.state == "in review":
        messages.info(request, say("It is in review. Take it back to go on writing."))
        return HttpResponseRedirect(reverse("pathways:review", args=[slug]))
    if request.method == "POST":
        return _posted(request, desk, actor)
    return render(request, "care/pathways/edit.html", _context(request, desk))


def _context(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    pathway, slips = editing.pathway_from(desk.raw)
    problems: dict[str, list[str]] = defaultdict(list)
    for slip in slips:
        problems[slip.place].append(f"{_sentence(slip.what)} {slip.cure}")
    for problem in check(pathway, services=choices.services(), pathways=choices.pathways()):
        said = f"{_sentence(problem.what)} {problem.cure}"
        problems[editing.place_in(desk.raw, problem.field or problem.where)].append(said)
    there = queries.steps(desk.slug, desk.open.number)[desk.seen :] if desk.open else []
    return {
        "slug": desk.slug,
        "raw": editing.shown(desk.raw),
        "seen": desk.seen,
        "problems": dict(problems),
        "choices": choices.of(pathway),
        "open": presenters.version_words(desk.open) if desk.open else None,
        "since": [presenters.done_words(step) for step in there] if desk.overtaken else [],
        "overtaken": desk.overtaken,
        "typed": desk.typed,
        "at": request.GET.get("at", ""),
        "title": desk.raw.get("title") or desk.base.title,
        "draft_key": _key(desk.slug),
    }


def _posted(request: HttpRequest, desk: Desk, by: Actor) -> HttpResponse:
    raw = editing.raw_from({k: v for k, v in request.POST.items() if k in _FIELDS or "." in k})
    raw["key"], seen = desk.slug, whole_or(request.POST.get("seen", ""), 0)
    do = request.POST.get("do", "save")
    if do == "discard":
        drafting.done(by, _key(desk.slug))
        messages.success(request, say("What you typed since the last save is discarded."))
        return _to("edit", desk.slug)
    if do.partition(":")[0] in _ROWS:
        raw, place = editing.changed(raw, do)
        return _kept(desk.slug, raw, seen, by, place)
    return _save(request, desk, raw, desk.now if do == "over" else seen, by)


def _save(request: HttpRequest, desk: Desk, raw: Raw, seen: int, by: Actor) -> HttpResponse:
    pathway, slips = editing.pathway_from(raw)
    if slips:
        messages.error(
            request,
            say("It is not saved yet: put right what is marked first. What you typed is kept."),
        )
        return _kept(desk.slug, raw, seen, by, slips[0].place)
    try:
        if desk.open or seen:  # what was given up meanwhile cannot be saved: that says so
            actions.save(pathway=pathway, seen=seen, by=by)
        else:
            actions.begin(pathway=pathway, by=by)
    except Overtaken as error:
        messages.error(request, str(error))
        return _kept(desk.slug, raw, seen, by)
    except UserError as error:
        messages.error(request, str(error))
        return _kept(desk.slug, raw, seen, by, "title")
    drafting.done(by, _key(desk.slug))
    messages.success(request, say("Saved as a draft."))
    do = request.POST.get("do", "")
    if do == "preview" and (open_ := queries.open_version(desk.slug)):
        return _to("version", desk.slug, open_.number)
    return _to("review" if do == "send" else "edit", desk.slug)


def _kept(slug: str, raw: Raw, seen: int, by: Actor, place: str = "") -> HttpResponse:
    """Keep what was typed for its writer, and go on at a place of the form."""
    fields = editing.posted(editing.shown(raw)) | {"seen": [str(seen)]}
    kept = draft(by, _key(slug))
    drafting.keep(
        key=_key(slug), fields=fields, seen=kept.version if kept else 0, by=by,
        path=reverse("pathways:edit", args=[slug]),
    )  # fmt: skip
    # No fragment beside it: with one, a browser would not put the focus into the field.
    at = f"?at={place}" if "." in place or place in _FIELDS else ""
    return HttpResponseRedirect(reverse("pathways:edit", args=[slug]) + at)


@require_http_methods(["GET", "HEAD", "POST"])
@access.page(right="pathways.write")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a pathway: by its title, or from a file of another district."""
    context: dict[str, Any] = {"title": "", "error": "", "file_error": "",
                               "starters": starting.missing()}  # fmt: skip
    if request.method == "POST":
        actor, title = request.actor, request.POST.get("title", "").strip()[:200]  # type: ignore[attr-defined]
        sent = request.FILES.get("file")
        context["title"] = title
        try:
            pathway = carried(sent.read(_LARGEST), sent.name or "") if sent else _titled(title)
            actions.begin(pathway=pathway, by=actor)
        except (UserError, BadConfig) as error:
            context["file_error" if sent else "error"] = str(error)
        else:
            messages.success(request, say("Begun: {title}.", title=pathway.title))
            return _to("edit", pathway.key)
    return render(request, "care/pathways/new.html", context)


@require_POST
@access.page(right="pathways.write")
def starters(request: HttpRequest) -> HttpResponse:
    """Begin drafts of the starter set."""
    many = starting.begin_all(by=request.actor)  # type: ignore[attr-defined]
    messages.success(
        request, say("{drafts} begun out of the starter set.", drafts=plural(many, "draft"))
    )
    return HttpResponseRedirect(reverse("pathways:pathways") + "?show=written")


def _titled(title: str) -> Pathway:
    if not title:
        raise UserError("the pathway has no title", "Write one, such as Cellulitis in adults.")
    taken = {each.slug for each in queries.listed()} | set(actions.RESERVED)
    return Pathway(key=editing.key_of(title, taken), title=title)


def _to(name: str, slug: str, *more: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"pathways:{name}", args=[slug, *more]))


def _key(slug: str) -> str:
    return f"pathway:{slug}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


_FIELDS: Mapping[str, str] = editing.raw_of(Pathway(key="x", title="x"))
