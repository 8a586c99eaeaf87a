"""The pages of the twin: the model, scenarios in words, a run apart, and what came of it."""

import csv
import io
import json
import re

import pytest

from onesystem.flow import answers
from onesystem.twin import standing, working
from onesystem.twin.models import Ran, Scenario, Version

MODEL = {
    "name": "A small district", "horizon": 800, "warm_up": 100, "replications": 3,
    "starts": "2026-01-05T00:00:00+00:00", "classes": ["COPD", "other"],
    "nodes": {
        "ED": {"servers": 6, "service": {"exponential": 2}, "next": {"Ward": 0.4, "out": 0.6}},
        "Ward": {"servers": 5, "waiting_room": 0, "service": {"exponential": 10}},
    },
    "arrivals": {"calls": {"node": "ED", "class": {"COPD": 0.3, "other": 0.7}, "rate": 1}},
}  # fmt: skip


@pytest.fixture
def model(district):
    """A model of the district in its folder."""
    (district.path / standing.FILE).write_text(json.dumps(MODEL), encoding="utf-8")
    return MODEL


def said(response):
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


REPORT = {
    "name": "A small district", "from": "2023-11-23T00:00", "held_back_from": "2026-08-05T00:00",
    "to": "2026-11-21T00:00", "contacts": 12345, "replications": 20, "inside_intervals": 0.5,
    "coverage": {"80": 0.92, "95": 0.98},
    "services": [{
        "name": "ED",
        "checks": [
            {"what": "stay, median", "unit": "hours", "model": 3.0, "low": 2.9, "high": 3.1,
             "observed": 3.05, "outside": False},
            {"what": "left", "unit": "share", "model": None, "low": None, "high": None,
             "observed": 0.25, "outside": True},
        ],
        "arrivals_a_day": {"error": 2.0, "naive": 3.0}, "inside_at_noon": None,
    }],
}  # fmt: skip


def test_a_model_says_how_far_to_trust_it(sign_in, model, district):
    page = said(sign_in("planner").get("/twin/"))
    assert "How far to trust it" not in page
    (district.path / standing.REPORT).write_text(json.dumps(REPORT), encoding="utf-8")
    page = said(sign_in("analyst").get("/twin/"))
    assert "learnt from 12,345 contacts" in page
    assert "50% of its figures" in page
    assert "in 1 of 1 series" in page
    assert re.search(r"left - - 25.0% .*outside.*stay, median 3 hours 2.9 to 3.1 3.05 hours", page)


def test_a_large_model_draws_the_ways_that_most_take(sign_in, district):
    """Forty services in a row, and one that few reach."""
    nodes = {f"S{n}": {"service": 1, "next": {f"S{n + 1}": 0.9, "out": 0.1}} for n in range(40)}
    nodes |= {"S40": {"service": 1}}
    large = MODEL | {"nodes": nodes, "classes": ["all"],
                     "arrivals": {"in": {"node": "S0", "rate": 1}}}  # fmt: skip
    (district.path / standing.FILE).write_text(json.dumps(large), encoding="utf-8")
    page = said(sign_in("planner").get("/twin/"))
    assert "37 of 41 services" in page


def scenario(client, *changes, name="More beds"):
    """Make a scenario with these changes; its number."""
    client.post("/twin/scenarios/new/", {"name": name, "note": "Why not?"})
    number = Scenario.objects.latest("id").id
    for word, fields in changes:
        assert client.post(f"/twin/scenarios/{number}/add/{word}/", fields).status_code == 302
    return number


BEDS = ("places", {"service": "Ward", "more": "10"})


class TestModel:
    """The map and the table."""

    def test_without_a_model_there_is_a_plain_example(self, sign_in):
        """It says that it is one, and how to make a model of one's own."""
        page = sign_in("planner").get("/twin/")
        assert page.status_code == 200
        words = said(page)
        assert "This is an example, not your district" in words
        assert "onesystem twin calibrate" in words
        assert "Nothing has been tried yet" in words

    def test_the_districts_own(self, sign_in, model):
        """Its services, how hard they are worked, and where people go on to."""
        client = sign_in("analyst")
        words = said(client.get("/twin/"))
        assert "A small district" in words
        assert "an example" not in words
        assert "80%" in words
        assert json.loads(client.get("/twin/model.json").content)["name"] == "A small district"
        rows = list(csv.reader(io.StringIO(client.get("/twin/?format=csv").content.decode())))
        assert [row[0].lstrip("\ufeff") for row in rows][-2:] == ["ED", "Ward"]

    def test_a_broken_model_is_said_with_its_cure(self, sign_in, district):
        """By the place in the file."""
        (district.path / standing.FILE).write_text('{"nodes": {}}', encoding="utf-8")
        page = sign_in("planner").get("/twin/")
        assert page.status_code == 500
        assert "The model cannot be used" in said(page)

    def test_no_kernel_in_the_pages(self):
        """What compiles is loaded only where something is run."""
        import subprocess
        import sys

        code = (
            "import sys, onesystem.twin.presenters, onesystem.twin.besides; "
            "import onesystem.twin.scenarios.applying; "
            "sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestScenarios:
    """Made in words, without writing any file."""

    def test_made_changed_and_taken_back(self, sign_in, model):
        """Every step is a version, and each can be gone back to."""
        client = sign_in("planner")
        shorter = {"service": "Ward", "times": "0.86", "class": "COPD", "from": "2026-01-12"}
        number = scenario(client, BEDS, ("stays", shorter))
        words = said(client.get(f"/twin/scenarios/{number}/"))
        assert "Ward has 10 more places" in words
        assert "Stays at Ward (COPD) are 14% shorter from 12 January 2026" in words
        client.post(f"/twin/scenarios/{number}/remove/", {"nth": "0"})
        client.post(f"/twin/scenarios/{number}/rename/", {"name": "Shorter", "note": ""})
        assert len(Version.objects.latest("id").changes) == 1
        client.post(f"/twin/scenarios/{number}/back/", {"number": "2"})
        last = Version.objects.latest("id")
        assert (last.number, last.name, last.what) == (6, "More beds", "Back to version 2")

    @pytest.mark.parametrize("word", ["places", "close", "open", "send", "arrivals", "stays",
                                      "patience", "staffing"])  # fmt: skip
    def test_every_kind_of_change_has_a_form(self, sign_in, model, word):
        """Labelled fields with the names of the model."""
        client = sign_in("planner")
        page = client.get(f"/twin/scenarios/{scenario(client)}/add/{word}/")
        assert page.status_code == 200
        assert b"<label" in page.content

    @pytest.mark.parametrize(("word", "fields", "words"), [
        ("places", {"service": "Ward", "more": "-9"}, "9 are taken away"),
        ("places", {"service": "Ward", "more": "ten"}, "not a number"),
        ("places", {"service": "Ward", "more": "1", "from": "2031-01-01"}, "the model runs from"),
        ("close", {"service": "Ward", "instead": "Ward B"}, "Did you mean"),
    ])  # fmt: skip
    def test_a_change_that_cannot_be(self, sign_in, model, word, fields, words):
        """The page says why, and keeps what was typed."""
        client = sign_in("planner")
        number = scenario(client)
        page = client.post(f"/twin/scenarios/{number}/add/{word}/", fields)
        assert page.status_code == 400
        assert words in said(page)
        assert Version.objects.latest("id").number == 1

    def test_a_name_is_needed(self, sign_in, model):
        """Said at the field."""
        page = sign_in("planner").post("/twin/scenarios/new/", {"name": " "})
        assert page.status_code == 400
        assert "has no name" in said(page)

    def test_only_its_author_sees_it_until_it_is_shared(self, sign_in, model):
        """And those who only look cannot make one."""
        planner, other = sign_in("planner"), sign_in("finance")
        number = scenario(planner, BEDS)
        assert other.get(f"/twin/scenarios/{number}/").status_code == 404
        planner.post(f"/twin/scenarios/{number}/share/", {"shared": "1"})
        page = said(other.get(f"/twin/scenarios/{number}/"))
        assert "Add a change" not in page
        assert other.get("/twin/scenarios/new/").status_code == 403
        assert other.post(f"/twin/scenarios/{number}/remove/", {"nth": "0"}).status_code == 403
        seen = said(other.get(f"/twin/compare/?s={number}"))
        assert "has not been run" in seen


@pytest.mark.store
class TestRun:
    """Apart from the page, with progress; shown beside doing nothing."""

    def run(self, client, *numbers):
        """Ask, have the errands work, look again."""
        address = "/twin/compare/?" + "&".join(f"s={n}" for n in numbers)
        assert "Waiting for its turn" in said(client.get(address))
        answers.work()
        return client.get(address)

    def test_a_run_beside_doing_nothing(self, sign_in, model):
        """Differences with intervals, where the flow changed, and the same as a file."""
        client = sign_in("planner")
        number = scenario(client, BEDS)
        page = said(self.run(client, number))
        assert "Beside doing nothing" in page
        assert "Days with gridlock" in page
        assert "3 replications of 29 days" in page
        file = client.get(f"/twin/compare/?s={number}&format=csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
        (row,) = (r for r in rows if (r["figure"], r["where"], r["class"]) ==
                  ("gridlock days", "", "all"))  # fmt: skip
        assert float(row["More beds difference mean"]) < 0

    def test_what_was_run_is_kept_by_its_content(self, sign_in, model):
        """Doing nothing is run once, whatever else is compared with it."""
        client = sign_in("planner")
        one, two = scenario(client, BEDS), scenario(client, ("stays", {"times": "1"}), name="As is")
        self.run(client, one)
        assert Ran.objects.count() == 2
        self.run(client, one, two)
        assert Ran.objects.count() == 2

    def test_a_run_that_is_stopped(self, sign_in, model):
        """Nothing of it is kept, and it can be asked for again."""
        client = sign_in("planner")
        address = f"/twin/compare/?s={scenario(client, BEDS)}"
        page = client.get(address).content.decode()
        client.post(re.search(r"/twin/cancel/\w+/", page).group())
        answers.work()
        assert "The run was stopped" in said(client.get(address))
        assert not Ran.objects.exists()
        assert "Waiting" in said(client.get(f"{address}&anew=1"))

    def test_stopped_in_the_middle(self, sign_in, model):
        """The replications that are under way end."""

        def stopped(share, words):
            raise answers.Cancelled

        client = sign_in("planner")
        number = scenario(client, BEDS)
        changes = Version.objects.filter(scenario=number).latest("number").changes
        asked = {"model": standing.standing(standing_folder()).digest,
                 "scenarios": [{"name": "a", "changes": changes}]}  # fmt: skip
        with pytest.raises(answers.Cancelled):
            working.work(asked, stopped)
        assert not Ran.objects.exists()

    def test_another_model_in_the_meantime(self, sign_in, model, district):
        """Said, and not run."""
        client = sign_in("planner")
        address = f"/twin/compare/?s={scenario(client, BEDS)}"
        client.get(address)
        (district.path / standing.FILE).write_text(json.dumps(MODEL | {"seed": 2}))
        answers.work()
        held = [each.problem for each in _asked()]
        assert "The model has changed" in held[0]

    def test_nothing_or_too_much_to_compare(self, sign_in, model):
        """Sent back with the reason."""
        client = sign_in("planner")
        assert "Choose one to 10" in said(client.get("/twin/compare/", follow=True))
        one, two = scenario(client), scenario(client)
        words = said(client.get(f"/twin/compare/?s={one}&s={two}", follow=True))
        assert "same name" in words


def standing_folder():
    """The folder of the district."""
    from onesystem.district import current

    return current().path


def _asked():
    from onesystem.flow.answers.rows import Asked

    return list(Asked.objects.filter(kind=working.KIND))


def test_people_in_the_years_to_come(sign_in, model):
    """Those who are counted now, and every fifth year after; nothing where nobody is."""
    from onesystem.flow.measures import store

    client = sign_in("planner")
    assert "People in the years to come" not in said(client.get("/twin/"))
    store.add_living(
        [(2026, band, sex, "", "", "", 600) for band in range(0, 95, 5)
         for sex in ("female", "male", "")]
    )  # fmt: skip
    words = said(client.get("/twin/"))
    assert "People in the years to come" in words
    assert re.search(r"2026 34,200 [\d,]+ [\d,]+ 2031 [\d,]+ ", words)
    assert "2046" in words
