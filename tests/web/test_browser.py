"""The pages in a real browser: accessible, narrow, dark, by keyboard alone, and live."""

import os
import runpy
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from browsing import CHROMIUM, PATIENCE, violations, wait_for

from onesystem.vocabulary import contact_id

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium here"),
]
PASSWORD = "three blind mice run"
SEED = """
from onesystem.cli.opened import open_district
open_district()
from datetime import UTC, datetime, timedelta
from django.db import transaction
from onesystem import contacts
from onesystem.access import Actor, actions
from onesystem.vocabulary import Act, ContactEvent
users = {"nurse": ["ed-nurse"], "chief": ["administrator", "privacy-officer"], "plan": ["planner"]}
for name, roles in users.items():
    actions.add_user(username=name, password="three blind mice run", roles=roles, by=Actor.job("t"))
now = datetime.now(UTC)
taken = []
for n in range(40):
    service = ("ed", "ward-a", "ward-b", "nursing", "pas/WARDX")[n % 5]
    started = now - timedelta(minutes=40 * n + 5)
    taken.append(("pas", n + 1, n + 1, ContactEvent(
        visit=f"V{n}", subject=f"S{n}", act=Act.STATE, at=now, recorded=now, service=service,
        requested=started - timedelta(minutes=9), started=None if n % 9 == 4 else started,
        ended=now if n % 7 == 6 else None)))
with transaction.atomic():
    contacts.take(taken, known_at=now)
"""
ARRIVE = """
from onesystem.cli.opened import open_district
open_district(migrate=False)
from datetime import UTC, datetime
from django.db import transaction
from onesystem import contacts
from onesystem.vocabulary import Act, ContactEvent
now = datetime.now(UTC)
event = ContactEvent(visit="new", subject="new", act=Act.STATE, at=now, recorded=now,
                     service="ward-a", started=now)
with transaction.atomic():
    contacts.take([("pas", 99, 99, event)], known_at=now)
"""
SEND = r"""
import sys
from onesystem.cli.opened import open_district
open_district(migrate=False)
from onesystem import feeds
n = sys.argv[1].encode()
message = (b"MSH|^~\\&|PAS|H|ONE|T|20261101090000||ADT^A01|M" + n + b"|P|2.4\r"
           b"EVN|A01|20261101090000\rPID|1||S" + n + b"^^^H^MR||Reed^Sedge||19500101|F\r"
           b"PV1|1|I|WARDA||||||||||||||||N" + n + b"|||||||||||||||||||||||||20261101090000\r")
feeds.take_messages([feeds.Arrival(source="pas", data=message, name="live", format="hl7v2")])
"""
PAGES = """
import sys, django
django.setup()
from onesystem import wiring
wiring.connect()
from wsgiref.simple_server import WSGIServer, WSGIRequestHandler, make_server
from socketserver import ThreadingMixIn
from onesystem.web.wsgi import application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass
make_server("127.0.0.1", int(sys.argv[1]), application, Server, Quiet).serve_forever()
"""
STREAM = """
import sys, django
django.setup()
import uvicorn
from onesystem.web.stream import app
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
"""


class Served:
    """A district that is served, and what can be done to it."""

    def __init__(self, folder):
        self.port = self.pair()
        self.env = {
            **os.environ,
            "ONESYSTEM_DISTRICT": str(folder),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "onesystem.web.settings",
            "ONESYSTEM_STREAM_PORT": str(self.port + 1),
            "ONESYSTEM_SECRET": "only for these tests",
        }
        self.url = f"http://127.0.0.1:{self.port}"
        self.run(SEED)
        self.children = [
            subprocess.Popen([sys.executable, "-c", code, str(port)], env=self.env)
            for code, port in ((PAGES, self.port), (STREAM, self.port + 1))
        ]
        for port in (self.port, self.port + 1):
            wait_for(port)

    def run(self, code, *args):
        subprocess.run([sys.executable, "-c", code, *args], env=self.env, check=True)

    @staticmethod
    def pair():
        """Two free ports next to each other."""
        while True:
            with socket.socket() as one, socket.socket() as two:
                one.bind(("127.0.0.1", 0))
                port = one.getsockname()[1]
                try:
                    two.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return port

    def stop(self):
        for child in self.children:
            child.terminate()
            child.wait(30)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    make = runpy.run_path(str(Path(__file__).parent.parent / "conftest.py"))["make_district"]
    served = Served(make(tmp_path_factory.mktemp("served") / "testshire"))
    yield served
    served.stop()


@pytest.fixture
def browse(served, chromium):
    """Sign in and give a page that fails the test on any request elsewhere or error of script."""
    contexts, troubles = [], []

    def browses(who="nurse", *, width=1400, dark=False, at="/"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda r: (
                troubles.append(r.url)
                if not r.url.startswith(("http://127.0.0.1:", "http://localhost:", "data:"))
                else None
            ),
        )
        page.on(
            "console",
            lambda m: (
                troubles.append(m.text)
                if m.type == "error" and "status of 404" not in m.text
                else None
            ),
        )
        page.goto(f"{served.url}/account/login/")
        page.get_by_label("Username").fill(who)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{served.url}/")
        if at != "/":
            page.goto(served.url + at)
        return page

    yield browses
    for context in contexts:
        context.close()
    assert troubles == []


ALL_PAGES = [
    ("nurse", "/"), ("nurse", "/?wall=1"), ("nurse", "/now/ed/"), ("nurse", "/people/1/timeline/"),
    ("nurse", "/now/board/beds/"), ("nurse", "/now/board/ed/?form=wall"),
    ("nurse", "/account/"), ("nurse", "/nowhere/"), ("chief", "/settings/"),
    ("chief", "/settings/users/"), ("chief", "/settings/users/add/"),
    ("chief", "/settings/users/1/"),
    ("chief", "/settings/boards/"), ("chief", "/settings/boards/boards/"),
    ("chief", "/settings/roles/"), ("chief", "/settings/audit/"),
]  # fmt: skip


class TestEveryPage:
    @pytest.mark.parametrize("dark", [False, True])
    def test_axe_finds_nothing(self, browse, served, dark):
        found, only = {}, {"runOnly": ["color-contrast"]} if dark else {}
        for who in ("nurse", "chief"):
            page = browse(who, dark=dark)
            for name, address in ALL_PAGES:
                if name == who:
                    page.goto(served.url + address)
                    found[address] = violations(page, **only)
        assert {a: v for a, v in found.items() if v} == {}

    def test_the_sign_in_page_too(self, chromium, served):
        page = chromium.new_page()
        page.goto(f"{served.url}/account/login/")
        assert violations(page) == []
        page.close()

    def test_nothing_is_wider_than_a_small_phone(self, browse, served):
        wide = {}
        for who in ("nurse", "chief"):
            page = browse(who, width=320)
            for name, address in ALL_PAGES:
                if name == who:
                    page.goto(served.url + address)
                    wide[address] = page.evaluate("document.documentElement.scrollWidth")
        assert {a: w for a, w in wide.items() if w > 320} == {}


class TestKeyboard:
    def test_the_board_by_keys_alone(self, browse, served):
        page = browse()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.textContent") == "Emergency department"
        page.keyboard.press("j")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.closest('tr') !== null")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served.url}/now/ed/")

    def test_shortcuts_show_and_close(self, browse):
        page = browse()
        page.keyboard.press("?")
        assert page.get_by_role("heading", name="Keyboard shortcuts").is_visible()
        page.keyboard.press("Escape")
        assert not page.get_by_role("heading", name="Keyboard shortcuts").is_visible()

    def test_a_theme_that_is_chosen_stays(self, browse):
        page = browse()
        page.get_by_role("button", name="Switch between light and dark").press("Enter")
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"


class TestWaits:
    def test_a_page_that_is_long_on_its_way_says_so_and_can_be_stopped(self, browse, served):
        page = browse()
        page.route("**/now/ed/", lambda _: None)  # nobody answers
        said = page.evaluate("""() => new Promise((done) => {
            const waits = document.getElementById("waits");
            new MutationObserver((_, seen) => {
                if (waits.hidden) return;
                seen.disconnect();
                const words = waits.innerText;
                waits.querySelector("button").click();
                done([words, waits.hidden]);
            }).observe(waits, { attributes: true, attributeFilter: ["hidden"] });
            document.querySelector("a[href$='/now/ed/']").click();
        })""")
        assert (said[0].split(), said[1]) == (["Still", "at", "work", "Stop"], True)
        assert page.url == f"{served.url}/"


class TestLive:
    def test_an_arrival_shows_without_a_reload_and_keeps_the_focus(self, browse, served):
        page = browse()
        page.wait_for_selector("#pulse.live")
        page.evaluate("window.stayed = true")
        link = page.get_by_role("link", name="Ward A")
        link.focus()
        cell = page.locator("tr", has=link).locator("td").first
        before = int(cell.text_content())
        served.run(ARRIVE)
        page.wait_for_function(
            "n => document.activeElement.closest('tr')?.querySelector('td').textContent == n",
            arg=str(before + 1),
        )
        assert page.evaluate("window.stayed")
        assert page.evaluate("document.activeElement.textContent") == "Ward A"
        page.wait_for_function(
            "() => document.getElementById('said').textContent.includes('1 service')"
        )

    def test_figures_of_an_own_board_come_without_being_asked_for(self, browse, served):
        """For those who see counts alone: the row that changed, where the focus stays."""
        page, asked = browse("plan", at="/now/board/beds/"), []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_selector("html[data-live]")
        link = page.get_by_role("link", name="Ward A").first
        link.focus()
        place = "[...document.querySelectorAll('#block-services tr')].find((row) => row.cells[0]"
        row = f"{place}.textContent.includes('Ward A')).textContent"
        before = page.evaluate(row)
        served.run(SEND, "3")
        page.wait_for_function(f"was => {row} !== was", arg=before)
        assert page.evaluate("document.activeElement.textContent") == "Ward A"
        assert not [url for url in asked if "/parts/" in url]

    def test_a_fact_put_right_in_one_window_shows_in_another(self, browse, served):
        """By one gesture, with who said it; and taken back by one more."""
        served.run(SEND, "1")
        row = f"#stay-{contact_id('pas', 'N1')}"
        here, there = (browse(at="/now/board/beds/") for _ in range(2))
        for page in (here, there):
            page.wait_for_selector("html[data-live]")
        here.locator(f"{row} button[value=ready]").press("Enter")
        there.locator(f"{row} select").wait_for()
        here.locator(f"{row} select").select_option("transport")
        said = there.locator(f"{row} td[data-label=State]")
        said.get_by_text("Transport (Patient transport)").wait_for()
        assert "nurse" in said.text_content()
        for left in ("Transport", "Ready to go"):
            here.locator(f"{row} button[value=undo]").click()
            there.wait_for_function(
                "([row, text]) => !document.querySelector(row).cells[3].innerText.includes(text)",
                arg=[row, left],
            )

    def test_a_message_shows_among_the_feeds_at_once(self, browse, served):
        """The page's own timers stand still here: it is the stream that tells it."""
        page = browse("chief", at="/feeds/")
        page.wait_for_selector("#sources[data-live]")
        row = page.locator("tr", has=page.get_by_role("link", name="Hospital patient"))
        landed = row.locator("td[data-label=Landed]")
        before = int(landed.text_content())
        page.clock.install()
        page.clock.pause_at(time.time() + 5)
        served.run(SEND, "2")
        page.wait_for_function(
            "n => [...document.querySelectorAll('td[data-label=Landed]')]"
            ".some((cell) => cell.textContent == n)",
            arg=str(before + 1),
            polling=200,
        )


class TestPasskey:
    def test_a_passkey_is_added_and_signs_in(self, browse, served):
        """With the browser's virtual authenticator, on localhost as WebAuthn asks."""
        page = browse()
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                    "hasUserVerification": True, "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )  # fmt: skip
        home = served.url.replace("127.0.0.1", "localhost")
        page.goto(f"{home}/account/login/")
        page.get_by_label("Username").fill("nurse")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{home}/")
        page.goto(f"{home}/account/keys/add/")
        if "reauthenticate" in page.url:
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Confirm").click()
        page.get_by_label("Name of this key").fill("work laptop")
        page.get_by_role("button", name="Add it").click()
        page.wait_for_url("**/codes/**")
        page.goto(f"{home}/account/")
        assert "1 key" in page.content()
        page.locator("details.menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{home}/account/login/")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(f"{home}/")
        assert "nurse" in page.locator("details.menu summary").text_content()
