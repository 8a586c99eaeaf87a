"""Each act on an alliance: counted, so that who comes second is told; written down, and audited."""

from typing import Any

from django.db.models import F

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries
from onesystem.alliance.charter.rows import Alliance, AllianceStep
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

LONGEST = 4000


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


def micros() -> int:
    """The district's present, as it is kept."""
    return to_micros(now())


def step(
    code: str, kind: str, what: object, by: Actor, *, seen: int | None = None, why: str = "",
    **detail: Any,
) -> Alliance:  # fmt: skip
    """One more act on an alliance. Raises Overtaken where more was done to it than was `seen`.

    Counting first is what puts those who act at once in line, on both stores.
    """
    row = queries.alliance(code)
    same = Alliance.objects.filter(code=row.code)
    if seen is not None:
        same = same.filter(steps=seen)
    if not same.update(steps=F("steps") + 1):
        raise Overtaken(
            "somebody changed the alliance while you wrote",
            "What you wrote is still here: look at what they did, then send it again",
        )
    row.refresh_from_db()
    AllianceStep.objects.create(
        alliance=row, step=row.steps, kind=kind, what=str(what)[:200], at=micros(), by=by.name,
        why=why[:1000],
    )  # fmt: skip
    access.record(by=by, act=f"alliance.{kind}", what=f"{row.code}:{what}", detail=detail or None)
    return row


def words(said: str, what: str, most: int = 1000) -> str:
    """A text that has to be there and fit. Raises UserError."""
    text = said.strip()
    if not text:
        raise UserError(say("{what} is missing", what=what), "Write it")
    if len(text) > most:
        raise UserError(
            say("{what} is longer than {most} letters", what=what, most=f"{most:,}"), "Shorten it"
        )
    return text


def found(model: Any, what: str, **by: Any) -> Any:
    """A row. Raises NotFound."""
    row = model.objects.filter(**by).first()
    if row is None:
        raise NotFound(say("there is no such {what}", what=what), "Look at the list of them")
    return row
