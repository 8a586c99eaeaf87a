"""Which place of a source is which of our services: `district.toml`, and what people mended since.

The words of people are rows of the store, so that the administrator's file keeps its comments and
every change has a name, a time and a way back. A mended place wins over the file.
"""

from dataclasses import replace

from django.db import connection

from onesystem.district import District, Source

_LATEST = """
SELECT p.source, p.place, p.service FROM feeds_place_map p
JOIN (SELECT MAX(id) AS id FROM feeds_place_map GROUP BY source, place) latest ON latest.id = p.id
WHERE p.service <> ''
"""


def district_with_places(district: District) -> District:
    """The district as messages are to be read: its sources with the places that people mapped.

    One query, so that a batch of messages asks once. A mended place whose service is no longer in
    the district counts as not mapped.
    """
    mended = _mended()
    if not mended:
        return district
    sources = dict(district.sources)
    for code, places in mended.items():
        sources[code] = _with(district, code, places)
    return replace(district, sources=sources)


def source_with_places(district: District, code: str) -> Source:
    """One source, with the places that people mapped."""
    return _with(district, code, mended_places(code))


def mended_places(code: str) -> dict[str, str]:
    """The places of a source that people mapped on the Feeds page."""
    return _mended().get(code, {})


def _with(district: District, code: str, places: dict[str, str]) -> Source:
    source = district.source(code)
    known = {p: s for p, s in places.items() if s in district.services}
    return replace(source, services={**source.services, **known})


def _mended() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        for source, place, service in cursor.fetchall():
            found.setdefault(source, {})[place] = service
    return found
