"""What the tests of extracts share."""

from datetime import UTC, datetime

import pytest

from onesystem.feeds.extract.choosing import open_with
from onesystem.feeds.extract.library import SHIPPED, Shelved
from onesystem.feeds.extract.mapping import parse

KNOWN_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISITS = """
name = "visits"
version = 1
[contact]
key = "id"
subject = "who"
service = "ward"
setting = { fixed = "ward" }
started = "in"
ended = "out"
"""


class Read:
    """An extract read to its end: `rows` as dictionaries without their section, and the rest."""

    def __init__(self, extract, zone):
        self.rows = []
        for chunk in extract.chunks(zone=zone, known_at=KNOWN_AT, stamp=lambda: "file"):
            self.rows += [
                {key.rpartition(".")[2]: value for key, value in row.items()}
                for row in chunk.to_pylist()
            ]
        self.count = extract.rows_read
        self.refused = [(r.row, r.rule.removeprefix("extract.")) for r in extract.refused]
        self.why = extract.refused
        self.remarks = {r.rule.removeprefix("extract.") for r in extract.remarks()}

    def column(self, key):
        return [row[key] for row in self.rows]


@pytest.fixture
def read(tmp_path, district):
    """Read bytes, or a file, by the text of a mapping."""

    def go(content, mapping=VISITS, *, name="visits.csv", zone="Europe/London"):
        file = content
        if not hasattr(content, "read_bytes"):
            file = tmp_path / name
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        shelved = Shelved(mapping=parse(mapping), text=mapping, origin="tried", folder=SHIPPED)
        return Read(open_with(file, shelved, source=district.source("pas")), zone)

    return go


@pytest.fixture
def visits():
    """The text of a plain mapping of contacts."""
    return VISITS
