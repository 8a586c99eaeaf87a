"""Whoever follows a tutorial: the sentences that they understand, and what they do then.

After a colon a sentence may explain itself; nothing that is on the screen is named there.
"""

import re
from functools import reduce

from demo_served import Shift
from playwright.sync_api import Error, Locator
from tutorial import sentences

WHY = re.compile(r": [^*`]+$")
IF_SEEN = re.compile(r"If you see \*\*([^*]+)\*\*, (.+)")
SENTENCES = []  # (what is said, what a reader does)
# Notes in the page whether what is done leads to another one, which a reader waits for.
LEAVES = """() => ["click", "submit"].forEach(kind => window.addEventListener(kind, event => {
  const link = event.target.closest("a[href]"), here = location.href.split("#")[0]
  const goes = kind == "submit" || (link && !link.download && link.href.split("#")[0] != here)
  if (goes && !event.defaultPrevented) window.leaves = true
}))"""


class NotUnderstood(AssertionError):
    """A sentence that no reader knows how to follow."""


def says(words):
    """The sentence by which a writer asks a reader to do it: `**_**` and `_` in backticks vary."""
    pattern = re.escape(words).replace(r"\*\*_\*\*", r"\*\*([^*]+)\*\*").replace("`_`", "`([^`]+)`")

    def known(act):
        SENTENCES.append((words, re.compile(pattern), act))
        return act

    return known


def understood(sentence):
    """(what a reader does, with what), or NotUnderstood with what can be said."""
    if met := IF_SEEN.fullmatch(sentence):
        return understood(met[2][0].upper() + met[2][1:])
    told = WHY.sub("", sentence)
    for _, pattern, act in SENTENCES:
        if found := pattern.fullmatch(told):
            return act, found.groups()
    known = "\n".join(f"  {words}" for words, _, _ in SENTENCES)
    raise NotUnderstood(f"“{sentence}” is none of what a step can say:\n{known}")


class Reader(Shift):
    """Somebody who has a tutorial beside them and does what it says, to the letter."""

    def follows(self, text):
        """Every step, to the last page: which is for everybody, whatever has happened on it."""
        for sentence in sentences(text):
            try:
                self.does(sentence)
            except Exception as error:
                error.add_note(f"At the step: {sentence}. {self.where()}")
                raise
        self.the_page_is_for_everybody()

    def does(self, sentence):
        """What a sentence says, and what follows it on the page."""
        if met := IF_SEEN.fullmatch(sentence):
            if self.page.get_by_text(met[1]).filter(visible=True).count():
                self.does(met[2][0].upper() + met[2][1:])
            return
        act, names = understood(sentence)
        if self.page:
            self._watches()
        act(self, *names)
        self.page.wait_for_function("() => !window.leaves")
        self.page.wait_for_load_state()

    def _watches(self):
        """Before an act; a page that is left just then, by a script of its own, is waited for."""
        try:
            self.page.evaluate(LEAVES)
        except Error:
            self.page.wait_for_load_state()
            self.page.evaluate(LEAVES)

    def where(self):
        return f"On {self.page.url}: {self.page.inner_text('main')[:1500]}" if self.page else ""

    @says("Sign in as `_`")
    def signs_in_as(self, name):
        self.signs_in(name)

    @says("On a phone, sign in as `_`")
    def signs_in_on_a_phone(self, name):
        self.signs_in(name).set_viewport_size({"width": 360, "height": 740})

    @says("Open **_**")
    def opens(self, name):
        self._named("link", name).click()

    @says("Open the tab **_**")
    def opens_tab(self, name):
        self.page.locator("main nav").get_by_role("link", name=name, exact=True).first.click()

    @says("Open the first row")
    def opens_first(self):
        self._rows().first.get_by_role("link").first.click()

    @says("Open the first row that says **_**")
    def opens_first_with(self, words):
        self._rows(words).first.get_by_role("link").first.click()

    @says("Open the first of the list")
    def opens_first_listed(self):
        self.page.locator("main li").get_by_role("link").first.click()

    @says("If you are asked why, choose **_** and say `_`")
    def says_why_if_asked(self, purpose, reason):
        if self.page.get_by_role("group", name="Purpose").count():
            self.page.get_by_label(purpose).check()
            self.page.get_by_label("What are you doing?").fill(reason)
            self.page.get_by_role("button", name="Open the record").click()

    @says("If you have to break the glass, choose **_** and say `_`")
    def breaks_glass_if_asked(self, reason, words):
        if self.page.get_by_role("button", name="Break the glass").count():
            self.page.get_by_label(reason).check()
            self.page.get_by_label("Say more in a few words").fill(words)
            self.page.get_by_role("button", name="Break the glass").click()

    @says("Press **_**")
    def presses(self, name):
        self._named("button", name).click()

    @says("Press **_** under **_**")
    def presses_under(self, name, heading):
        self._named("button", name, self._after(heading)).click()

    @says("Press **_** in the first row that says **_**")
    def presses_in(self, name, words):
        self._rows(words).first.get_by_role("button", name=name).first.click()

    @says("Press `_`")
    def presses_key(self, key):
        self.page.keyboard.press(key)

    @says("Type `_`")
    def types(self, words):
        self.page.keyboard.type(words, delay=10)

    @says("Type `_` into **_**")
    def types_into(self, words, label):
        self._labelled(label).fill(words)

    @says("Choose **_** under **_**")
    def chooses(self, option, label):
        field = self._labelled(label)
        if field.evaluate("field => field.localName") == "select":
            options = field.locator("option").all_inner_texts()
            begins = [each for each in options if each.strip().startswith(option)]
            field.select_option(label=option if option in options else begins[0])
        else:
            field.get_by_label(option).first.check()

    @says("Tick **_**")
    def ticks(self, label):
        self._labelled(label).check()

    @says("Note the reference number")
    def notes_number(self):
        self.number = re.search(r"[A-Z]{1,2}-\w{4}-\w{4}", self.page.inner_text("main"))[0]

    @says("Type the reference number into **_**")
    def types_number(self, label):
        self._labelled(label).fill(self.number)

    @says("You see **_**")
    def sees_words(self, words):
        self.page.get_by_text(words).filter(visible=True).first.wait_for()

    def _named(self, role, name, where=None):
        """What is called so, best by its whole name; a line that unfolds may be either role."""
        page, starts = self.page, re.compile(rf"^\s*{re.escape(name)}")
        whole = page.get_by_role(role, name=name, exact=True)
        return self._best(
            [whole, page.get_by_role(role, name=starts), page.get_by_role(role, name=name),
             page.locator("summary").filter(has_text=name)], where)  # fmt: skip

    def _labelled(self, label):
        """A field, or a group of choices, best by its whole label."""
        page = self.page
        return self._best(
            [page.get_by_label(label, exact=True), page.get_by_role("group", name=label),
             page.get_by_label(label)])  # fmt: skip

    def _best(self, ways, where=None):
        """What the first of these ways finds on the page, as soon as any of them does."""
        seen = [(way.and_(where) if where else way).filter(visible=True) for way in ways]
        reduce(Locator.or_, seen).first.wait_for()
        return next(way for way in seen if way.count()).first

    def _rows(self, words=""):
        """Rows of tables that lead somewhere or can be ticked."""
        rows = self.page.locator("main tbody tr:has(a, input, button)").filter(visible=True)
        return rows.filter(has_text=words) if words else rows

    def _after(self, heading):
        """Whatever comes after the first title or label that says so, as one reads down."""
        headings = self.page.locator("main :is(h1, h2, h3, h4, legend, summary, label, dt, a)")
        return headings.filter(has_text=heading).first.locator("xpath=following::*")
