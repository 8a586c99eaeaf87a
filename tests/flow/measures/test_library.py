"""Every measure of the library, on its boundary cases, by every engine."""

import pytest
from engines import (
    Log,
    all_cases,
    on_columns,
    on_duckdb,
    on_reference,
    on_spark,
    sums,
    world,
)

from onesystem.flow.measures import library

NAMES = tuple(library.shipped())
ROWS, SOMEBODY = all_cases()


@pytest.fixture(scope="module")
def log():
    """All tables as one log: its people are other people in every table."""
    return Log(ROWS, SOMEBODY)


def expected(log, measure):
    """What the measure's column says, by person and contact; and whose contacts it is of."""
    found, people = {}, set()
    for row, made in zip(ROWS, log.rows, strict=True):
        if measure.name not in row:
            continue
        people.add(made["identity"])
        if row[measure.name]:
            contact = 0 if measure.of.startswith("person-") else made["contact"]
            told = [int(part) for part in row[measure.name].split("/")]
            before = found.get((made["identity"], contact), (0, 0))
            found[made["identity"], contact] = (before[0] + told[0], before[1] + told[1])
    return found, people


def agrees(engine, name, log):
    """Whether an engine gives what stands in the tables."""
    measure = library.shipped()[name]
    told, people = expected(log, measure)
    given = {key: sums_ for key, sums_ in sums(engine(measure, log, world())).items()
             if key[0] in people}  # fmt: skip
    assert told, f"{name} has no case"
    assert given == told


@pytest.mark.parametrize("name", NAMES)
def test_a_measure_counts_as_its_definition_says(name, log):
    """Beside each contact stands what it gives; nothing else gives anything."""
    agrees(on_reference, name, log)


@pytest.mark.parametrize("name", NAMES)
def test_columns_agree_with_the_reference_in_every_row(name, log):
    measure = library.shipped()[name]
    assert on_columns(measure, log, world()) == on_reference(measure, log, world())


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_agrees_with_the_reference_in_every_row(name, log):
    measure = library.shipped()[name]
    assert on_duckdb(measure, log, world()) == on_reference(measure, log, world())


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_spark_agrees_with_the_reference_in_every_row(spark, name, log):
    measure = library.shipped()[name]
    found = on_spark(spark)(measure, log, world())
    assert found == on_reference(measure, log, world())
