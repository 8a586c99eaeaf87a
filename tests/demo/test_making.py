"""`onesystem demo`, as a user runs it: one small district, all through the feeds."""

import json
import sqlite3
from contextlib import closing

from .conftest import run


def counts(folder):
    with closing(sqlite3.connect(folder / "store.sqlite3")) as store:
        rows = store.execute(
            "SELECT source, sum(rows_read), sum(rows_refused), sum(state = 'quarantined')"
            " FROM feeds_message GROUP BY source"
        ).fetchall()
    return {source: figures for source, *figures in rows}


class TestMake:
    def test_every_source_came_in_by_the_feeds(self, made_folder):
        found = counts(made_folder)
        for own in ("board", "care"):  # what wards say, and what is done in the care room
            found.pop(own, None)
        assert set(found) == {
            "nnuh-pas", "jpuh-pas", "qehkl-pas", "practices", "out-of-hours", "ambulance",
            "community", "council", "pharmacies", "diagnostics",
        }  # fmt: skip
        assert all(figures[0] for figures in found.values())
        assert not sum(figures[2] or 0 for figures in found.values())

    def test_rows_that_nobody_can_read_are_refused(self, made_folder):
        """Only in the sources whose extracts hold such rows: the rest of each file is read."""
        refused = {source for source, figures in counts(made_folder).items() if figures[1]}
        assert {"jpuh-pas", "out-of-hours", "council"} <= refused
        assert refused <= {"jpuh-pas", "out-of-hours", "council", "ambulance"}

    def test_a_finished_make_changes_nothing(self, made_folder):
        before = counts(made_folder)
        done = run(["demo", "make", str(made_folder), "--people", "500", "--years", "1"])
        assert "serve --demo" in done.stderr
        assert counts(made_folder) == before

    def test_a_make_that_was_killed_left_nothing_half_done(self, made_folder):
        """`made_folder` was, within two parts: the clock is right, and each part did all of its."""
        assert not list(made_folder.glob("clock.*"))
        with closing(sqlite3.connect(made_folder / "store.sqlite3")) as store:
            least = {"alliance_charter": 2, "alliance_meeting": 3, "alliance_decision": 1}
            found = {table: store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                     for table in least}  # fmt: skip
        assert all(found[table] >= least[table] for table in least), found

    def test_steps_that_were_forgotten_double_nothing(self, made_folder):
        """As if killed after a step was done, and before it was noted."""
        noted = made_folder / "demo.json"
        before, kept = counts(made_folder), json.loads(noted.read_text())
        noted.write_text(json.dumps(kept | {"done": kept["done"][:-3]}))
        run(["demo", "make", str(made_folder), "--people", "500", "--years", "1"])
        assert json.loads(noted.read_text())["done"] == kept["done"]
        assert counts(made_folder) == before

    def test_there_are_looks_to_look_at_again(self, made_folder):
        """A privacy officer who opens the demo finds something to do; so does the citizen."""
        with closing(sqlite3.connect(made_folder / "store.sqlite3")) as store:
            rules = {rule for (rule,) in store.execute("SELECT rule FROM access_review")}
            looks = "SELECT COUNT(DISTINCT actor) FROM access_audit WHERE act = 'person.looked'"
            assert store.execute(looks).fetchone()[0] >= 3
        assert {"break-glass", "question"} <= rules

    def test_another_demo_is_not_made_over_it(self, made_folder):
        done = run(["demo", "make", str(made_folder), "--people", "600"], check=False)
        assert done.returncode == 10
        assert "another demo" in done.stderr

    def test_too_many_people_are_refused(self, tmp_path):
        done = run(["demo", "make", str(tmp_path / "x"), "--people", "2000000"], check=False)
        assert done.returncode == 10
        assert "1,032,661" in done.stderr


def test_check_compares_with_the_published_figures(made_folder):
    done = run(["-d", str(made_folder), "demo", "check", "--json"], check=False)
    rows = json.loads(done.stdout)
    totals = [row for row in rows if "beds taken" not in row["what"]]
    assert len(totals) == 22
    assert sum(row["ok"] for row in totals) >= 21  # of 500 people, chance may take one
    # Two rows a ward: the mean, and the fullest hours. A bed of three is worth a third.
    assert len(rows) > len(totals)


def test_clock_is_shown_and_changed(made_folder):
    assert "at 1 times" in run(["-d", str(made_folder), "demo", "clock"]).stdout
    assert "paused" in run(["-d", str(made_folder), "demo", "clock", "--pause"]).stdout
    assert "at 60" in run(["-d", str(made_folder), "demo", "clock", "--go", "--speed", "60"]).stdout


def test_clock_of_what_is_no_demo(district):
    done = run(["-d", str(district.path), "demo", "clock"], check=False)
    assert done.returncode == 11


def test_it_keeps_its_key_from_start_to_start(made_folder):
    """Without one, whoever signed in is signed out at each start, and small numbers hide anew."""
    assert (made_folder / "secret").stat().st_mode & 0o077 == 0
