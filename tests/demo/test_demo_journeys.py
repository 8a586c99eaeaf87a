"""Each role's story on the demo district, in a real browser: what one does, the next one sees.

The stories follow each other on one served demo, as a district's day does; each can run alone.
"""

import math
import re

import pytest
from demo_served import Shift, served_demo
from demo_story import Story, tell
from reader import Reader
from tutorial import tutorials
from walking import Walk, route_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the demo."""
    return tmp_path_factory.mktemp("demo") / "district"


@pytest.fixture(scope="module")
def demo(chromium, folder):
    """The address of the served demo."""
    with served_demo(folder) as address:
        yield address


@pytest.fixture
def shift(chromium, demo):
    """Somebody at a browser before the demo."""
    made = Shift(chromium, demo)
    yield made
    if made.context:
        made.context.close()


@pytest.mark.parametrize("text", tutorials().values(), ids=tutorials())
def test_a_tutorial_can_be_followed_to_the_letter(chromium, demo, text):
    """They come first: none leans on what another, or a story below, has changed."""
    reader = Reader(chromium, demo)
    try:
        reader.follows(text)
    finally:
        if reader.context:
            reader.context.close()


def heard_of(shift):
    """Those of the GP's practice of whom it has heard lately: number and family name."""
    links = shift.page.locator("main tr a[href^='/people/']")
    seen = dict.fromkeys((each.get_attribute("href"), each.inner_text()) for each in links.all())
    return [(int(re.search(r"/people/(\d+)", href)[1]), name.split(",")[0]) for href, name in seen]


def somebody(shift, turn):
    """One of them."""
    return heard_of(shift)[turn]


def send(page):
    """Send a request, and answer what stands against it."""
    button = page.get_by_role("button", name=re.compile("^Send to"))
    with page.expect_navigation():
        button.press("Enter")
    if page.get_by_text("Not sent yet").count():
        for box in page.locator("#f-anyway input, #f-agreed input").all():
            box.check()
        for why in page.get_by_label("Why is it sent all the same?").all():
            why.fill("Agreed by telephone")
        with page.expect_navigation():
            button.press("Enter")


def fill_what_is_needed(page):
    """What a form of the demo's services asks for."""
    form = page.locator(".request-form")
    for box in form.locator("textarea:visible").all():
        if not box.input_value():
            box.fill("Palpitations twice a week, lasting minutes")
    for choice in form.locator("select").all():
        choice.select_option(index=1)
    for group in form.locator("fieldset:has(.pick-inline)").all():
        group.get_by_label("No", exact=True).check()
    for line in form.locator(".field input.input:visible").all():
        if not line.input_value():
            line.fill("1")


def test_an_editor_writes_and_two_sign(shift):
    page = shift.signs_in("editor")
    shift.go("/pathways/new/")
    page.get_by_label("Title").fill("Gout in the big toe")
    page.keyboard.press("Enter")
    shift.sees("How is Gout in the big toe to be done?")
    page.get_by_label("Words by which people look for it").fill("toe on fire")
    page.get_by_role("button", name="Add a red flag").first.press("Enter")
    page.locator("[name='flags.0.words']").fill("A hot joint and a fever")
    page.get_by_role("button", name="Add a step").first.press("Enter")
    page.locator("[name='assessment.0.words']").fill("Look at both feet")
    page.get_by_role("button", name="Save the draft").first.press("Enter")
    shift.sees("Saved as a draft")
    shift.the_page_is_for_everybody()
    page.get_by_role("button", name="Save, then send for review").press("Enter")
    page.get_by_label("Subject expert who signs it").select_option("doctor")
    page.get_by_role("button", name="Send for review").press("Enter")
    shift.sees("Sent.")
    for name, part in (("doctor", "Sign as subject expert"), ("lead", "Sign as clinical lead")):
        page = shift.signs_in(name)
        shift.go("/pathways/gout-in-the-big-toe/review/")
        page.get_by_role("button", name=part).press("Enter")
        shift.sees("Signed as")
    page.get_by_role("button", name="Put it in force").press("Enter")
    shift.sees("In force from now on")
    shift.the_page_is_for_everybody()


def test_a_gp_orders_a_test_under_its_criteria(shift):
    page = shift.signs_in("gp")
    shift.go("/practice/?all=1")
    person, _ = somebody(shift, 1)
    shift.go(f"/people/{person}/requests/new/?service=nnuh-pathology&kind=order")
    fill_what_is_needed(page)
    page.locator("input[name=kind][value=order]").check()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Send to")).press("Enter")
    shift.sees("It does not say which test")
    shift.the_page_is_for_everybody()
    page.get_by_label("Full blood count").check()
    send(page)
    shift.sees("Your reference number is")
    shift.sees("Full blood count")


@pytest.mark.parametrize(("who", "turn"), [("gp", 2), ("paramedic", 4)])
def test_care_at_home_is_started(shift, who, turn):
    """By a practice and a crew: the criteria, the package, a number to read out."""
    page = shift.signs_in("gp")
    shift.go("/practice/?all=1")
    people = [person for person, _ in heard_of(shift)[turn::3]]
    if who != "gp":
        page = shift.signs_in(who)
    for person in people:  # whoever is looked after at home already, or has gone, is passed over
        shift.go(f"/people/{person}/at-home/?package=dehydration")
        if page.get_by_role("button", name="Start care at home").count():
            break
    shift.the_page_is_for_everybody()
    page.get_by_label("I looked for each of these").check()
    for group in page.locator(".criterion").all():
        group.get_by_label("Yes").check()
    for full in page.locator("[name=agreed-team]").all():
        full.fill("The nurse in charge, by telephone")
    page.get_by_role("button", name="Start care at home").press("Enter")
    shift.sees("Started. The reference number is AH-")
    shift.the_page_is_for_everybody()
    number = re.search(r"AH-\d{4}-\d{4}", page.inner_text("main"))[0]
    shift.go(f"/at-home/?q={number}")
    shift.sees(number)
    shift.the_page_is_for_everybody()


def test_a_home_carer_has_the_list_of_the_day(shift):
    page = shift.signs_in("home.carer")
    page.set_viewport_size({"width": 320, "height": 700})
    shift.go("/tasks/")
    shift.the_page_is_for_everybody()


def test_a_manager_sees_how_services_answer(shift):
    page = shift.signs_in("manager")
    answered = page.get_by_role("link", name="Requests that were worked up").first
    for _ in range(60):  # a demo that was just begun still works its measures out
        shift.go("/measures/?q=worked")
        if answered.count():
            break
        page.wait_for_timeout(2000)
    answered.press("Enter")
    shift.sees("Of the requests that were answered")
    shift.the_page_is_for_everybody()
    shift.go("/measures/procedures-moved/")
    shift.the_page_is_for_everybody()


MONEY = (
    ("finance", "/budget/ledger/"),
    ("finance", "/budget/costs/"),
    ("finance", "/budget/capitation/"),
    ("director", "/budget/specialties/"),
    ("commissioner", "/contracts/compare/1/"),
    ("commissioner", "/contracts/decompose/?contract=norfolk-and-norwich-aligned-payment:0"),
    ("commissioner", "/contracts/spend/"),
    ("contracts", "/contracts/"),
    ("better.care", "/pooled/"),
    ("assessor", "/charges/"),
    ("policy", "/policy/"),
)


@pytest.mark.parametrize(("who", "path"), MONEY)
def test_the_money_of_the_demo_is_there_for_everybody(shift, who, path):
    """Figures and no empty page, for whom it is for."""
    page = shift.signs_in(who)
    shift.go(path)
    assert page.locator("main").get_by_text(re.compile(r"£\d|\d billion")).count() > 0


@pytest.fixture(scope="module")
def walk(chromium, demo):
    """One walk for all: a route is looked at closely for the first who gets there.

    A busy machine is slow, so nothing is said of that; and axe takes most of the time, so it looks
    in the light, and for the chair only at money and meetings.
    """
    return Walk(chromium, demo, schemes=("light",), slow=math.inf)


@pytest.mark.parametrize("name", ["person", "engineer", "privacy", "chair"])
def test_wherever_links_lead_the_page_is_for_everybody(walk, name):
    """Axe, 320 px, paper, focus, headings, where one is, dead ends, requests to elsewhere."""
    money = {route_of(path) for _, path in MONEY}
    rooms = {"commit", "learning", "meeting", "proof"}
    if name == "chair":
        walk.near = lambda route: route in money or route.partition(":")[0] in rooms
    assert len(walk.as_role(name)) > 15
    assert {at for at, names in walk.wrong.items() if name in names} == set()


def test_the_whole_loop_is_closed(chromium, demo, folder):
    """See, try, agree, commit, deliver, prove: it comes last, for half a year passes in it."""
    story = Story(chromium, folder, demo)
    try:
        tell(story)
    finally:
        story.context.close()
