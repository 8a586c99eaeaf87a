"""Files as improvement teams keep them, through the command."""

import json

import pytest
from click.testing import CliRunner

from onesystem.cli.spc import spc
from onesystem.vocabulary import BadConfig

MONTHS = [f"{2022 + i // 12}-{i % 12 + 1:02}-28" for i in range(24)]


@pytest.fixture
def told(tmp_path):
    """The charts of a file, as JSON."""

    def ask(text, *words):
        file = tmp_path / "data.csv"
        file.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(spc, [str(file), "--json", *words])
        if done.exception:
            raise done.exception
        return json.loads(done.stdout)["charts"]

    return ask


def rows(head, each):
    return head + "\n" + "\n".join(each(i, month) for i, month in enumerate(MONTHS)) + "\n"


SHARES = rows("month,breaches,attendances", lambda i, m: f"{m},{700 + i},1500")
SITES = "date,site,value\n" + "".join(
    f"{m},{s},{i % 5}\n" for s in "AB" for i, m in enumerate(MONTHS)
)


def test_a_target_and_a_new_phase_stand_in_columns(told):
    text = rows("date,value,target,rebase", lambda i, m: f"{m},{50 + i % 3},90,{int(i == 12)}")
    (chart,) = told(text, "--improve", "up")
    assert chart["target"] == 90
    assert chart["assurance"] == "fail"
    assert [phase["from"] for phase in chart["phases"]] == ["2022-01-28", "2023-01-28"]
    (other,) = told(text, "--improve", "up", "--target", "10", "--rebase", "2022-07")
    assert other["assurance"] == "pass"
    assert other["phases"][1]["from"] == "2022-07-28"  # a month is its first point


def test_a_target_that_was_another_once_is_said(told):
    text = rows("date,value,target", lambda i, m: f"{m},{50 + i % 3},{80 if i < 9 else 90}")
    (chart,) = told(text)
    assert chart["target"] == 90
    assert any("was not always 90" in said for said in chart["warnings"])


def test_shares_are_found_and_take_a_target_in_percent(told):
    (chart,) = told(SHARES, "--target", "45%", "--improve", "down")
    assert (chart["chart"], chart["target"]) == ("pp", 0.45)
    with pytest.raises(BadConfig, match=r"cannot reach a target of 45. Write --target 0.45"):
        told(SHARES, "--target", "45")


@pytest.mark.parametrize("said", ["half", "nan", "inf", "", "9,5"])
def test_a_target_that_is_no_number_is_refused(told, said):
    with pytest.raises(BadConfig, match="is no number"):
        told(SHARES, "--target", said)


def test_counts_out_of_something_are_counts_on_a_c_chart(told):
    (chart,) = told(SHARES, "--chart", "c")
    assert chart["points"][0]["value"] == 700


def test_series_are_set_apart_where_dates_repeat(told):
    assert [chart["facets"] for chart in told(SITES)] == [{"site": "A"}, {"site": "B"}]


def test_samples_are_charted_in_their_order(told):
    text = "Sample Number,Defectives,n\n" + "".join(f"{i},{i % 4},50\n" for i in range(1, 26))
    (chart,) = told(text, "--rebase", "13")
    assert [point["date"] for point in chart["points"]][:3] == ["1", "2", "3"]
    assert chart["phases"][1]["from"] == "13"


def test_the_only_dates_and_the_only_figures_need_no_name(told):
    (chart,) = told(rows("Datum,Note,Falls on the ward", lambda i, m: f"{m},ok,{i % 7}"))
    assert chart["points"][3]["value"] == 3


def test_what_was_decided_about_dates_is_said(told):
    text = "date,value\n" + "".join(f"{i % 12 + 1}/1/{2022 + i // 12},{i % 5}\n" for i in range(24))
    (chart,) = told(text)
    assert chart["points"][1]["date"] == "2022-02-01"
    assert any("month first" in said for said in chart["warnings"])
