"""Linking lists without a district, on published truth sets."""

import csv
import gzip
import json
import re

import pytest
from click.testing import CliRunner

from onesystem.cli.people import people
from onesystem.people.charsets import in_utf8
from onesystem.people.columns import guess
from onesystem.people.dates import Written, date_text, how_written
from onesystem.people.lists import link_lists, pair_scores
from onesystem.people.whole_names import parted
from onesystem.vocabulary import BadConfig


def score(result):
    cluster = {(file, key): group for file, key, group in result.rows}
    truth = {each: re.match(r"rec-(\d+)-", each[1])[1] for each in cluster}
    return pair_scores(cluster, truth)


def test_a_list_is_linked_within_itself(data):
    """FEBRL 3, the records of 500 people with up to five duplicates each."""
    result = link_lists([data / "febrl" / "febrl3_cut.csv.gz"], id_column="rec_id")
    found = score(result)
    assert found["precision"] >= 0.999
    assert found["f1"] >= 0.9914
    assert result.report["persons"] == pytest.approx(500, abs=5)


@pytest.mark.parametrize(
    ("files", "unique", "least"),
    [(("febrl4a.csv.gz", "febrl4b.csv.gz"), True, 0.9987), (("febrl3.csv.gz",), False, 0.9914)],
)
def test_whole_truth_sets_reach_what_splink_reached(shared_data, files, unique, least):
    folder = shared_data / "linkage" / "febrl"
    result = link_lists([folder / f for f in files], id_column="rec_id", unique=unique)
    assert score(result)["f1"] >= least


def test_two_lists_are_linked_by_the_command(data, tmp_path):
    """Originals in one file, duplicates in the other; clusters keep the order of rows."""
    with gzip.open(data / "febrl" / "febrl3_cut.csv.gz", "rt", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    for name, mark in (("a.csv", "-org"), ("b.csv", "-dup-0")):
        with (tmp_path / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *(r for r in rows if r[0].endswith(mark))])
    out = tmp_path / "clusters.csv"
    ran = CliRunner().invoke(
        people,
        ["link", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--id", "rec_id", "--unique",
         "--out", str(out), "--json"],
    )  # fmt: skip
    assert ran.exit_code == 0, ran.output
    assert "given=given_name" in ran.stderr
    report = json.loads(ran.stdout)
    assert report["largest"] == 2
    with out.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["cluster"] for line in lines[:3]] == ["1", "2", "3"]
    found = pair_scores(
        {line["rec_id"]: line["cluster"] for line in lines},
        {line["rec_id"]: line["rec_id"].split("-")[1] for line in lines},
    )
    assert found["f1"] >= 0.99


class TestWhatCannotBeLinkedSaysTheCure:
    def refused(self, tmp_path, text, **more):
        file = tmp_path / "list.csv"
        file.write_bytes(text.encode("latin-1"))
        with pytest.raises(BadConfig) as caught:
            link_lists([file], **({"id_column": "id"} | more))
        return str(caught.value)

    def test_no_such_column(self, tmp_path):
        said = self.refused(tmp_path, "ident,surname\n1,a\n", id_column="idnt")
        assert "Did you mean 'ident'" in said

    def test_nothing_to_compare_by(self, tmp_path):
        assert "--map" in self.refused(tmp_path, "id,colour\n1,red\n")

    def test_no_rows(self, tmp_path):
        assert "no rows" in self.refused(tmp_path, "id,surname,dob\n")

    def test_a_threshold_that_is_no_probability(self, tmp_path):
        assert "probability" in self.refused(tmp_path, "id,a\n1,b\n", threshold=12)


HEAD = "id,first name,surname,date of birth,post code\n"
ROWS = "1,Zo\xeb,Hughes,1950-03-04,NR1 1AA\n2,Zoe,Hughes,1950-03-04,NR1 1AA\n"


class TestListsOfOddShapes:
    @pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
    @pytest.mark.parametrize("between", [",", ";", "\t"])
    def test_a_list_as_a_spreadsheet_saves_it(self, tmp_path, charset, between):
        """In whatever character set and with whatever between its values."""
        file = tmp_path / "list.csv"
        file.write_bytes((HEAD + ROWS).replace(",", between).encode(charset))
        with in_utf8(file) as readable:
            read = readable.read_bytes().decode("utf-8-sig")
        assert read == (HEAD + ROWS).replace(",", between)
        assert [row[1] for row in link_lists([file], id_column="id").rows] == ["1", "2"]

    def test_one_name_is_enough_beside_a_birth_date(self, tmp_path):
        """The comparison of names looks for swapped ones, and finds the other empty."""
        file = tmp_path / "list.csv"
        file.write_text("id,surname,dob\n1,Si\xe1n,1980-01-01\n2,Lee,1970-01-01\n")
        assert len(link_lists([file], id_column="id").rows) == 2

    def test_a_line_of_another_length_is_named_and_loses_no_other(self, tmp_path):
        """It used to make a preamble of all that stood before it."""
        file = tmp_path / "list.csv"
        file.write_text(HEAD + ROWS + "3,only\n4,a,b,1950-01-01,NR1,more,more\n")
        with pytest.raises(BadConfig, match="line 4 has 2 values") as told:
            link_lists([file], id_column="id")
        assert "as many values as the first" in str(told.value)

    def test_ids_that_are_shared_or_missing_are_told_of(self, tmp_path):
        """Every row is in the result, in the order of the file."""
        file, said = tmp_path / "list.csv", []
        file.write_text(HEAD + ROWS + "2,Ann,Lee,1970-01-01,NR3 3CC\n,Bob,Ray,1980-01-01,NR4 4DD\n")
        rows = link_lists([file], id_column="id", say=said.append).rows
        assert [row[1] for row in rows] == ["1", "2", "2", None]
        assert any("share their id with another, or have none: 1;" in line for line in said)


class TestDates:
    @pytest.mark.parametrize(
        "written",
        ["1950-03-14", "19500314", "14/03/1950", "14.3.1950", "14/3/50", "14031950",
         "14-Mar-1950", "14 march 50", "March 14, 1950", "14th March 1950", "1950-03-14T08:00:00Z"],
    )  # fmt: skip
    def test_one_date_in_many_forms(self, written):
        how = how_written([written], this_year=2026)
        assert date_text(written, how) == "1950-03-14"

    def test_the_column_tells_the_day_from_the_month(self):
        assert how_written(["03/04/1950", "03/14/1950"]).first == "month"
        assert how_written(["03/04/1950", "14/03/1950"]).first == "day"
        assert how_written(["13/14/1950", *["03/14/1950"] * 20]).first == "month"
        assert how_written(["1/1/1900", "", "05/05/1950"]).first == "day"  # either is the same

    @pytest.mark.parametrize("values", [["03/04/1950"], ["14/03/1950", "03/14/1950"]])
    def test_what_the_column_does_not_tell_is_asked_for(self, values):
        with pytest.raises(BadConfig, match="--dates day"):
            how_written(values)
        assert how_written(values, said="month").first == "month"

    def test_a_nought_that_a_spreadsheet_took_away(self):
        assert date_text("4031950", Written(packed_last=True)) == "1950-03-04"


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [("Hughes, Siân", "Hughes", "Siân"), ("Siân Hughes", "Hughes", "Siân"),
     ("HUGHES Siân Mary", "HUGHES", "Siân Mary"), ("HUGHES, SIÂN", "HUGHES", "SIÂN"),
     ("Mrs. Siân (Shan) Hughes", "Hughes", "Siân"), ("van der Berg, Jan", "van der Berg", "Jan"),
     ("Jan van der Berg", "van der Berg", "Jan"), ("Hughes,", "Hughes", ""), (" ", "", "")],
)  # fmt: skip
def test_a_whole_name_is_parted(name, family, given):
    assert parted(name) == (family, given)


def test_columns_are_known_by_many_names():
    header = ["Patient Surname", "pat_forename", "dateOfBirth", "Home Postcode", "NHS No.", "id"]
    assert guess(header, given={}, id_column="id") == {
        "family": "Patient Surname", "given": "pat_forename", "birth": "dateOfBirth",
        "postcode": "Home Postcode", "number": "NHS No.",
    }  # fmt: skip
    assert guess(["name", "surname"], given={}, id_column="") == {
        "family": "surname",
        "given": "name",
    }
    assert guess(["Full Name", "dob"], given={}, id_column="") == {
        "name": "Full Name",
        "birth": "dob",
    }


WHOLE = "ref;full name;date of birth;post code\n1;Hughes, Siân;14/03/1950;NR1 1AA\n2;Ann Lee;13/05/1970;NR3 3CC\n"  # noqa: E501
PARTS = "ref,first,last,dob,zip\na,Sian,Hughes,03/14/1950,NR11AA\nb,Ann,Lee,5/13/1970,NR33CC\n"


def test_a_list_of_whole_names_is_linked_to_one_of_parts(tmp_path):
    """Each with its own order of dates; two short lists are enough."""
    (tmp_path / "a.csv").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "b.csv").write_text(PARTS, encoding="utf-8")
    rows = link_lists([tmp_path / "a.csv", tmp_path / "b.csv"], id_column="ref").rows
    assert [cluster for *_, cluster in rows] == [1, 2, 1, 2]


def test_what_stands_for_not_known_links_nobody(tmp_path):
    """A default birth date, a number of noughts, and one telephone of a whole list."""
    file, said = tmp_path / "list.csv", []
    with file.open("w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(["id", "surname", "forename", "dob", "nhs number", "phone"])
        for i in range(60):
            name = "".join(chr(97 + (i * k + i // 26) % 26) for k in (3, 5, 7, 11, 1))
            born = "1900-01-01" if i < 30 else f"19{i}-03-{1 + i % 28:02}"
            lines.writerow([i, "Smith", name, born, "0000000000", "01603 123456"])
    result = link_lists([file], id_column="id", say=said.append)
    assert result.report["persons"] == 60
    assert result.report["fields"]["number"] == 0
    assert sum("taken as not known" in line for line in said) == 2
