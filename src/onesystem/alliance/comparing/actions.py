"""Publishing what a district shows to the nation, and taking it back. Kept, and in the trail."""

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.comparing import shelf
from onesystem.alliance.comparing.gathering import gathered
from onesystem.alliance.comparing.publication import AUDIENCES, NATION, Publication, read, written
from onesystem.alliance.comparing.rows import Published
from onesystem.district import current, now
from onesystem.vocabulary import Busy, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


@transaction.atomic
def publish(*, by: Actor, audience: str = NATION, note: str = "") -> Publication:
    """Lay the district's figures where the nation reads them; gives what was laid there."""
    access.require(by, "alliance.keep")
    if audience not in AUDIENCES:
        raise UserError(
            say("there is no audience {audience}", audience=repr(audience)),
            nearest(audience, AUDIENCES),
        )
    made = gathered(by=by, number=_next(), audience=audience, note=note)
    if not made.measures:
        raise UserError("there is nothing to publish yet", "Refresh the measures first")
    content = written(made)
    read(content, "own")  # what we could not read back is not laid there
    _keep(made.number, audience, content.decode(), note, by)
    access.record(by=by, act="district.published", what=current().code,
                  detail={"number": made.number, "audience": audience})  # fmt: skip
    try:
        shelf.lay(made)
    except OSError as error:
        raise UserError(
            say(
                "the folder of publications cannot be written: {strerror}", strerror=error.strerror
            ),
            "Look at ONESYSTEM_NATION, and at who may write there",
        ) from error
    return made


@transaction.atomic
def withdraw(*, by: Actor, why: str) -> None:
    """Take what the district published away; what others have read of it they have read."""
    access.require(by, "alliance.keep")
    if not why.strip():
        raise UserError("the reason is missing", "Write it")
    if not shelf.take_away(current().code):
        raise UserError("nothing of this district is published", "There is nothing to take away")
    number = _next()
    _keep(number, "", "", why, by)
    access.record(by=by, act="district.withdrew", what=current().code, detail={"number": number})


def _next() -> int:
    return (Published.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _keep(number: int, audience: str, body: str, why: str, by: Actor) -> None:

    try:
        Published.objects.create(
            number=number, audience=audience, body=body, why=why.strip()[:1000],
            digest=orjson.loads(body)["digest"] if body else "", at=to_micros(now()), by=by.name,
        )  # fmt: skip
    except IntegrityError as error:
        raise Busy("somebody published at the same time", "Look at what they did") from error
