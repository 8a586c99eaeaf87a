"""The pages of proof: ask whether a change worked, see what to expect, run it, sign it."""

import json
from datetime import date
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.evidence import actions, drawing, exporting, measured, presenters, queries, running
from onesystem.evidence.advice import TITLES
from onesystem.evidence.models import Run
from onesystem.evidence.question import PAGES, SPANS, Mistakes, Question, advised, asked
from onesystem.evidence.series import after
from onesystem.vocabulary import BadInput, NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or


@require_safe
@access.page(right="measures.see")
def index(request: HttpRequest) -> HttpResponse:
    """All evaluations."""
    titles = dict(measures())
    table = presenters.listing(queries.every(by=request.actor), request.GET, district.now(), titles)
    if taken := access.exported(table, request, "evaluations"):
        return taken
    return render(request, "evidence/index.html", {"listing": table, "asks": _asks(request)})


def measures() -> list[tuple[str, str]]:
    """The measures of the library: name and title."""
    from onesystem.flow.measures import library

    known = library.everything().values()
    return sorted(((m.name, m.title) for m in known), key=lambda pair: pair[1])


def _asks(request: HttpRequest) -> bool:
    return access.may(request.actor, "measures.sign")


@access.page(right="measures.sign")
def new(request: HttpRequest) -> HttpResponse:
    """Ask: choose the measure and the change, read which design fits, keep the question."""
    return _form(request, None)


@access.page(right="measures.sign")
def change(request: HttpRequest, evaluation: int) -> HttpResponse:
    """Change the question: the next version."""
    return _form(request, _found(request, evaluation))


def _form(request: HttpRequest, standing: queries.Standing | None) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    filled = _usual(standing) | {k: v for k, v in given.items() if k != "csrfmiddlewaretoken"}
    lists = {
        name: given.getlist(name)
        if given else list(getattr(standing.question, name) if standing else ())
        for name in ("treated", "control")
    }  # fmt: skip
    question, wrong = None, {}
    if given or standing:
        try:
            question = asked(filled, lists, currency=district.current().currency)
        except Mistakes as error:
            wrong = error.found
    if request.method == "POST" and question and request.POST.get("keep"):
        try:
            number = _keep(request, standing, question)
        except UserError as error:
            wrong = {"reason": str(error)}
        else:
            return HttpResponseRedirect(reverse("evidence:one", args=[number]))
    context = _choices(filled, request) | {
        "filled": filled, "lists": lists, "standing": standing,
        "wrong": wrong if given or standing else {},
        "advice": [], "power": None, "trouble": "",
    }  # fmt: skip
    if question:
        context |= _beforehand(request, question, len(context["groups"]))
    return render(request, "evidence/ask.html", context)


def _keep(request: HttpRequest, standing: queries.Standing | None, question: Question) -> int:
    if standing is None:
        return int(actions.ask(question=question, by=request.actor).id)
    actions.change(
        evaluation=standing.evaluation.id, question=question,
        reason=request.POST.get("reason", ""), by=request.actor,
    )  # fmt: skip
    return int(standing.evaluation.id)


def _usual(standing: queries.Standing | None) -> dict[str, str]:
    """What the fields hold before anybody has written in them."""
    today = district.now().date()
    if standing is None:
        # The month after that of three years ago: the log of a district may begin within one.
        first = after(date(today.year - 3, today.month, 1), "month", 1)
        return {"start": first.isoformat(), "end": today.isoformat(), "every": "month",
                "design": "its", "slope": "1", "date_known": "1"}  # fmt: skip
    q = standing.question
    kept = {k: str(v) for k, v in q.plain().items() if isinstance(v, (str, int, float)) and v != ""}
    kept |= {name: "1" if getattr(q, name) else "0" for name in ("slope", "drawn", "date_known")}
    kept["starts"] = "\n".join(f"{k} = {v}" for k, v in q.starts.items())
    kept["cases"] = "\n".join(f"{x:g}, {y:g}" for x, y in q.cases)
    kept["below"] = "1" if q.below else "0"
    kept["cost"] = "" if q.minor is None else f"{q.minor / 100:g}"
    return kept


def _choices(filled: dict[str, str], request: HttpRequest) -> dict[str, Any]:
    """The options of the form."""
    return {
        "measures": [("", say("Choose a measure")), *measures()],
        "dimensions": list(presenters.DIMENSIONS.items()),
        "spans": [(s, s.capitalize()) for s in SPANS],
        "designs": [(d, TITLES[d]) for d in PAGES],
        "groups": _groups(filled, request),
    }


def _groups(filled: dict[str, str], request: HttpRequest) -> list[tuple[str, str]]:
    """The groups that the chosen measure has along the chosen dimension."""
    from onesystem.flow.measures import values_of

    if not filled.get("measure") or not filled.get("dimension"):
        return []
    try:
        return list(values_of(filled["measure"], filled["dimension"], asker=request.actor))
    except UserError:
        return []


def _beforehand(request: HttpRequest, question: Question, groups: int) -> dict[str, Any]:
    """Which design fits, and what it would probably find."""
    found: dict[str, Any] = {"advice": advised(question, groups, district.now().date())}
    try:
        data = measured.read(question, asker=request.actor)
        found["power"] = running.beforehand(question, data)
    except (BadInput, UserError) as error:
        found["trouble"] = str(error)
    return found


def _found(request: HttpRequest, evaluation: int) -> queries.Standing:
    said = request.GET.get("version", "")
    number = whole_or(said, None)
    try:
        return queries.one(evaluation, number=number, by=request.actor)
    except NotFound as error:
        raise Http404(str(error)) from None


@require_safe
@access.page(right="measures.see")
def one(request: HttpRequest, evaluation: int) -> HttpResponse:
    """An evaluation: the question, what to expect, and the result with all that hangs on it."""
    standing = _found(request, evaluation)
    return render(request, "evidence/one.html", _shown(request, standing))


def _shown(request: HttpRequest, standing: queries.Standing) -> dict[str, Any]:
    question, run = standing.question, standing.run
    titles = dict(measures())
    context: dict[str, Any] = {
        "standing": standing, "question": question, "run": run,
        "facts": presenters.facts(
            question, titles.get(question.measure, question.measure) or question.outcome,
            _names(run),
        ),
        "versions": queries.versions(standing.evaluation), "asks": _asks(request),
        "address": request.build_absolute_uri(
            f"{reverse('evidence:one', args=[standing.evaluation.id])}"
            f"?version={standing.version.number}"
        ),
        "signed": any(s.by == request.actor.name for s in standing.signatures),
        "tags": presenters.TAGS, "result": None,
    }  # fmt: skip
    if run is not None and run.result:
        context |= {
            "result": run.result, "translated": presenters.translated(run.result),
            "tables": presenters.tables(run.result),
            "chart": drawing.drawn(run.result["picture"]) if run.result["picture"] else None,
            "main": presenters.main_figure(run.result),
        }  # fmt: skip
    elif run is None:
        context |= _beforehand(request, question, 0)
    return context


def _names(run: Run | None) -> dict[str, str]:
    if run is None:
        return {}
    return {g["code"]: str(g["name"] or g["code"]) for g in run.data["groups"]}


@require_POST
@access.page(right="measures.sign")
def begin(request: HttpRequest, evaluation: int) -> HttpResponse:
    """Run the latest version over the figures of now."""
    standing = _found(request, evaluation)
    try:
        run = actions.begin(version=standing.version, by=request.actor)
    except (BadInput, UserError) as error:
        notices.error(request, str(error))
        return HttpResponseRedirect(reverse("evidence:one", args=[evaluation]))
    if run.state == Run.RUNNING:
        return HttpResponseRedirect(reverse("evidence:working", args=[run.id]))
    return HttpResponseRedirect(reverse("evidence:one", args=[evaluation]))


@access.page(right="measures.sign")
def working(request: HttpRequest, number: int) -> HttpResponse:
    """How far a run is. Each POST works on it for a moment; the page posts until it is over."""
    run = _run(request, number)
    if request.method == "POST" and run.state == Run.RUNNING:
        run = actions.work(run=number, by=request.actor)
    home = reverse("evidence:one", args=[run.version.evaluation_id])
    if run.state != Run.RUNNING:
        response = HttpResponseRedirect(home)
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = home
        return response
    context = {"run": run, "title": Question.of(run.version.asked).title, "home": home,
               "finished": len(run.partial)}  # fmt: skip
    part = request.headers.get("HX-Request")
    return render(request, f"evidence/{'_working' if part else 'working'}.html", context)


def _run(request: HttpRequest, number: int) -> Run:
    try:
        return queries.run(number, by=request.actor)
    except NotFound as error:
        raise Http404(str(error)) from None


@require_POST
@access.page(right="measures.sign")
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Stand by a result."""
    run = _run(request, number)
    try:
        actions.sign(run=number, statement=request.POST.get("statement", ""), by=request.actor)
        notices.success(request, say("You have signed this result."))
    except UserError as error:
        notices.error(request, str(error))
    return HttpResponseRedirect(reverse("evidence:one", args=[run.version.evaluation_id]))


@require_safe
@access.page(right="measures.see")
def file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """A result as a file."""
    run = _run(request, number)
    if not run.result or form not in exporting.TYPES:
        raise Http404("there is no such file")
    home = reverse("evidence:one", args=[run.version.evaluation_id])
    address = request.build_absolute_uri(f"{home}?version={run.version.number}")
    try:
        body = _body(request, run, form, address)
    except UserError as error:
        notices.error(request, str(error))
        return HttpResponseRedirect(home)
    access.record(
        by=request.actor, act="evaluation.exported", what=f"evaluation {run.version.evaluation_id}",
        detail={"run": run.id, "form": form},
    )  # fmt: skip
    response = HttpResponse(body, content_type=exporting.TYPES[form])
    name = f"evaluation-{run.version.evaluation_id}-run-{run.id}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _body(request: HttpRequest, run: Run, form: str, address: str) -> str | bytes:
    if form == "csv":
        return exporting.as_csv(run)
    if form == "xlsx":
        return exporting.as_xlsx(run, address)
    if form == "json":
        said = {"definition": list(exporting.definition(run, address)), "result": run.result}
        return json.dumps(said, ensure_ascii=False, indent=1)
    from django.template.loader import render_to_string

    from onesystem.record.summary.pdf import made_of

    standing = queries.one(run.version.evaluation_id, number=run.version.number, by=request.actor)
    context = _shown(request, standing)
    return made_of(render_to_string("evidence/paper.html", context, request))
