"""Quality as a fact: a gain depends on it; what was counted is kept with the settlement."""

from fractions import Fraction

import pytest
from click.testing import CliRunner
from contract_made import SINCE, UNTIL, alliance

from onesystem.budget.contracts import codec, measuring, queries, settling
from onesystem.budget.contracts.agreement import Quality
from onesystem.cli.contract import contract

pytestmark = pytest.mark.django_db
MEASURES = (
    Quality(measure="ed-4-hours", most=False, bound=Fraction(78), weight=Fraction(1, 2)),
    Quality(measure="wait-community", most=True, bound=Fraction(2), weight=Fraction(1, 2)),
)


@pytest.fixture
def counted(monkeypatch):
    """What the measures count: 80 of 100 in four hours, and days of wait for ten people."""

    def counts(days):
        sums = {"ed-4-hours": (80, 100), "wait-community": (days * 86_400_000 * 10, 10)}
        monkeypatch.setattr(measuring, "_sums", lambda name, *_: (sums[name], ""))

    return counts


@pytest.mark.parametrize(
    ("days", "hospital", "parts"),
    [(1, 75_000_00, [True, True]), (3, 37_500_00, [True, False])],
)
def test_a_gain_follows_the_quality(live, by, counted, days, hospital, parts):
    """150,000 gained together, half of it the hospital's; at half the quality half of that."""
    counted(days)
    made = alliance(quality=MEASURES, full=Fraction(1), scaled=Fraction(1, 2))
    slug = live(made)
    number = settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    one = queries.settled(slug, number)
    assert one.due["hospital"] - 3_000_000_00 == hospital
    origin = next(each for each in one.kept["origins"] if each["fact"] == "quality")
    assert [part["met"] for part in origin["parts"]] == parts
    line = next(line for line in one.lines if line.fact == "quality")
    assert line.words.startswith("quality")


def test_below_the_quality_nothing_is_gained(live, by, counted):
    counted(3)
    slug = live(alliance(quality=MEASURES, full=Fraction(1)))
    number = settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    assert queries.settled(slug, number).due["hospital"] == 3_000_000_00


def test_a_measure_of_nobody_is_not_reached(live, by):
    """On an empty log: nothing was counted, and the page says so."""
    slug = live(alliance(quality=MEASURES, full=Fraction(1)))
    number = settling.settle(slug=slug, since=SINCE, until=UNTIL, by=by)
    one = queries.settled(slug, number)
    origin = next(each for each in one.kept["origins"] if each["fact"] == "quality")
    assert [part["value"] for part in origin["parts"]] == [None, None]
    assert one.due["hospital"] == 3_000_000_00


def test_a_file_is_checked_and_a_year_settled_from_a_terminal(live, tmp_path, district):
    slug, run = live(alliance()), CliRunner()
    file = tmp_path / "alliance.toml"
    file.write_text(codec.to_toml(alliance()), encoding="utf-8")
    assert run.invoke(contract, ["check", str(file)]).exit_code == 0
    file.write_text(codec.to_toml(alliance(parties=alliance().parties[:-1])), encoding="utf-8")
    told = run.invoke(contract, ["check", str(file)])
    assert "parties: The members' shares sum to 80%" in told.output
    assert "2 mistakes" in str(told.exception)
    assert slug in run.invoke(contract, ["list"]).output
    assert "£5,000,000 a year" in run.invoke(contract, ["show", slug]).output
    assert codec.read(run.invoke(contract, ["show", slug, "--as", "json"]).output) == alliance()
    said = run.invoke(contract, ["settle", slug, "--from", "2025-04", "--to", "2026-03"]).output
    assert "£75,000.00" in said
    assert queries.settlements(slug) == []
    run.invoke(contract, ["settle", slug, "--from", "2025-04", "--to", "2026-03", "--keep"])
    assert [row.state for row in queries.settlements(slug)] == ["draft"]
