"""The inbox of a service on pages: who sees it, how it is narrowed, triage of one and of many."""

import pytest
from django.test import Client
from inbox_data import coordinator, send
from page_data import adt

from onesystem import feeds, people
from onesystem.access import Actor
from onesystem.access import actions as users
from onesystem.access.models import Audit, User
from onesystem.care.requests import actions, inbox_seeing, queries
from onesystem.care.requests.filters import Wanted
from onesystem.care.requests.inbox_rows import InboxFilter
from onesystem.district import now

INBOX = "/inbox/nursing/"
PEOPLE = (("Archer", "Ada"), ("Ngāpuhi", "Māia"), ("Brook", "Bryn"))


@pytest.fixture
def three(joined):
    """Three people in the ED, by their names."""
    at = f"{now():%Y%m%d%H%M}"
    for n, name in enumerate(PEOPLE):
        message = adt(
            str(n), person=f"P{n}", visit=f"V{n}", nhs="", at=at, name=name,
            born=f"19{4 + 2 * n}00101", home=f"{n} Mill Road^^Norwich^^NR{n} 1AA||",
        )  # fmt: skip
        feeds.take_messages([feeds.Arrival(source="pas", data=message, name="x")], district=joined)
    found = {}
    for identity, person, _ in people.births():
        [view] = people.mapping.views([identity])
        found[view.given] = person
    return found


@pytest.fixture
def works(joined):
    """A browser of somebody of an organisation: `works("colin")` coordinates community care."""

    def signs_in(name="colin", role="coordinator", organisation="community"):
        users.add_user(username=name, password="three blind mice run", roles=(role,),
                       organisation=organisation, by=Actor.job("command line"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


def text(answer):
    return answer.content.decode()


def pick(request):
    return f"{request}.{queries.one(request).seen}"


def do(client, verb, *requests, picks=(), **said):
    """What the bar or a form sends."""
    given = {"do": verb, "r": list(picks) or [pick(each) for each in requests], **said}
    return client.post(f"{INBOX}act/", given, headers={"X-Inbox": "1"})


class TestWhoSeesIt:
    def test_those_who_work_there_see_names(self, three, works):
        send(three["Māia"])
        page = text(works().get(INBOX))
        assert "Ngāpuhi, Māia" in page
        assert "kiri" in page
        assert Audit.objects.filter(act="inbox.listed", what="nursing").count() == 1

    def test_in_a_service_whose_name_tells_something_people_have_numbers(
        self, three, works, district, monkeypatch
    ):
        send(three["Māia"])
        file = district.path / "district.toml"
        file.write_text(
            file.read_text().replace(
                'name = "District nursing"', 'name = "Clinic"\nsensitive = ["sexual-health"]'
            )
        )
        page = text(works().get(INBOX))
        assert "Ngāpuhi" not in page
        assert f"Person {three['Māia']}" in page

    def test_another_organisation_is_told_who_works_it(self, three, works):
        answer = works("nadia", "coordinator", "hospital").get(INBOX)
        assert answer.status_code == 403
        assert "nother organisation works this inbox" in text(answer)

    @pytest.mark.parametrize("role", ["planner", "viewer", "paramedic"])
    def test_other_roles_do_not(self, three, works, role):
        assert works("vera", role).get(INBOX).status_code == 403

    def test_who_is_on_call_works_it_too(self, three, works):
        from datetime import timedelta

        from onesystem.access import keeping

        client = works("nadia", "district-nurse", "hospital")
        keeping.put_on_call(
            username="nadia",
            organisation="community",
            until=now() + timedelta(hours=8),
            by=Actor.job("command line"),
        )
        assert client.get(INBOX).status_code == 200

    def test_an_inbox_that_is_not(self, works):
        assert works().get("/inbox/nowhere/").status_code == 404

    def test_one_inbox_is_opened_at_once_and_several_are_listed(self, three, works):
        assert works().get("/inbox/").headers["Location"] == INBOX
        send(three["Ada"], service="ward-a")
        page = text(works("dora", "hospital-doctor", "hospital").get("/inbox/"))
        assert "Ward A" in page
        assert "with nothing open" in page

    def test_a_manager_is_shown_figures(self, works):
        answer = works("mara", "manager").get("/inbox/")
        assert answer.headers["Location"] == "/inbox/overview/"


class TestNarrowing:
    @pytest.fixture
    def client(self, three, works):
        send(three["Ada"], urgency="emergency", words="Cannot swallow")
        send(three["Māia"])
        send(three["Bryn"], urgency="soon")
        return works()

    def shown(self, client, query):
        page = text(client.get(INBOX + query))
        return [given for _, given in PEOPLE if f", {given}</a>" in page]

    @pytest.mark.parametrize(
        ("query", "given"),
        [
            ("", ["Ada", "Māia", "Bryn"]),
            ("?q=maia", ["Māia"]),  # without its macron
            ("?q=ngapu ma", ["Māia"]),
            ("?q=nobody", []),
            ("?urgency=emergency", ["Ada"]),
            ("?urgency=routine", ["Māia"]),
            ("?age=65-79", ["Māia"]),
            ("?age=80", ["Ada"]),
            ("?tab=accepted", []),
            ("?tab=open&sort=newest", ["Ada", "Māia", "Bryn"]),
            ("?tab=%01&q=%01&after=x.y&urgency=%27", ["Ada", "Māia", "Bryn"]),
        ],
    )  # fmt: skip
    def test_by_words_urgency_and_age(self, client, query, given):
        assert self.shown(client, query) == given

    def test_the_most_pressing_comes_first(self, client):
        page = text(client.get(INBOX))
        places = [page.index(f", {given}</a>") for given in ("Ada", "Bryn", "Māia")]
        assert places == sorted(places)

    def test_a_search_for_a_name_is_not_in_the_trail(self, client):
        client.get(f"{INBOX}?q=Ngapuhi")
        assert "ngapuhi" not in Audit.objects.filter(act="inbox.listed").latest("id").detail.lower()

    def test_the_file_has_what_is_shown(self, client):
        answer = client.get(f"{INBOX}?q=maia&format=csv")
        lines = text(answer).splitlines()
        assert len(lines) == 2
        assert "Ngāpuhi, Māia" in lines[1]
        assert Audit.objects.filter(act="inbox.exported").count() == 1

    def test_empty_tabs_say_what_comes_there(self, client):
        assert "Nobody is asked for more" in text(client.get(f"{INBOX}?tab=more"))
        assert "Nothing fits" in text(client.get(f"{INBOX}?q=nobody"))

    def test_pages_go_on_from_the_last_row_and_back(self, client, three, monkeypatch):
        from onesystem.care.requests import inbox_seeing as seeing

        monkeypatch.setattr(seeing, "PER_PAGE", 2)
        every = [line.request for line in seeing.see("nursing", Wanted(), whole=True).lines]
        first = seeing.see("nursing", Wanted())
        assert [line.request for line in first.lines] == every[:2]
        second = seeing.see("nursing", Wanted(after=first.page.after))
        assert [line.request for line in second.lines] == every[2:]
        assert second.page.after is None
        back = seeing.see("nursing", Wanted(before=second.page.before))
        assert [line.request for line in back.lines] == every[:2]
        assert back.page.before is None

    def test_pages_of_a_search_too(self, client, monkeypatch):
        from onesystem.care.requests import inbox_seeing as seeing

        monkeypatch.setattr(seeing, "PER_PAGE", 2)
        first = seeing.see("nursing", Wanted(q="leg"))
        monkeypatch.setattr(seeing, "PER_PAGE", 1)
        wanted, met = Wanted(q="a", tab="open"), []
        while True:
            page = seeing.see("nursing", wanted)
            met += [line.request for line in page.lines]
            if page.page.after is None:
                break
            wanted = Wanted(q="a", tab="open", after=page.page.after)
        whole = seeing.see("nursing", Wanted(q="a", tab="open"), whole=True)
        assert met == [line.request for line in whole.lines]
        assert first.page.found is not None


class TestFilters:
    def test_one_is_kept_shared_used_and_taken_away(self, three, works):
        send(three["Ada"], urgency="emergency")
        mine, colleague = works(), works("cora")
        mine.post(f"{INBOX}filters/", {"name": "Now!", "query": "urgency=emergency&after=1.2",
                                       "shared": "1"})  # fmt: skip
        mine.post(f"{INBOX}filters/", {"name": "Only me", "query": "q=leg"})
        page = text(colleague.get(INBOX))
        assert "Now!" in page
        assert "shared by colin" in page
        assert "Only me" not in page
        kept = InboxFilter.objects.get(name="Now!")
        assert kept.query == "urgency=emergency"
        colleague.post(f"{INBOX}filters/{kept.pk}/drop/")
        assert InboxFilter.objects.filter(pk=kept.pk).exists()
        mine.post(f"{INBOX}filters/{kept.pk}/drop/")
        assert not InboxFilter.objects.filter(pk=kept.pk).exists()

    def test_a_name_that_a_colleague_shares_is_theirs(self, three, works):
        for name in ("colin", "cora"):
            works(name).post(f"{INBOX}filters/", {"name": "Now", "query": "", "shared": "1"})
        assert InboxFilter.objects.get(name="Now").by == "colin"

    def test_without_a_name_nothing_is_kept(self, works):
        works().post(f"{INBOX}filters/", {"name": "  ", "query": ""})
        assert not InboxFilter.objects.exists()


class TestTriage:
    def test_accepting_takes_one_press(self, three, works):
        request = send(three["Ada"])
        client = works()
        answer = client.post(f"{INBOX}act/", {"one": f"accept:{pick(request)}"})
        assert answer.status_code == 302
        assert queries.one(request).state == "accepted"
        assert "1 accepted." in text(client.get(INBOX))

    def test_what_needs_words_asks_for_them_first(self, three, works):
        request = send(three["Ada"])
        client = works()
        form = text(do(client, "return", request))
        assert "Why is it returned?" in form
        assert f"inbox:return:{request}" in form
        assert queries.one(request).state == "received"
        answer = do(client, "return", request, said="1", code="worked-up", reason="Doppler first")
        assert answer.status_code == 200
        found = queries.one(request)
        assert found.state == "returned"
        last = queries.steps_of(request)[-1]
        assert last.reason == "Not worked up: tests or examination missing. Doppler first"
        assert last.said["code"] == "worked-up"

    @pytest.mark.parametrize(
        ("verb", "said", "problem"),
        [
            ("return", {"reason": "Doppler first"}, "No reason was chosen"),
            ("return", {"code": "criteria", "reason": " "}, "Nothing was said"),
            ("ask", {"reason": ""}, "Nothing was said"),
            ("redirect", {"reason": "theirs"}, "No service was chosen"),
            ("book", {}, "No time was chosen"),
            ("book", {"at": "soon"}, "cannot be read"),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_typed_is_lost(
        self, three, works, verb, said, problem
    ):
        request = send(three["Ada"])
        answer = do(works(), verb, request, said="1", **said)
        assert answer.status_code == 422
        assert problem in text(answer)
        for words in said.values():
            assert words.strip() in text(answer)
        assert queries.one(request).state == "received"

    def test_a_redirected_request_is_in_the_other_inbox_with_its_history(self, three, works):
        request = send(three["Ada"])
        client = works()
        assert "District nursing" not in text(client.get(f"{INBOX}services/?q=nursing"))
        assert "Mill Road" in text(client.get(f"{INBOX}services/?q=mill"))
        do(client, "redirect", request, said="1", to="gp", reason="A wound clinic is nearer")
        assert queries.one(request).service == "gp"
        assert "Archer" not in text(client.get(f"{INBOX}?tab=open"))
        practice = works("gita", "general-practitioner", "practice")
        page = text(practice.get("/inbox/gp/"))
        assert "Archer, Ada" in page
        assert "redirected: A wound clinic is nearer" in page

    def test_a_time_is_booked_by_the_districts_clock(self, three, works):
        request = send(three["Ada"])
        at = f"{now():%Y}-12-24T10:30"
        do(works(), "book", request, said="1", at=at)
        assert queries.one(request).state == "booked"
        assert "Thu 24 Dec 10:30" in text(Client().get("/")) or queries.one(request).booked

    def test_returned_by_mistake_is_opened_again(self, three, works):
        request, client = send(three["Ada"]), works()
        do(client, "return", request, said="1", code="criteria", reason="No")
        assert "Open again" in text(client.get(f"{INBOX}?tab=done"))
        answer = do(client, "reopen", request, said="1", reason="The wrong row")
        assert answer.status_code == 200
        assert queries.one(request).state == "received"

    def test_the_menu_has_what_the_state_allows(self, three, works):
        request, client = send(three["Ada"]), works()
        page = text(client.post(f"{INBOX}act/", {"one": f":{pick(request)}"},
                                headers={"X-Inbox": "1"}))  # fmt: skip
        assert "Redirect" in page
        assert "Did not come" not in page
        do(client, "start", request)
        page = text(client.get(f"{INBOX}act/?r={pick(request)}", headers={"X-Inbox": "1"}))
        assert "Finish" in page
        assert "Redirect" not in page

    def test_without_script_whole_pages_do_the_same(self, three, works):
        request, client = send(three["Ada"]), works()
        page = text(client.post(f"{INBOX}act/", {"do": "ask", "r": pick(request)}))
        assert "<html" in page
        assert "What do you need to know?" in page
        given = {"do": "ask", "r": pick(request), "said": "1", "reason": "Which leg?"}
        answer = client.post(f"{INBOX}act/", {**given, "query": "tab=open"})
        assert answer.headers["Location"] == f"{INBOX}?tab=open"

    def test_the_requests_own_page_has_the_same_acts_and_is_come_back_to(self, three, works):
        request, client = send(three["Ada"]), works()
        page = text(client.get(f"/requests/{request}/"))
        assert "What the service can do" in page
        asked = {"r": pick(request), "back": str(request)}
        answer = client.post(f"{INBOX}act/", {"do": "accept", **asked})
        assert answer.headers["Location"] == f"/requests/{request}/"
        form = text(client.post(f"{INBOX}act/", {"do": "ask", "r": pick(request),
                                                 "back": str(request)}))  # fmt: skip
        assert f'name="back" value="{request}"' in form
        doctor = works("kiri", "hospital-doctor", "hospital")
        assert "What the service can do" not in text(doctor.get(f"/requests/{request}/"))

    def test_nothing_chosen_is_said(self, works):
        answer = works().post(f"{INBOX}act/", {"do": "accept"}, headers={"X-Inbox": "1"})
        assert answer.status_code == 422
        assert "No request was chosen" in text(answer)

    def test_a_request_of_another_service_is_not_theirs_to_act_on(self, three, works):
        request = send(three["Ada"], service="ward-a")
        answer = do(works(), "accept", request)
        assert "0 accepted" in text(answer) or "1 not" in text(answer)
        assert "Archer" not in text(answer)
        assert queries.one(request).state == "received"


class TestBulk:
    def test_each_has_its_own_result(self, three, works):
        requests = [send(person) for person in three.values()]
        picks = [pick(each) for each in requests]
        actions.accept(request=requests[1], by=coordinator("cora"), seen=1)
        answer = do(works(), "accept", picks=picks)
        assert "2 accepted" in text(answer)
        assert "1 not" in text(answer)
        assert "cora accepted this request at" in text(answer)
        assert {queries.one(each).state for each in requests} == {"accepted"}

    def test_whoever_was_slower_keeps_what_they_wrote(self, three, works):
        request, other = send(three["Ada"]), send(three["Bryn"])
        picks = [pick(request), pick(other)]
        actions.accept(request=request, by=coordinator("cora"), seen=1)
        client = works()
        answer = do(client, "ask", picks=picks, said="1", reason="Which leg is it?")
        assert answer.status_code == 422
        page = text(answer)
        assert "1 asked back." in page
        assert "cora accepted this request at" in page
        assert "Which leg is it?" in page
        assert f'value="{pick(request)}"' in page  # they have been told, and may do it still
        assert f'value="{pick(other)}"' not in page
        assert do(client, "ask", request, said="1", reason="Which leg is it?").status_code == 200
        assert queries.one(request).state == "needs-more"

    def test_twice_the_same_is_done_once(self, three, works):
        request = send(three["Ada"])
        assert "1 accepted" in text(do(works(), "accept", picks=[pick(request)] * 2))

    def test_into_the_next_free_slots(self, three, works, monkeypatch):
        from onesystem.care.requests import inbox_acting

        given = []
        monkeypatch.setattr(inbox_acting.services, "free_slots",
                            lambda *_: [type("S", (), {"id": n}) for n in (4, 5)])  # fmt: skip
        monkeypatch.setitem(inbox_acting._ONES, "book", lambda **said: given.append(said["slot"]))
        requests = [send(three["Ada"]), send(three["Bryn"])]
        do(works(), "book", *requests, said="1", slot="next")
        assert given == [4, 5]
        picks = [*map(pick, requests), pick(send(three["Māia"]))]
        answer = do(works("cora"), "book", picks=picks, said="1", slot="next")
        assert "there are 2 free slots" in text(answer).lower()


class TestOverview:
    def test_it_counts_and_names_nobody(self, three, works):
        send(three["Ada"])
        page = text(works("mara", "manager", "hospital").get("/inbox/overview/"))
        assert "District nursing" in page
        assert "Archer" not in page
        assert ">few<" in page  # one is too few for somebody who may not see people

    def test_those_who_see_people_see_the_counts(self, three, works):
        request = send(three["Ada"])
        actions.accept(request=request, by=coordinator(), seen=1)
        answer = works().get("/inbox/overview/?format=csv")
        row = [line for line in text(answer).splitlines() if "nursing" in line]
        assert row[0].split(",")[2:5] == ["1", "0", "1"]

    def test_who_may_not_see_figures(self, works):
        assert works("rosa", "records-officer").get("/inbox/overview/").status_code == 403


def test_sixty_people_are_read_in_few_statements(three, works, django_assert_max_num_queries):
    for _ in range(20):
        for person in three.values():
            send(person)
    client = works()
    client.get(INBOX)
    with django_assert_max_num_queries(30):
        page = text(client.get(INBOX))
    assert page.count("<tr id=") == 60


def test_counts_are_as_new_as_the_last_word(three):
    request = send(three["Ada"])
    assert inbox_seeing.see("nursing", Wanted()).counts["new"] == 1
    actions.accept(request=request, by=coordinator(), seen=1)
    seen = inbox_seeing.see("nursing", Wanted())
    assert (seen.counts["new"], seen.counts["accepted"]) == (0, 1)
