"""Samples of FHIR, and a reading of them as a source of a small district."""

import gzip
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import orjson

from onesystem.district import Source, parse
from onesystem.feeds.fhir import FhirReader

FHIR = Path(__file__).resolve().parent.parent / "data" / "fhir"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOML = """
[district]
code = "d"
name = "D"
zone = "Europe/London"
currency = "GBP"
[organisations.hospital]
name = "Hospital"
[organisations.surgery]
name = "Surgery"
kind = "general practice"
[services.ed]
name = "Emergency department"
setting = "ED"
organisation = "hospital"
[services.ward-a]
name = "Ward A"
setting = "ward"
organisation = "hospital"
[services.gp]
name = "Surgery"
setting = "general practice"
organisation = "surgery"
[sources.pas]
organisation = "hospital"
[sources.pas.services]
"A&E" = "ed"
"Location/w1" = "ward-a"
[sources.practice]
organisation = "surgery"
"""
DISTRICT = parse(tomllib.loads(TOML), path=Path())


def lines(folder, name):
    return gzip.decompress((FHIR / folder / name).read_bytes()).splitlines()


def uk_core():
    with zipfile.ZipFile(FHIR / "uk_core" / "examples.zip") as held:
        return {name: held.read(name) for name in held.namelist()}


def reading(message, *, source="pas", received=NOW):
    """Read a message (bytes, or a dict) as the readings of a source."""
    data = message if isinstance(message, bytes) else orjson.dumps(message)
    known = DISTRICT.sources.get(source) or Source(code=source, name=source, declared=False)
    return FhirReader().read(data, source=known, district=DISTRICT, received=received)
