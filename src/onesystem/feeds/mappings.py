"""The pages of extract mappings: read one, try a change without making anything, save it."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onesystem import access, district
from onesystem.feeds import feed_actions as actions
from onesystem.feeds import feed_queries as queries
from onesystem.feeds.landing import BLOB, landing_of
from onesystem.feeds.models import Message
from onesystem.feeds.places import district_with_places, source_with_places
from onesystem.vocabulary import BadInput, NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted, local

LARGEST = 200_000  # characters of a mapping
SHOWN = 200  # refused rows of a dry run on the page
SECONDS = 20.0  # a dry run that takes longer is stopped and says so


@access.page(right="feeds.see")
def index(request: HttpRequest) -> HttpResponse:
    """The mappings at hand, and which sources use them."""
    here = district.current()
    users: dict[str, list[str]] = {}
    for source in here.sources.values():
        for name in source.mappings:
            users.setdefault(name, []).append(source.name)
    shelf = sorted(_shelf(), key=lambda s: (s.origin == "shipped", s.mapping.name))
    return render(
        request,
        "feeds/mappings.html",
        {"shelf": [(each, users.get(each.mapping.name, [])) for each in shelf]},
    )


@access.page(right="feeds.see")
def edit(request: HttpRequest, mapping: str) -> HttpResponse:
    """One mapping: its text, a dry run of a change, and saving it for this district."""
    name = mapping
    here = district.current()
    shelved = next((each for each in _shelf() if each.mapping.name == name), None)
    if shelved is None:
        raise Http404(f"no mapping {name}")
    text = request.POST.get("text", shelved.text)[:LARGEST].replace("\r\n", "\n")
    context: dict[str, Any] = {
        "name": name,
        "origin": shelved.origin,
        "about": shelved.mapping.about,
        "text": text,
        "files": _files(name),
        "history": [(h, local(h.at, here.zone)) for h in queries.mapping_history(name)],
        "may_mend": access.may(request.actor, "feeds.mend"),
        "chosen": request.POST.get("message", ""),
        "reason": request.POST.get("reason", ""),
    }
    if request.method == "POST":
        access.require(request.actor, "feeds.mend")
        if request.POST.get("do") == "save":
            return _save(request, name, text, context)
        context["run"] = _run(request, name, text)
    return render(request, "feeds/mapping.html", context)


def _files(name: str) -> list[Message]:
    """What has come that the mapping reads: of the sources that name it, where any does."""
    sources = district.current().sources.values()
    named = [source.code for source in sources if name in source.mappings]
    return queries.extracts(name, sources=named)


def _save(request: HttpRequest, name: str, text: str, context: dict[str, Any]) -> HttpResponse:
    try:
        row = actions.save_mapping(
            name=name, text=text, reason=request.POST.get("reason", "").strip(), by=request.actor
        )
    except UserError as error:
        context["problem"] = str(error)
        return render(request, "feeds/mapping.html", context, status=422)
    affected = _files(name)
    notices.success(
        request,
        say(
            "Version {version} is saved. It reads every file from now on; {files} can be read "
            "again below.",
            version=row.version,
            files=counted(len(affected), "earlier file"),
        ),
    )
    return HttpResponseRedirect(reverse("feeds:mapping", kwargs={"mapping": name}))


def _run(request: HttpRequest, name: str, text: str) -> dict[str, Any]:
    """What the mapping would make of the chosen file. Whatever is wrong with it is an answer."""
    number = request.POST.get("message", "")
    if not number.isascii() or not number.isdigit():
        return {"problem": "Choose a file to try the mapping on."}
    try:
        row = queries.message(int(number), by=request.actor)
        access.record(by=request.actor, act="mapping.tried", what=f"{name} on message {row.id}")
        return _dry_run(row, text)
    except (UserError, BadInput) as error:
        return {"problem": str(error)}


def _dry_run(row: Message, text: str) -> dict[str, Any]:
    from onesystem.feeds import extract

    here = district_with_places(district.current())
    landing = landing_of(here.path)
    frame = landing.frame(row.address)
    if frame.kind != BLOB:
        raise NotFound(f"message {row.id} is not a file", "Choose an extract.")
    source = source_with_places(here, row.source)
    file = landing.file(frame.digest)
    return {
        "file": row.name,
        "done": extract.dry_run(
            file, name=row.name, mapping=text, source=source, district=here, seconds=SECONDS
        ),
        "shown": SHOWN,
    }


def _shelf() -> list[Any]:
    from onesystem.feeds.extract.choosing import mended_texts
    from onesystem.feeds.extract.library import library

    return library(district.current(), mended=mended_texts())
