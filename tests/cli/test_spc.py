"""`onesystem spc`: files of figures as charts, and what is wrong with a file."""

import gzip
import json
import shutil

import pytest
from click.testing import CliRunner

from onesystem.cli.spc import spc
from onesystem.vocabulary import BadConfig


@pytest.fixture
def attendances(data, tmp_path):
    return shutil.copy(data / "nhsr" / "ae_attendances.csv", tmp_path / "ae.csv")


def run(*args):
    """What the command prints; its errors are raised."""
    result = CliRunner().invoke(spc, [str(each) for each in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def wrong(*args):
    """The error of a command that cannot be done."""
    with pytest.raises(BadConfig) as caught:
        CliRunner().invoke(spc, [str(each) for each in args], catch_exceptions=False)
    return caught.value


def written(tmp_path, text, name="f.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


class TestForms:
    def test_json_says_everything(self, attendances):
        told = json.loads(
            run(attendances, "--facet", "org_code", "--value", "breaches", "--improve", "down",
                "--target", "1200", "--rebase", "2018-07-01", "--json")
        )  # fmt: skip
        assert [c["facets"]["org_code"] for c in told["charts"]] == ["R1H", "RF4", "RQM", "RRK"]
        chart = told["charts"][2]
        assert (chart["chart"], chart["improve"], len(chart["points"])) == ("xmr", "down", 36)
        assert [p["points"] for p in chart["phases"]] == [27, 9]
        first = chart["points"][0]
        assert first["date"] == "2016-04-01"
        assert set(first) >= {"value", "centre", "lower", "upper", "cause", "kind", "phase"}

    def test_csv_has_a_row_for_each_point(self, attendances):
        lines = run(attendances, "--facet", "org_code", "--value", "breaches", "--csv").splitlines()
        assert lines[0] == "org_code,date,value,centre,lower,upper,cause,way,kind,phase"
        assert len(lines) == 1 + 4 * 36

    def test_a_table_for_people_has_signals_first(self, attendances):
        out = run(attendances, "--facet", "org_code", "--value", "breaches", "--improve", "down")
        assert out.index("Of concern") < out.index("Common cause")

    def test_shares_get_laneys_limits_where_many_are_counted(self, attendances):
        told = json.loads(
            run(attendances, "--facet", "org_code", "--numerator", "breaches", "--denominator",
                "attendances", "--json")
        )  # fmt: skip
        assert {c["chart"] for c in told["charts"]} == {"pp"}

    def test_svg_of_one_series_is_a_file_and_of_many_a_folder(self, attendances, tmp_path):
        error = wrong(attendances, "--facet", "org_code", "--value", "breaches", "--svg",
                      tmp_path / "x.svg")  # fmt: skip
        assert "4 series" in str(error)
        run(attendances, "--facet", "org_code", "--value", "breaches", "--svg",
            tmp_path / "new")  # fmt: skip
        drawn = sorted(path.name for path in (tmp_path / "new").glob("*.svg"))
        assert drawn == ["R1H.svg", "RF4.svg", "RQM.svg", "RRK.svg"]
        assert (tmp_path / "new" / "RQM.svg").read_text().startswith("<svg xmlns=")

    def test_parquet_and_gzip(self, attendances, tmp_path):
        import pyarrow.csv
        import pyarrow.parquet

        plain = run(attendances, "--facet", "org_code", "--value", "breaches", "--csv")
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(attendances), tmp_path / "ae.parquet")
        (tmp_path / "ae.csv.gz").write_bytes(gzip.compress(attendances.read_bytes()))
        for name in ("ae.parquet", "ae.csv.gz"):
            assert (
                run(tmp_path / name, "--facet", "org_code", "--value", "breaches", "--csv") == plain
            )


class TestReading:
    @pytest.mark.parametrize(
        ("written_as", "day"),
        [
            ("2026-01-31", "2026-01-31"), ("31/01/2026", "2026-01-31"), ("2026-01", "2026-01-01"),
            ("Jan 2026", "2026-01-01"), ("31 January 2026", "2026-01-31"), ("2026", "2026-01-01"),
            ("Q2 2026", "2026-04-01"), ("2026-Q2", "2026-04-01"), ("2026-W05", "2026-01-26"),
            ("2026-01-31T23:59:00Z", "2026-01-31"),
        ],
    )  # fmt: skip
    def test_dates_as_people_write_them(self, tmp_path, written_as, day):
        told = json.loads(run(written(tmp_path, f"date,value\n{written_as},1\n"), "--json"))
        assert told["charts"][0]["points"][0]["date"] == day

    def test_what_is_not_known_is_left_out_and_said(self, tmp_path):
        path = written(tmp_path, 'Month,n\n2026-01,"1,204"\n2026-02,*\n2026-03,[x]\n2026-04,12%\n')
        told = json.loads(run(path, "--json"))["charts"][0]
        assert [p["value"] for p in told["points"]] == [1204, None, None, 12]
        assert "2 of 4 points" in told["warnings"][0]

    def test_events_are_charted_by_the_days_between_them(self, tmp_path):
        path = written(tmp_path, "date\n2026-01-01\n2026-01-04\n2026-02-01\n")
        told = json.loads(run(path, "--chart", "t", "--json"))["charts"][0]
        assert [p["value"] for p in told["points"]] == [None, 3, 28]

    def test_empty_lines_at_the_end_and_a_byte_order_mark_do_no_harm(self, tmp_path):
        path = written(tmp_path, "\ufeffdate,value\n2026-01-01,1\n\n\n")
        assert len(json.loads(run(path, "--json"))["charts"][0]["points"]) == 1


class TestWrong:
    @pytest.mark.parametrize(
        ("text", "where", "cure"),
        [
            ("", "the file is empty", "a line of column names"),
            ("a,b\nx,2\n", "no column is called date", "--date NAME"),
            ("date,a,b\n2026-01-01,2,3\n", "no column is called value", "--value NAME"),
            ("date,value\n2026-01-01,x\n", "row 2, column value: 'x'", "12.5"),
            ("date,value\n2026-01-01,inf\n", "row 2, column value: 'inf'", "12.5"),
            ("date,value\n2026-02-30,1\n", "row 2, column date: '2026-02-30'", "2026-01-31"),
            ("date,value\n31/31/2026,1\n", "'31/31/2026' is not a date", "the day first"),
            ("date,value\n2026-01-01,1,2\n", "row 2: 3 cells stand under 2", "quotes"),
            ("date,value,value\n2026-01-01,1,2\n", "two columns are called 'value'", "own"),
            ("date,value\n2026-01-01,1\n2026-01-01,2\n", "row 3, column date", "one row"),
            ("date,value,hue\n2026-01-01,1,a\n2026-01-01,2,b\n", "row 3", "--facet hue"),
            ("date,numerator,denominator\n2026-01-01,-1,2\n", "below nought", "nought"),
        ],
    )
    def test_a_file_that_cannot_be_read_says_where_and_what_to_do(
        self, tmp_path, text, where, cure
    ):
        error = wrong(written(tmp_path, text))
        assert where in error.what
        assert cure in error.cure

    def test_a_misspelt_column_gets_the_nearest(self, attendances):
        assert "breaches" in wrong(attendances, "--value", "breachs").cure

    def test_a_numerator_alone(self, attendances):
        assert "--denominator" in wrong(attendances, "--numerator", "breaches").cure

    def test_bytes_that_are_not_utf_8_are_of_windows(self, tmp_path):
        path = tmp_path / "f.csv"
        path.write_bytes(b"date,value\n2026-01-01,\xff\n")
        assert "row 2, column value: '\N{LATIN SMALL LETTER Y WITH DIAERESIS}'" in str(wrong(path))

    def test_a_short_baseline(self, tmp_path):
        path = written(tmp_path, "date,value\n2026-01-01,1\n")
        assert "12 points" in str(wrong(path, "--baseline", "11"))

    def test_a_rebase_that_is_not_there_is_said(self, tmp_path):
        path = written(tmp_path, "date,value\n2026-01-01,1\n2026-02-01,2\n")
        told = json.loads(run(path, "--rebase", "2026-01-15", "--json"))
        assert "2026-01-15" in told["charts"][0]["warnings"][0]
