"""The pages of the directory: finding a service, editing its entry, slots, history, what is due."""

import re
from datetime import timedelta

import pytest

from onesystem.access import Actor
from onesystem.care.drafts import queries as drafts
from onesystem.care.services import queries
from onesystem.district import now


@pytest.fixture
def keeper(sign_in):
    """The coordinator of the hospital, who keeps the ED's entry and the wards'."""
    return sign_in("coordinator")


def seen(page):
    return re.search(r'name="seen" value="(\d+)"', page.content.decode())[1]


def typed(client, service, **changes):
    """The form of an entry as the browser would post it, with some fields changed."""
    page = client.get(f"/services/{service}/edit/").content.decode()
    form = page[page.index("entry-form") :]
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    for name in re.findall(r'type="checkbox" name="([^"]+)" value="1"(?! checked)', form):
        fields.pop(name, None)
    fields |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields | changes


def test_a_service_is_found_by_words_and_filters(keeper):
    page = keeper.get("/services/?q=nurs").content.decode()
    assert "District nursing" in page
    assert "Ward A" not in page
    page = keeper.get("/services/?setting=ward").content.decode()
    assert "Ward A" in page
    assert "District nursing" not in page
    page = keeper.get("/services/?q=zebra").content.decode()
    assert "No service fits" in page


def test_the_list_leaves_as_it_is_shown(keeper):
    text = keeper.get("/services/?setting=ward&format=csv").content.decode()
    assert "Ward A" in text
    assert "District nursing" not in text


def test_an_entry_is_written_compared_confirmed_and_undone(keeper):
    fields = typed(
        keeper, "ed", words="Everything that cannot wait.",
        **{"hours.0.days": "mon-sun", "hours.0.span": "00:00-24:00"}, why="It was empty",
        phone="01632 960960", confirm="1",
    )  # fmt: skip
    answer = keeper.post("/services/ed/edit/", fields, follow=True)
    page = answer.content.decode()
    assert "Saved." in page
    assert "Everything that cannot wait." in page
    assert "open all day" in page
    entry = queries.entry("ed")
    assert (entry.accepts, entry.number) == (("referral", "advice"), 2)
    assert entry.confirmed_by == "coordinator"
    keeper.post("/services/ed/edit/", typed(keeper, "ed", phone="01632 960961"))
    page = keeper.get("/services/ed/history/").content.decode()
    assert "<del>01632 960960</del>" in page
    assert "<ins>01632 960961</ins>" in page
    assert "It was empty" in page
    keeper.post("/services/ed/undo/", {"seen": queries.entry("ed").number})
    assert queries.entry("ed").phone == "01632 960960"


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(keeper):
    fields = typed(
        keeper, "ed", words="Ours",
        **{"hours.0.days": "mon-fri", "hours.0.span": "08:00-18:00", "hours.1.days": "fri",
           "hours.1.span": "17:00-20:00"},
    )  # fmt: skip
    answer = keeper.post("/services/ed/edit/", fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "mon-fri 08:00-18:00 and fri 17:00-20:00 overlap" in page
    assert 'id="e-hours.1"' in page
    assert "Ours" in page
    assert queries.entry("ed").number == 0


def test_the_second_of_two_is_told_who_did_what(keeper, sign_in):
    other = sign_in("coordinator", name="tom")
    mine = typed(keeper, "ed", words="Mine")
    other.post("/services/ed/edit/", typed(other, "ed", words="Theirs"))
    page = keeper.post("/services/ed/edit/", mine).content.decode()
    assert "Tom changed it" in page
    assert "<ins>Mine</ins>" in page
    assert queries.entry("ed").words == "Theirs"
    keeper.post("/services/ed/edit/", mine | {"seen": "1"})
    assert queries.entry("ed").words == "Mine"


def test_nobody_keeps_what_others_run(keeper, sign_in):
    assert keeper.get("/services/nursing/edit/").status_code == 403
    assert keeper.post("/services/nursing/confirm/", {"seen": 0}).status_code == 403
    assert "Change" not in keeper.get("/services/nursing/").content.decode().split("<main")[1]
    assert sign_in("viewer").get("/services/").status_code == 403
    assert sign_in("general-practitioner").get("/services/nursing/").status_code == 200


def test_what_is_due_is_confirmed_in_one_click(keeper):
    page = keeper.get("/services/due/")
    assert "Ward A" in page.content.decode()
    assert "District nursing" not in page.content.decode()
    keeper.post("/services/ward-a/confirm/", {"seen": 0, "back": "due"})
    assert "Ward A" not in keeper.get("/services/due/").content.decode()
    assert "District nursing" in keeper.get("/services/due/?all=1").content.decode()


def test_slots_are_made_blocked_and_taken_away(keeper):
    said = {
        "do": "make", "words": "Clinic", "days": "mon-sun", "span": "09:00-11:00", "minutes": "30",
        "many": "1", "since": "2031-01-06", "until": "2031-01-12",
    }  # fmt: skip
    page = keeper.post("/services/ward-a/slots/", said, follow=True).content.decode()
    assert "28 slots were made." in page
    assert "mon-sun 09:00-11:00, every 30 minutes, 6 Jan 2031 to 12 Jan 2031" in page
    page = keeper.get("/services/ward-a/slots/?week=2031-01-08").content.decode()
    assert "28 of 28 slots free" in page
    near = keeper.post("/services/ward-a/slots/", said | {
        "words": "Soon", "since": f"{now():%Y-%m-%d}",
        "until": f"{now() + timedelta(days=20):%Y-%m-%d}",
    }, follow=True).content.decode()  # fmt: skip
    assert "<strong>28</strong> of 28" in near
    number = re.search(r"block:(\d+)", page)[1]
    keeper.post("/services/ward-a/slots/", {"do": f"block:{number}"})
    assert "27 of 28" in keeper.get("/services/ward-a/slots/?week=2031-01-08").content.decode()
    again = keeper.post("/services/ward-a/slots/", said, follow=True).content.decode()
    assert "there are slots for Clinic" in again
    schedule = re.search(r"away:(\d+)", page)[1]
    keeper.post("/services/ward-a/slots/", {"do": f"away:{schedule}"})
    page = keeper.get("/services/ward-a/slots/?week=2031-01-08").content.decode()
    assert "There are no slots" in page


def test_a_slot_outside_the_hours_is_refused_and_what_was_typed_stays(keeper):
    hours = {"hours.0.days": "mon-fri", "hours.0.span": "09:00-17:00"}
    keeper.post("/services/ward-a/edit/", typed(keeper, "ward-a", **hours))
    said = {
        "do": "make", "words": "Evening", "days": "mon", "span": "16:00-19:00", "minutes": "30",
        "since": "2031-01-06", "until": "2031-01-12",
    }  # fmt: skip
    page = keeper.post("/services/ward-a/slots/", said, follow=True).content.decode()
    assert "mon 16:00-19:00 is outside the hours" in page
    assert 'value="Evening"' in page


def test_rows_that_were_begun_find_their_place_again(keeper):
    fields = typed(keeper, "ed", do="add:hours", **{"hours.0.days": "mon", "hours.0.span": "8-9"})
    page = keeper.post("/services/ed/edit/", fields).content.decode()
    assert 'name="hours.1.days"' in page
    fields = typed(keeper, "ed", do="add:hours", **{"hours.0.days": "mon", "hours.1.days": "tue"})
    keeper.post("/services/ed/edit/", fields)
    page = keeper.get("/services/ed/edit/").content.decode()  # as after a time-out
    assert 'name="hours.1.days"' in page
    assert drafts.draft(Actor(name="coordinator"), "service-ed").fields["hours.1.days"] == ["tue"]
    keeper.post("/services/ed/edit/", typed(keeper, "ed", words="Kept"))
    assert drafts.draft(Actor(name="coordinator"), "service-ed") is None


def test_the_whole_directory_leaves_as_a_file(keeper, sign_in):
    told = keeper.get("/services/export/fhir/").json()
    assert told["resourceType"] == "Bundle"
    assert keeper.get("/services/export/hsds/").json()["total_items"] == 5
    assert keeper.get("/services/export/xml/").status_code == 404
    assert sign_in("general-practitioner").get("/services/export/fhir/").status_code == 403


def test_what_is_not_there_is_said(keeper):
    for path in ("", "edit/", "history/", "slots/", "for/"):
        answer = keeper.get(f"/services/emergency/{path}")
        assert answer.status_code == 404
        assert "no service" in answer.content.decode()


def test_slots_of_others_are_left_alone(keeper, sign_in):
    said = {"do": "make", "words": "x", "days": "mon", "span": "09:00-10:00", "minutes": "30",
            "since": "2031-01-06", "until": "2031-01-12"}  # fmt: skip
    page = keeper.post("/services/nursing/slots/", said, follow=True).content.decode()
    assert "is kept by Testshire Community Care" in page
    assert keeper.post("/services/ed/slots/", {"do": "burn"}, follow=True).status_code == 200
    gp = sign_in("general-practitioner")
    assert gp.post("/services/ed/slots/", said).status_code == 403
    assert "Add slots" not in gp.get("/services/ed/slots/").content.decode()
    assert gp.get("/services/ed/slots/?week=nonsense&format=csv").status_code == 200


def test_a_closed_service_says_what_to_use_instead(keeper):
    fields = typed(
        keeper, "ward-a", **{"notices.0.words": "Being painted", "notices.0.closed": "1",
                             "notices.0.instead": "ward-b"}
    )  # fmt: skip
    keeper.post("/services/ward-a/edit/", fields)
    page = keeper.get("/services/ward-a/").content.decode()
    assert "Being painted" in page
    assert 'href="/services/ward-b/"' in page
    assert "Send a request" not in page
    assert "Ward A" not in keeper.get("/services/?open=1").content.decode()


def test_the_directory_is_opened_for_a_person(keeper):
    page = keeper.get("/services/?person=7").content.decode()
    assert 'href="/services/ed/?person=7"' in page
    page = keeper.get("/services/ed/?person=7").content.decode()
    assert 'href="/people/7/requests/new/?service=ed"' in page
    assert "/services/ed/for/" in keeper.get("/services/ed/?person=x").content.decode()


def test_a_listed_service_is_put_right_and_taken_back(keeper):
    from onesystem.care.services.actions import keep
    from onesystem.care.services.entry import Entry

    walks = Entry(service="walks", name="Walks", organisation="Friends", listed=True)
    keep(entry=walks, seen=0, by=Actor.job("test"))
    fields = typed(keeper, "walks", name="Walking group", words="On Tuesdays")
    page = keeper.post("/services/walks/edit/", fields, follow=True).content.decode()
    assert "Walking group" in page
    assert "listed only" in page
    bad = keeper.post("/services/walks/edit/", fields | {"seen": "2", "accepts.order": "1"})
    assert "only listed takes no requests" in bad.content.decode()
    for _ in range(2):
        seen_ = queries.entry("walks").number
        page = keeper.post("/services/walks/undo/", {"seen": seen_}, follow=True)
    assert page.redirect_chain[-1][0] == "/services/"
    assert "walks" not in queries.entries()
