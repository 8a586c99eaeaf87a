"""The frame: what every page promises, whichever room it is of."""

import hashlib
import re
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from onesystem import web
from onesystem.access import Actor, actions
from onesystem.vocabulary import Busy, NotFound, words
from onesystem.vocabulary.tables import Cell, Column, Listing, csv_text
from onesystem.web import words as times
from onesystem.web.frame import places_for

STATIC = Path(web.__file__).parent / "static"
PASSWORD = "three blind mice run"
PAGES = [
    "/", "/?wall=1", "/now/ed/", "/settings/", "/settings/users/", "/settings/users/add/",
    "/settings/roles/", "/settings/audit/", "/account/", "/account/password/", "/no-such-page/",
    "/feeds/", "/people/",
]  # fmt: skip


def fails(request, how):
    """A page that fails, for these tests."""
    if how == "lost":
        raise NotFound("there is no ward 9", "Did you mean 'ward-8'?")
    if how == "busy":
        raise Busy("the store is being moved", "Wait a minute.")
    if how == "slips":
        raise ZeroDivisionError
    return HttpResponse("fine")


urlpatterns = [path("fails/<how>/", fails), path("", include("onesystem.web.urls"))]
handler400 = "onesystem.web.errors.bad_request"
handler404 = "onesystem.web.errors.not_found"
handler500 = "onesystem.web.errors.server_error"


@pytest.fixture
def signed_in(db, district, client):
    cache.clear()
    roles = ["administrator", "privacy-officer", "integration-engineer"]
    actions.add_user(username="kiri", password=PASSWORD, roles=roles, by=Actor.job("tests"))
    client.post("/account/login/", {"login": "kiri", "password": PASSWORD})
    return client


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_asks_nothing_of_another_site_and_runs_nothing_inline(self, signed_in, page):
        answer = signed_in.get(page, follow=True)
        body = answer.content.decode()
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', body)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=", body)
        for script in re.findall(r"<script([^>]*)>", body):
            assert "src=" in script or "application/json" in script
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "private" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize("page", PAGES)
    def test_says_what_it_is(self, signed_in, page):
        body = signed_in.get(page, follow=True).content.decode()
        assert body.count("<h1>") == 1
        assert '<html lang="en-GB"' in body
        assert 'href="#main"' in body
        assert re.search(r"<title>\s*\S.* \u2013 Testshire</title>", body)

    def test_the_stream_is_the_one_other_origin(self, signed_in, monkeypatch):
        monkeypatch.setenv("ONESYSTEM_STREAM_PORT", "8001")
        answer = signed_in.get("/settings/")
        assert (
            "connect-src 'self' http://testserver:8001" in answer.headers["Content-Security-Policy"]
        )
        monkeypatch.setenv("ONESYSTEM_STREAM_URL", "https://testserver/live/")
        assert (
            'data-stream="https://testserver/live/"' in signed_in.get("/settings/").content.decode()
        )

    def test_the_theme_comes_with_the_page(self, signed_in):
        signed_in.cookies["theme"] = "dark"
        assert 'data-theme="dark"' in signed_in.get("/settings/").content.decode()
        signed_in.cookies["theme"] = '"><script>'
        assert "<script>" not in signed_in.get("/settings/").content.decode()

    def test_the_navigation_shows_what_the_actor_may_see(self):
        def names(*roles):
            return [p.name for p in places_for(Actor("kiri", frozenset(roles)))]

        assert names("viewer") == ["Now"]
        assert "Settings" in names("administrator")
        assert "Feeds" not in names("paramedic")
        assert list(places_for(None)) == []


@pytest.mark.urls(__name__)
class TestErrors:
    @pytest.mark.parametrize(
        ("address", "status", "said"),
        [
            ("/no-such-page/", 404, "There is no such page"),
            ("/fails/lost/", 404, "There is no ward 9."),
            ("/fails/busy/", 503, "Wait a minute."),
            ("/fails/slips/", 500, "This page failed"),
        ],
    )
    def test_says_what_happened_and_what_to_do(self, signed_in, address, status, said):
        signed_in.raise_request_exception = False
        answer = signed_in.get(address)
        body = answer.content.decode()
        assert answer.status_code == status
        assert said in body
        assert "What to do:" in body
        assert "Traceback" not in body

    def test_a_part_of_a_page_gets_a_line(self, signed_in):
        answer = signed_in.get("/fails/lost/", headers={"HX-Request": "true"})
        assert answer.content == b"This is not here. There is no ward 9."

    def test_a_form_without_its_token(self, signed_in):
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post("/account/login/", {"login": "kiri", "password": PASSWORD})
        assert answer.status_code == 403
        assert "This form is out of date" in answer.content.decode()

    def test_a_host_that_is_not_ours(self, signed_in):
        answer = signed_in.get("/", headers={"host": "evil.example"})
        assert answer.status_code == 400
        assert b"could not be understood" in answer.content


class TestAssets:
    def test_the_manifest_is_true_and_whole(self):
        manifest = tomllib.loads((STATIC / "vendor/manifest.toml").read_text(encoding="utf-8"))
        kept = {p.name for p in (STATIC / "vendor").iterdir()} - {"manifest.toml"}
        assert set(manifest) == kept
        for name, entry in manifest.items():
            content = (STATIC / "vendor" / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"], name
            assert entry["package"]
            assert entry["licence"]

    def test_no_style_fetches_anything(self):
        for style in STATIC.rglob("*.css"):
            text = style.read_text(encoding="utf-8")
            remote = re.findall(r"url\(\s*['\"]?(?!data:)[^)]*", text)
            assert remote == [], style
            assert "@import" not in text

    def test_an_address_changes_with_the_content(self):
        from onesystem.web.assets import static

        assert re.fullmatch(r"/static/web/app\.css\?v=[0-9a-f]{8}", static("web/app.css"))
        with pytest.raises(FileNotFoundError, match="no asset"):
            static("web/nothing.css")


class TestListing:
    ROWS = [
        ["Ngāpuhi", 12, Cell("2 h", value=7200)],
        ["Llŷr", None, Cell("5 min", value=300)],
        ["=cmd()", 3, ""],
    ]

    def listing(self, **query):
        columns = (
            Column("name", "Name"),
            Column("n", "Looks", right=True),
            Column("t", "For", unit="s"),
        )
        return Listing(
            caption="People", columns=columns, all_rows=self.ROWS, query=query, per_page=2
        )

    def test_sorts_by_value_with_the_empty_last(self):
        assert [r[1] for r in self.listing(sort="n").sorted_rows] == [3, 12, None]
        assert [r[1] for r in self.listing(sort="-n").sorted_rows] == [12, 3, None]
        assert [r[0] for r in self.listing(sort="t").sorted_rows] == ["Llŷr", "Ngāpuhi", "=cmd()"]
        assert self.listing(sort="nonsense").sorted_rows is self.ROWS

    def test_pages(self):
        first, last = self.listing(q="x"), self.listing(q="x", page="2")
        assert (len(first.rows), len(last.rows)) == (2, 1)
        assert first.said == "Rows 1 to 2 of 3"
        assert first.next_link == "?q=x&page=2"
        assert last.previous_link == "?q=x&page=1"
        assert last.next_link == ""
        assert self.listing(page="99").page == 2
        assert self.listing(page="-1").page == 1

    def test_a_link_keeps_the_filters(self):
        assert self.listing(q="a b", sort="n").sort_link("n") == "?q=a+b&sort=-n"
        assert self.listing(q="a b", sort="-n").sort_link("n") == "?q=a+b&sort=n"

    def test_a_file_holds_all_rows_and_no_formula(self):
        text = self.listing(page="2").as_csv()
        assert text.startswith("\ufeffName,Looks,For (s)")
        assert "Ngāpuhi,12,7200" in text
        assert "'=cmd(),3," in text

    def test_times_in_a_file_are_plain(self):
        text = csv_text(["at"], [[datetime(2026, 11, 22, 1, tzinfo=UTC)], [date(2026, 11, 22)]])
        assert text.split() == ["\ufeffat", "2026-11-22T01:00:00+00:00", "2026-11-22"]


class TestWords:
    @pytest.mark.parametrize(
        ("seconds", "said"),
        [
            (0, "0 s"), (59, "59 s"), (60, "1 min"), (7800, "2 h 10 min"), (7200, "2 h"),
            (3600 * 47, "47 h"), (3600 * 50, "2 d 2 h"), (3600 * 48, "2 d"), (-90, "-1 min"),
        ],
    )  # fmt: skip
    def test_lengths(self, seconds, said):
        assert words.length_of(seconds) == said
        assert words.length_of(timedelta(seconds=seconds)) == said

    def test_ages(self):
        at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        assert words.age(at, at) == "just now"
        assert words.age(at - timedelta(minutes=3), at) == "3 min ago"
        assert words.age(at + timedelta(minutes=3), at) == "in 3 min"
        assert words.age(None, at) == "never"

    def test_numbers(self):
        assert words.number(12345.678, 1) == "12,345.7"
        assert words.number(None) == words.NONE
        assert words.percent(0.917) == "92%"
        assert words.plural(1, "person", "people") == "1 person"
        assert words.plural(2, "service") == "2 services"

    def test_times_are_those_of_the_district(self, district):
        summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
        assert times.local(summer) == "1 Jul 2026 13:00"
        assert times.clock(summer) == "13:00"
        assert times.day(date(2026, 7, 1)) == "1 Jul 2026"
        assert 'title="1 Jul 2026 13:00"' in times.ago(summer)
