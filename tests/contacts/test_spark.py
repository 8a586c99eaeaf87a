"""PySpark reads the files of the log as they are, without extra jars."""

import pyarrow as pa
import pytest
from stays import KNOWN, OLD, append, old, rows

from onesystem import contacts
from onesystem.contacts.log import manifest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spark]


@pytest.mark.filterwarnings("ignore")
def test_the_latest_view_is_the_same_in_spark(district, spark):
    append(rows(old(reason="first"), old("A2", service="gp")))
    append(rows(old(reason="second")), message=2)
    now = manifest.current()

    def files(part):
        return [str(manifest.place() / file.name) for file in part]

    every = spark.read.parquet(*files(now.months))
    gone = spark.read.parquet(*files(now.superseded)).select("contact", "version")
    latest = every.join(gone, ["contact", "version"], "left_anti").collect()
    ours = contacts.of_identities([7], as_of=KNOWN.replace(year=2100))
    assert {(r.contact, r.version, r.service, r.reason) for r in latest} == {
        (c.contact, c.version, c.service, c.reason) for c in ours
    }
    assert {r.started.isoformat() for r in latest} == {
        c.started.replace(tzinfo=None).isoformat() for c in ours
    }
    assert spark.read.parquet(*files(now.runs)).count() == now.rows


@pytest.mark.filterwarnings("ignore")
def test_both_copies_say_the_same_in_spark(district, spark):
    """Counts and sums agree with each other, whether or not a file has planned times."""
    append(rows(old(), old("A2", service="gp")))
    planned = pa.array([OLD], pa.timestamp("us", tz="UTC"))
    append(rows(old("A3", identity=8)).append_column("planned", planned), message=2)
    now = manifest.current()

    def sums(part, started, ended):
        names = [str(manifest.place() / file.name) for file in part]
        spark.read.option("mergeSchema", "true").parquet(*names).createOrReplaceTempView("told")
        return spark.sql(
            f"SELECT count(*), sum(identity), sum(contact % 1000003), sum({started}),"
            f" sum({ended}), count(planned), sum(version), sum(length(service)) FROM told"
        ).collect()[0]

    months = sums(now.months, "unix_millis(started)", "unix_millis(ended)")
    assert {run.unit for run in now.runs} == {60_000}
    assert months == sums(now.runs, "started * 60000", "(started + lasted) * 60000")
    assert (months[0], months[1], months[5]) == (3, 22, 1)
