"""Bringing people of one's own, and taking them away again."""

import json
import re
from collections.abc import Mapping

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.areas import catalogue, own
from onesystem.plan.areas.rows import OwnArea
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

MOST = 16 << 20  # characters of all files together


def bring(
    *, name: str, country: str, year: int, source: str, files: Mapping[str, str], by: Actor
) -> str:
    """Keep an area of one's own; gives its code. Raises UserError naming file, line and cure."""
    access.require(by, "plan.write")
    code = _code(name)
    if not source.strip():
        raise UserError("it has no source", "Write who counted these people, and when.")
    if sum(map(len, files.values())) > MOST:
        raise UserError(
            "the files are too long",
            say("Give at most {most} million characters.", most=MOST >> 20),
        )
    if not 2015 <= year <= 2030:
        raise UserError(
            say("the people are of {year}", year=year), "Give a year from 2015 to 2030."
        )
    brought = own.Brought(
        code=code, name=name.strip(), country=country, year=year, source=source.strip(), files=files
    )
    own.read(brought)
    with transaction.atomic():
        row = OwnArea.objects.create(
            code=code, name=name.strip()[:120], country=country, year=year,
            source=source.strip()[:300], files=json.dumps(dict(files)), by=by.name,
            at=to_micros(now()),
        )  # fmt: skip
        access.record(by=by, act="area.brought", what=str(row.pk))
    return code


def _code(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:50]
    if not plain:
        raise UserError("it has no name", "Write what the area is called.")
    code = f"own-{plain}"
    if code in {each.code for each in catalogue.areas()}:
        raise UserError(say("{name} is shipped", name=name), "Choose another name.")
    return code


@transaction.atomic
def take_away(*, code: str, by: Actor) -> None:
    """Take an area of one's own away. Raises NotFound."""
    _set(code, by, gone=True)


@transaction.atomic
def bring_back(*, code: str, by: Actor) -> None:
    """Bring it back. Raises NotFound."""
    _set(code, by, gone=False)


def _set(code: str, by: Actor, *, gone: bool) -> None:
    access.require(by, "plan.write")
    row = OwnArea.objects.filter(code=code).order_by("-pk").first()
    if row is None:
        raise NotFound(say("there is no area {code}", code=code), "Look at the list.")
    row.gone_at = to_micros(now()) if gone else None
    row.save(update_fields=["gone_at"])
    access.record(by=by, act="area.gone" if gone else "area.back", what=str(row.pk))
