"""The pages of the twin: the model, scenarios in words, and what they would do."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.flow import answers
from onesystem.twin import actions, besides, presenters, queries, ways
from onesystem.twin.network.writing import model_text
from onesystem.twin.people import showing
from onesystem.twin.scenarios.wording import sentence
from onesystem.twin.standing import Standing, standing
from onesystem.twin.working import KIND
from onesystem.vocabulary import BadConfig, NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text
from onesystem.vocabulary.typed import whole_or

MOST = 10


@require_safe
@access.page(right="measures.see")
def index(request: HttpRequest) -> HttpResponse:
    """The model as a map and a table, and the scenarios."""
    try:
        held = standing_here()
    except BadConfig as error:
        return render(request, "twin/index.html", {"trouble": str(error)}, status=500)
    load = held.loads
    table = presenters.services(held.model, load, held.ways, request.GET)
    if taken := access.exported(table, request, "services-of-the-model"):
        return taken
    by, here = request.actor, district.current()  # type: ignore[attr-defined]
    every = queries.every(by=by)
    lived = queries.people_ahead(held.model, str(here.zone), by=by)
    context = {
        "held": held, "map": presenters.map_of(held.model, load, held.ways),
        "box_size": presenters.BOX,
        "services": table, "scenarios": every, "listing": presenters.listing(every, {}),
        "trusted": held.report and presenters.trusted(held.report),
        "trust": held.report and presenters.trust(held.report),
        "ahead": showing.ahead(held.model, lived) if lived else None,
        "tries": tries(request), "inflows": held.model.arrivals, "most": MOST,
    }  # fmt: skip
    return render(request, "twin/index.html", context)


@require_safe
@access.page(right="measures.see")
def model(_request: HttpRequest) -> HttpResponse:
    """The model as a file that the command line runs."""
    response = HttpResponse(model_text(standing_here().model), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="twin.json"'
    return response


def standing_here() -> Standing:
    """The model of the district that is served. Raises BadConfig."""
    return standing(district.current().path)


def tries(request: HttpRequest) -> bool:
    """Whether who asks may run something."""
    return access.may(request.actor, "twin.try")  # type: ignore[attr-defined]


@access.page(right="twin.try")
def new(request: HttpRequest) -> HttpResponse:
    """Name a new scenario."""
    context: dict[str, Any] = {"filled": request.POST, "problem": ""}
    if request.method == "POST":
        try:
            made = actions.make(
                name=request.POST.get("name", ""), note=request.POST.get("note", ""),
                by=request.actor,  # type: ignore[attr-defined]
            )  # fmt: skip
        except UserError as error:
            context["problem"] = str(error)
        else:
            return HttpResponseRedirect(reverse("twin:one", args=[made.id]))
    status = 400 if context["problem"] else 200
    return render(request, "twin/new.html", context, status=status)


def found(request: HttpRequest, scenario: int) -> queries.Held:
    """A scenario that who asks may see. Raises Http404."""
    try:
        return queries.one(scenario, by=request.actor)  # type: ignore[attr-defined]
    except NotFound as error:
        raise Http404(str(error)) from None


@require_safe
@access.page(right="measures.see")
def one(request: HttpRequest, scenario: int) -> HttpResponse:
    """A scenario: its changes in sentences, what can be added, its versions."""
    held = found(request, scenario)
    address = reverse("twin:one", args=[scenario])
    context = {
        "held": held, "changes": [sentence(each) for each in held.scenario.changes],
        "kinds": presenters.KINDS, "versions": queries.versions(held), "tries": tries(request),
        "address": request.build_absolute_uri(address),
        "run": f"{reverse('twin:compare')}?{urlencode({'s': scenario})}",
    }  # fmt: skip
    return render(request, "twin/one.html", context)


@access.page(right="twin.try")
def add(request: HttpRequest, scenario: int, word: str) -> HttpResponse:
    """The form of one kind of change."""
    held = found(request, scenario)
    kinds = dict(presenters.KINDS)
    if word not in kinds:
        raise Http404("there is no such change")
    said = {k: v.strip() for k, v in request.POST.items() if k != "csrfmiddlewaretoken"}
    problem = ""
    if request.method == "POST":
        who = {k[4:]: [v] for k, v in said.items() if k.startswith("who.") and v}
        asked: dict[str, Any] = {k: v for k, v in said.items() if v and not k.startswith("who.")}
        asked |= {"change": word} | ({"who": who} if who else {})
        try:
            actions.add(scenario=scenario, said=asked, by=request.actor)  # type: ignore[attr-defined]
        except UserError as error:
            problem = str(error)
        else:
            return HttpResponseRedirect(reverse("twin:one", args=[scenario]))
    opened = [c["service"] for c in held.version.changes if c["change"] == "open"]
    context = {
        "held": held, "word": word, "about": kinds[word], "filled": said, "problem": problem,
        "fields": presenters.fields(word, standing_here().model, opened),
    }  # fmt: skip
    return render(request, "twin/add.html", context, status=400 if problem else 200)


@require_POST
@access.page(right="twin.try")
def act(request: HttpRequest, scenario: int, act: str) -> HttpResponse:
    """Take a change away, rename, go back, share."""
    found(request, scenario)
    said, by = request.POST, request.actor  # type: ignore[attr-defined]
    try:
        match act:
            case "remove":
                actions.remove(scenario=scenario, nth=whole(said.get("nth")), by=by)
            case "rename":
                name, note = said.get("name", ""), said.get("note", "")
                actions.rename(scenario=scenario, name=name, note=note, by=by)
            case "back":
                actions.back(scenario=scenario, number=whole(said.get("number")), by=by)
            case "share":
                actions.share(scenario=scenario, shared=said.get("shared") == "1", by=by)
            case _:
                raise Http404("there is no such act")
    except UserError as error:
        notices.error(request, str(error))
    return HttpResponseRedirect(reverse("twin:one", args=[scenario]))


def whole(said: str | None) -> int:
    """A whole number of a form; -1 where it is none."""
    return whole_or(said, -1)


@require_safe
@access.page(right="measures.see")
def compare(request: HttpRequest) -> HttpResponse:
    """Up to ten scenarios beside doing nothing: run apart, then shown."""
    held = [found(request, whole(each)) for each in dict.fromkeys(request.GET.getlist("s"))]
    if not 0 < len(held) <= MOST:
        notices.error(request, say("Choose one to {most} scenarios to compare.", most=MOST))
        return HttpResponseRedirect(reverse("twin:index"))
    names = [h.version.name for h in held]
    if len(set(names)) < len(names):
        notices.error(
            request, say("Two of these scenarios have the same name; rename one of them.")
        )
        return HttpResponseRedirect(reverse("twin:index"))
    try:
        now = standing_here()
    except BadConfig as error:
        return render(request, "twin/index.html", {"trouble": str(error)}, status=500)
    years = whole(request.GET.get("years"))
    years = years if years in dict(besides.YEARS) else 0
    answer = answer_of(request, KIND, queries.question(now.digest, held, years))
    figure = request.GET.get("figure", "wait")
    figure = figure if figure in besides.FIGURES else "wait"
    way = request.GET.get("who", "")
    context: dict[str, Any] = {
        "answer": answer, "held": held, "base": now, "figure": figure, "names": names,
        "years": years, "every_years": besides.YEARS,
        "sentences": [[sentence(c) for c in h.scenario.changes] for h in held],
        "figures": besides.FIGURES, "again": _again(request), "tries": tries(request),
    }  # fmt: skip
    if answer is not None and answer.found:
        if request.GET.get("format") == "csv":
            return _file(answer.found)
        context |= {
            "found": answer.found, "headlines": besides.headlines(answer.found),
            "tables": besides.results(
                answer.found, figure, {}, besides.groups(now.model, way)),
            "ways_of": besides.who(answer.found, now.model), "way": way,
            "priced": any(r["figure"] == "cost" for r in answer.found["rows"]),
            "staffed": any(r["figure"] == "staff hours" for r in answer.found["rows"]),
            "ways": ways.walked(answer.found, request.GET, _again(request)),
        }  # fmt: skip
    part = request.headers.get("HX-Request")
    return render(request, f"twin/{'_answer' if part else 'compare'}.html", context)


def answer_of(request: HttpRequest, kind: str, asked: dict[str, Any]) -> answers.Answer | None:
    """The answer that is there, however old: it belongs to the content of what was run."""
    anew = request.GET.get("anew") == "1"
    there = answers.kept(kind, asked)
    if there is not None and not (anew and there.state in ("failed", "cancelled")):
        return there
    if not tries(request):
        return None
    return answers.ask(kind, asked, by=request.actor, anew=anew)  # type: ignore[attr-defined]


def _again(request: HttpRequest) -> str:
    said = [("s", each) for each in request.GET.getlist("s")]
    said += [("years", request.GET["years"])] if request.GET.get("years") else []
    return f"{reverse('twin:compare')}?{urlencode(said)}"


@require_POST
@access.page(right="twin.try")
def cancel(request: HttpRequest, digest: str) -> HttpResponse:
    """Stop a run."""
    try:
        answers.cancel(digest)
    except NotFound as error:
        raise Http404(str(error)) from None
    notices.info(request, say("The run was stopped. Nothing of it is kept."))
    return HttpResponseRedirect(reverse("twin:index"))


def _file(found: dict[str, Any]) -> HttpResponse:
    parts = ("mean", "low", "high")
    head = ["figure", "where", "class", "unit", *(say("nothing {p}", p=p) for p in parts)]
    for name in found["scenarios"]:
        head += [f"{name} {p}" for p in parts] + [f"{name} difference {p}" for p in parts]
    rows = []
    for r in found["rows"]:
        row = [r["figure"], r["where"], r["kind"], r["unit"], *(r["nothing"][p] for p in parts)]
        for each in r["scenarios"]:
            row += [each[what][p] for what in ("value", "difference") for p in parts]
        rows.append(row)
    response = HttpResponse(csv_text(tuple(head), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="scenarios.csv"'
    return response
