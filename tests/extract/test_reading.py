"""Rows by mapping: values, times, refusals, flags."""
# ruff: noqa: DTZ001 - sources send times without a zone; that is what is tested

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.feeds.extract.zones import to_utc_us
from onesystem.vocabulary import BadConfig, to_utc

HEAD = "id,who,ward,in,out\n"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def person(lines):
    return 'name = "people"\nversion = 1\n[person]\nsubject = "id"\n' + lines


def contact(lines, above=""):
    return (
        f'name = "x"\nversion = 1\n{above}\n[contact]\nkey = "id"\nsubject = "who"\n'
        f'service = "ward"\n{lines}'
    )


@settings(deadline=None)  # the first time of a zone lays its changes out
@given(
    st.datetimes(datetime(1905, 1, 1), datetime(2290, 1, 1)),
    st.sampled_from(
        ["Europe/London", "Pacific/Auckland", "America/New_York", "Australia/Lord_Howe", "UTC"]
    ),
)
def test_local_times_become_utc_as_the_vocabulary_says(local, zone):
    us = (local - datetime(1970, 1, 1)) // timedelta(microseconds=1)

    (found,) = to_utc_us(np.array([us]), zone)

    assert EPOCH + timedelta(microseconds=int(found)) == to_utc(local, zone)


CLOCKS = [
    # what the source wrote, and what it was in UTC (London)
    ("2026-01-15 08:30:00", "2026-01-15 08:30"),
    ("2026-07-15 08:30:00", "2026-07-15 07:30"),
    ("2026-07-15T08:30:00Z", "2026-07-15 08:30"),
    ("2026-07-15T08:30:00+12:00", "2026-07-14 20:30"),
    ("2026-10-25 01:30:00", "2026-10-25 00:30"),  # happens twice: the first
    ("2026-03-29 01:30:00", "2026-03-29 01:30"),  # never was: counts on
    ("2026-07-15", "2026-07-14 23:00"),
    ("1985-07-15 08:30:00", "1985-07-15 07:30"),
    ("2150-07-15 08:30:00", "2150-07-15 07:30"),
]


@pytest.mark.parametrize(("wrote", "utc"), CLOCKS)
def test_a_time_without_a_format(read, wrote, utc):
    (started,) = read(f"{HEAD}1,p,A,{wrote},\n").column("started")

    assert f"{started:%Y-%m-%d %H:%M}" == utc


FORMATS = [
    ('{ column = "in", format = "%d/%m/%Y %H:%M" }', "15/07/2026 08:30", "2026-07-15 07:30"),
    ('{ column = "in", format = ["%d.%m.%Y", "%d/%m/%y"] }', "15/01/26", "2026-01-15 00:00"),
    ('{ column = "in", zone = "Pacific/Auckland" }', "2026-01-15 08:30", "2026-01-14 19:30"),
    ('{ column = "in", format = "excel" }', "46037.5", "2026-01-15 12:00"),
    ('{ column = "in", format = "epoch" }', "1768478400", "2026-01-15 12:00"),
    ('{ column = "in", format = "epoch-ms" }', "1768478400000", "2026-01-15 12:00"),
    ('{ column = "in", time = "out" }', "2026-01-15", "2026-01-15 09:05"),
    ('{ column = "in", before = { minutes = 90 } }', "2026-01-15 08:30", "2026-01-15 07:00"),
    ('{ column = "in", after = { days = 1, hours = 2 } }', "2026-01-15 08:30", "2026-01-16 10:30"),
]


@pytest.mark.parametrize(("value", "wrote", "utc"), FORMATS)
def test_a_time_with_a_format(read, value, wrote, utc):
    (started,) = read(f"{HEAD}1,p,A,{wrote},09:05\n", contact(f"started = {value}")).column(
        "started"
    )

    assert f"{started:%Y-%m-%d %H:%M}" == utc


WORDS = [
    ('"ward"', " A7 ", "A7"),
    ('{ column = "ward", values = { A7 = "acute" } }', "A7", "acute"),
    ('{ column = "ward", values = { A7 = "acute" } }', "B1", "B1"),
    ('{ column = "ward", values = { A7 = "acute" }, default = "other" }', "B1", "other"),
    ('{ column = "ward", default = "none" }', "", "none"),
    ('{ fixed = "ED" }', "A7", "ED"),
    ('{ concat = ["who", { fixed = "-" }, "ward"] }', "A7", "p-A7"),
    ('{ first = ["bed", "ward"] }', "A7", "A7"),
    ('["who", "bed", "ward"]', "A7", "p, A7"),
    ('{ column = "ward", split = "/", part = 2 }', "site/A7", "A7"),
    ('{ column = "ward", pattern = "([A-Z])([0-9])", part = 2 }', "..A7..", "7"),
    ('{ column = "ward", case = "lower" }', "A7", "a7"),
    ("{ row = true }", "A7", "file/1"),
]


@pytest.mark.parametrize(("value", "wrote", "words"), WORDS)
def test_a_value(read, value, wrote, words):
    mapping = contact(f'started = "in"\nreason = {value}', '[file]\nnulls = ["?"]')
    text = f"id,who,ward,in,bed\n1,p,{wrote or '?'},2026-01-01,\n"
    if not wrote:
        mapping = mapping.replace('service = "ward"', 'service = "who"')

    assert read(text, mapping).column("reason") == [words]


def test_words_that_mean_nothing_are_only_those_that_the_mapping_lists(read):
    """NA is a case of the sepsis log; only an empty value is nothing by itself."""
    text = f"{HEAD}NA,NULL,None,2026-01-01,\n"

    (row,) = read(text).rows

    assert (row["key"], row["subject"], row["service"]) == ("NA", "NULL", "None")
    nulls = contact('started = "in"', '[file]\nnulls = ["NA"]')
    assert read(text, nulls).refused == [(1, "no-key")]


REFUSED = [
    (",p,A,2026-01-01,", "no-key"),
    ("1,,A,2026-01-01,", "no-person"),
    ("1,p,,2026-01-01,", "no-service"),
    ("1,p,A,,", "no-time"),
    ("1,p,A,31/01/2026,", "bad-time"),
    ("1,p,A,2026-02-30,", "bad-time"),
    ("1,p,A,infinity,", "bad-time"),
    ("1,p,A,0026-01-01,", "bad-time"),
    ("1,p,A,2026-01-01,soon", "bad-time"),
    ("1,p,A", "ragged"),
    ("1,p,A,2026-01-01,,B,C", "ragged"),
]


@pytest.mark.parametrize(("line", "rule"), REFUSED)
def test_a_row_is_refused_by_itself(read, line, rule):
    good = "7,p,A,2026-01-01,2026-01-02"

    found = read(f"{HEAD}{good}\n{line}\n{good.replace('7', '8', 1)}\n")

    assert found.refused == [(2, rule)]
    assert found.column("key") == ["7", "8"]
    assert found.count == 3
    assert found.why[0].what
    assert found.why[0].cure
    assert found.why[0].content.startswith("{")


def test_a_refusal_says_what_stands_there(read):
    (why,) = read(f"{HEAD}1,p,A,31/01/2026,\n").why

    assert "in says '31/01/2026'" in why.what
    assert "format" in why.cure


def test_rows_keep_their_numbers_behind_lines_that_are_no_rows(read):
    lines = ["1,p,A,2026-01-01,", "ragged", ",p,A,2026-01-01,", "x", "y,z", "2,p,A,bad,"]

    found = read(HEAD + "\n".join(lines) + "\n")

    assert [row for row, _ in found.refused] == [2, 3, 4, 5, 6]


def test_a_stay_that_ends_before_it_starts_is_kept_and_flagged_or_refused(read):
    text = f"{HEAD}1,p,A,2026-01-02,2026-01-01\n"

    flagged = read(text)
    refused = read(text, contact('started = "in"\nended = "out"\nnegative_stay = "refuse"'))

    assert flagged.remarks == {"negative-stay"}
    assert len(flagged.rows) == 1
    assert refused.refused == [(1, "negative-stay")]


def test_times_to_come_are_flagged(read):
    assert read(f"{HEAD}1,p,A,2031-01-02,\n").remarks == {"future"}


def test_a_person(read):
    mapping = person(
        'full_name = "name"\nsex = "sex"\n'
        'birth_date = { column = "born", format = "%d/%m/%Y" }\n'
        'number = "nhs"\nscheme = { fixed = "nhs" }'
    )
    text = 'id,name,sex,born,nhs\n1,"Ngata, Hēmi Rāwiri",M,01/02/1950,943 476 5919\n2,Ann Lee,2,,\n'

    first, second = read(text, mapping).rows

    assert (first["family"], first["given"]) == ("Ngata", "Hēmi Rāwiri")
    assert (first["sex"], first["birth_date"]) == ("male", date(1950, 2, 1))
    assert (second["family"], second["given"], second["sex"]) == ("Lee", "Ann", "female")
    assert second["birth_date"] is None


def test_birth_dates_that_cannot_be(read):
    text = "id,born\n1,19501301\n2,20900101\n3,18440718\n4,19500101\n"
    strict = person('birth_date = { column = "born", format = "%Y%m%d" }')
    mild = person('birth_date = { column = "born", format = "%Y%m%d", otherwise = "empty" }')

    assert read(text, strict).refused == [(1, "bad-time"), (2, "impossible-date")]
    assert read(text, strict).remarks == {"great-age"}
    assert read(text, mild).column("birth_date") == [
        None,
        None,
        date(1844, 7, 18),
        date(1950, 1, 1),
    ]
    assert read(text, mild).remarks == {"great-age", "time-left-empty"}


def test_parquet_keeps_its_types(read, tmp_path):
    """Whole numbers that came as floats are keys without `.0`; times carry their zone or none."""
    file = tmp_path / "v.parquet"
    naive = [datetime(2026, 7, 1, 8), datetime(2026, 1, 1, 8)]
    aware = pa.array([t.replace(tzinfo=UTC) for t in naive], pa.timestamp("us", "Pacific/Auckland"))
    table = pa.table(
        {"id": [1.0, 2.5], "who": [7, 8], "ward": ["A", "B"], "in": naive, "out": aware}
    )
    pq.write_table(table, file)

    found = read(file)

    assert found.column("key") == ["1", "2.5"]
    assert found.column("subject") == ["7", "8"]
    assert [t.hour for t in found.column("started")] == [7, 8]
    assert [t.hour for t in found.column("ended")] == [8, 8]


def test_a_column_that_is_not_there_is_answered_with_the_nearest(read):
    with pytest.raises(BadConfig, match=r"'wards'.*'ward'"):
        read(HEAD + "1,p,A,2026-01-01,\n", contact('started = "in"\nreason = "wards"'))


def test_words_of_a_mapping_are_never_sql(read):
    """Quotes and semicolons in names and values stay names and values."""
    odd = """a"; DROP TABLE x; --"""
    mapping = contact(
        f'started = "in"\nreason = {{ column = \'{odd}\', values = {{ x = "it\'s" }} }}'
    )

    (row,) = read(
        f'id,who,ward,in,"{odd.replace(chr(34), chr(34) * 2)}"\n1,p,A,2026-01-01,x\n', mapping
    ).rows

    assert row["reason"] == "it's"


def test_a_condition_chooses_rows(read):
    mapping = contact('started = "in"\nwhen = { column = "ward", not_in = ["B"] }')

    found = read(f"{HEAD}1,p,A,2026-01-01,\n2,p,B,not a time,\n", mapping)

    assert found.column("on") == [True, False]
    assert found.refused == []
