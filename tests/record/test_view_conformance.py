"""Every official conformance test of SQL on FHIR v2, one by one."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from onesystem.record.views.definition import view_of
from onesystem.record.views.trouble import BadView

_CASES = [
    pytest.param(said["resources"], case, id=f"{file.stem}: {case['title']}")
    for file in sorted((Path(__file__).parents[1] / "data" / "sql_on_fhir").glob("*.json"))
    for said in [json.loads(file.read_bytes(), parse_float=Decimal)]
    for case in said["tests"]
]


def _rows(view, resources):
    made = view_of(view)
    names = [column.name for column in made.columns]
    rows = [dict(zip(names, row, strict=True)) for each in resources for row in made.rows(each)]
    return names, rows


@pytest.mark.parametrize(("resources", "case"), _CASES)
def test_official(resources, case):
    """The rows (in any order), the order of the columns, the count or the error, as published."""
    if case.get("expectError"):
        with pytest.raises(BadView) as caught:
            _rows(case["view"], resources)
        assert caught.value.where or not case["view"]
        assert caught.value.cure
        return
    names, rows = _rows(case["view"], resources)
    if "expectColumns" in case:
        assert names == case["expectColumns"]
    if "expectCount" in case:
        assert len(rows) == case["expectCount"]
    if "expect" in case:
        assert sorted(map(repr, rows)) == sorted(
            repr({name: row.get(name) for name in names}) for row in case["expect"]
        )


def test_all_are_run():
    """The files of the published set, and how many cases they hold."""
    assert len(_CASES) == 134
