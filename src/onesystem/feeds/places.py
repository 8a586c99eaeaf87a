"""Which place of a source is which of our services: `district.toml`, and what people mended since.

The words of people are rows of the store, so that the administrator's file keeps its comments and
every change has a name, a time and a way back. A mended place wins over the file.
"""

from dataclasses import replace

from django.db import connection

from onesystem.district import District, Source

_LATEST = """
SELECT p.place, p.service FROM feeds_place_map p
JOIN (SELECT place, MAX(id) AS id FROM feeds_place_map WHERE source = %s GROUP BY place) latest
ON latest.id = p.id
"""


def source_with_places(district: District, code: str) -> Source:
    """The source as its messages are to be read: with the places that people mapped.

    A mended place whose service is no longer in the district counts as not mapped.
    """
    source = district.source(code)
    mended = {p: s for p, s in mended_places(code).items() if s in district.services}
    return replace(source, services={**source.services, **mended}) if mended else source


def mended_places(code: str) -> dict[str, str]:
    """The places of a source that people mapped on the Feeds page."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [code])
        return {place: service for place, service in cursor.fetchall() if service}
