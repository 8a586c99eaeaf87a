"""People at work on a served district, without a browser: they sign in, open pages, leave."""

import re
import socket
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from http.cookiejar import CookieJar

_PERSON = re.compile(r'href="/people/(\d+)/')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_CHOICE = re.compile(r'name="choice"[^>]* value="([^"]+)"')
_SOURCE = re.compile(r'href="(/feeds/[\w.-]+/)"')
_MESSAGE = re.compile(r'href="(/feeds/messages/\d+/)"')
_NAMES = ("mary", "john", "smith", "jones", "margaret", "david", "brown", "taylor")
_SERVICE = re.compile(r'href="(/now/[^"?]+/)"')


class Refused(RuntimeError):
    """A page that this person may not see; `page` says why."""

    def __init__(self, what: str, page: str) -> None:
        super().__init__(what)
        self.page = page


class Browser:
    """One person's browser: cookies, pages, forms. Raises RuntimeError on a page with an error."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.jar, self._password = CookieJar(), ""
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        """The text of a page."""
        return self._ask(urllib.request.Request(self.base + path))  # noqa: S310

    def post(self, path: str, page: str, **fields: str) -> str:
        """Send the form of a page that was read; gives the page that follows."""
        token = _TOKEN.search(page)
        if token is None:
            raise RuntimeError(f"no form for {path}")
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        return self._ask(urllib.request.Request(self.base + path, data))  # noqa: S310

    def _ask(self, request: urllib.request.Request) -> str:
        try:
            with self._open.open(request, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            said, what = error.read().decode(), f"{request.full_url} answered {error.code}"
            if error.code == HTTPStatus.FORBIDDEN:
                raise Refused(what, said) from None
            raise RuntimeError(what) from None

    def sign_in(self, username: str, password: str) -> str:
        """Sign in; gives the page after."""
        self._password = password
        form = self.get("/account/login/")
        return self.post("/account/login/", form, login=username, password=password)

    def open_person(self, person: str) -> str:
        """A person's timeline, after saying why, and through the glass where no tie opens it."""
        path = f"/people/{person}/timeline/"
        asked = self.get(path)
        if f"/purpose/{person}/" not in asked:
            return asked
        fields = {"purpose": "direct care", "reason": "measuring", "to": path}
        try:
            return self.post(f"/purpose/{person}/", asked, **fields)
        except Refused as refused:
            choice = _CHOICE.search(refused.page)
            if choice is None:
                raise
            fields = {"choice": choice[1], "words": "measuring", "to": path}
            fields["password"] = self._password
            return self.post(f"/break-glass/{person}/", refused.page, **fields)

    @property
    def cookies(self) -> str:
        """What the browser sends as its cookies."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def listen(self, port: int) -> socket.socket:
        """An open live stream, as the Now board holds one."""
        line = socket.create_connection(("127.0.0.1", port), timeout=60)
        head = f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self.cookies}\r\n\r\n"
        line.sendall(head.encode())
        if b" 200 " not in line.recv(4096).splitlines()[0]:
            raise RuntimeError("the live stream refused")
        return line


def look_after(nurse: Browser, people: int) -> int:
    """The board, services, searches, and so many timelines; gives how many could be opened."""
    board = nurse.get("/")
    for service in dict.fromkeys(_SERVICE.findall(board)[:6]):
        nurse.get(service)
    nurse.get("/people/?q=12+May+1950")
    found: dict[str, None] = {}
    for name in _NAMES:
        found |= dict.fromkeys(_PERSON.findall(nurse.get(f"/people/?q={name}")))
        if len(found) >= people:
            break
    opened = 0
    for person in list(found)[:people]:
        with suppress(Refused):  # some records are closed to most
            nurse.open_person(person)
            opened += 1
    return opened


def look_at_feeds(engineer: Browser) -> None:
    """The feeds, each source, and a message of each."""
    for source in dict.fromkeys(_SOURCE.findall(engineer.get("/feeds/"))):
        for message in _MESSAGE.findall(engineer.get(source))[:2]:
            engineer.get(message)
    engineer.get("/feeds/quarantine/")
    engineer.get("/feeds/mappings/")


def look_after_records(officer: Browser) -> None:
    """The suggested matches."""
    officer.get("/people/matches/")


def administer(administrator: Browser) -> None:
    """The settings, the users, what each role may do."""
    for path in ("/settings/", "/settings/users/", "/settings/roles/"):
        administrator.get(path)
