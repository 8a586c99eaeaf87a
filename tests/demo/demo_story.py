"""The whole loop on the demo district, in a real browser: see, try, agree, commit, deliver, prove.

Winter gridlock on the board; COPD as the largest avoidable flow; options in the twin; a proposal,
one objection that is answered, consensus; three funders commit; what was decided goes live; half a
year arrives through the feeds; the chart shows the shift, the evaluation its size, the settlement
the shares. It is the five-minute tour of the README.
"""

import re
import time
from datetime import UTC, datetime, timedelta

from demo_served import Shift, let_months_pass

_PATIENCE = 600  # seconds for what a demo that was just switched on works out behind its pages
TITLE = "Look after COPD at home"
OBJECTION = "Nobody has the hours for a visit each day"
EVIDENCE = (
    ("/measures/ambulance-conveyed/?every=month", "Two in three calls end in a hospital"),
    ("/plan/winter-without-gridlock/cost/acute-demand-home", "What it costs, for the people here"),
)


class Story(Shift):
    """A shift that goes through many hands."""

    def __init__(self, browser, folder, address):
        super().__init__(browser, address)
        self.folder = folder

    def press(self, name, *, nth=0):
        button = self.page.get_by_role("button", name=name).nth(nth)
        with self.page.expect_navigation():
            button.press("Enter")

    def main(self):
        return self.page.inner_text("main")


def tell(story):
    """The story from its first page to its last."""
    the_board_shows_gridlock(story)
    journeys_are_asked_for(story)
    the_twin_weighs_options(story)
    it_is_proposed(story)
    one_objects_and_it_is_sent_back(story)
    all_agree(story)
    two_sign_the_pathway(story)
    three_funders_commit(story)
    journeys_show_copd(story)
    last = max(shares_by_month(story))
    let_months_pass(story.folder, 6)
    figures_are_told_of_it(story, last)
    the_chart_shows_the_shift(story)
    the_evaluation_says_how_much(story)


def the_board_shows_gridlock(story):
    """EDs now, and how many people wait there for half a day, month by month."""
    story.signs_in("planner")
    story.go("/?setting=ED")
    story.sees("NNUH emergency department")
    story.sees("Of capacity")
    story.go("/measures/ed-12-hours/?every=month")
    story.sees("ED")


def journeys_are_asked_for(story):
    """A demo that was just switched on works them out behind its twin: others go on meanwhile."""
    story.go("/opportunities/ambulatory-sensitive/")


def journeys_show_copd(story):
    """The first condition of those that earlier care may prevent is COPD."""
    story.signs_in("planner")
    story.go("/opportunities/ambulatory-sensitive/")
    story.page.get_by_text("Chronic obstructive pulmonary disease").first.wait_for(
        timeout=_PATIENCE * 1_000
    )
    story.page.get_by_role("link", name=re.compile("journeys", re.IGNORECASE)).first.wait_for()


def the_twin_weighs_options(story):
    """Four options and three together, which the twin runs while others go on."""
    story.go("/plan/winter-without-gridlock/options/")
    for name in ("Acute demand at home", "Ambulance to practice", "More beds"):
        story.sees(name)
    run = story.page.get_by_role("link", name=re.compile("^Run 1"))
    looked = time.monotonic()
    while not run.count() and time.monotonic() < looked + _PATIENCE:
        story.page.wait_for_timeout(3_000)
        story.page.reload()
    run.first.press("Enter")
    story.page.wait_for_url(re.compile("/runs/"))
    story.page.get_by_text("Days at home").first.wait_for(timeout=_PATIENCE * 1_000)


def it_is_proposed(story):
    story.go("/alliance/proposals/")
    story.page.get_by_role("link", name=TITLE).first.press("Enter")
    story.page.get_by_role("link", name="Change the draft").press("Enter")
    for n, (address, words) in enumerate(EVIDENCE):
        story.press("Add evidence")
        story.page.locator(f"[name='evidence.{n}.address']").fill(address)
        story.page.locator(f"[name='evidence.{n}.words']").fill(words)
    story.press("Keep the draft")
    story.press(re.compile("ready for a meeting"))
    story.sees("Two in three calls end in a hospital")
    story.the_page_is_for_everybody()


def one_objects_and_it_is_sent_back(story):
    story.signs_in("chair")
    story.go("/alliance/meetings/")
    story.page.locator("tr", has_text="planned").get_by_role("link").first.press("Enter")
    story.page.wait_for_url(re.compile(r"/meetings/\d+/"))
    story.meeting = re.search(r"(/alliance/meetings/\d+/)", story.page.url)[1]
    story.press("Put it on the agenda")
    story.press("Open the meeting")
    story.press("All who are not yet")
    story.press(f"Open it: {TITLE}")
    handle_interests(story)
    story.signs_in("member")
    story.go(story.meeting)
    story.page.get_by_label("Reason (an objection needs one)").fill(OBJECTION)
    story.press("I object")
    story.signs_in("chair")
    story.go(story.meeting)
    the_others_agree(story)
    story.press("Close it: sent back")
    story.sees("Sent back, with its reasons")


def handle_interests(story):
    """Those with an interest stay: all know of it, and they sit for what they bring."""
    for group in story.page.get_by_role("group", name=re.compile("^Interest of")).all():
        group.get_by_label("Why").fill("Known to all, and sits here for what they bring")
    story.press("Write down how they are handled")


def the_others_agree(story):
    with story.page.expect_navigation():
        story.page.locator("form:has(.who) button[type=submit]").press("Enter")


def all_agree(story):
    story.signs_in("planner")
    story.go("/alliance/proposals/")
    story.page.get_by_role("link", name=TITLE).first.press("Enter")
    story.page.get_by_role("link", name="Write the next version").press("Enter")
    story.page.get_by_label("What it was sent back for").fill("Two nurse hours a day are paid for")
    story.press("Keep the draft")
    story.press(re.compile("ready for a meeting"))
    story.signs_in("chair")
    story.go(story.meeting)
    story.press("Put it on the agenda")
    story.press(f"Open it: {TITLE}")
    handle_interests(story)
    story.signs_in("member")
    story.go(story.meeting)
    story.press("I agree")
    story.signs_in("chair")
    story.go(story.meeting)
    the_others_agree(story)
    story.press("Close it: agreed")
    story.sees("Agreed, and in the register")


def two_sign_the_pathway(story):
    story.signs_in("editor")
    story.go("/pathways/copd-exacerbation/review/")
    story.page.get_by_label("Subject expert who signs it").select_option("doctor")
    story.press("Send for review")
    for name, part in (("doctor", "Sign as subject expert"), ("lead", "Sign as clinical lead")):
        story.signs_in(name)
        story.go("/pathways/copd-exacerbation/review/")
        story.press(part)
        story.sees("Signed as")


def three_funders_commit(story):
    for name in ("funder.health", "funder.council", "funder.hospital"):
        story.signs_in(name)
        story.go("/alliance/money/")
        story.page.get_by_role("link", name=TITLE).first.press("Enter")
        story.press(re.compile("^Confirm £"))
    story.sees("It is resourced: the money is reserved")
    story.sees("Acute demand at home takes 10 at once")
    story.the_page_is_for_everybody()
    story.decision = re.search(r"(/alliance/decisions/\d+/)", story.page.url)[1]


def shares_by_month(story):
    """Of each month, the newest first, the share of calls that ended in a hospital."""
    story.go("/measures/ambulance-conveyed/?every=month")
    found = re.findall(r"([A-Z][a-z]{2} 20\d\d)\t(\d+\.\d)%", story.main())
    return {
        datetime.strptime(month, "%b %Y").replace(tzinfo=UTC): float(share)
        for month, share in found
    }


def figures_are_told_of_it(story, last):
    """Measures are worked out behind the pages: the chart has the new months when they are."""
    story.signs_in("chair")
    looked, soon = time.monotonic(), last + timedelta(days=130)
    while max(shares_by_month(story)) < soon and time.monotonic() < looked + _PATIENCE:
        story.page.wait_for_timeout(3_000)


def the_chart_shows_the_shift(story):
    """The decision stands on the chart; the months since lie lower, whatever day it is made on."""
    months = shares_by_month(story)
    story.sees("It is to be at most 55")
    shares = [months[month] for month in sorted(months, reverse=True)]
    assert sum(shares[:4]) / 4 < sum(shares[6:]) / len(shares[6:]) - 4, months


def the_evaluation_says_how_much(story):
    story.go(f"{story.decision}review/")
    if story.page.get_by_role("button", name="Draw what it did").count():
        story.press("Draw what it did")
    story.page.get_by_text(re.compile(r"[\d.]+ percentage points")).first.wait_for()
    story.sees("What the contract shares")
    story.the_page_is_for_everybody()
