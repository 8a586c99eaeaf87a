"""Cases that were published, for anybody: no sign-in, no names, only what was published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem.plan.case import drawing, presenters, queries, wording, workbook
from onesystem.plan.filing import filed
from onesystem.vocabulary.kept import from_micros

_PLAIN = ("people-85", "beds", "gps", "care-home-places", "money")


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """What is published?"""
    told = [(code, name, from_micros(at)) for code, name, at in queries.all_published()]
    return render(request, "plan/case/public_cases.html", {"published": told})


@require_safe
def case(request: HttpRequest, code: str) -> HttpResponse:
    """What happens here if nothing changes?"""
    standing = queries.published(code)
    if standing is None:
        raise Http404(f"no case of {code} is published")
    made = standing.case
    if request.GET.get("format") == "xlsx":
        return filed(workbook.workbook_of(made), f"case-{code}", "xlsx")
    context = {
        "case": made, "standing": standing, "at": from_micros(standing.at),
        "sentences": wording.sentences(made), "parts": presenters.parts(made),
        "marks": [made.years[at] for at in presenters.marks(made)],
        "charts": [(made.of(key), drawing.chart(made, made.of(key))) for key in _PLAIN],
        "chart_unit": drawing.chart_unit,
    }  # fmt: skip
    return render(request, "plan/case/public.html", context)
