"""The marks on a chart, and the views that somebody keeps."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from string import ascii_uppercase

from onesystem import access
from onesystem.access import quick


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewed:
    """A page of measures that somebody keeps under a name."""

    id: int
    name: str
    owner: str
    address: str
    shared: bool


def marks_of(measure: str, scope: str, *, by: access.Actor) -> list[Marked]:
    """The marks that stand on a chart, by day."""
    return marks_on([(measure, scope)], by=by).get((measure, scope), [])


def marks_on(
    charts: Iterable[tuple[str, str]], *, by: access.Actor
) -> dict[tuple[str, str], list[Marked]]:
    """The marks that stand on each of several charts."""
    access.require(by, "measures.see")
    wanted = set(charts)
    found: dict[tuple[str, str], list[Marked]] = {}
    for mark in _marks({measure for measure, _ in wanted}):
        if (mark.measure, mark.scope) in wanted and not mark.undone_by:
            on = found.setdefault((mark.measure, mark.scope), [])
            before = sum(each.kind == mark.kind for each in on)
            on.append(replace(mark, label=_label(mark.kind, before)))
    return found


def history(measure: str, scope: str, *, by: access.Actor) -> list[Marked]:
    """Every mark that was ever made on a chart, those taken back too, newest first."""
    access.require(by, "measures.see")
    found = (mark for mark in _marks([measure]) if mark.scope == scope)
    return sorted(found, key=lambda mark: -mark.id)


def views_for(by: access.Actor) -> list[Viewed]:
    """The views that somebody keeps, and those that others share, by name."""
    access.require(by, "measures.see")
    rows = quick.rows(
        "SELECT id, name, owner, address, shared FROM flow_view WHERE owner = %s OR shared"
        " ORDER BY name, id",
        [by.name],
    )
    return [
        Viewed(id=number, name=name, owner=owner, address=address, shared=bool(shared))
        for number, name, owner, address, shared in rows
    ]


def _marks(measures: Collection[str]) -> Iterator[Marked]:
    """The marks of measures by day, without their labels.

    By a plain statement: a page of a chart asks thrice, and Django's rows take longer than the
    chart's figures.
    """
    if not measures:
        return
    rows = quick.rows(
        "SELECT m.id, m.kind, m.measure, m.scope, m.day, m.text, m.by, m.made_at,"
        " u.by, u.made_at, u.reason FROM flow_mark m LEFT JOIN flow_mark_undone u"
        f" ON u.mark_id = m.id WHERE m.measure IN ({quick.marks(list(measures))})"
        " ORDER BY m.day, m.id",
        list(measures),
    )
    for number, kind, measure, scope, day, text, by, made_at, undone, undone_at, reason in rows:
        yield Marked(
            id=number, kind=kind, day=day, text=text, by=by, made_at=_utc(made_at),
            measure=measure, scope=scope, undone_by=undone or "",
            undone_at=None if undone_at is None else _utc(undone_at), undone_reason=reason or "",
        )  # fmt: skip


def _utc(moment: datetime) -> datetime:
    """A moment of the store, which SQLite keeps without the zone that all are in."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _label(kind: str, before: int) -> str:
    if kind == "note":
        return str(before + 1)
    return ascii_uppercase[before % 26] * (before // 26 + 1)
