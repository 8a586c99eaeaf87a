"""The pages of decision tables: all of them, one to try, the editor, and the switch."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.care.drafts import actions as drafts
from onesystem.care.triage import actions, queries
from onesystem.care.triage.given import given_of, missing_words
from onesystem.care.triage.tables import Table, problems, work_out
from onesystem.vocabulary import BadConfig, NotFound, OnesystemError, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

_NEW = """key = "our-table"
title = "What it is called"
source = "Who agreed to it, and when"
use = "For whom it is, and for whom not"

[[input]]
name = "pulse"
words = "Pulse"
unit = "/min"
least = 10
most = 300

[[item]]
name = "pulse"
words = "Pulse"
cases = [{ points = 1, when = ["pulse > 110"] }]

[[band]]
least = 1
words = "Ring the practice"
kind = "warn"
outcome = "ring"

[[band]]
least = 0
words = "Nothing more"
kind = "good"
"""


@require_safe
@access.page(right="pathways.see")
def listed(request: HttpRequest) -> HttpResponse:
    """Every table, and whether it is in use."""
    context = {"tables": queries.standing(), "may_set": _may(request)}
    return render(request, "care/triage/tables.html", context)


@require_safe
@access.page(right="pathways.see")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One table: its lines, its source, its history, and a form to try it with nobody in mind."""
    queries.known(key)
    stands = next(each for each in queries.standing() if each.key == key)
    version = whole_or(request.GET.get("version"), stands.version)
    table = queries.table_of(key, version)
    given = given_of(table, request.GET)
    tried = any(value is not None for value in given.values())
    wrong = problems(table, given) if tried else {}
    context = {
        "table": table, "stands": stands, "version": version, "history": queries.history(key),
        "typed": request.GET, "wrong": wrong, "may_set": _may(request), "missing": missing_words,
        "result": work_out(table, given) if tried and not wrong else None,
        "lines": [(item, _cases(table, item)) for item in table.items],
    }  # fmt: skip
    return render(request, "care/triage/table.html", context)


def _cases(table: Table, item: Any) -> list[tuple[str, int]]:
    """The cases of an item in words, with their points."""
    return [
        (" and ".join(_condition(table, c) for c in case.when) or "otherwise", case.points)
        for case in item.cases
    ]


def _condition(table: Table, one: Any) -> str:
    asked = table.input(one.name)
    value = dict(asked.options).get(str(one.value), one.value)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    unit = f" {asked.unit}" if asked.unit else ""
    compare = {"<=": "≤", ">=": "≥", "!=": "not", "=": "is"}.get(one.compare, one.compare)
    return f"{asked.words.lower()} {compare} {value}{unit}"


@access.page(right="triage.set")
def edit(request: HttpRequest, key: str = "") -> HttpResponse:
    """Write the next version of a table, or a new one. A mistake is named and nothing is lost."""
    if key:
        queries.known(key)
    seen = whole_or(request.POST.get("seen"), queries.latest_of(key) if key else 0)
    text = request.POST.get("text", "") if request.method == "POST" else _text(key, seen)
    problem = None
    if request.method == "POST":
        try:
            version = actions.write(text=text, seen=seen, key=key, by=request.actor)  # type: ignore[attr-defined]
        except (BadConfig, UserError) as error:
            problem = error
        else:
            drafts.done(by=request.actor, key=f"table-{key or 'new'}")  # type: ignore[attr-defined]
            messages.success(
                request,
                say(
                    "Version {version} is saved. It is not in use until it is switched on.",
                    version=version,
                ),
            )
            to = key or _key_of(text)
            return HttpResponseRedirect(
                f"{reverse('triage:table', kwargs={'key': to})}?version={version}"
            )
    context = {"key": key, "text": text, "seen": seen, "problem": problem}
    return render(request, "care/triage/edit.html", context, status=422 if problem else 200)


def _text(key: str, latest: int) -> str:
    return queries.text_of(key, latest) if key else _NEW


def _key_of(text: str) -> str:
    from onesystem.care.triage.reading import read

    return read(text).key


@require_POST
@access.page(right="triage.set")
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Use a version from now on, or none."""
    given = request.POST
    try:
        actions.switch(
            key=key, version=whole_or(given.get("version"), 0), on=given.get("do") == "on",
            reason=given.get("reason", ""), by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except NotFound:
        raise
    except OnesystemError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, say("In use from now on.") if given.get("do") == "on" else say("Off.")
        )
    return HttpResponseRedirect(reverse("triage:table", kwargs={"key": key}))


def _may(request: HttpRequest) -> bool:
    return access.may(request.actor, "triage.set")  # type: ignore[attr-defined]
