"""Settings of the boards: the district's files, read before they are kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from onesystem import access, district
from onesystem.access.pages import tabs
from onesystem.flow.boards import setting
from onesystem.flow.boards.alerts import in_words
from onesystem.flow.boards.config import config
from onesystem.flow.boards.layout import layout
from onesystem.vocabulary import BadConfig, NotFound, UserError, nearest
from onesystem.vocabulary.said import say


@require_safe
@access.page(right="settings.see")
def settings(request: HttpRequest) -> HttpResponse:
    """What do the boards show, and when do they ask for somebody?"""
    here, problem = district.current(), ""
    context: dict[str, Any] = {}
    try:
        context = {"made": layout(here.path), "alerts": config(here.path), "said": in_words}
    except BadConfig as error:
        problem = str(error)
    files = [(key, file, setting.text_of(file, here)) for key, file in setting.FILES.items()]
    may = access.may(request.actor, "boards.set")  # type: ignore[attr-defined]
    context |= {"files": files, "problem": problem, "tabs": tabs(request), "may_set": may}
    return render(request, "flow/boards/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.page(right="boards.set")
def edit(request: HttpRequest, file: str) -> HttpResponse:
    """Change one of the files: look what it would change, then keep it."""
    if file not in setting.FILES:
        raise NotFound(say("there is no such file of settings: {file}", file=repr(file)),
                       nearest(file, setting.FILES))  # fmt: skip
    which, here = setting.FILES[file], district.current()
    before = setting.text_of(which, here)
    text = request.POST.get("text", before).replace("\r\n", "\n")
    context: dict[str, Any] = {
        "key": file, "file": which, "text": text, "seen": setting.digest(before),
        "ours": which.ours(), "tabs": tabs(request), "problem": "", "change": "", "unknown": [],
    }  # fmt: skip
    try:
        context["change"], context["unknown"] = setting.tried(which, text, here)
        if "keep" in request.POST:
            actor, seen = request.actor, request.POST.get("seen", "")  # type: ignore[attr-defined]
            setting.keep(which, text, seen=seen, district=here, by=actor)
            messages.success(
                request, say("{name} is saved; every board shows it now.", name=which.name)
            )
            for each in context["unknown"]:
                messages.warning(request, each)
            return HttpResponseRedirect(reverse("boards:settings"))
    except UserError as error:
        context["problem"] = str(error)
    return render(request, "flow/boards/edit.html", context)
