"""The pages of measures: the grid, a chart, what lies behind, marks, views and files."""

import html
import io
import re

import pytest

from onesystem.access import verify_trail
from onesystem.access.models import Audit
from onesystem.district import folder
from onesystem.flow.measures import standing, store
from onesystem.flow.models import Mark, View
from onesystem.vocabulary import BadConfig

ED = "/measures/ed-4-hours/"


def text(response):
    """What a page says, without its markup."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class TestGrid:
    def test_special_causes_come_first(self, browser):
        page = browser("improvement").get("/measures/")
        assert page.status_code == 200
        said = text(page)
        assert "show a special cause" in said or "shows a special cause" in said
        assert said.index("ED within 4 hours") < said.index("Nothing is known")

    def test_it_is_narrowed_searched_and_kept_to_signals(self, browser):
        client = browser("improvement")
        assert "ED within 4 hours" in text(client.get("/measures/?q=four+hours"))
        said = text(client.get("/measures/?q=nothing+like+this"))
        assert "No measure is like this" in said
        assert "Nothing is known" not in text(client.get("/measures/?signals=1"))

    def test_the_navigation_leads_there_for_those_who_may(self, browser):
        assert 'href="/measures/"' in browser("manager").get("/").content.decode()
        assert 'href="/measures/"' not in browser("viewer").get("/").content.decode()

    @pytest.mark.parametrize(
        ("role", "status"), [("improvement", 200), ("ed-nurse", 200), ("viewer", 403)]
    )
    def test_only_those_who_may_see_measures_do(self, browser, role, status):
        client = browser(role)
        for path in ("/measures/", ED, f"{ED}week/2026-11-09/"):
            assert client.get(path).status_code == status

    def test_an_empty_district_says_what_to_do(self, browser):
        store.run("DELETE FROM flow_reached")
        said = text(browser("improvement").get("/measures/?signals=1"))
        assert "The figures wait to be worked out for the first time" in said
        assert "Nothing is known" not in said


class TestChart:
    def test_the_answer_is_the_first_line(self, browser):
        said = text(browser("ed-nurse").get(f"{ED}?every=week"))
        assert "of concern, significantly lower" in said
        assert "the target of 95.0% is met by chance" in said

    def test_every_state_is_in_the_address(self, browser):
        client = browser("ed-nurse")
        page = client.get(
            f"{ED}?every=month&from=2026-03-01&to=2026-10-31&setting=ED&chart=pp&target=60"
        )
        said = text(page)
        assert "setting ED" in said
        assert "the target of 60.0%" in said
        assert page.content.decode().count("selected>Month") == 1

    def test_what_an_address_gets_wrong_is_said_and_the_page_still_shows(self, browser):
        page = browser("ed-nurse").get(
            f"{ED}?every=fortnight&from=soon&baseline=3&chart=pie&target=much&shoe=9"
        )
        assert page.status_code == 200
        said = text(page)
        for words in ("“fortnight”", "“soon”", "12 points or more", "“pie”", "“much”"):
            assert words in said

    def test_an_unknown_measure_gets_the_nearest(self, browser):
        page = browser("ed-nurse").get("/measures/ed-4-hour/")
        assert page.status_code == 404
        assert "ed-4-hours" in text(page)

    def test_groups_stand_beside_each_other(self, browser):
        said = text(browser("ed-nurse").get(f"{ED}?by=service&every=week"))
        assert "Emergency department" in said
        assert "1 of 1 shows a special cause" in said

    def test_small_numbers_are_hidden_from_those_who_do_not_see_people(self, browser):
        seen, hidden = (browser(who).get(f"{ED}?every=week") for who in ("ed-nurse", "improvement"))
        assert "points are hidden" in text(hidden)
        assert "points are hidden" not in text(seen)


class TestBehind:
    WEEK = f"{ED}week/2026-11-09/"

    def test_those_who_see_people_get_the_contacts(self, browser, people_behind):
        said = text(browser("ed-nurse").get(f"{self.WEEK}?part=denominator"))
        assert "Person " in said
        assert "12 rows" in said
        assert Audit.objects.filter(act="measure.listed").exists()

    def test_others_get_figures_alone(self, browser):
        page = browser("improvement").get(self.WEEK)
        assert page.status_code == 200
        assert "Person " not in text(page)
        assert "/people/" not in page.content.decode()

    def test_a_figure_leads_from_the_district_to_its_parts(self, browser):
        page = browser("ed-nurse").get(self.WEEK)
        assert "By provider" in text(page)
        link = re.search(r'href="([^"]*organisation=hospital[^"]*)"', page.content.decode())
        deeper = browser("ed-nurse").get(link[1].replace("&amp;", "&"))
        assert deeper.status_code == 200
        assert "provider Testshire Hospital" in text(deeper)

    def test_a_day_that_is_none(self, browser):
        assert browser("ed-nurse").get(f"{ED}week/yesterday/").status_code == 400


class TestMarks:
    STEP = {"kind": "step", "day": "2026-08-17", "text": "Ten beds closed for the refit"}

    def test_a_signed_step_begins_limits_anew_and_is_taken_back(self, browser):
        client = browser("improvement")
        page = client.post(f"{ED}marks/?setting=ED", self.STEP, follow=True)
        said = text(page)
        assert "The step change is signed" in said
        assert "Signed by improvement" in said
        chart = client.get(f"{ED}?setting=ED&format=csv").content.decode()
        assert {line.rsplit(",", 1)[1] for line in chart.splitlines()[1:]} == {"1", "2"}
        mark = Mark.objects.get()
        assert (mark.scope, mark.by) == ("setting=ED", "improvement")
        page = client.post(
            f"{ED}marks/{mark.id}/undo/?setting=ED", {"reason": "not yet"}, follow=True
        )
        assert "Taken back by improvement" in text(page)
        acts = set(Audit.objects.values_list("act", flat=True))
        assert {"chart.stepped", "chart.unmarked"} <= acts
        assert verify_trail() == []

    def test_it_stands_on_the_selection_it_was_signed_for_and_by_every_period(self, browser):
        client = browser("improvement")
        client.post(f"{ED}marks/?setting=ED", self.STEP)
        assert "Ten beds closed" in text(client.get(f"{ED}?setting=ED&every=month"))
        assert "Ten beds closed" not in text(client.get(ED))

    def test_a_mark_is_taken_back_once(self, browser):
        client = browser("improvement")
        client.post(f"{ED}marks/", self.STEP)
        mark = Mark.objects.get().id
        assert client.post(f"{ED}marks/{mark}/undo/", {"reason": "slip"}).status_code == 302
        again = client.post(f"{ED}marks/{mark}/undo/", {"reason": "slip"})
        assert again.status_code == 400
        assert "taken back already" in text(again)

    @pytest.mark.parametrize(
        "wrong", [{"text": ""}, {"day": "soon"}, {"kind": "wish"}, {"text": "x" * 1001}]
    )
    def test_a_mark_without_what_it_needs(self, browser, wrong):
        page = browser("improvement").post(f"{ED}marks/", {**self.STEP, **wrong})
        assert page.status_code == 400
        assert not Mark.objects.exists()

    def test_those_who_only_see_do_not_sign(self, browser):
        client = browser("ed-nurse")
        assert client.post(f"{ED}marks/", self.STEP).status_code == 403
        assert "Sign it as" not in text(client.get(ED))


class TestViews:
    def test_a_page_is_kept_shared_and_forgotten(self, browser):
        mine = browser("improvement")
        address = f"{ED}?by=service"
        page = mine.post("/measures/views/", {"name": "ED by service", "address": address,
                                              "shared": "1"}, follow=True)  # fmt: skip
        assert "The view is saved" in text(page)
        said = text(browser("manager").get("/measures/"))
        assert "ED by service shared by improvement" in said
        view = View.objects.get().id
        assert browser("manager").post(f"/measures/views/{view}/remove/").status_code == 403
        assert mine.post(f"/measures/views/{view}/remove/").status_code == 302
        assert not View.objects.exists()

    @pytest.mark.parametrize(
        "address", ["https://elsewhere.example/measures/", "/people/1/", "//elsewhere/measures/"]
    )
    def test_only_pages_of_measures_are_kept(self, browser, address):
        page = browser("improvement").post("/measures/views/", {"name": "x", "address": address})
        assert page.status_code == 400

    def test_the_same_name_again_takes_its_place(self, browser):
        client = browser("improvement")
        for path in ("/measures/", ED):
            client.post("/measures/views/", {"name": "mine", "address": path})
        assert View.objects.get().address == ED


class TestFiles:
    def test_csv_holds_what_is_shown(self, browser):
        page = browser("ed-nurse").get(f"{ED}?every=week&from=2026-10-05&format=csv")
        lines = page.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("group,period,figure,numerator")
        assert len(lines) == 1 + 7
        assert page["Cache-Control"] == "no-store"
        assert Audit.objects.filter(act="figures.exported").exists()

    def test_the_grid_as_csv(self, browser):
        lines = browser("ed-nurse").get("/measures/?format=csv").content.decode().splitlines()
        assert any(line.startswith("ED within 4 hours,") for line in lines)

    def test_excel_has_a_sheet_for_the_definition(self, browser):
        from openpyxl import load_workbook

        client = browser("improvement")
        client.post(f"{ED}marks/", TestMarks.STEP)
        book = load_workbook(io.BytesIO(client.get(f"{ED}?format=xlsx").content))
        assert book.sheetnames == ["Figures", "Definition"]
        said = dict(book["Definition"].iter_rows(values_only=True))
        assert said["Measure"] == "ED within 4 hours"
        assert "signed improvement" in said["Step change A"]
        assert "/measures/ed-4-hours/" in said["Address"]

    def test_svg_stands_alone(self, browser):
        page = browser("ed-nurse").get(f"{ED}?format=svg")
        assert page["Content-Type"] == "image/svg+xml"
        assert b"<style>" in page.content
        assert b"ED within 4 hours" in page.content

    def test_pdf_or_the_reason_why_not(self, browser):
        page = browser("ed-nurse").get(f"{ED}?format=pdf")
        assert page.content.startswith(b"%PDF") or page.status_code == 400

    def test_a_form_that_is_none(self, browser):
        assert browser("ed-nurse").get(f"{ED}?format=docx").status_code == 404


class TestBeforeFiguresAreThere:
    """The first computation is under way, waits, has failed, or its process died."""

    PAGES = ("/measures/", ED, f"{ED}?by=service", "/coordination/places/", "/coordination/cycle/")

    @pytest.fixture
    def client(self, browser):
        store.run("DELETE FROM flow_reached")
        store.run("DELETE FROM flow_cell")
        return browser("improvement")

    @pytest.fixture
    def working(self, client):
        with standing.locked(), standing.told(lambda _: None) as tell:
            tell("Worked out 3 of 10 parts of the people", 0.18)
            yield tell

    @pytest.mark.parametrize("path", PAGES)
    def test_every_page_says_how_far_it_is(self, client, working, path):
        page = client.get(path)
        said = text(page)
        assert "being worked out for the first time" in said
        assert "Worked out 3 of 10 parts of the people" in said
        assert 'value="18"' in page.content.decode()
        assert "Nothing is known," not in said

    def test_the_page_renews_itself_when_something_changes(self, client, working):
        (asked,) = re.findall(r'hx-get="([^"]+)"', client.get("/measures/").content.decode())
        asked = html.unescape(asked)
        assert client.get(asked).status_code == 204
        working("Writing the cells", 0.6)
        part = client.get(asked)
        assert 'value="60"' in part.content.decode()
        assert "HX-Refresh" not in part
        store.set_marks(horizon=0, form=standing.FORM)
        assert client.get(asked)["HX-Refresh"] == "true"

    def test_a_failure_says_why_and_what_helps(self, client):
        with pytest.raises(BadConfig), standing.told(lambda _: None):
            raise BadConfig("the folder is full", "Make room")
        said = text(client.get("/measures/"))
        assert "The figures could not be worked out" in said
        assert "the folder is full" in said
        assert "tries again by itself, next at" in said
        assert "onesystem measure refresh --all" in said

    def test_a_process_that_died_is_told(self, client):
        with standing.told(lambda _: None) as tell:
            tell("Writing the cells", 0.6)
            left = (folder() / "measures.json").read_text()
        (folder() / "measures.json").write_text(left)
        said = text(client.get("/measures/"))
        assert "ended before it was done, after it said: Writing the cells" in said
        assert "Free some memory" in said

    def test_only_who_may_see_measures_may_ask(self, client, browser):
        assert browser("viewer").get("/measures/standing/").status_code == 403
