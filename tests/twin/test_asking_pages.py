"""Pages that ask one figure of many runs: a grid of settings, the best of several, and why."""

import csv
import io
import re

import pytest
from test_scenarios_pages import BEDS, model, said, scenario  # noqa: F401

from onesystem.flow import answers
from onesystem.twin.grids import line, table
from onesystem.twin.scenarios.sweeping import grid

GRID = ("/twin/sweep/?what1=places+Ward&values1=0,4&what2=arrivals+calls&values2=0.9,1"
        "&figure=gridlock+days&where=")  # fmt: skip


class TestSweep:
    """One or two settings over a grid."""

    def test_two_settings(self, sign_in, model):  # noqa: F811
        """Apart from the page; then a table of the figure with what it differs by, and a file."""
        client = sign_in("planner")
        form = said(client.get("/twin/sweep/"))
        assert "More places or staff: Ward" in form
        assert "Waiting for its turn" in said(client.get(GRID))
        answers.work()
        page = client.get(GRID)
        words = said(page)
        assert "More places or staff at Ward (down), arrivals times, with calls (across)" in words
        assert "Doing nothing:" in words
        assert re.search(r'class="num heat-better-[123]"', page.content.decode())
        rows = list(csv.reader(io.StringIO(client.get(f"{GRID}&format=csv").content.decode())))
        assert len(rows) == 5
        assert [row[:2] for row in rows[1:]] == [["0", "0.9"], ["0", "1"], ["4", "0.9"], ["4", "1"]]
        assert float(rows[2][5]) == 0  # as it is: doing nothing

    def test_one_setting(self, sign_in, model):  # noqa: F811
        """One column; a single setting of one service."""
        client = sign_in("planner")
        address = "/twin/sweep/?what1=stays+Ward&values1=0.5,1&figure=wait&where=ED"
        client.get(address)
        answers.work()
        assert "Mean wait, hours, ED" in said(client.get(address))

    @pytest.mark.parametrize(("query", "words"), [
        ("what1=places+Ward&values1=0..99:1&figure=wait&where=ED", "Give fewer values"),
        ("what1=places+Ward&values1=ten&figure=wait&where=ED", "several values"),
        ("what1=places+Ward&values1=-9,0&figure=wait&where=ED", "are taken away"),
        ("what1=places+Ward&values1=0,1&figure=occupancy&where=", "Choose the service"),
        ("what1=places+Ward&values1=0,1&figure=joy&where=", "no such figure"),
        ("what1=doors+Ward&values1=0,1&figure=gridlock+days&where=", "nothing is called"),
    ])  # fmt: skip
    def test_what_cannot_be_varied(self, sign_in, model, query, words):  # noqa: F811
        """Said at once, and nothing is run."""
        page = sign_in("planner").get(f"/twin/sweep/?{query}")
        assert page.status_code == 400
        assert words in said(page)

    def test_names_are_quoted(self):
        """A service may be called anything."""
        asked = line('places O\'Neill ward, "B"', "0, 2")
        assert [settings for settings, _ in grid([asked])] == [("0",), ("2",)]

    def test_shades(self):
        """By how far a cell is from doing nothing; none where it may be chance."""

        def point(mean, half):
            d = {"mean": mean, "low": mean - half, "high": mean + half}
            return {"settings": [str(mean)], "beside": {"value": d, "difference": d}}

        points = [point(-9, 1), point(2, 1), point(2, 3)]
        found = {"figure": "wait", "where": "ED", "replications": 3, "points": points,
                 "nothing": points[1]["beside"]["value"]}  # fmt: skip
        kinds = [cells[0].kind for _, cells in table(found, ["places ED"]).rows]
        assert kinds == ["better-3", "worse-1"]


class TestChoose:
    """The best of several with a stated confidence."""

    def test_the_best(self, sign_in, model):  # noqa: F811
        """More beds have fewer days with gridlock than none."""
        client = sign_in("planner")
        number = scenario(client, BEDS)
        address = f"/twin/choose/?s={number}&figure=gridlock+days&where=&matters=2&sure=0.9"
        assert "Waiting for its turn" in said(client.get(address))
        answers.work()
        words = said(client.get(address))
        assert "With 90% confidence More beds is the best, or within 2 of the best" in words
        assert re.search(r"do nothing [\d.]+ \d+ put aside after \d+", words, re.IGNORECASE)

    def test_nothing_matters(self, sign_in, model):  # noqa: F811
        """A difference is needed, and a scenario."""
        client = sign_in("planner")
        number = scenario(client, BEDS)
        address = "/twin/choose/?figure=gridlock+days&where=&matters="
        assert "Tick one" in said(client.get(address))
        assert "which difference matters" in said(client.get(f"{address}0&s={number}"))


def test_the_ways_that_changed_are_walked(sign_in, model):  # noqa: F811
    """From all that changed to those of one service, in and out."""
    client = sign_in("planner")
    send = ("send", {"leaving": "ED", "share": "50%", "instead_of": "Ward", "to": "out"})
    address = f"/twin/compare/?s={scenario(client, send)}"
    client.get(address)
    answers.work()
    page = client.get(address)
    words = said(page)
    assert "Ways that changed most with More beds" in words
    assert re.search(r"ED Ward \d+ \d+ . -\d+", words)
    walk = re.search(r'href="([^"]*at=Ward#ways)"', page.content.decode()).group(1)
    words = said(client.get(walk.replace("&amp;", "&")))
    assert "Who comes to Ward" in words
    assert re.search(r"Where they go from Ward .* Ward outside the district", words)
