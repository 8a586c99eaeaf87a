"""A live record's look-ups find those who agree with it on a rule, and nobody else."""

from datetime import UTC, datetime
from itertools import product

import pytest
from django.db import connection

from onesystem.people import blocking, meet_table, store
from onesystem.people.candidates import candidates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = {
    "family": ("smith", "ngata", ""),
    "given": ("maia", "john", ""),
    "birth": ("1980-03-02", "1980-11-28", "1951-11-28", ""),
    "postcode": ("NR23TX", ""),
    "phone": ("01603123456", ""),
}
EVERY = [dict(zip(SAID, values, strict=True)) for values in product(*SAID.values())]


def agree(one, other):
    theirs = dict(blocking.keys_of(other))
    return any(theirs.get(rule) == values for rule, values in blocking.keys_of(one))


@pytest.mark.django_db
def test_the_lookups_of_a_record_are_the_rules(district):
    import pyarrow as pa

    table = pa.table(
        {
            "subject": [str(i) for i in range(len(EVERY))],
            **{("birth_date" if n == "birth" else n): [e[n] for e in EVERY] for n in SAID},
        }
    )
    made = meet_table(table, source="x", message=1, known_at=NOW, link=False)
    ids = dict(zip(made["subject"].to_pylist(), made["identity"].to_pylist(), strict=True))
    records = store.records(ids.values())
    for record in records.values():
        expected = {i for i, e in records.items() if i != record["id"] and agree(record, e)}
        assert {each["id"] for each in candidates(record, ()).others} == expected


@pytest.mark.django_db
def test_each_lookup_is_one_range_of_an_index_that_holds_all_it_asks_for(district):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses its plans by how full the tables are")
    record = {"family": "smith", "given": "maia", "birth": "1980-03-02", "postcode": "NR23TX",
              "phone": "01603123456"}  # fmt: skip
    lookups = blocking.lookups(record)
    assert len(lookups) == 2
    for sql, values in lookups:
        plan = store.rows(f"EXPLAIN QUERY PLAN {sql}", values)
        assert ["USING COVERING INDEX" in line[3] for line in plan] == [True]
