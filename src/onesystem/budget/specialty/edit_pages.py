"""Writing a specialty's budget: what is wrong stands at its field, nothing typed is lost."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget import drafted
from onesystem.budget.funds import reading as funds
from onesystem.budget.months import Year
from onesystem.budget.pooled.queries import today
from onesystem.budget.pooled.typed import code
from onesystem.budget.specialty import actions, beginning, queries
from onesystem.budget.specialty.building import units
from onesystem.budget.specialty.checks import Wrong
from onesystem.budget.specialty.editing import ROWS, budget_from, raw_of
from onesystem.budget.specialty.pages import address
from onesystem.budget.specialty.pay import POINTS, grades
from onesystem.budget.specialty.shape import BASES, GROUPS, ITEMS, Specialty, Work
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, whole_or


@require_safe
@access.page(right="budget.build")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the budget of a specialty, or its next year."""
    running = Year.on(today())
    here = current()
    known = {s.budget.slug: s.budget.name for s in queries.every()}
    context = {
        "years": [(y.slug, y.name) for y in (running.before, running, running.after)],
        "running": running.slug, "known": sorted(known.items(), key=lambda p: p[1]),
        "pathways": beginning.pathways(),
        "services": sorted(((c, s.name) for c, s in here.services.items()
                            if str(s.setting) in ("outpatient", "ward", "diagnostics", "ED")),
                           key=lambda pair: pair[1]),
    }  # fmt: skip
    return render(request, "budget/specialty/begin.html", context)


@require_POST
@access.page(right="budget.build")
def start(request: HttpRequest) -> HttpResponse:
    """Where to write the budget that was asked for."""
    year = Year.of(request.POST.get("year", "").replace("-", "/"))
    slug, name = request.POST.get("slug", ""), request.POST.get("name", "").strip()
    service = request.POST.get("service", "")
    if not slug:
        name = name or getattr(current().services.get(service), "name", "")
        slug = code(name or "specialty", {s.budget.slug for s in queries.every()})
    return HttpResponseRedirect(
        f"/budget/specialties/{slug}/edit/?year={year.slug}&name={quote(name)}"
        f"&service={quote(service)}&volumes={quote(request.POST.get('volumes', ''))}"
        f"&pathway={quote(request.POST.get('pathway', ''))}"
    )


@access.page(right="budget.build")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a budget."""
    year = Year.of(request.GET.get("year", Year.on(today()).slug).replace("-", "/"))
    standing = queries.maybe(slug, year.name)
    onto = standing.budget if standing else _new(request, slug, year)
    number = standing.number if standing else 0
    if request.method != "POST":
        return _form(request, onto, raw_of(onto), number, [])
    raw: Raw = {name: str(value)[:8000] for name, value in request.POST.items()}
    seen = whole_or(raw.get("seen"), -1)
    made, wrong = budget_from(raw, onto)
    if "do" in raw:
        raw = ROWS.after(raw, raw["do"])
        begun = drafted.keep_begun(
            by=request.actor,
            key=_key(onto),
            raw=raw,
            path=request.get_full_path(),  # type: ignore[attr-defined]
        )
        return _form(request, onto, raw, seen, [], begun=begun)
    if wrong:
        return _form(request, onto, raw, seen, wrong)
    try:
        actions.keep(budget=made, seen=seen, by=request.actor, why=raw.get("why", ""))  # type: ignore[attr-defined]
    except Wrong as error:
        return _form(request, onto, raw, seen, error.problems)
    except UserError as error:
        return _form(request, onto, raw, number, [], refused=error)
    drafted.done(request.actor, _key(onto))  # type: ignore[attr-defined]
    messages.success(request, say("Saved as a new version."))
    return HttpResponseRedirect(address(made))


def _new(request: HttpRequest, slug: str, year: Year) -> Specialty:
    """The year before's; else an empty one, with the work that the log has of its service."""
    before = queries.maybe(slug, year.before.name)
    if before is not None:
        from dataclasses import replace

        return replace(before.budget, year=year.name)
    service = request.GET.get("service", "")
    here = current().services.get(service)
    services = (service,) if here else ()
    many, source = _volumes(request, services, year)
    done = beginning.steps_of_pathway(request.GET.get("pathway", ""))
    works = tuple(
        Work(code=code(mode, set()), name=f"{mode[:1].upper()}{mode[1:]}", volume=some,
             source=source,
             steps=done or (queries.steps_of(service, str(here.setting), mode, year)
                            if here else ()))
        for mode, some in sorted(many.items())
    )  # fmt: skip
    line = None
    if here:
        line = funds.line_for(service=service, setting=str(here.setting),
                              organisation=here.organisation)  # fmt: skip
    return Specialty(
        slug=slug, year=year.name, name=request.GET.get("name", ""), works=works,
        organisation=here.organisation if here else "", services=services,
        line=line.code if line else "",
    )  # fmt: skip


def _volumes(
    request: HttpRequest, services: tuple[str, ...], year: Year
) -> tuple[dict[str, int], str]:
    """How much work there is, by mode, and where that comes from: the twin where it was chosen."""
    seen = queries.volumes(services, year)
    if request.GET.get("volumes") == "twin":
        many, why_not = beginning.foreseen(services, year, seen)
        if many:
            return many, say("The district's twin, the mean of its runs")
        messages.warning(request, say("From the log, not the twin: {why_not}", why_not=why_not))
    return seen, say("The log of {name}", name=year.before.name)


def _key(s: Specialty) -> str:
    return f"specialty-{s.slug}-{Year.of(s.year).slug}"


def _form(
    request: HttpRequest, onto: Specialty, raw: Raw, seen: int, wrong: list[Problem], *,
    refused: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    rows = {part: ROWS.of(raw, part) for part in ROWS.parts}
    for part, kept in rows.items():
        least = len(kept) + 1 if raw.get(f"more.{part}") or not kept else 0
        if request.method != "POST":
            least = max(least, drafted.rows_begun(by=request.actor, key=_key(onto), part=part))  # type: ignore[attr-defined]
        kept += [dict.fromkeys(ROWS.parts[part], "") for _ in range(least - len(kept))]
    here = current()
    works = [(r["code"], r["name"] or r["code"]) for r in rows["works"] if r["code"]]
    context: dict[str, Any] = {
        "s": onto,
        "raw": raw,
        "rows": rows,
        "seen": seen,
        "wrong": wrong,
        "refused": refused,
        "at": {p.where: str(p) for p in reversed(wrong)},
        "draft": _key(onto),
        "begun": begun,
        "year": Year.of(onto.year),
        "groups": list(GROUPS.items()),
        "grades": grades(),
        "points": [(p, p) for p in POINTS],
        "kinds": list(ITEMS.items()),
        "bases": list(BASES.items()),
        "works": [("", say("None")), *works],
        "units": [("", say("None")), *((u.code, u.words) for u in units()[0].values())],
        "organisations": [
            ("", say("Choose")),
            *sorted(
                ((c, o.name) for c, o in here.organisations.items()), key=lambda p: p[1].casefold()
            ),
        ],
        "lines": [
            ("", say("Choose")),
            *((li.code, f"{li.name} ({li.code})") for li in funds.lines()),
        ],
        "known": queries.volumes(onto.services, Year.of(onto.year)),
    }
    return render(
        request, "budget/specialty/edit.html", context, status=422 if wrong or refused else 200
    )
