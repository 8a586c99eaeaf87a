"""The holder's and the social worker's stories in a real browser, wide and narrow, by keyboard."""

import re

import pytest
from browsing import sideways, violations
from personal_data import HOLDER, KEEPER, OTHER, PNG
from playwright.sync_api import expect
from test_journeys import Journey

from onesystem.budget.personal import actions, asking, queries, spending
from onesystem.budget.personal.posting import today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def journey(chromium, live_server, joined):
    made = Journey(chromium, live_server.url)
    yield made
    made.context.close()


@pytest.fixture
def photo(tmp_path):
    found = tmp_path / "receipt.png"
    found.write_bytes(PNG)
    return found


class TestHolder:
    def test_reads_signs_asks_sends_a_receipt_and_sees_what_is_left(self, journey, assessed, photo):
        actions.agree(budget=assessed, by=KEEPER, sums={"phb": 71_429, "asc": 28_571},
                      ways={"direct": 60_000, "notional": 40_000})  # fmt: skip
        page = journey.page
        journey.given_i_signed_in_as("maia")
        journey.go("/me/budget/")
        journey.then_i_see("Read and sign")
        journey.and_the_page_is_for_everybody()
        page.get_by_label("I have read it, and I agree").check()
        page.get_by_role("button", name="Sign").press("Enter")
        journey.then_i_see("You can use your budget now.")
        spending.pay(budget=assessed, amount=20_000, day=today(), by=KEEPER)
        page.set_viewport_size({"width": 320, "height": 800})
        journey.go("/me/budget/")
        page.locator("summary", has_text="Send a receipt").press("Enter")
        page.locator("#r-file").set_input_files(str(photo))
        page.locator("#r-item").select_option("respite")
        page.locator("#r-amount").fill("75.50")
        page.locator("#r-day").fill(today().isoformat())
        page.get_by_role("button", name="Send it").click()
        journey.then_i_see("Saved. What is left is below.")
        expect(page.locator(".left-now")).to_have_text("£924.50")
        page.locator("summary", has_text="Ask for something").press("Enter")
        page.locator("#ask-item").select_option("large-equipment")
        page.locator("#ask-amount").fill("400")
        page.locator("#ask-words").fill("A tricycle, to get to the shop")
        page.get_by_role("button", name="Ask", exact=True).click()
        journey.then_i_see("Below you see by when there is an answer")
        expect(page.locator("#asked")).to_contain_text("left")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("link", name="My statement").click()
        journey.then_i_see("Agrees with the ledger to the penny")
        journey.and_the_page_is_for_everybody()
        with page.expect_download() as file:
            page.get_by_role("link", name="receipt ").click()
        assert file.value.path().read_bytes() == PNG

    def test_asks_again_after_a_refusal_and_keeps_what_was_typed(self, journey, live):
        number = asking.ask(budget=live, kind="spend", item="travel", amount=5_000,
                            words="Taxis to the choir", by=HOLDER)  # fmt: skip
        asking.refuse(ask=number, reason="not-in-plan", words="The plan says walking", by=KEEPER)
        page = journey.page
        journey.given_i_signed_in_as("maia")
        journey.go("/me/budget/")
        journey.then_i_see("It does not serve what is in the plan")
        page.locator("summary", has_text="somebody else looks at it again").press("Enter")
        page.locator(f"#again-{number}").fill("The choir is my goal; I cannot walk that far")
        page.get_by_role("button", name="Ask again").press("Enter")
        journey.then_i_see("Somebody else looks at it again.")
        journey.and_the_page_is_for_everybody()
        page.locator("summary", has_text="Ask for something").press("Enter")
        page.locator("#ask-item").select_option("respite")
        page.locator("#ask-amount").fill("twelve")
        page.locator("#ask-words").fill("A weekend away")
        page.get_by_role("button", name="Ask", exact=True).click()
        journey.then_i_see("is no sum of money")
        expect(page.locator("#ask-words")).to_have_value("A weekend away")
        [again] = [w for w in queries.waits(queries.one(live)) if w.kind == "appeal"]
        asking.agree(ask=again.ask, by=OTHER, words="Yes, it is in the plan")
        journey.go("/me/budget/")
        journey.then_i_see("Yes, it is in the plan")


class TestSocialWorker:
    def test_assesses_agrees_answers_and_ends(self, journey, purses, somebody):
        page = journey.page
        journey.given_i_signed_in_as("sol")
        journey.go("/personal-budgets/")
        journey.then_i_see("Nobody has a personal budget yet")
        journey.and_the_page_is_for_everybody()
        journey.go(f"/people/{somebody}/budget/")
        journey.when_i_say_why("an assessment at home")
        journey.then_i_see("What meeting each need costs")
        page.get_by_label("Purse 1", exact=True).select_option("phb")
        page.get_by_label("Purse 2", exact=True).select_option("asc")
        page.get_by_label("Need 1").fill("Physiotherapy")
        page.locator("#f-week-0").fill("12.50")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name="Work out the indicative budget").press("Enter")
        journey.then_i_see("The indicative budget is told")
        journey.then_i_see("£1,000.00")
        page.locator("summary", has_text="Agree the budget").press("Enter")
        page.get_by_label("We hold it").fill("0")
        page.get_by_label("It is paid to you").fill("1000.00")
        journey.and_the_page_is_for_everybody()
        page.get_by_role("button", name="Agree", exact=True).press("Enter")
        journey.then_i_see("It waits to be signed")
        page.locator("summary", has_text="Signed on paper").press("Enter")
        page.get_by_label("Who signed").fill("Māia at home, before me, today")
        page.get_by_role("button", name="Signed", exact=True).press("Enter")
        journey.then_i_see("The money is set aside")
        page.locator("summary", has_text="Pay to the account").press("Enter")
        page.locator("#pay-amount").fill("250")
        page.get_by_role("button", name="Paid", exact=True).press("Enter")
        journey.then_i_see("£250.00 should be on it")
        [row] = queries.of_person(somebody)
        asking.ask(budget=row.pk, kind="question", words="May it pay for a gym?", by=HOLDER)
        journey.go("/personal-budgets/")
        # Three working days, to the end of the last one: more where a weekend lies between.
        page.get_by_text(re.compile(r"[3-9] days( \d+ h)? left")).first.wait_for()
        journey.and_the_page_is_for_everybody()
        page.locator("tbody th a").first.press("Enter")
        page.locator("summary", has_text="Answer").first.press("Enter")
        page.get_by_label("In words for the person").fill("Yes, where it helps with your goals")
        page.get_by_role("button", name="Send the answer").press("Enter")
        journey.then_i_see("Whoever asked is told")
        page.locator("summary", has_text="End it").press("Enter")
        page.locator("#end-why").select_option("choice")
        page.get_by_role("button", name="End it").press("Enter")
        journey.then_i_see("What was set aside is free again")
        assert queries.statement(queries.of_person(somebody)[0]).returned == 25_000

    def test_reads_the_rules_and_the_uptake(self, journey, live):
        journey.given_i_signed_in_as("sol")
        for address in ("/personal-budgets/rules/", "/personal-budgets/uptake/"):
            journey.go(address)
            assert violations(journey.page) == []
            assert sideways(journey.page) <= 0
