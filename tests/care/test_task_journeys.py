"""Those who visit, in a real browser: a round, a time-out in a note, a house without signal.

Each story ends where it must be seen afterwards: in the record, the log and the trail.
"""

from datetime import datetime, time

import pytest
from browsing import is_for_everybody, violations
from test_journeys import PASSWORD, Journey, journey  # noqa: F401

from onesystem import contacts, people
from onesystem.access.models import Audit
from onesystem.care.drafts import queries as drafts
from onesystem.care.plans import queries as plans
from onesystem.care.tasks import actions, store
from onesystem.district import now
from onesystem.vocabulary import to_local

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 320, "height": 700}
LONG = "The wound is smaller, edges clean, less sore than on Friday. " * 20


def today():
    return to_local(now(), "Europe/London").date()


@pytest.fixture
def staff(joined):
    """Somebody of the community's own organisation who signs in by their role."""
    from onesystem.access import Actor
    from onesystem.access import actions as access

    def adds(role):
        access.add_user(username=role, password=PASSWORD, roles=[role], organisation="community",
                        by=Actor.job("command line"))  # fmt: skip
        return role

    return adds


@pytest.fixture
def planned(somebody, asker):
    def plans_it(**more):
        said = {"words": "Dress the leg", "team": "nursing", "due": today(), "visit": True, **more}
        return actions.plan(person=somebody, by=asker(), **said)

    return plans_it


def visits(person):
    found = contacts.of_identities(people.identity_ids_of(person))
    return [c for c in found if c.service == "nursing"]


def kept(page, words="Kept at"):
    page.get_by_text(words).first.wait_for()


def test_a_nurse_makes_a_visit_by_keyboard(journey, staff, planned, somebody):  # noqa: F811
    """From the list to the finished visit, without a pointer; then it is in record, log, trail."""
    key = planned()
    planned(words="Order dressings", visit=False)
    page = journey.page
    journey.given_i_signed_in_as(staff("district-nurse"))
    journey.go("/tasks/")
    is_for_everybody(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("input[name=key]:checked").count() == 1
    page.keyboard.press("x")
    row = page.locator("tr", has_text="Dress the leg")
    row.get_by_role("link", name="Māia Ngāpuhi").press("Enter")
    journey.then_i_see("Open for direct care")  # the plan is the reason: nobody was asked
    is_for_everybody(page)
    page.get_by_role("button", name="I am there: begin").press("Enter")
    journey.then_i_see("Begun.")
    page.get_by_label("Note").fill("It heals.")
    unfold(page, "What was measured")
    page.get_by_label("Weight, kg").fill("705")
    page.get_by_role("button", name="Finish the visit").press("Enter")
    journey.then_i_see("weight 705 is out of reach")
    assert page.get_by_label("Note").input_value() == "It heals."
    assert violations(page) == []
    page.get_by_label("Weight, kg").fill("70,5")
    page.get_by_label("Blood pressure, mmHg").fill("130/80")
    page.get_by_role("button", name="Finish the visit").press("Enter")
    journey.then_i_see("the visit is done")
    assert store.one(key)[1].state == "done"
    [visit] = visits(somebody)
    assert (visit.standing, visit.by) == ("ended", "district-nurse")
    journey.go(f"/people/{somebody}/record/")
    for words in ("130/80", "70.5", "Visit, District nursing"):
        journey.then_i_see(words)
    assert Audit.objects.filter(act="visit.done", person=somebody).count() == 1
    assert journey.strayed == []


@pytest.mark.parametrize("role", ["therapist", "social-worker"])
def test_a_plan_is_written_and_handed_over(journey, staff, planned, somebody, role):  # noqa: F811
    """Goals in the person's own words; a hand-over that somebody by name takes."""
    planned()
    page = journey.page
    journey.given_i_signed_in_as(staff(role))
    journey.go(f"/people/{somebody}/care/")
    journey.when_i_say_why()
    is_for_everybody(page)
    unfold(page, "Add a goal")
    page.get_by_label("In the person's own words").last.fill("I want to walk to the shop.")
    page.get_by_role("button", name="Save the goal").press("Enter")
    journey.then_i_see("The goal is saved.")
    unfold(page, "Hand over")
    page.get_by_label("What matters now").fill("Try the stairs with the rail.")
    page.get_by_label("To a team").select_option("nursing")
    page.locator("form:has([value='hand-over']) button").press("Enter")
    journey.then_i_see("not taken over yet")
    is_for_everybody(page)
    journey.go("/tasks/")
    journey.then_i_see("1 person is handed over")
    journey.go(f"/people/{somebody}/care/")
    page.get_by_role("button", name="I have it").press("Enter")
    journey.then_i_see("You have it.")
    assert plans.plan(somebody).hand_overs[0].taken_by == role
    journey.go(f"/people/{somebody}/care/print/")
    page.emulate_media(media="print")
    assert page.get_by_text("I want to walk to the shop.").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()


def test_a_time_out_in_the_middle_of_a_long_note(journey, staff, planned, somebody):  # noqa: F811
    """The session dies while she writes: the text stays, a sign-in opens, and saving goes on."""
    key, page = planned(), journey.page
    journey.given_i_signed_in_as(staff("district-nurse"))
    journey.go(f"/tasks/{somebody}/{key}/")
    note = page.get_by_label("Note")
    note.fill(LONG[:200])
    kept(page)
    journey.context.clear_cookies(name="sessionid")
    note.fill(LONG)
    page.get_by_text("You are signed out", exact=True).wait_for()
    assert violations(page) == []
    with journey.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    window = opened.value
    window.fill("input[name=login]", "district-nurse")
    window.fill("input[name=password]", PASSWORD)
    window.press("input[name=password]", "Enter")
    page.locator("dialog.signed-out").wait_for(state="hidden")
    kept(page)
    assert note.input_value() == LONG
    actor = drafts.Actor(name="district-nurse")
    page.wait_for_function(
        "() => document.querySelector('.draft-state').textContent.startsWith('Kept')"
    )
    assert drafts.draft(actor, f"done:{key}").fields["note"] == [LONG]
    # The reason for opening went with the session: it is asked again, and the text comes back.
    page.get_by_role("button", name="Finish the visit").click()
    journey.then_i_see("You wrote this at")
    assert page.get_by_label("Note").input_value() == LONG
    page.get_by_role("button", name="Finish the visit").click()
    journey.then_i_see("the visit is done")
    assert plans.plan(somebody).notes[0].text == LONG.strip()
    assert drafts.draft(actor, f"done:{key}") is None


def test_somebody_else_signs_in_instead(journey, staff, planned, somebody):  # noqa: F811
    """What one wrote is never kept for the next."""
    key, page = planned(), journey.page
    staff("therapist")
    journey.given_i_signed_in_as(staff("district-nurse"))
    journey.go(f"/tasks/{somebody}/{key}/")
    page.get_by_label("Note").fill("Mine")
    kept(page)
    journey.context.clear_cookies(name="sessionid")
    page.get_by_label("Note").fill("Mine, longer")
    with journey.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    window = opened.value
    window.fill("input[name=login]", "therapist")
    window.fill("input[name=password]", PASSWORD)
    window.press("input[name=password]", "Enter")
    page.get_by_text("therapist is signed in now").wait_for()
    assert drafts.draft(drafts.Actor(name="therapist"), f"done:{key}") is None


def test_two_tabs_and_a_closed_browser(journey, staff, planned, somebody):  # noqa: F811
    """What was written is there again; two tabs choose between their texts."""
    key, page = planned(), journey.page
    journey.given_i_signed_in_as(staff("district-nurse"))
    at = f"{journey.address}/tasks/{somebody}/{key}/"
    page.goto(at)
    other = journey.context.new_page()
    other.goto(at)
    other.wait_for_load_state("networkidle")
    page.get_by_label("Note").fill("from one tab")
    kept(page)
    other.get_by_label("Note").fill("from another tab")
    other.get_by_text("You also wrote this in another tab").wait_for()
    assert violations(other) == []
    other.get_by_role("button", name="Keep what is on this page").click()
    kept(other)
    other.close()
    page.close()
    again = journey.context.new_page()
    again.goto(at)
    again.get_by_text("You wrote this at").wait_for()
    assert again.get_by_label("Note").input_value() == "from another tab"
    again.get_by_role("button", name="Discard it").click()
    assert again.get_by_label("Note").input_value() == ""


def test_a_carer_in_a_house_without_signal(journey, staff, planned, somebody):  # noqa: F811
    """On a phone: the list opens without network, a note waits, and is sent when it is back."""
    staff("home-carer")
    key = planned(words="Help with breakfast", owner="home-carer",
                  due=datetime.combine(today(), time(8)))  # fmt: skip
    page = journey.page
    page.set_viewport_size(PHONE)
    journey.given_i_signed_in_as("home-carer")
    carried(journey)
    journey.context.set_offline(True)
    journey.go("/tasks/")
    journey.then_i_see("Today without network")
    card = page.locator("details.card")
    card.locator("summary").first.click()
    assert card.get_by_text("1 Mill Road").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    card.get_by_label("Note").fill("Ate well. " * 30)
    kept(page, "Kept on this device at")
    page.reload()  # the battery went: what was begun is there
    card.get_by_text("What you wrote before is here again.").wait_for()
    card.get_by_role("button", name="Keep it, and send it later").click()
    journey.then_i_see("One thing waits on this device")
    assert store.one(key)[1].state == "open"
    journey.context.set_offline(False)
    page.wait_for_url(f"{journey.address}/tasks/")
    page.locator("[data-live-tasks]").wait_for()
    wait_until(page, lambda: store.one(key)[1].state == "done")
    assert plans.plan(somebody).notes[0].text == ("Ate well. " * 30).strip()
    assert visits(somebody)[0].standing == "ended"
    assert Audit.objects.filter(act="tasks.carried").count() >= 1


def test_somebody_was_there_first(journey, staff, planned, somebody, asker):  # noqa: F811
    """A note from without network meets a visit that is done: shown, and kept as a note."""
    staff("home-carer")
    key = planned(owner="home-carer")
    page = journey.page
    journey.given_i_signed_in_as("home-carer")
    carried(journey)
    journey.context.set_offline(True)
    journey.go("/tasks/")
    page.locator("details.card summary").first.click()
    page.get_by_label("Note").fill("I was there too.")
    page.get_by_role("button", name="Keep it, and send it later").click()
    journey.then_i_see("One thing waits on this device")
    actions.done(key=key, by=asker(), note="Done by me.")
    journey.context.set_offline(False)
    page.wait_for_url(f"{journey.address}/tasks/")
    journey.then_i_see("kiri was here first")
    is_for_everybody(page)
    page.get_by_role("button", name="Add it as a note").click()
    wait_until(page, lambda: len(plans.plan(somebody).notes) == 2)
    texts = [each.text for each in plans.plan(somebody).notes]
    assert texts == ["I was there too.", "Done by me."]
    assert store.one(key)[1].steps == 2


def test_the_network_goes_while_a_visit_is_open(journey, staff, planned, somebody):  # noqa: F811
    """The form itself waits on the device; signing out is put off until it is sent."""
    staff("home-carer")
    key, page = planned(owner="home-carer"), journey.page
    journey.given_i_signed_in_as("home-carer")
    carried(journey)
    journey.go(f"/tasks/{somebody}/{key}/")
    journey.context.set_offline(True)
    page.get_by_label("Note").fill(LONG)
    page.get_by_role("button", name="Finish the visit").click()
    journey.then_i_see("What you wrote is kept on this device")
    journey.context.set_offline(False)
    wait_until(page, lambda: store.one(key)[1].state == "done")
    assert plans.plan(somebody).notes[0].text == LONG.strip()


def test_signing_out_leaves_nothing_on_the_device(journey, staff, planned):  # noqa: F811
    """The list of the day is gone from the device, and the worker with it."""
    staff("home-carer")
    planned(owner="home-carer")
    page = journey.page
    journey.given_i_signed_in_as("home-carer")
    carried(journey)
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    journey.go("/account/login/")  # the browser clears what a page held while the next one loads
    page.wait_for_function(
        "() => Promise.race([indexedDB.databases().then((all) =>"
        " !all.some((one) => one.name === 'onesystem-tasks')),"
        " new Promise((done) => setTimeout(done, 2000, false))])"
    )


def unfold(page, words):
    """Open what is folded, by keyboard; on a busy machine the page may still be on its way."""
    page.wait_for_load_state("networkidle")
    summary = page.locator("summary", has_text=words).first
    for _ in range(3):
        if summary.evaluate("(it) => it.parentElement.open"):
            return
        summary.press("Enter")


def carried(journey):  # noqa: F811
    """The list is open, and the device holds it."""
    journey.go("/tasks/")
    page = journey.page
    page.wait_for_function("() => document.documentElement.dataset.carried")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def wait_until(page, holds, seconds=20):
    """Until the store says so."""
    for _ in range(seconds * 5):
        if holds():
            return
        page.wait_for_timeout(200)
    raise AssertionError(page.locator("main").inner_text())


def test_a_page_with_something_unsent_is_not_reloaded(journey, staff, planned, somebody):  # noqa: F811
    """A session that ends takes no page away while something in it is not kept."""
    key, page = planned(), journey.page
    journey.given_i_signed_in_as(staff("district-nurse"))
    journey.go(f"/tasks/{somebody}/{key}/")
    page.wait_for_load_state("networkidle")
    ended = "() => document.dispatchEvent(new CustomEvent('onesystem:ended', {cancelable: true}))"
    assert page.evaluate(ended) is True  # nothing is typed: the page may go
    journey.context.clear_cookies(name="sessionid")
    page.get_by_label("Note").fill("half a sentence")
    assert page.evaluate(ended) is False
    page.get_by_text("You are signed out", exact=True).wait_for()
    assert page.get_by_label("Note").input_value() == "half a sentence"


def test_what_cannot_be_kept_can_still_be_sent(journey, staff, planned, somebody):  # noqa: F811
    """Where drafts fail, for whatever reason, the form is a form."""
    key, page = planned(), journey.page
    journey.given_i_signed_in_as(staff("district-nurse"))
    page.route("**/drafts/", lambda route: route.fulfill(status=500, body="broken"))
    journey.go(f"/tasks/{somebody}/{key}/")
    page.get_by_label("Note").fill("All the same")
    kept(page, "It could not be kept")
    page.get_by_role("button", name="Finish the visit").click()
    journey.then_i_see("the visit is done")
    assert plans.plan(somebody).notes[0].text == "All the same"


def test_the_round_is_a_list_on_paper(journey, staff, planned, somebody):  # noqa: F811
    """Names, places and telephone numbers in order, and nothing of the frame."""
    planned()
    page = journey.page
    journey.given_i_signed_in_as(staff("social-worker"))
    journey.go("/tasks/?paper=1")
    journey.then_i_see("in the order of the round")
    is_for_everybody(page)
    page.emulate_media(media="print")
    assert page.get_by_text("1 Mill Road").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
