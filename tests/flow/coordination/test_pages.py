"""The pages of coordination: who gets people and who gets counts, what is done, places, cycle."""

import pytest
from django.urls import reverse

from onesystem.access.models import Audit
from onesystem.flow import answers
from onesystem.flow.answers.rows import Asked
from onesystem.flow.coordination.rows import Listed, ListedStep

LIST = "/coordination/"


def open_list(client, purpose="care coordination"):
    """Say why, as the form does."""
    return client.post(
        reverse("coordination:purpose"),
        {"purpose": purpose, "reason": "weekly review"},
        follow=True,
    ).content.decode()


class TestTheList:
    def test_whoever_opens_nobody_sees_counts_with_small_ones_hidden(self, sign_in):
        said = sign_in("analyst").get(LIST).content.decode()
        assert "Fewer than 5 people of the district are on the list" in said
        assert "Open the list" not in said
        assert "Tester" not in said

    def test_a_purpose_is_asked_for_before_anybody_is_shown(self, sign_in):
        client = sign_in("general-practitioner", "practice")
        said = client.get(LIST).content.decode()
        assert "Open the list" in said
        assert "Tester" not in said
        said = client.post(
            reverse("coordination:purpose"), {"purpose": "privacy review", "reason": "look"},
            follow=True,
        ).content.decode()  # fmt: skip
        assert "Choose why you are opening the list" in said

    def test_each_look_is_in_the_trail(self, sign_in):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        client.get(f"{LIST}?flag=high-intensity-ed&q=Aroha")
        row = Audit.objects.filter(act="worklist.listed").latest("id")
        assert (row.purpose, row.reason) == ("care coordination", "weekly review")
        assert row.what == "flag high-intensity-ed"
        assert "Aroha" not in f"{row.detail}{row.what}"

    def test_a_practice_sees_its_people_with_the_working(self, sign_in):
        said = open_list(sign_in("general-practitioner", "practice"))
        assert said.index("Dylan Tester") < said.index("Aroha Tester")
        assert "Bryn" not in said
        assert "<strong>4</strong> high-intensity user of EDs" in said
        assert "2 people" in said

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("flag=high-intensity-ed", {"Aroha"}),
            ("flag=nothing", set()),
            ("practice=practice", {"Aroha", "Dylan"}),
            ("area=NR1", {"Aroha", "Dylan"}),
            ("q=Dylan", {"Dylan"}),
            ("state=done", set()),
            ("state=nonsense&page=999", {"Aroha", "Dylan"}),
        ],
    )
    def test_it_is_narrowed_by_its_address(self, sign_in, query, names):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        said = client.get(f"{LIST}?{query}").content.decode()
        assert {name for name in ("Aroha", "Bryn", "Dylan") if f"{name} Tester" in said} == names

    @pytest.mark.parametrize(
        ("sort", "first"),
        [("score", "Dylan"), ("-score", "Aroha"), ("nonsense", "Dylan")],
    )
    def test_it_is_sorted_by_its_address(self, sign_in, sort, first):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        said = client.get(f"{LIST}?sort={sort}").content.decode()
        assert min(("Aroha", "Dylan"), key=lambda name: said.index(f"{name} Tester")) == first
        assert 'aria-sort="ascending"' in said or sort != "-score"

    def test_all_of_it_is_one_page_to_print(self, sign_in, monkeypatch):
        monkeypatch.setattr("onesystem.flow.coordination.listing.PER_PAGE", 1)
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        said = client.get(f"{LIST}?sort=-score").content.decode()
        assert "Page 1 of 2" in said
        assert "Dylan" not in said
        said = client.get(f"{LIST}?whole=1").content.decode()
        assert "Aroha Tester" in said
        assert "Dylan Tester" in said

    def test_a_file_holds_what_is_shown_and_is_in_the_trail(self, sign_in):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        answer = client.get(f"{LIST}?format=csv")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("score,person,name")
        assert [line.split(",")[0] for line in lines[1:]] == ["8", "4"]
        assert answer["Cache-Control"] == "no-store"
        assert Audit.objects.filter(act="worklist.exported").count() == 1

    def test_a_file_of_counts_hides_what_the_page_hides(self, sign_in):
        said = sign_in("analyst").get(f"{LIST}?by=practice&format=csv").content.decode()
        assert "Mill Road Surgery,hidden" in said

    def test_the_list_is_closed_again(self, sign_in):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        said = client.post(reverse("coordination:close"), follow=True).content.decode()
        assert "Open the list" in said

    def test_a_district_that_never_worked_it_out_has_it_worked_out(self, sign_in):
        from onesystem.flow.measures import store

        client = sign_in("analyst")
        store.run("DELETE FROM flow_reached")
        assert "The list was never worked out" in client.get(LIST).content.decode()
        assert Asked.objects.get(kind="worklist").state == "waiting"
        answers.work()
        assert "The list was never worked out" not in client.get(LIST).content.decode()

    def test_it_is_worked_out_anew_and_can_be_stopped(self, sign_in):
        client = sign_in("analyst")
        said = client.post(reverse("coordination:refresh"), follow=True).content.decode()
        assert "Working out the list" in said
        digest = Asked.objects.get(kind="worklist").digest
        client.post(reverse("coordination:stop", kwargs={"digest": digest}))
        assert Asked.objects.get(kind="worklist").state == "cancelled"
        assert Listed.objects.count() == 3


class TestAPerson:
    def address(self, person):
        return reverse("coordination:person", kwargs={"person": person})

    def test_what_was_said_for_the_list_counts_for_whoever_is_on_it(self, sign_in, listed):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        said = client.get(self.address(listed["Dylan"])).content.decode()
        assert "Why is Dylan Tester on the list?" in said
        assert "referred to practice" in said
        assert Audit.objects.filter(act="purpose.given", person=listed["Dylan"]).count() == 1

    def test_it_does_not_count_for_anybody_else(self, sign_in, listed):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        for name in ("Bryn", "Ceri"):
            said = client.get(self.address(listed[name])).content.decode()
            assert "Why are you opening this record?" in said

    def test_take_note_put_aside_done_and_undo(self, sign_in, listed):
        client, person = sign_in("general-practitioner", "practice"), listed["Aroha"]
        open_list(client)
        to = reverse("coordination:act", kwargs={"person": person})

        def act(**said):
            return client.post(to, said, follow=True).content.decode()

        assert "You are looking at this person now" in act(act="take")
        assert "mine" in client.get(f"{LIST}?state=mine").content.decode()
        assert "nothing was said" in act(act="note", text=" ")
        assert "rang her" in act(act="note", text="rang her")
        assert "is no day" in act(act="aside", until="soon", text="away")
        assert "put aside until 1 Mar 2150" in act(act="aside", until="2150-03-01", text="away")
        assert "Aroha Tester" not in client.get(LIST).content.decode()
        assert "Taken back" in act(act="undo")
        assert "comes back when there is something new" in act(act="done", text="")
        assert "Aroha Tester" in client.get(f"{LIST}?state=done").content.decode()
        kinds = list(ListedStep.objects.order_by("id").values_list("kind", flat=True))
        assert kinds == ["taken", "noted", "put aside", "undone", "done"]

    def test_from_the_list_one_comes_back_to_the_list(self, sign_in, listed):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        to = reverse("coordination:act", kwargs={"person": listed["Aroha"]})
        answer = client.post(to, {"act": "take", "back": "?flag=high-intensity-ed"})
        assert answer["Location"] == f"{LIST}?flag=high-intensity-ed"
        answer = client.post(to, {"act": "take", "back": "//elsewhere.example"})
        assert answer["Location"] == self.address(listed["Aroha"])


class TestTasks:
    def test_it_is_asked_for_stands_on_the_list_and_is_done(self, sign_in, listed):
        client, person = sign_in("general-practitioner", "practice"), listed["Aroha"]
        open_list(client)
        to = reverse("coordination:act", kwargs={"person": person})

        def act(**said):
            return client.post(to, said, follow=True).content.decode()

        asks = {"act": "ask", "text": "One care plan", "owner": "Practice nurse"}
        assert "nobody was named" in act(**{**asks, "owner": " "})
        assert "is no day" in act(**asks, until="soon")
        assert "The task is saved" in act(**asks, until="2020-01-31")
        assert "Aroha Tester" in client.get(f"{LIST}?state=tasks").content.decode()
        page = client.get("/coordination/tasks/").content.decode()
        assert "1 task is open, 1 of them late" in page
        task = ListedStep.objects.get(kind="asked").pk
        done = act(act="did", task=str(task), back="tasks")
        assert "The task is done" in done
        assert "Nothing is asked for" in done
        assert "is done already" in act(act="did", task=str(task))
        assert "The task is saved" not in act(act="undo")
        assert "1 task is open" in client.get("/coordination/tasks/").content.decode()
        assert Audit.objects.filter(act="worklist.asked").count() == 1
        assert "care plan" not in "".join(Audit.objects.values_list("detail", flat=True))

    def test_it_stays_when_the_person_leaves_the_list(self, sign_in, listed):
        client, person = sign_in("general-practitioner", "practice"), listed["Aroha"]
        open_list(client)
        to = reverse("coordination:act", kwargs={"person": person})
        client.post(to, {"act": "ask", "text": "Ring her", "owner": "Ana"})
        Listed.objects.filter(person=person).delete()
        page = client.get("/coordination/tasks/").content.decode()
        assert "no longer on the list" in page
        task = ListedStep.objects.get(kind="asked").pk
        answer = client.post(to, {"act": "did", "task": str(task), "back": "tasks"}, follow=True)
        assert "Nothing is asked for" in answer.content.decode()

    def test_whoever_looks_after_nobody_there_sees_none(self, sign_in, listed):
        client = sign_in("general-practitioner", "practice")
        open_list(client)
        to = reverse("coordination:act", kwargs={"person": listed["Aroha"]})
        client.post(to, {"act": "ask", "text": "Ring her", "owner": "Ana"})
        other = sign_in("district-nurse", "community")
        open_list(other)
        assert "Ring her" not in other.get("/coordination/tasks/").content.decode()
        assert sign_in("analyst").get("/coordination/tasks/").status_code == 302


class TestPlacesAndCycle:
    """Without cells there is advice; the figures themselves are those of measures."""

    @pytest.mark.parametrize("of", ["", "area", "locality", "district", "nonsense"])
    def test_places_without_figures_say_what_to_do(self, sign_in, of):
        answer = sign_in("analyst").get(f"/coordination/places/?of={of}")
        assert answer.status_code == 200
        said = answer.content.decode()
        assert "How does each place do?" in said

    def test_cycle_without_figures_says_what_to_do(self, sign_in):
        said = sign_in("analyst").get("/coordination/cycle/").content.decode()
        assert "The figures wait to be worked out for the first time" in said

    @pytest.mark.parametrize("page", ["", "places/", "cycle/"])
    def test_who_sees_no_measures_is_sent_away(self, sign_in, page):
        assert sign_in("viewer").get(f"/coordination/{page}").status_code == 403


@pytest.mark.usefixtures("figures")
class TestFigures:
    def test_a_place_shows_its_three_together_and_leads_to_each_measure(self, sign_in):
        said = sign_in("analyst").get("/coordination/places/").content.decode()
        assert "Mill Road Surgery" in said
        for name in ("Outcomes", "Cost per person", "Days at home"):
            assert f"<h3>{name}</h3>" in said
        assert "/measures/days-at-home/?practice=practice" in said
        assert said.count("spc-small") == 4

    @pytest.mark.parametrize("of", ["area", "district"])
    def test_other_places(self, sign_in, of):
        said = sign_in("analyst").get(f"/coordination/places/?of={of}").content.decode()
        assert said.count("spc-small") == 4

    def test_a_locality_is_a_group_of_practices(self, sign_in, district):
        (district.path / "coordination.toml").write_text(
            '[localities.north]\nname = "North"\npractices = ["practice"]\n', encoding="utf-8"
        )
        said = sign_in("analyst").get("/coordination/places/?of=locality").content.decode()
        assert '<h2 id="place-1">North</h2>' in said
        assert said.count("spc-small") == 4

    def test_the_cycle_has_one_axis_for_all_its_series(self, sign_in):
        """The days below stand at the same places under every chart."""
        import re

        said = sign_in("analyst").get("/coordination/cycle/").content.decode()
        charts = re.findall(r"<svg[^>]*spc-large.*?</svg>", said, re.DOTALL)
        assert len(charts) == 5
        axes = {tuple(re.findall(r'<text x="([\d.]+)" y="196', chart)) for chart in charts}
        assert len(axes) == 1
        assert len(axes.pop()) > 2

    @pytest.mark.parametrize("query", ["practice=practice", "area=NR1", "every=quarter"])
    def test_the_cycle_is_narrowed_by_its_address(self, sign_in, query):
        said = sign_in("analyst").get(f"/coordination/cycle/?{query}").content.decode()
        assert said.count("spc-large") == 5

    @pytest.mark.parametrize(("page", "series"), [("places/?of=district", 4), ("cycle/", 5)])
    def test_a_file_holds_every_series(self, sign_in, page, series):
        mark = "&" if "?" in page else "?"
        answer = sign_in("analyst").get(f"/coordination/{page}{mark}format=csv")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len({line.split(",")[0] for line in lines[1:]}) == series
