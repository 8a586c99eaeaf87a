"""What the pages of measures share: the state in the address, days, files."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.flow.showing import exporting, reading
from onesystem.flow.showing.charting import kinds_for
from onesystem.flow.showing.state import RARE, State
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say


def state_of(request: HttpRequest, declared: Any, every: str = "month") -> State:
    """The state of a measure's page, from its address."""
    asked = {d for d in declared.dimensions if request.GET.get(d)}
    asked |= {request.GET.get("by", "")} & set(declared.dimensions)
    return State.of(
        request.GET,
        today=reading.first_day_without(),
        every=every,
        shortest=reading.shortest(declared, asked) or declared.every,
        dimensions=declared.dimensions,
        kinds=kinds_of(request, declared, asked),
    )


def kinds_of(request: HttpRequest, declared: Any, asked: set[str]) -> tuple[str, ...]:
    """The charts that a measure can be shown as to whoever asks.

    Charts of single events want days, and are for those who may see the people behind them.
    """
    actor = request.actor  # type: ignore[attr-defined]
    single = access.may(actor, "person.open") and reading.shortest(declared, asked) == "day"
    return tuple(k for k in kinds_for(declared) if single or k not in RARE)


def day_in(text: str) -> date:
    """A day of an address or a form. Raises BadConfig."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadConfig(
            say("{text} is no day", text=repr(text)), "Write it as 2026-01-31"
        ) from None


def file_of(content: Any, form: str, name: str) -> HttpResponse:
    """A file to keep, never from a cache."""
    response = HttpResponse(content, content_type=exporting.TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "no-store"
    return response
