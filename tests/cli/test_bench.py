"""All benchmarks on one page, and what is said of one that cannot be measured."""

from datetime import date

from click.testing import CliRunner

from onesystem.bench import Row
from onesystem.bench.whole import OTHERWISE, Measured, measured, otherwise, page
from onesystem.cli.bench import bench

DAY = date(2026, 11, 23)


def row(value, **more):
    return Row(name="messages taken in", value=value, unit="a CPU second", **more)


class TestPage:
    def test_each_figure_stands_with_its_command_target_and_peer(self):
        found = Measured(name="ingest", about="feeds", seconds=12.4,
                         rows=(row(5_000, target=3_000, peer="hl7", peer_value=100),))  # fmt: skip
        said = page([found], day=DAY, full=False)
        assert "23 November 2026" in said
        assert "`onesystem bench ingest`: feeds. 12 s in all." in said
        assert "| messages taken in | 5,000 | a CPU second | ≥ 3,000 | hl7: 100 | ok |" in said
        assert "1 figures; 0 missed" in said

    def test_what_is_missed_comes_first(self):
        found = Measured(name="ingest", about="feeds", seconds=1, rows=(row(10, target=3_000),))
        said = page([found], day=DAY, full=True)
        assert said.index("- `ingest`: messages taken in") < said.index("## ingest")
        assert "`onesystem bench ingest --full`" in said
        assert "**missed**" in said

    def test_what_cannot_be_measured_says_why(self):
        said = page([Measured(name="see", about="x", seconds=1, failed="Spark needs Java")],
                    day=DAY, full=False)  # fmt: skip
        assert "Could not be measured here: Spark needs Java" in said

    def test_what_somebody_wrote_below_the_tables_is_kept(self):
        wrote = f"{OTHERWISE}\n\n| soak | none lost |\n"
        once = page([], day=DAY, full=False, kept=wrote)
        assert once.endswith("\n\n" + wrote)
        assert page([], day=DAY, full=False, kept=otherwise(once)) == once
        assert otherwise("# Figures") == ""


def test_each_is_measured_in_a_process_of_its_own():
    told = []
    (found,) = measured(["settle"], full=False, clock=iter([1.0, 3.5]).__next__, tell=told.append)
    assert (found.name, found.seconds, found.failed, told) == ("settle", 2.5, "", ["settle"])
    assert found.rows[-1].value == 0  # the two ways of settling never differ


def test_a_page_is_of_all():
    ran = CliRunner().invoke(bench, ["settle", "--page", "x.md"])
    assert ran.exit_code
    assert "--all" in ran.output
