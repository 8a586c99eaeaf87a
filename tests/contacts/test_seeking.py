"""A contact is looked for by its id in the months around its beginning, of its own source."""

from datetime import UTC, datetime, timedelta

import pytest

from onesystem.contacts.log.manifest import LogFile, Manifest
from onesystem.contacts.log.seek import Sought, seek

BEGAN = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
def read(monkeypatch):
    """The files that are read, with the ids that each is asked for."""
    asked = {}

    def rows(file, ids):
        asked[file.name] = ids.tolist()
        yield from ((number, number * 10, 1) for number in ids.tolist())

    monkeypatch.setattr("onesystem.contacts.log.seek._rows", rows)
    return asked


def log(*months, source="pas"):
    files = (LogFile(name=m, rows=1, size=1, digest="", sources=(source,), month=m) for m in months)
    return Manifest(months=tuple(files))


def test_months_around_the_beginning_are_read_for_what_may_be_there(read):
    sought = {1: Sought("pas", BEGAN), 2: Sought("pas", BEGAN + timedelta(days=60))}
    found = seek(sought, log("2026-01", "2026-02", "2026-04", "2026-05", "2026-07"))
    assert read == {"2026-02": [1], "2026-04": [1, 2], "2026-05": [2]}
    assert {number: each.identities for number, each in found.items()} == {1: {10}, 2: {20}}


@pytest.mark.parametrize("began", [None, datetime.min.replace(tzinfo=UTC)])
def test_without_a_month_all_of_the_source_is_read(read, began):
    seek({1: Sought("pas", began)}, log("2013-09", "2026-05"))
    assert read == {"2013-09": [1], "2026-05": [1]}


def test_another_source_is_not_read(read):
    assert seek({1: Sought("gp", BEGAN)}, log("2026-03")) == {}
    assert read == {}
