"""A walk through the product: every route that links lead somebody to, and what is wrong there."""

import html
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import urljoin, urlsplit

from browsing import PATIENCE, sideways, violations
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from onesystem.demo.signins import PASSWORD

PAPER = {"width": 718, "height": 1040}  # A4 upright less its margins, in CSS pixels
TURNED = {"width": 1040, "height": 718}
_HREF = re.compile(r'<a [^>]*href="([^"]+)"')
_FILE = re.compile(r"[?&]format=|[.](csv|xlsx|json|pdf|zip|svg|txt|jsonl|ics|png|js|webmanifest)$")
_OUT = ("/account/logout", "/openid/", "/static/")

_CHECKS = (Path(__file__).parent / "walking.js").read_text(encoding="utf-8")


@dataclass
class Walk:
    """One walk over a served district: what was seen of each route, and by whom.

    `examples` pages of each route are asked for by each role. The first `deep` times a route is
    looked at closely, in the browser, where it is one of those that are `near`; after that only
    its answer and its links are read.
    """

    browser: object
    address: str
    examples: int = 1
    deep: int = 1
    schemes: tuple[str, ...] = ("light", "dark")
    slow: float = 1.0  # seconds after which somebody wonders whether it works
    near: object = lambda _: True  # a route's name: whether it is worth a close look
    said: object = print
    wrong: dict = field(default_factory=lambda: defaultdict(set))  # (route, words): roles
    seen: dict = field(default_factory=lambda: defaultdict(list))  # route: roles, one a page

    def as_role(self, name, looks=lambda *_: None):
        """Every page that this sign-in's links lead to, breadth first."""
        context = self.browser.new_context(viewport={"width": 1366, "height": 900})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        heard = _Ear(page, self.address)
        _sign_in(page, self.address, name)
        waiting, asked, found = deque([(page.url, "")]), {page.url}, defaultdict(int)
        while waiting:
            url, came_from = waiting.popleft()
            route = route_of(url)
            if route is None or found[route] >= self.examples:
                continue
            found[route] += 1
            for link in self._looked_at(page, heard, route, (url, came_from), name, looks):
                bare = urljoin(url, link).split("#")[0]
                if bare not in asked and self._is_page(bare):
                    asked.add(bare)
                    waiting.append((bare, route))
        context.close()
        return found

    def _is_page(self, url):
        parts = urlsplit(url)
        return (
            url.startswith(self.address)
            and not parts.path.startswith(_OUT)
            and not _FILE.search(parts.path + ("?" + parts.query if parts.query else ""))
        )

    def _looked_at(self, page, heard, route, at, name, looks):
        """Look at one page and answer its links."""
        url, came_from = at
        closely = self.near(route) and len(self.seen[route]) < self.deep
        if not closely:
            answer = page.context.request.get(url)
            said = answer.text()
            if 'name="purpose"' not in said:
                self._note(route, name, url, _refused(answer.status, said, came_from))
                return [html.unescape(each) for each in _HREF.findall(said)]
        heard.clear()
        try:
            took, status = _open(page, url, self.slow)
        except Error as error:
            if "Download is starting" not in str(error):
                self._note(route, name, url, [f"does not open: {str(error)[:80]}"])
            return []
        if refused := _refused(status, page.content(), came_from):
            self._note(route, name, url, refused)
            return []
        links = _ask(page, "links")
        if closely:
            self.seen[route].append(name)
            wrong = [f"takes {took:.1f} s"] if took > self.slow else []
            for check in ("place", "content", "focus"):
                wrong += _ask(page, check)
            wrong += self._closely(page)
            looks(page, route, name)
            self._note(route, name, url, [*wrong, *heard.told()])
        return links

    def _closely(self, page):
        wrong = [f"{by} px too wide at 320 px"] if (by := sideways(page)) > 0 else []
        kept = page.viewport_size
        page.emulate_media(media="print")
        turned = page.evaluate("getComputedStyle(document.body).page === 'wide'")
        page.set_viewport_size(TURNED if turned else PAPER)
        wrong += _ask(page, "paper")
        page.emulate_media(media="screen")
        page.set_viewport_size(kept)
        _ask(page, "fold", "true")
        for scheme in self.schemes:
            page.emulate_media(color_scheme=scheme)
            wrong += [f"{each} in {scheme}" for each in _ask(page, "drawn")]
            rules = {} if scheme == self.schemes[0] else {"runOnly": ["color-contrast"]}
            for rule, where in violations(page, **rules):
                wrong.append(f"axe in {scheme}: {rule} {where[0][:120] if where else ''}")
        page.emulate_media(color_scheme="light")
        _ask(page, "fold", "false")
        return wrong

    def _note(self, route, name, url, wrong):
        for words in wrong:
            self.wrong[route, words].add(name)
            self.said(f"{name:14} {route:32} {words}  <{url.removeprefix(self.address)}>")


class _Ear:
    """What a page asks for and complains of."""

    def __init__(self, page, address):
        self._wrong = []
        self._own = address.rsplit(":", 1)[0]
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda e: self._wrong.append(f"error of script: {str(e)[:80]}"))
        page.on("console", self._complained)

    def clear(self):
        self._wrong.clear()

    def told(self):
        return list(dict.fromkeys(self._wrong))

    def _asked(self, request):
        if not request.url.startswith((self._own, "data:", "about:", "blob:")):
            self._wrong.append(f"asks elsewhere: {request.url[:80]}")

    def _answered(self, response):
        if response.status >= 400 and response.request.resource_type != "document":
            self._wrong.append(f"{response.status} for {urlsplit(response.url).path[:60]}")

    def _failed(self, request):
        if "ERR_ABORTED" not in (request.failure or "") and "/live/" not in request.url:
            self._wrong.append(f"failed: {urlsplit(request.url).path[:60]}")

    def _complained(self, message):
        if message.type in {"error", "warning"} and "the server responded with" not in message.text:
            self._wrong.append(f"console: {message.text[:100]}")


def _ask(page, check, *given):
    return page.evaluate(f"({_CHECKS}).{check}({', '.join(given)})")


_ASKS = ('name="purpose"', 'name="choice"', "Choose another purpose")  # and opens then


def _refused(status, said, came_from):
    """What is wrong with an answer; nothing where a page asks why it is opened."""
    if status < 400 or any(each in said for each in _ASKS):
        return []
    return [f"answers {status} to a link of {came_from}"]


def route_of(url):
    """The name of a page's route, such as `record:timeline`; None where there is none."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None


def _sign_in(page, address, name):
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)


def _open(page, url, slow):
    """Open it, saying why where it is asked: how long it took, in seconds, and its status."""
    took, status = _timed(page, url)
    form = page.locator("main form:has(input[name=purpose])")
    if form.count():
        form.locator("input[name=purpose]").first.check()
        reason = form.locator("[name=reason]")
        if reason.count():
            reason.first.fill("looking after them")
        with page.expect_navigation():
            form.locator("button[type=submit]").first.click()
        took, status = _timed(page, url)
    if took > slow:  # the machine may be busy
        took = min(took, _timed(page, url)[0])
    return took, status


def _timed(page, url):
    began = monotonic()
    answer = page.goto(url)
    return monotonic() - began, answer.status if answer else 0
