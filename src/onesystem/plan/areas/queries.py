"""Areas that are shipped and those that somebody brought; the people of either."""

import json
from functools import lru_cache

from onesystem.plan.areas import catalogue, own
from onesystem.plan.areas.area import OWN, Area
from onesystem.plan.areas.people import PeopleNow, people_of
from onesystem.plan.areas.rows import OwnArea
from onesystem.vocabulary.errors import NotFound
from onesystem.vocabulary.said import say


def own_areas() -> list[OwnArea]:
    """What was brought and not taken away, by name; the newest of each code."""
    newest: dict[str, OwnArea] = {}
    for row in OwnArea.objects.defer("files").order_by("pk"):
        newest[row.code] = row
    return sorted((row for row in newest.values() if row.gone_at is None), key=lambda row: row.name)


def people(code: str) -> PeopleNow:
    """The people of an area, by its code. Raises NotFound."""
    if code.startswith("own-"):
        row = OwnArea.objects.filter(code=code).order_by("-pk").first()
        if row is None or row.gone_at is not None:
            raise NotFound(
                say("no area has the code {code}", code=repr(code)), "Look at the list of areas."
            )
        return _read(row.code, row.name, row.country, row.year, row.source, row.files)
    return people_of(catalogue.by_code(code))


def every(text: str = "", kind: str = "") -> list[Area]:
    """Areas whose name or codes hold the words; all kinds, or one."""
    brought = [
        Area(code=row.code, name=row.name, kind=OWN, country=row.country, note=row.source)
        for row in own_areas()
    ]
    shipped = catalogue.areas(*((kind,) if kind else ("board", "district", "economy")))
    wanted = text.casefold().strip()
    if wanted and not kind:
        shipped = catalogue.areas("board", "district", "economy", "place", "council")
    found = brought + shipped if kind in {"", OWN} else shipped
    return [
        each for each in found
        if (not kind or each.kind == kind)
        and wanted in " ".join((each.name, each.code, *each.codes)).casefold()
    ]  # fmt: skip


@lru_cache(maxsize=4)
def _read(code: str, name: str, country: str, year: int, source: str, files: str) -> PeopleNow:
    return own.read(
        own.Brought(
            code=code, name=name, country=country, year=year, source=source,
            files=json.loads(files),
        )
    )  # fmt: skip
