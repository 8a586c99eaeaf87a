"""The marks on a chart, and the views that somebody keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from string import ascii_uppercase

from onesystem import access
from onesystem.flow.models import Mark, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A mark as a chart shows it: steps have letters, notes have numbers."""

    id: int
    kind: str
    day: date
    text: str
    by: str
    made_at: datetime
    label: str = ""
    measure: str = ""
    scope: str = ""
    undone_by: str = ""
    undone_at: datetime | None = None
    undone_reason: str = ""


def marks_of(measure: str, scope: str, *, by: access.Actor) -> list[Marked]:
    """The marks that stand on a chart, by day."""
    return marks_on([(measure, scope)], by=by).get((measure, scope), [])


def marks_on(
    charts: Iterable[tuple[str, str]], *, by: access.Actor
) -> dict[tuple[str, str], list[Marked]]:
    """The marks that stand on each of several charts."""
    access.require(by, "measures.see")
    wanted = set(charts)
    rows = Mark.objects.filter(measure__in={m for m, _ in wanted}, undone__isnull=True)
    found: dict[tuple[str, str], list[Marked]] = {}
    for row in rows.order_by("day", "id"):
        if (row.measure, row.scope) in wanted:
            on = found.setdefault((row.measure, row.scope), [])
            on.append(_marked(row, _label(row.kind, sum(m.kind == row.kind for m in on))))
    return found


def history(measure: str, scope: str, *, by: access.Actor) -> list[Marked]:
    """Every mark that was ever made on a chart, those taken back too, newest first."""
    access.require(by, "measures.see")
    rows = Mark.objects.filter(measure=measure, scope=scope).select_related("undone")
    return [_marked(row, "") for row in rows.order_by("-id")]


def views_for(by: access.Actor) -> list[View]:
    """The views that somebody keeps, and those that others share, by name."""
    access.require(by, "measures.see")
    from django.db.models import Q

    return list(View.objects.filter(Q(owner=by.name) | Q(shared=True)).order_by("name", "id"))


def _label(kind: str, before: int) -> str:
    if kind == "note":
        return str(before + 1)
    return ascii_uppercase[before % 26] * (before // 26 + 1)


def _marked(row: Mark, label: str) -> Marked:
    undone = getattr(row, "undone", None) if not label else None
    return Marked(
        id=row.id,
        kind=row.kind,
        day=row.day,
        text=row.text,
        by=row.by,
        made_at=row.made_at,
        label=label,
        measure=row.measure,
        scope=row.scope,
        undone_by=undone.by if undone else "",
        undone_at=undone.made_at if undone else None,
        undone_reason=undone.reason if undone else "",
    )
