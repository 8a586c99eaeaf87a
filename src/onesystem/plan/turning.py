"""The history of a plan on a page: two versions chosen, one taken back, the plan closed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from onesystem.vocabulary import UserError
from onesystem.vocabulary.typed import whole_or


def chosen(request: HttpRequest, numbers: list[int]) -> tuple[int, int]:
    """The two versions that the address asks for; else the last two."""

    def one(name: str, usual: int) -> int:
        said = whole_or(request.GET.get(name), usual)
        return said if said in numbers else usual

    return one("from", numbers[-2] if len(numbers) > 1 else numbers[-1]), one("to", numbers[-1])


def turned(
    request: HttpRequest, slug: str, *, undo: Callable[..., int], close: Callable[..., int]
) -> None:
    """Take the last version back, or close the plan, and say which."""
    seen = request.POST.get("seen", "")
    number = whole_or(seen, -1)
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "close":
            close(slug=slug, seen=number, by=actor, why=request.POST.get("why", ""))
            messages.success(request, "Closed. It can be brought back here.")
        else:
            undo(slug=slug, seen=number, by=actor)
            messages.success(request, "Taken back: the version before stands.")
    except UserError as error:
        messages.error(request, str(error))
