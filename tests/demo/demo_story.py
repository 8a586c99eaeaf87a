"""The whole loop on the demo district, in a real browser: see, try, agree, commit, deliver, prove.

Winter gridlock on the board; COPD as the largest avoidable flow; options in the twin; a proposal,
one objection that is answered, consensus; three funders commit; what was decided goes live; half a
year arrives through the feeds; the chart shows the shift, the evaluation its size, the settlement
the shares; the alliance looks at it together and says what becomes of it. It is the five-minute
tour of the README.
"""

import re
import time
from datetime import UTC, datetime, timedelta

from demo_served import Shift, let_months_pass

_PATIENCE = 600  # seconds for what a demo that was just switched on works out behind its pages
TITLE = "Look after COPD at home"
WINTER = ("Dec", "Jan", "Feb")
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

    def awaits(self, there):
        """Look again until what is worked out behind the pages is there."""
        looked = time.monotonic()
        while not there():
            assert time.monotonic() < looked + _PATIENCE, self.main()
            self.page.wait_for_timeout(3_000)
            self.page.reload()


def tell(story):
    """The story from its first page to its last."""
    the_board_shows_gridlock(story)
    journeys_show_copd(story)
    the_twin_weighs_options(story)
    it_is_proposed(story)
    one_objects_and_it_is_sent_back(story)
    all_agree(story)
    two_sign_the_pathway(story)
    three_funders_commit(story)
    last = max(shares_by_month(story))
    let_months_pass(story.folder, 6)
    figures_are_told_of_it(story, last)
    the_chart_shows_the_shift(story)
    the_evaluation_says_how_much(story)
    the_settlement_shares_it(story)
    the_alliance_looks_at_it(story)
    it_is_adopted(story)


def the_board_shows_gridlock(story):
    """How many days of gridlock the call counts, and in which months: last winter had some."""
    story.signs_in("planner")
    story.go("/opportunities/ambulatory-sensitive/")  # asked for: it is worked out meanwhile
    story.go("/")
    story.sees("NNUH emergency department")
    story.page.get_by_role("link", name="District call").first.press("Enter")
    story.page.wait_for_url("**/call/")
    story.page.get_by_role("link", name="month by month").press("Enter")
    story.page.wait_for_url("**/measures/gridlock-days/**")
    story.awaits(lambda: sum(days_of_gridlock(story, *WINTER)) > 0)
    story.go("/call/")
    assert story.page.locator("[data-label^='Days of gridlock']").all_inner_texts() != ["0, 0, 0"]
    story.the_page_is_for_everybody()


def days_of_gridlock(story, *months):
    """Of the chart's table, the days in months of these names."""
    found = re.findall(rf"({'|'.join(months)}) 20\d\d\t(\d+)\t", story.main())
    return [int(days) for _, days in found]


def journeys_show_copd(story):
    """The first condition of those that earlier care may prevent is COPD."""
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
    story.awaits(run.count)
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
    story.press("Save the draft")
    story.press(re.compile("ready for a meeting"))
    story.sees("Two in three calls end in a hospital")
    story.the_page_is_for_everybody()


def one_objects_and_it_is_sent_back(story):
    story.signs_in("chair")
    story.go("/alliance/meetings/")
    story.page.locator("tr", has_text="planned").get_by_role("link").first.press("Enter")
    story.page.wait_for_url(re.compile(r"/meetings/\d+/"))
    story.meeting = re.search(r"(/alliance/meetings/\d+/)", story.page.url)[1]
    story.press("Add to the agenda")
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
    story.press("Save how they are handled")


def the_others_agree(story):
    with story.page.expect_navigation():
        story.page.locator("form:has(.who) button[type=submit]").press("Enter")


def all_agree(story):
    story.signs_in("planner")
    story.go("/alliance/proposals/")
    story.page.get_by_role("link", name=TITLE).first.press("Enter")
    story.page.get_by_role("link", name="Begin the next version").press("Enter")
    story.page.get_by_label("What it was sent back for").fill("Two nurse hours a day are paid for")
    story.press("Save the draft")
    story.press(re.compile("ready for a meeting"))
    story.signs_in("chair")
    story.go(story.meeting)
    story.press("Add to the agenda")
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
    if story.page.get_by_role("button", name="Work out what it did").count():
        story.press("Work out what it did")
    story.page.get_by_text(re.compile(r"[\d.]+ percentage points")).first.wait_for()
    story.the_page_is_for_everybody()


def the_settlement_shares_it(story):
    """Each party's part adds up to nought to the penny; each figure says where it is from."""
    told = rows(story, "Who shares what")
    amounts = [pence(cells[-1]) for cells in told]
    assert len(told) > 3, told
    assert [told[-1][0], amounts[-1]] == ["Together", 0]
    assert sum(amounts[:-1]) == 0, told
    worked = rows(story, "How it was worked out")
    assert worked
    assert all(cells[-1].strip() for cells in worked), worked


def rows(story, caption):
    """The cells of a table by its caption, without its head."""
    table = story.page.locator("table", has=story.page.locator("caption", has_text=caption))
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]


def pence(words):
    """An amount as it is shown, in pence."""
    number = re.search(r"([\d,]+)\.(\d\d)", words)
    found = int(number[1].replace(",", "") + number[2])
    return -found if re.search(r"[-\u2212]", words) else found


def the_alliance_looks_at_it(story):
    """A meeting of its own, half a year later: the review is on its agenda."""
    story.go(story.meeting)
    story.press("Close the meeting")
    story.go("/alliance/meetings/new/")
    story.page.get_by_label("Title").fill("Half a year of COPD at home")
    later = datetime.now(UTC) + timedelta(days=200)
    story.page.get_by_label("Day and time").fill(f"{later:%Y-%m-%d}T10:00")
    story.press("Call it")
    story.page.get_by_label("What for").select_option("review")
    story.page.get_by_label("Decision to look at again").select_option(
        re.search(r"(\d+)/$", story.decision)[1]
    )
    story.press("Add to the agenda", nth=-1)
    story.press("Open the meeting")
    story.press("All who are not yet")
    story.press(f"Open it: {TITLE}")


def it_is_adopted(story):
    """The verdict stands on the review and in the register."""
    story.go(f"{story.decision}review/")
    story.page.get_by_label("Adopt it").check()
    story.page.get_by_label("Why").fill("Fewer calls end in a hospital, and it holds")
    story.press("Save the verdict")
    story.sees("Said, and registered.")
    story.sees("Adopt, by chair")
    story.go("/alliance/register/")
    story.sees("Fewer calls end in a hospital, and it holds")
    story.the_page_is_for_everybody()
