"""Nothing typed is lost: forms are kept for their writer, over two tabs, until they are sent."""

from datetime import timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem import access
from onesystem.access.models import Audit
from onesystem.care.drafts import actions, queries
from onesystem.care.drafts.actions import WrittenElsewhere
from onesystem.care.drafts.rows import Draft
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros

ME = access.Actor(name="kiri", roles=frozenset({"district-nurse"}))
YOU = access.Actor(name="tama", roles=frozenset({"district-nurse"}))


def write(text, seen=0, by=ME, key="note:7", **more):
    return actions.keep(key=key, fields={"text": [text]}, seen=seen, by=by, **more)


def text_of(by=ME, key="note:7"):
    found = queries.draft(by, key)
    return found and found.fields["text"][0]


@pytest.mark.django_db
class TestKeeping:
    """One writer, one or two tabs."""

    def test_what_is_written_is_brought_back(self, district):
        first = write("leg")
        second = write("leg ulcer", seen=first.version, person=7, path="/people/7/care/")
        found = queries.draft(ME, "note:7")
        assert (second.version, found.fields, found.person) == (2, {"text": ["leg ulcer"]}, 7)
        assert Draft.objects.count() == 1

    def test_nobody_else_has_it(self, district):
        write("leg")
        assert queries.draft(YOU, "note:7") is None
        assert queries.drafts(YOU) == []
        write("mine", by=YOU)
        assert (text_of(), text_of(YOU)) == ("leg", "mine")

    def test_a_second_tab_overwrites_nothing_unseen(self, district):
        """
        tab | writes | saw | then
        A   | a      | 0   | kept as 1
        B   | b      | 0   | is told of A's
        B   | b      | 1   | kept as 2, since B has seen it
        A   | aa     | 1   | is told of B's
        """
        write("a")
        with pytest.raises(WrittenElsewhere) as told:
            write("b")
        assert told.value.there.fields == {"text": ["a"]}
        assert write("b", seen=1).version == 2
        with pytest.raises(WrittenElsewhere):
            write("aa", seen=1)
        assert text_of() == "b"

    def test_the_same_text_is_no_conflict(self, district):
        write("a")
        assert write("a").version == 1

    def test_a_tab_that_goes_on_after_sending_begins_anew(self, district):
        write("a")
        actions.done(ME, "note:7")
        assert text_of() is None
        assert write("more", seen=1).version == 2

    def test_discarding_spares_what_was_written_since(self, district):
        write("a")
        write("b", seen=1)
        with pytest.raises(WrittenElsewhere):
            actions.discard(key="note:7", seen=1, by=ME)
        actions.discard(key="note:7", seen=2, by=ME)
        assert text_of() is None

    def test_it_is_over_after_thirty_days(self, district):
        write("old")
        long_ago = to_micros(queries.now() - queries.KEPT_FOR - timedelta(minutes=1))
        Draft.objects.update(saved=long_ago)
        assert queries.draft(ME, "note:7") is None
        assert write("new", seen=3).fields == {"text": ["new"]}
        Draft.objects.update(saved=long_ago)
        assert actions.forget_old() == 1

    def test_it_goes_with_the_record(self, district):
        write("a", person=7)
        write("b", key="other")
        assert (actions.forget([7]), actions.forget([])) == (1, 0)
        assert [each.key for each in queries.drafts(ME)] == ["other"]

    @pytest.mark.parametrize(
        ("key", "text", "says"),
        [("k" * 201, "a", "cannot be kept"), ("", "a", "cannot be kept"),
         ("note:7", "a" * 200_001, "too long")],
    )  # fmt: skip
    def test_what_cannot_be_kept_says_so(self, district, key, text, says):
        with pytest.raises(UserError, match=says):
            write(text, key=key)

    def test_there_is_an_end_to_what_one_begins(self, district, monkeypatch):
        monkeypatch.setattr(actions, "MOST", 1)
        write("a")
        with pytest.raises(UserError, match="begun 1 forms"):
            write("b", key="other")
        assert write("aa", seen=1).version == 2

    def test_it_is_nothing_for_the_trail(self, district):
        before = Audit.objects.count()
        write("a")
        assert Audit.objects.count() == before


@pytest.mark.django_db
@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["write", "take", "send"]))))
def test_two_tabs_never_lose_a_text_unseen(steps):
    """Whatever two tabs do, a text goes only by a tab that saw it, or that sent it."""
    actions.done(ME, "note:7")
    seen, count = {"A": 0, "B": 0}, 0
    for tab, step in steps:
        there = queries.draft(ME, "note:7")
        if step == "take" and there:
            seen[tab] = there.version
        elif step == "send":
            actions.done(ME, "note:7")
        elif step == "write":
            count += 1
            if there is not None and there.version != seen[tab]:
                with pytest.raises(WrittenElsewhere) as told:
                    write(f"{tab}{count}", seen=seen[tab])
                assert told.value.there == there
            else:
                seen[tab] = write(f"{tab}{count}", seen=seen[tab]).version


class TestPages:
    """What the script of a page asks."""

    def post(self, client, *, at="/drafts/", **said):
        body = {"key": "note:7", "fields": {"text": ["leg"]}, "seen": 0, **said}
        return client.post(at, orjson.dumps(body), content_type="application/json")

    def test_a_form_is_kept_and_brought_back(self, sign_in):
        client = sign_in("district-nurse")
        assert client.get("/drafts/?key=note:7").json() == {"who": "district-nurse", "version": 0}
        kept = self.post(client, person=7, path="/people/7/care/").json()
        assert (kept["version"], kept["closed"]) == (1, True)
        told = client.get("/drafts/?key=note:7").json()
        assert told["fields"] == {"text": ["leg"]}
        assert len(told["words"]) == len("10:42")
        assert "/people/7/care/" in client.get("/drafts/mine/").content.decode()

    def test_two_tabs(self, sign_in):
        client = sign_in("district-nurse")
        self.post(client)
        told = self.post(client, fields={"text": ["arm"]})
        assert (told.status_code, told.json()["fields"]) == (409, {"text": ["leg"]})
        for accepts, status in (("application/json", 409), ("text/html", 302)):
            gone = client.post("/drafts/discard/", {"key": "note:7", "seen": "9"},
                               headers={"Accept": accepts})  # fmt: skip
            assert gone.status_code == status
        gone = client.post("/drafts/discard/", {"key": "note:7", "seen": "1"},
                           headers={"Accept": "application/json"})  # fmt: skip
        assert gone.json()["version"] == 0
        client.post("/drafts/discard/", {"key": "note:7", "seen": "1"})
        assert "Nothing." in client.get("/drafts/mine/").content.decode()

    def test_what_one_wrote_is_never_kept_for_the_next(self, sign_in):
        client = sign_in("district-nurse")
        assert self.post(client, who="kiri").status_code == 401
        assert self.post(client, who="district-nurse").status_code == 200

    def test_signed_out(self, client, joined):
        for at in ("/drafts/?key=a", "/drafts/token/"):
            assert client.get(at).status_code == 401
        assert self.post(client).status_code == 401
        assert client.get("/drafts/mine/").status_code == 302
        assert client.get("/drafts/back/").status_code == 200

    def test_signed_in_again(self, sign_in):
        told = sign_in("district-nurse").get("/drafts/token/").json()
        assert told["who"] == "district-nurse"
        assert told["token"]

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"key": "a"}', b'{"key": "a", "fields": 7}', b"x" * 500_000]
    )
    def test_what_is_no_draft_is_refused(self, sign_in, body):
        answer = sign_in("district-nurse").post("/drafts/", body, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["error"]

    def test_no_address_elsewhere_is_kept(self, sign_in):
        client = sign_in("district-nurse")
        self.post(client, path="//evil.example/")
        assert "evil" not in client.get("/drafts/mine/").content.decode()

    def test_all_forms_of_a_page_are_asked_for_at_once(self, sign_in):
        client = sign_in("district-nurse")
        self.post(client)
        told = client.get("/drafts/?key=note:7&key=other").json()
        assert told["drafts"]["note:7"]["fields"] == {"text": ["leg"]}
        assert told["drafts"]["other"] == {"version": 0}
