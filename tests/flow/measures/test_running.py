"""All measures in one run of an engine come to what the reference gives, unit by unit."""

from collections import defaultdict

import pytest
from cases import PEOPLE, TABLES
from engines import Log, on_reference, table, world

from onesystem.flow.measures import days, library, running

ROWS = [
    row | {"person": f"{row['person']} of {name}"}
    for name, text in TABLES.items()
    for row in table(text)
]
SOMEBODY = [
    each | {"person": f"{each['person']} of {name}"} for name in TABLES for each in table(PEOPLE)
]


@pytest.fixture(scope="module")
def log():
    """All tables of cases as one log."""
    return Log(ROWS, SOMEBODY)


def expected(log, every):
    """Sums of each measure by service and period, from what the units give one by one."""
    told = {}
    for name, measure in library.shipped().items():
        sums = defaultdict(lambda: [0, 0])
        for (_, day, service, _, *both, _), times in on_reference(measure, log, world()).items():
            for place, number in enumerate(both):
                sums[service, days.begin(day, every)][place] += number * times
        told[name] = {key: tuple(both) for key, both in sums.items() if any(both)}
    return told


def collected(found, every):
    """The same of what a run gives."""
    told = {}
    for name, made in found:
        rows = [tuple(row.values()) for row in made.to_pylist()]
        assert all(day == days.begin(day, every) for _, day, _, _ in rows), name
        told[name] = {(service, day): (n, d) for service, day, n, d in rows}
    return told


@pytest.mark.parametrize("every", ["month", "year"])
def test_a_run_of_all_measures_comes_to_what_the_units_give(log, every):
    from onesystem.contacts.log import scan

    duck = scan.connect(threads=1)
    duck.register("told", log.arrow())
    found = running.on_duckdb(duck, "told", log.somebody(), library.shipped(), world(), every=every)
    assert collected(found, every) == expected(log, every)
    duck.close()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_a_run_on_spark_comes_to_the_same(spark, log):
    found = running.on_spark(spark, log.arrow(), log.somebody(), library.shipped(), world())
    assert collected(found, "month") == expected(log, "month")
