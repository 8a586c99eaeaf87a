"""What people come to the pages for, in a real browser: by mouse, by keyboard, on a phone."""

import pytest
from browsing import PATIENCE, sideways, violations
from page_data import adt, person_of
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ELSEWHERE = "Flat 9, High Street^^Lynn^^PE30 1AA||"
PASSWORD = "three blind mice run"


class Journey:
    """A person at a browser. Every request that leaves the machine is remembered."""

    def __init__(self, browser, address):
        self.context = browser.new_context(viewport={"width": 1366, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.address, self.strayed = address, []
        self.page.on("request", self._watch)

    def _watch(self, request):
        if not request.url.startswith((self.address, "data:", "about:")):
            self.strayed.append(request.url)

    def go(self, path):
        self.page.goto(self.address + path)

    def given_i_signed_in_as(self, name):
        self.go("/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/account/login" not in url)

    def when_i_say_why(self, words="on the ward round"):
        self.page.locator("input[name=purpose]").first.check()
        self.page.fill("[name=reason]", words)
        self.page.press("[name=reason]", "Enter") if self._is_line() else self._send()
        self.page.wait_for_load_state()

    def _is_line(self):
        return self.page.locator("input[name=reason]").count() > 0

    def _send(self):
        self.page.locator("main form:has([name=reason]) button[type=submit]").click()

    def then_i_see(self, words):
        self.page.get_by_text(words).first.wait_for()

    def and_the_page_is_for_everybody(self):
        """No axe violation, no sideways scrolling at 320 px, no request that left the machine."""
        assert violations(self.page) == []
        assert sideways(self.page) <= 0
        assert self.strayed == []


@pytest.fixture
def journey(chromium, live_server, joined):
    """Somebody at a browser before the served district."""
    made = Journey(chromium, live_server.url)
    yield made
    made.context.close()


@pytest.fixture
def add(joined):
    """Add somebody who can sign in, named after the role."""
    from onesystem.access import Actor, actions

    def adds(role, organisation="hospital"):
        actions.add_user(
            username=role,
            password=PASSWORD,
            roles=[role],
            organisation=organisation,
            by=Actor.job("command line"),
        )
        return role

    return adds


class TestRecordsOfficer:
    def test_merges_two_records_and_takes_it_back(self, journey, add, send):
        send(
            adt("1", person="P1", nhs="", name=("Ngāpuhi", "Māia")),
            adt("2", person="P2", visit="V2", nhs="", name=("Ngapuhi", "Maya"), home=ELSEWHERE),
        )
        page = journey.page
        journey.given_i_signed_in_as(add("records-officer"))
        journey.go("/people/matches/")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("link", name="Māia Ngāpuhi").click()
        journey.then_i_see("Are these one person?")
        journey.and_the_page_is_for_everybody()
        page.fill("textarea[name=reason]", "the family confirmed that she moved")
        page.get_by_role("button", name="Same person: merge").click()
        journey.then_i_see("All their records are one person")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name="Take it back").click()
        journey.then_i_see("is undone")
        journey.go("/people/matches/")
        journey.then_i_see("1 pair of people to decide")


class TestIntegrationEngineer:
    def test_mends_a_place_and_reads_the_message_again(self, journey, add, send):
        send(adt("1", place="WARD9"))
        page = journey.page
        journey.given_i_signed_in_as(add("integration-engineer"))
        journey.go("/feeds/")
        journey.then_i_see("1 place not mapped")
        journey.and_the_page_is_for_everybody()
        page.locator("#p-pas").click()
        page.get_by_label("Service for WARD9").select_option("ward-a")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name="Save the changes").click()
        page.get_by_role("button", name="Read it again").click()
        page.get_by_role("button", name="Read 1 message again").click()
        journey.then_i_see("Done: 1 read, 0 still in quarantine")
        journey.and_the_page_is_for_everybody()
        journey.go("/feeds/pas/places/")
        journey.then_i_see("Every place that came is mapped")


class TestClinician:
    def test_finds_a_person_by_keyboard_and_reads_what_is_open(self, journey, add, send):
        send(adt("1"), adt("2", act="A02", place="WARDA", at="202611201500"))
        page = journey.page
        journey.given_i_signed_in_as(add("hospital-doctor"))
        journey.go("/people/")
        page.keyboard.type("ng", delay=40)  # the field has the focus: two keys are enough
        page.get_by_role("link", name="Māia Ngāpuhi").wait_for()
        journey.and_the_page_is_for_everybody()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Māia Ngāpuhi":
                break
        page.keyboard.press("Enter")
        journey.then_i_see("direct care")
        journey.when_i_say_why()
        journey.then_i_see("In Ward A for")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("link", name="Timeline", exact=True).click()
        summary = page.locator("details.visit summary").first
        summary.focus()
        page.keyboard.press("Enter")
        journey.then_i_see("Became known")
        journey.and_the_page_is_for_everybody()

    def test_the_timeline_works_without_script(self, chromium, live_server, add, send, journey):
        send(
            *(
                adt(str(i), visit=f"V{i}", at=f"202501{1 + i // 24:02d}{i % 24:02d}00")
                for i in range(120)
            )
        )
        person = person_of()
        journey.given_i_signed_in_as(add("hospital-doctor"))
        plain = chromium.new_context(
            java_script_enabled=False, storage_state=journey.context.storage_state()
        )
        page = plain.new_page()
        page.goto(f"{live_server.url}/people/{person}/timeline/")
        page.locator("input[name=purpose]").first.check()
        page.fill("[name=reason]", "without script")
        page.locator("main form:has([name=reason]) button[type=submit]").click()
        expect(page.locator("tr.line")).to_have_count(100)
        page.get_by_role("link", name="Show 20 earlier").click()
        expect(page.locator("tr.line")).to_have_count(120)
        plain.close()
