"""The door of pages without people: for those who assess, and for those who see budgets."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.access import Actor

_View = Callable[..., HttpResponse]


def either(view: _View) -> _View:
    """Whoever assesses, and whoever sees budgets. Others are told who may."""
    for_budgets = access.page(right="budget.see")(view)
    for_assessors = access.page(right="means.assess")(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = request.user.is_authenticated
        assesses = known and access.may(Actor.of(request.user), "means.assess")
        return (for_assessors if assesses else for_budgets)(request, *args, **kwargs)

    guarded.right = "budget.see"  # type: ignore[attr-defined]
    return guarded
