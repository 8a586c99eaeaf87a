"""Files as they come: in any character set, cut off, swollen, dressed up. The rest goes on."""

import gzip
import threading

import pytest

from onesystem.feeds.extract import dry_run
from onesystem.feeds.extract.choosing import extract_of
from onesystem.feeds.extract.dry import at_most
from onesystem.vocabulary import BadInput

HEAD = "id,who,ward,in,out\n"
ROW = "{},Zoë,A,2026-01-01,\n"


def rows(*ids):
    return HEAD + "".join(ROW.format(i) for i in ids)


CHARACTER_SETS = ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", CHARACTER_SETS)
def test_a_character_set_is_found_out(read, encoding):
    found = read(rows(1, 2).encode(encoding))

    assert found.column("subject") == ["Zoë", "Zoë"]
    assert ("encoding" in found.remarks) == (not encoding.startswith("utf-8"))


def test_a_character_set_that_is_said_wrongly_is_named(read, visits):

    mapping = visits + '[file]\nencoding = "utf-8"\n'

    with pytest.raises(BadInput, match="cp1252") as refusal:
        read(rows(1).encode("cp1252"), mapping)
    assert refusal.value.rule == "extract.wrong-encoding"


def test_two_character_sets_in_one_file_cost_only_the_rows_of_the_second(read):
    mixed = rows(1).encode() + ROW.format(2).encode("cp1252") + ROW.format(3).encode()

    found = read(mixed)

    assert found.column("key") == ["1", "3"]
    assert found.refused == [(2, "wrong-encoding")]


def test_a_nul_byte_costs_its_row(read):
    found = read(rows(1, "2\0", 3, *range(4, 40)))

    assert found.refused == [(2, "nul")]
    assert len(found.rows) == 38


UNCLOSED = [
    '2,p,"A,2026-01-01,\n',
    '2,p,A","2026-01-01,\n',
    '"2,p,A,2026-01-01,\n',
]


@pytest.mark.parametrize("line", UNCLOSED)
@pytest.mark.parametrize("behind", [1, 300])
def test_a_quote_that_is_never_closed_costs_its_row_and_no_other(read, line, behind):
    ids = range(10, 10 + behind)

    found = read(rows(1) + line + "".join(ROW.format(i) for i in ids))

    assert found.column("key") == ["1", *map(str, ids)]
    assert found.refused == [(2, "quotes")]


def test_two_quotes_that_are_never_closed(read):
    found = read(
        rows(1) + '2,"p,A,2026-01-01,\n' + ROW.format(3) + '4,"p,A,2026-01-01,\n' + ROW.format(5)
    )

    assert found.column("key") == ["1", "3", "5"]
    assert found.refused == [(2, "quotes"), (4, "quotes")]


def test_line_ends_inside_quotes_are_kept(read):
    found = read(HEAD + '1,p,"A\r\nB ""C""",2026-01-01,\r\n2,p,D,2026-01-01,\r\n')

    assert found.column("service") == ['A\r\nB "C"', "D"]


def test_a_line_of_ten_megabytes(read):
    found = read(rows(1) + "2," + "x" * 10_000_000 + ",A,2026-01-01,\n" + ROW.format(3))

    assert found.column("key") == ["1", "3"]
    assert found.refused == [(2, "long-line")]
    assert len(found.why[0].content) < 3000


def test_formulas_are_text(read):
    found = read(HEAD + "1,=cmd|'/c calc'!A0,@SUM(1),2026-01-01,\n")

    assert found.column("subject") == ["=cmd|'/c calc'!A0"]
    assert found.column("service") == ["@SUM(1)"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_delimiter_is_found_out(read, mark):
    assert read(rows(1).replace(",", mark)).column("service") == ["A"]


def test_a_column_named_twice_is_said(read):
    found = read("id,who,ward,in,out,ward\n1,p,A,2026-01-01,,B\n")

    assert found.column("service") == ["A"]
    assert found.remarks == {"column-twice"}


def test_a_header_and_nothing_more(read):
    assert (read(HEAD).rows, read(HEAD).count) == ([], 0)


def parquet(cut):
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({"id": [str(i) for i in range(5000)]}), out)
    return out.getvalue()[:cut]


WHOLE_FILES = [
    (b"", "empty"),
    (bytes(range(256)) * 50, "not-text"),
    (b"x" * 10_000_000, "no-lines"),
    (b",,,\n1,2,3,4\n", "no-header"),
    (parquet(3000), "truncated"),
    (parquet(-1), "truncated"),
    (parquet(10), "truncated"),
    (b"PK\x03\x04" + b"\0" * 100, "not-rows"),
    (b"%PDF-1.7\n", "not-rows"),
    (gzip.compress(b"id,who\n" * 1000)[:-10], "truncated"),
    (gzip.compress(b"\0" * 100_000_000), "bomb"),
]


@pytest.mark.parametrize(("content", "rule"), WHOLE_FILES, ids=[str(i) for i in range(11)])
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(read, content, rule):
    with pytest.raises(BadInput) as refusal:
        read(content)

    assert refusal.value.rule == f"extract.{rule}"
    assert refusal.value.cure


def test_damage_in_the_middle_of_parquet(read):
    """The foot of the file is whole and its pages are not."""
    whole = bytearray(parquet(None))
    whole[100:4000] = b"\xff" * 3900

    with pytest.raises(BadInput) as refusal:
        read(bytes(whole), 'name = "x"\nversion = 1\n[person]\nsubject = "id"\n')
    assert refusal.value.rule == "extract.truncated"


NO_MAPPING = [
    ("README.md", b"# Data\n", "not-data"),
    ("LICENSE", b"Do what you like.\n", "not-data"),
    ("d.csv", b"Column Name,Data Type,Description\na,b,c\n", "dictionary"),
    ("labels.csv", b"id_l,id_r,score\n1,2,0.5\n", "pairs"),
    ("index.csv", b"file,rows,licence\na.csv,5,MIT\n", "index"),
    ("ae.csv", b"period,org_code,attendances,breaches\n2020,A,5,6\n", "counts"),
    ("codes.csv", b"icd9_code,short_title,long_title\n1,2,3\n", "code-list"),
    ("other.csv", b"alpha,beta\n1,2\n", "no-mapping"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content", "rule"), NO_MAPPING)
def test_a_file_that_no_mapping_fits_is_told_what_it_seems_to_be(
    tmp_path, district, name, content, rule
):
    file = tmp_path / "blob"
    file.write_bytes(content)

    with pytest.raises(BadInput) as refusal:
        extract_of(file, name=f"../{name}", source=district.source("pas"), district=district)
    assert refusal.value.rule == f"extract.{rule}"
    assert refusal.value.cure


@pytest.mark.django_db
def test_the_nearest_mapping_is_named(tmp_path, district):
    file = tmp_path / "febrl.csv"
    file.write_bytes(b"rec_id,given_name,surname,suburb,date_of_birth,soc_sec_id\n")

    with pytest.raises(BadInput, match="febrl, also needs: street_number"):
        extract_of(file, name=file.name, source=district.source("pas"), district=district)


def test_a_mapping_reads_no_other_file(tmp_path, district):
    """The query of a mapping from a stranger can open the one file that it is tried on."""
    from onesystem.feeds.extract.opening import Opened
    from onesystem.feeds.extract.tables import connect

    file, other = tmp_path / "a.csv", tmp_path / "b.csv"
    for each in (file, other):
        each.write_text("id\n1\n")
    con = connect(Opened(path=file).path)
    import duckdb

    assert con.execute(f"SELECT count(*) FROM read_csv('{file}')").fetchone() == (1,)
    for query in (
        f"SELECT * FROM read_csv('{other}')",
        f"COPY (SELECT 1) TO '{other}'",
        f"ATTACH '{tmp_path}/x.db'",
        "SET enable_external_access = true",
    ):
        with pytest.raises(duckdb.Error):
            con.execute(query)


@pytest.mark.django_db
def test_a_dry_run_ends(tmp_path, district):
    file = tmp_path / "febrl.csv"
    head = "rec_id,given_name,surname,street_number,suburb,date_of_birth,soc_sec_id,address_1,"
    head += "address_2,postcode,state\n"
    file.write_text(head + "a,b,c,d,e,19500101,g,h,i,j,k\n" * 200_000)

    with pytest.raises(BadInput) as refusal:
        dry_run(file, source=district.source("pas"), district=district, seconds=0.01)
    assert refusal.value.rule == "extract.too-long"


def test_a_dry_run_ends_between_two_batches_too():
    """DuckDB is stopped while Arrow asks it for more: that one tells of it, as of a broken file."""

    class Query:
        stopped = threading.Event()

        def interrupt(self):
            self.stopped.set()

        def next_batch(self):
            self.stopped.wait()
            raise OSError("INTERRUPT Error: Interrupted!")

    query = Query()
    with pytest.raises(BadInput) as refusal, at_most(0.0, query):
        query.next_batch()
    assert refusal.value.rule == "extract.too-long"


def test_two_kinds_of_line_ends_in_one_file(read):
    """Parts of two systems put together, and a last line that is no row: the rest is read."""
    found = read(HEAD + '1,p,"A\r\nB",2026-01-01,\r\n2,p,D,2026-01-01,\nTotal: 2\n')

    assert found.column("service") == ["A\r\nB", "D"]
    assert found.refused == [(3, "ragged")]


def test_a_first_line_that_excel_writes_for_itself(read):
    found = read("sep=;\r\n" + HEAD.replace(",", ";") + "1;p;A;2026-01-01;\r\n")

    assert found.column("service") == ["A"]


def test_a_header_in_capitals(read):
    found = read(HEAD.upper() + "1,p,A,2026-01-01,\n")

    assert found.column("service") == ["A"]
