"""`onesystem bench extracts`: rows of a Parquet extract a CPU second, from file to contact.

The rows are contacts of a district: a person's key, a place, three times, a few words, all of the
last years. First about people who are known already, then each about a person who is new and
described in the same row. They come in as every file does (`feeds.take_in`): landed, read by
mapping, identities made, contacts kept in both orders of the log, and people linked. What the
linkage of the new people costs stands apart once more. The peer, in the same run: DuckDB alone
copies the same rows from Parquet to Parquet.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from onesystem.bench.scratch import ED, HOSPITAL
from onesystem.bench.shape import Row, cpu_seconds, register

_ROWS, _PEOPLE = 1_000_000, 60_000
_NEW = 100_000
_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_DISTRICT = (
    HOSPITAL
    + ED
    + """
[sources.pas]
name = "Hospital patient administration"
[sources.pas.services]
ED = "ed"
"""
)
_VISITS = """
name = "bench-visits"
version = 1
[applies_to]
columns = ["visit", "person", "place", "requested", "started", "ended"]
without = ["family"]
[contact]
key = "visit"
subject = "person"
service = "place"
setting = { fixed = "outpatient" }
requested = "requested"
started = "started"
ended = "ended"
mode = "mode"
outcome = "outcome"
"""
_NEWCOMERS = (
    _VISITS.replace("bench-visits", "bench-newcomers")
    .replace('without = ["family"]', "")
    .replace('"place", ', '"place", "family", ')
    + """
[person]
subject = "person"
family = "family"
given = "given"
birth_date = "born"
sex = "sex"
postcode = "postcode"
number = "nhs"
scheme = { fixed = "nhs" }
verified = { fixed = "no" }
"""
)
_MAKE = """
SELECT '{p}V' || i AS visit, '{p}P' || {who} AS person,
  ['ED', 'Ward 7', 'Clinic 3', 'X-ray', 'Physio'][1 + CAST(hash(i + 7) % 5 AS INTEGER)] AS place,
  t - to_minutes(CAST(hash(i + 5) % 600 AS BIGINT)) AS requested, t AS started,
  t + to_minutes(CAST(hash(i + 3) % 3000 AS BIGINT)) AS ended,
  ['walk', 'ambulance', 'GP'][1 + CAST(hash(i + 11) % 3 AS INTEGER)] AS mode,
  ['home', 'admitted', 'died', ''][1 + CAST(hash(i + 13) % 4 AS INTEGER)] AS outcome{more}
FROM (SELECT i, TIMESTAMP '2022-06-01' + to_minutes(CAST(hash(i) % 1500000 AS BIGINT)) AS t
      FROM range({n}) AS r(i))
"""
_DESCRIBED = """,
  'Family' || (hash(i) % 20000) AS family, 'Given' || (hash(i + 1) % 3000) AS given,
  DATE '1930-01-01' + CAST(hash(i + 2) % 34000 AS INTEGER) AS born,
  ['F', 'M'][1 + CAST(hash(i + 4) % 2 AS INTEGER)] AS sex,
  'NR' || (1 + hash(i) % 30) || ' ' || (hash(i + 6) % 9) || 'AB' AS postcode,
  CAST(9000000000 + i AS VARCHAR) AS nhs"""


@register("extracts", "Rows of a Parquet extract by mapping, to person and contact.")
def run(*, full: bool) -> Iterator[Row]:
    """Measure in a district of its own, on SQLite, in a temporary folder."""
    rows, new = (5_000_000, 500_000) if full else (_ROWS, _NEW)
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as name:
        folder = Path(name)
        _prepare(folder, rows=rows, new=new)
        import pyarrow as pa

        from onesystem import people

        subjects = pa.array([f"P{i}" for i in range(_PEOPLE)])
        people.identify_table(subjects, source="pas", known_at=_NOW)
        peer = _measure(lambda: _copy(folder))
        known = _measure(lambda: _take(folder / "visits.parquet", rows))
        fresh = _measure(lambda: _take(folder / "newcomers.parquet", new))
        linking = _measure(people.link_pending)
        read = _measure(lambda: _read(folder / "visits.parquet"))
    peer_rate = rows / peer
    yield Row(
        name="rows about known people, landed and kept",
        value=rows / known,
        unit="rows/CPU s",
        target=200_000,
        peer="DuckDB, Parquet to Parquet, nothing else",
        peer_value=peer_rate,
    )
    yield Row(
        name="rows about new people, landed and kept, people linked",
        value=new / (fresh + linking),
        unit="rows/CPU s",
        target=30_000,
    )
    yield Row(name="of these, people linked", value=new / linking, unit="people/CPU s")
    yield Row(name="rows read by mapping, not kept", value=rows / read, unit="rows/CPU s")


def _prepare(folder: Path, *, rows: int, new: int) -> None:
    """A district with two mappings and the two files."""
    import duckdb

    (folder / "mappings").mkdir()
    (folder / "district.toml").write_text(_DISTRICT, encoding="utf-8")
    (folder / "mappings" / "visits.toml").write_text(_VISITS, encoding="utf-8")
    (folder / "mappings" / "newcomers.toml").write_text(_NEWCOMERS, encoding="utf-8")
    con = duckdb.connect()
    visits = _MAKE.format(p="", who=f"(hash(i * 17) % {_PEOPLE})", n=rows, more="")
    newcomers = _MAKE.format(p="N", who="i", n=new, more=_DESCRIBED)
    for file, query in (("visits", visits), ("newcomers", newcomers)):
        con.execute(f"COPY ({query}) TO '{folder / file}.parquet' (FORMAT parquet)")
    con.close()
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    from onesystem.wiring import open_district

    open_district()


def _measure(work: Callable[[], object]) -> float:
    before, clock = cpu_seconds(), perf_counter()
    work()
    return max(cpu_seconds() - before, 1e-9 * (perf_counter() - clock))


def _take(file: Path, rows: int) -> None:
    from onesystem import feeds

    report = feeds.take_in([file], "pas", link=False)
    if report.contacts != rows or report.total.rows_refused:
        msg = f"{file.name}: {report.total.rows_refused} rows refused, {report.contacts} contacts"
        raise RuntimeError(msg)


def _read(file: Path) -> None:
    from onesystem.district import current
    from onesystem.feeds.extract.choosing import extract_of

    district = current()
    source = district.source("pas")
    extract = extract_of(file, name=file.name, source=source, district=district)
    for _ in extract.chunks(zone=district.zone, known_at=_NOW, stamp=lambda: "bench"):
        pass


def _copy(folder: Path) -> None:
    import duckdb

    con = duckdb.connect(config={"threads": 1})
    con.execute(
        f"COPY (SELECT * FROM '{folder}/visits.parquet') TO '{folder}/copy.parquet'"
        " (FORMAT parquet, COMPRESSION zstd)"
    )
