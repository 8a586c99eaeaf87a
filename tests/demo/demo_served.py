"""The demo district as `make run` makes it, only smaller, served by the product's own command."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from browsing import PATIENCE, wait_for

from onesystem.demo.signins import PASSWORD

PEOPLE = "3000"
ASKED = "input[name=purpose], input[name=choice]"  # why, and why the glass is broken


def free_ports():
    """A port of this machine with a free one after it: pages, and the live stream."""
    for port in range(18_000, 19_000, 2):
        for each in (port, port + 1):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", each)) == 0:
                    break
        else:
            return port
    raise RuntimeError("no free ports")


@contextmanager
def served_demo(folder):
    """Make the demo in a folder and serve it; ONESYSTEM_DEMO_AT is one that is served already."""
    if at := os.environ.get("ONESYSTEM_DEMO_AT"):
        yield at
        return
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_URL", "DJANGO_"))}
    run = [sys.executable, "-m", "onesystem.cli"]
    make = [*run, "demo", "make", str(folder), "--people", PEOPLE, "--quiet"]
    subprocess.run(make, env=env, check=True, capture_output=True)
    _listen_elsewhere(folder / "district.toml")
    port = free_ports()
    command = [*run, "-d", str(folder), "serve", "--demo", "--port", str(port)]
    log = (folder.parent / "serve.log").open("wb")
    serving = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        serving.terminate()
        serving.wait(30)
        log.close()


def let_months_pass(folder, months):
    """Months of the demo, through its feeds, while it is served."""
    folder = os.environ.get("ONESYSTEM_DEMO_IN", folder)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_URL", "DJANGO_"))}
    run = [sys.executable, "-m", "onesystem.cli", "demo", "forward", str(folder)]
    subprocess.run([*run, "--months", str(months)], env=env, check=True, capture_output=True)


def _listen_elsewhere(file):
    """Feeds listen on ports that another district of this machine does not."""
    text = file.read_text(encoding="utf-8")
    fresh = 30_000 + int(time.time()) % 9_000
    numbered = iter(range(fresh, fresh + 100))
    file.write_text(re.sub(r"(?m)^listen = \d+", lambda _: f"listen = {next(numbered)}", text),
                    encoding="utf-8")  # fmt: skip


class Shift:
    """Somebody of the demo's staff at a browser; what left the machine is remembered."""

    def __init__(self, browser, address):
        self.browser, self.address, self.strayed = browser, address, []
        self.context = self.page = None

    def signs_in(self, name):
        """Somebody else, or the same again: a browser of their own."""
        if self.context:
            self.context.close()
        self.context = self.browser.new_context(viewport={"width": 1366, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("request", self._watch)
        self.go("/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/account/login" not in url)
        return self.page

    def _watch(self, request):
        host = self.address.rsplit(":", 1)[0]
        if not request.url.startswith((host, "data:", "about:", "blob:")):
            self.strayed.append(request.url)

    def go(self, path, why="looking after them"):
        """Open a page, and say why where it is asked."""
        self.page.goto(self.address + path)
        self.says_why(why)

    def says_why(self, why="looking after them"):
        """Answer why a person is opened, and break the glass where there is no tie."""
        form = self.page.locator(f"main form:has({ASKED})")
        while form.count():
            form.locator(ASKED).first.check()
            form.locator("[name=reason], [name=words]").first.fill(why)
            with self.page.expect_navigation():
                form.locator("button[type=submit]").first.click()

    def sees(self, words):
        self.page.get_by_text(words).first.wait_for()

    def the_page_is_for_everybody(self):
        """No axe violation, no sideways scrolling at 320 px, no request that left the machine."""
        from browsing import sideways, violations

        assert violations(self.page) == []
        assert sideways(self.page) <= 0
        assert self.strayed == []
