"""The chair's and a member's story in a real browser: a proposal, an objection, consensus."""

import pytest
from seating import CLERK, decided, declared, proposed, ready, seated
from test_journeys import Journey

from onesystem.alliance.meeting import bringing, holding, queries
from onesystem.district import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def members(chromium, live_server, district):
    """The seven who sit; two of them, and who takes the minutes, can sign in."""
    from onesystem import wiring
    from onesystem.access import Actor, actions

    wiring.connect()
    for name, role in (("chair", "alliance-chair"), ("member", "alliance-member")):
        actions.add_user(username=name, password="three blind mice run", roles=[role],
                         by=Actor.job("a test"))  # fmt: skip
    return seated()


@pytest.fixture
def at_table(chromium, live_server):
    """A browser for each who sits at it."""
    made = []

    def sits(name):
        made.append(Journey(chromium, live_server.url))
        made[-1].given_i_signed_in_as(name)
        return made[-1]

    yield sits
    for each in made:
        each.context.close()


def test_one_objection_is_heard_and_answered(members, at_table):
    declared(members["gp"], ("service", "nursing"))
    proposal = ready(members)
    meeting = holding.call(title="Alliance", starts=now(), by=CLERK)
    holding.list_(meeting=meeting, proposal=proposal, by=CLERK)
    chair, nurse = at_table("chair"), at_table("member")
    chair.go(f"/alliance/meetings/{meeting}/")
    _opens(chair.page)
    chair.and_the_page_is_for_everybody()
    nurse.go(f"/alliance/meetings/{meeting}/")
    nurse.page.get_by_label("Reason (an objection needs one)").fill("Nobody has the hours")
    nurse.page.get_by_role("button", name="I object").press("Enter")
    nurse.then_i_see("Saved.")
    nurse.and_the_page_is_for_everybody()
    chair.page.locator("#voices td", has_text="Nobody has the hours").wait_for()  # by itself
    _the_others_agree(chair.page)
    chair.page.get_by_role("button", name="Close it: sent back").press("Enter")
    chair.then_i_see("Sent back, with its reasons, and in the register.")
    better = proposed(members, answers="Two hours a day are paid for")
    steps = queries.proposal(proposal).row.steps
    bringing.keep(proposal=proposal, proposed=better, seen=steps, by=CLERK)
    bringing.put(proposal=proposal, seen=steps + 1, by=CLERK)
    chair.go(f"/alliance/meetings/{meeting}/")
    chair.page.get_by_role("button", name="Add to the agenda").first.press("Enter")
    chair.page.get_by_role("button", name="Open it: Acute demand at home").press("Enter")
    _handles(chair.page)
    nurse.page.reload()
    nurse.page.get_by_role("button", name="I agree").press("Enter")
    nurse.then_i_see("Saved.")
    _the_others_agree(chair.page)
    chair.page.get_by_role("button", name="Close it: agreed").press("Enter")
    chair.then_i_see("Agreed, and in the register.")
    chair.page.context.clear_cookies()
    chair.go("/alliance/register/public/")
    chair.then_i_see("Objected (Nursing): Nobody has the hours")
    chair.and_the_page_is_for_everybody()


def _opens(page):
    page.get_by_role("button", name="Open the meeting").press("Enter")
    page.get_by_role("button", name="All who are not yet").press("Enter")
    page.get_by_role("button", name="Open it: Acute demand at home").press("Enter")
    page.get_by_text("it is not said how it is handled").first.wait_for()
    _handles(page)


def _handles(page):
    group = page.get_by_role("group", name="Interest of Gita Practice")
    group.get_by_label("Why").fill("Has a share in it, and is heard")
    group.get_by_label("How").select_option("speak")
    page.get_by_role("button", name="Save how they are handled").press("Enter")
    page.get_by_text("how the interests are handled").first.wait_for()


def _the_others_agree(page):
    page.reload()
    page.get_by_role("group", name="Who").get_by_label("Kit Community").wait_for()
    page.locator("form:has(.who) button[type=submit]").press("Enter")
    page.get_by_text("Saved.").first.wait_for()


def test_every_page_is_for_everybody(members, at_table):
    decided(members, funding="later", asks=())
    number = ready(members, title="Another")
    chair = at_table("chair")
    meeting = queries.meetings()[0].id
    for path in (f"meetings/{meeting}/minutes/", f"proposals/{number}/edit/", "decisions/",
                 "decisions/1/", "actions/"):  # fmt: skip
        chair.go(f"/alliance/{path}")
        chair.and_the_page_is_for_everybody()
