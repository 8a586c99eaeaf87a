"""What can be done on charts: annotate, sign a step change, take either back, keep a view."""

from datetime import date

from django.db import IntegrityError, transaction

from onesystem import access, district
from onesystem.flow.models import Mark, MarkUndone, View
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted
from onesystem.vocabulary.said import say

_LONGEST = 1000


@transaction.atomic
def mark(*, kind: str, measure: str, scope: str, day: date, text: str, by: access.Actor) -> int:
    """Put a note, or a step change with its reason, on a chart; gives its number.

    A step change says that from that day on the process is another one, so that its limits are
    worked out anew: nobody does that without a name and a reason.
    """
    access.require(by, "measures.sign")
    if kind not in {"note", "step"}:
        raise BadConfig(say("there is no mark {kind}", kind=repr(kind)), "Make a note or a step")
    text = _said(text, "reason" if kind == "step" else "note")
    made = Mark.objects.create(
        kind=kind, measure=measure, scope=scope, day=day, text=text, by=by.name,
        made_at=district.now(),
    )  # fmt: skip
    access.record(
        by=by,
        act="chart.stepped" if kind == "step" else "chart.noted",
        what=f"{measure} {scope}".strip()[:300],
        detail={"mark": made.id, "day": day.isoformat()},
    )
    return made.id


@transaction.atomic
def undo(*, mark: int, reason: str, by: access.Actor) -> Mark:
    """Take a mark back, with a reason; the mark and who made it stay known."""
    access.require(by, "measures.sign")
    reason = _said(reason, "reason")
    found = Mark.objects.filter(id=mark).first()
    if found is None:
        raise NotFound(say("there is no mark {mark}", mark=mark), "Load the chart again")
    try:
        with transaction.atomic():
            MarkUndone.objects.create(mark=found, reason=reason, by=by.name, made_at=district.now())
    except IntegrityError:
        raise BadConfig(
            say("mark {mark} is taken back already", mark=mark), "Load the chart again"
        ) from None
    access.record(
        by=by, act="chart.unmarked", what=f"{found.measure} {found.scope}".strip()[:300],
        detail={"mark": found.id},
    )  # fmt: skip
    return found


@transaction.atomic
def keep_view(*, name: str, address: str, shared: bool, by: access.Actor) -> int:
    """Keep a page under a name; the same name again takes its place."""
    access.require(by, "measures.see")
    name = name.strip()[:120]
    if not name:
        raise BadConfig("a view wants a name", "Write one, such as: ED by week")
    if not address.startswith("/measures/") or len(address) > 2000:
        raise BadConfig("only pages of measures can be saved", "Open one, and save it from there")
    kept, _ = View.objects.update_or_create(
        owner=by.name,
        name=name,
        defaults={"address": address, "shared": shared, "made_at": district.now()},
    )
    access.record(by=by, act="view.kept", what=str(kept.id), detail={"shared": shared})
    return kept.id


@transaction.atomic
def drop_view(*, view: int, by: access.Actor) -> None:
    """Forget a view of one's own."""
    access.require(by, "measures.see")
    kept = View.objects.filter(id=view).first()
    if kept is None:
        raise NotFound("this view is not here", "It may have been removed already")
    if kept.owner != by.name:
        raise NotPermitted("this view is somebody else's", "Ask them, or keep one of your own")
    kept.delete()
    access.record(by=by, act="view.dropped", what=str(view))


def _said(text: str, what: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise BadConfig(
            say("the {what} is missing", what=what), "Say in a few words what happened, and why"
        )
    if len(text) > _LONGEST:
        raise BadConfig(
            say("the {what} is too long", what=what),
            say("Keep it under {longest} characters", longest=_LONGEST),
        )
    return text
