"""All measures in one run of an engine come to what the reference gives, unit by unit."""

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from engines import Log, all_cases, on_reference, world

from onesystem.flow.measures import days, library, running
from onesystem.flow.measures.concentration import STEPS

ROWS, SOMEBODY = all_cases()


@pytest.fixture(scope="module")
def log():
    """All tables of cases as one log."""
    return Log(ROWS, SOMEBODY)


def expected(log, every, measures=None):
    """Sums of each measure by service and period, from what the units give one by one."""
    told = {}
    for name, measure in (measures or library.shipped()).items():
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


def scattered(log):
    """The log where each third contact of half of the people has another identity of theirs."""
    contacts, somebody = log.arrow(), log.somebody()
    own = contacts["identity"].to_numpy()
    half = own.max() // 2
    theirs = np.where((own <= half) & (np.arange(len(own)) % 3 == 0), own + 10_000, own)
    contacts = contacts.set_column(1, "identity", pa.array(theirs))
    more = somebody.filter(pc.less_equal(somebody["person"], half))
    more = more.set_column(0, "identity", pc.add(more["identity"], 10_000))
    cuts = [0, half // 2, half, half + 5, 9_000, 20_000]
    return contacts, pa.concat_tables([somebody, more]), list(pairwise(cuts))


@pytest.mark.parametrize("every", ["week", "month", "year"])
def test_all_measures_at_once_come_to_the_same(log, every):
    """Also where a person has identities in several portions, and a portion has nobody."""
    contacts, somebody, cuts = scattered(log)
    who = contacts["identity"].to_numpy()
    portions = [contacts.filter(pa.array((who > low) & (who <= high))) for low, high in cuts]
    found = running.in_columns(portions, somebody, library.shipped(), world(), every=every)
    assert collected(found, every) == expected(log, every)


PERIODS = {n: m for n, m in library.shipped().items() if m.of.startswith("person-")}


def test_people_one_by_one_give_what_the_reference_says(log):
    """Also where nobody in hand has a period that counts."""
    contacts, somebody = log.arrow(), log.somebody()
    for person in somebody["person"].to_pylist()[::3]:
        rows = [row for row in log.rows if row["identity"] == person]
        mine = Log([], [])
        mine.rows, mine.people = rows, {person: log.people[person]}
        who = contacts.filter(pc.equal(contacts["identity"], person))
        found = collected(running.in_columns([who], somebody, PERIODS, world()), "month")
        assert found == expected(mine, "month", PERIODS)


@pytest.mark.django_db(transaction=True)
def test_a_measure_of_few_settings_is_read_where_they_lie(district, log, monkeypatch):
    """From the copy by month or by person, whatever is quickest: to the same sums."""
    from onesystem.contacts.log import manifest, shape, write

    monkeypatch.setattr(shape, "MONTH_GROUP", 3)
    contacts = log.arrow()
    lacks = [f for f in shape.schema() if f.name not in contacts.column_names]
    for each in lacks:
        value = 1 if each.name == "version" else None
        contacts = contacts.append_column(each, pa.array([value] * len(contacts), each.type))
    written = write.write(contacts.select(shape.COLUMNS))
    manifest.commit("told", months=written.months, runs=written.runs)
    wanted, somebody = expected(log, "month"), log.somebody()
    for few in (0, 1_000):
        monkeypatch.setattr(running, "_FEW", few)
        for name, measure in library.shipped().items():
            mine = {name: measure}
            rows = running.portions_of(manifest.current(), manifest.place(), [measure])
            found = collected(running.in_columns(rows, somebody, mine, world()), "month")
            assert found[name] == wanted[name], name


def test_sums_beyond_what_doubles_hold():
    from onesystem.flow.measures.columns.summing import _added

    place = np.array([1, 0, 1, 1, 0])
    given = np.array([2**61 + 1, -(2**61) - 3, 2**60 + 5, -7, 1])
    assert _added(place, given, 3).tolist() == [-(2**61) - 2, 2**61 + 2**60 - 1, 0]


def test_contacts_alone_are_asked_in_any_order(log):
    """Where no measure asks anything of people, nobody has to know whose a contact is."""
    from onesystem.flow.measures.columns import summing

    mine = {n: m for n, m in library.shipped().items() if not summing.of_people(m)}
    names = summing.columns_of(mine.values())
    assert not {"contact", "identity"} & set(names)
    contacts = log.arrow().select(names)
    mixed = contacts.take(np.random.default_rng(3).permutation(len(contacts)))
    found = running.in_columns([mixed[:40], mixed[40:]], None, mine, world())
    wanted = expected(log, "month")
    assert collected(found, "month") == {name: wanted[name] for name in mine}


def test_what_is_spread_over_people_is_told_by_their_sizes(log):
    """Also where a person has identities in several portions."""
    contacts, somebody, cuts = scattered(log)
    who = contacts["identity"].to_numpy()
    portions = [contacts.filter(pa.array((who > low) & (who <= high))) for low, high in cuts]
    gini = library.shipped()["cost-gini"]
    told = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for (_, day, _, _, amount, _, _), times in on_reference(gini, log, world()).items():
        sizes, size = told[days.begin(day, "year")], math.floor(math.log2(amount) * STEPS)
        sizes[size] = sizes[size][0] + amount * times, sizes[size][1] + times
    assert running.spread(portions, somebody, gini, world()) == told


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_a_run_on_spark_comes_to_the_same(spark, log):
    found = running.on_spark(spark, log.arrow(), log.somebody(), library.shipped(), world())
    assert collected(found, "month") == expected(log, "month")
