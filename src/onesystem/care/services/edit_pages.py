"""Editing an entry: what is wrong stands at its field, and nothing that was typed is lost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onesystem import access
from onesystem.care.drafts import actions as drafts
from onesystem.care.drafts.begun import keep_begun, rows_begun
from onesystem.care.requests.states import KINDS, URGENCIES
from onesystem.care.services import actions, presenters, queries
from onesystem.care.services.checks import problems
from onesystem.care.services.editing import ROWS, entry_from, raw_of
from onesystem.care.services.entry import Entry
from onesystem.care.services.pages import head
from onesystem.district import current
from onesystem.vocabulary import Setting, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, whole_or


@access.page(right="services.keep")
def edit(request: HttpRequest, service: str) -> HttpResponse:
    """Change an entry."""
    entry = queries.entry(service)
    actions.require_keep(request.actor, entry)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _form(request, entry, raw_of(entry), entry.number, [])
    raw: Raw = {name: str(value)[:8000] for name, value in request.POST.items()}
    seen = whole_or(raw.get("seen"), -1)
    made, wrong = entry_from(raw, entry)
    if "do" in raw:
        raw = ROWS.after(raw, raw["do"])
        begun = keep_begun(
            by=request.actor,
            key=_key(entry),
            raw=raw,
            path=request.path,  # type: ignore[attr-defined]
        )
        return _form(request, entry, raw, seen, [], begun=begun)
    wrong += [] if wrong else problems(made, actions.around())
    if wrong:
        return _form(request, entry, raw, seen, wrong)
    return _keep(request, entry, made, raw, seen)


def _keep(request: HttpRequest, entry: Entry, made: Entry, raw: Raw, seen: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        number = actions.keep(entry=made, seen=seen, by=actor, why=raw.get("why", ""))
        if raw.get("confirm") == "1":
            actions.confirm(service=entry.service, seen=number, by=actor)
    except actions.Overtaken as error:
        return _form(request, entry, raw, entry.number, [], overtaken=error)
    drafts.done(actor, _key(entry))
    if number == entry.number and raw.get("confirm") != "1":
        messages.info(request, say("Nothing was changed."))
    else:
        messages.success(request, say("Saved. You can take it back below."))
    return HttpResponseRedirect(reverse("services:service", args=[entry.service]))


def _form(
    request: HttpRequest, entry: Entry, raw: Raw, seen: int, wrong: list[Problem],
    *, overtaken: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    here, every = current(), queries.entries()
    rows = {part: ROWS.of(raw, part) for part in ROWS.parts}
    for part, kept in rows.items():
        blank = dict.fromkeys(ROWS.parts[part], "") | ({"type": "line"} if part == "form" else {})
        more = len(kept) + 1 if raw.get(f"more.{part}") or not kept else 0
        least = max(more, _rows_begun(request, entry, part))
        kept += [dict(blank) for _ in range(least - len(kept))]
    made, _ = entry_from(raw, entry)
    context: dict[str, Any] = {
        **head(request, entry),
        "raw": raw, "rows": rows, "seen": seen, "wrong": wrong, "overtaken": overtaken,
        "at": _at(wrong), "draft": _key(entry), "begun": begun,
        "meanwhile": presenters.compared(entry, made, here, every) if overtaken else [],
        "kinds": presenters.KIND_WORDS, "kind_names": KINDS, "urgencies": URGENCIES,
        "types": list(presenters.FORM_TYPES.items()),
        "settings": [(str(s), str(s)) for s in Setting],
        "places": sorted(((p.code, f"{p.name} {p.postcode}".strip(), f"places.{p.code}" in raw)
                          for p in here.places.values()), key=lambda p: (not p[2], p[1])),
        "others": [("", say("No other")), *sorted(
            ((e.service, e.name) for e in every.values()
             if e.service != entry.service and not e.listed),
            key=lambda pair: pair[1].casefold())],
    }  # fmt: skip
    return render(request, "care/services/edit.html", context, status=422 if wrong else 200)


def _key(entry: Entry) -> str:
    return f"service-{entry.service}"


def _rows_begun(request: HttpRequest, entry: Entry, part: str) -> int:
    if request.method == "POST":
        return 0
    return rows_begun(by=request.actor, key=_key(entry), part=part)  # type: ignore[attr-defined]


def _at(wrong: list[Problem]) -> dict[str, str]:
    """What is wrong by the field that it stands at."""
    return {problem.where: str(problem) for problem in reversed(wrong)}
