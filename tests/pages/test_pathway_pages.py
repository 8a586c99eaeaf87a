"""The pages of pathways: found, read, printed, written, reviewed, signed, compared, carried."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, SECOND, in_force, other

from onesystem.care.drafts.queries import draft
from onesystem.care.pathways import actions, pages, queries, reading
from onesystem.care.pathways.codec import to_toml
from onesystem.care.pathways.editing import flat, raw_of, shown
from onesystem.care.pathways.library import library
from onesystem.care.pathways.rows import PathwayOpen

SLUG = "cellulitis"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(joined):
    reading.pathway_under.cache_clear()


@pytest.fixture
def staff(sign_in):
    """Browsers of those who write and sign, by their names."""
    return {who.name: sign_in(*who.roles, name=who.name) for who in (EDITOR, SECOND, LEAD, DOCTOR)}


def html(client, path, **data):
    answer = client.post(path, data, follow=True) if data else client.get(path, follow=True)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def fields(pathway=CELLULITIS, **more):
    """What the browser sends of the form of a pathway."""
    return dict(flat(shown(raw_of(pathway)))) | more


class TestReading:
    """A clinician finds a pathway and reads it."""

    def test_it_is_found_as_it_is_typed(self, staff):
        in_force()
        for typed in ("kirihou", "celulitis", "hot leg"):
            part = html(staff["dora"], f"/pathways/search/?q={typed}")
            assert "/pathways/cellulitis/" in part
        assert "No pathway has these words" in html(staff["dora"], "/pathways/search/?q=zzzz")
        assert "/pathways/cellulitis/" in html(staff["dora"], "/pathways/?q=cellu")

    def test_red_flags_stand_first(self, staff):
        in_force()
        page = html(staff["dora"], f"/pathways/{SLUG}/")
        order = ("Red flags", "Signs of sepsis", "Background", "Assessment", "Mark the edge",
                 "Management", "Give anti", "Requests", "Information", "It rests")  # fmt: skip
        places = [page.index(words, page.index("<article")) for words in order]
        assert places == sorted(places)
        for said in ("District nursing", "GP 10 min", "within 2 days", "lea as clinical lead"):
            assert said in page

    def test_each_open_is_counted_without_whom(self, staff):
        in_force()
        html(staff["dora"], f"/pathways/{SLUG}/")
        html(staff["dora"], f"/pathways/{SLUG}/")
        assert (
            list(PathwayOpen.objects.values_list("slug", "number", "organisation"))
            == [(SLUG, 1, "hospital")] * 2
        )

    def test_paper_is_unfolded(self, staff):
        in_force()
        page = html(staff["dora"], f"/pathways/{SLUG}/?print=1")
        folds = re.findall(r"<details class=\"(?:further|part)\"[^>]*>", page)
        assert folds
        assert all("open" in fold for fold in folds)

    def test_the_person_has_a_page(self, staff):
        in_force()
        page = html(staff["dora"], f"/pathways/{SLUG}/information/")
        assert "Keep the leg up." in page
        assert "Signs of sepsis" not in page

    def test_an_urgent_note_stands_on_top(self, staff):
        in_force()
        page = html(
            staff["edda"], f"/pathways/{SLUG}/act/", act="note", words="Ring first", until=""
        )
        assert page.index("Ring first") < page.index("Red flags")
        [note] = queries.notes_on(SLUG, actions.today())
        page = html(staff["lea"], f"/pathways/{SLUG}/act/", act="end_note", note=note.id)
        assert "The note is taken off" in page
        assert "Ring first" in html(staff["dora"], f"/pathways/{SLUG}/versions/")

    def test_what_is_not_there_is_not_found(self, staff):
        for path in ("", "versions/", "versions/9/", "information/", "compare/?from=1&to=2"):
            assert staff["edda"].get(f"/pathways/gout/{path}").status_code == 404
        assert "No pathway is in force yet" in html(staff["dora"], "/pathways/")

    def test_a_draft_is_not_for_everybody(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        assert staff["dora"].get(f"/pathways/{SLUG}/versions/1/").status_code == 403
        assert "Nobody works by it yet" in html(staff["lea"], f"/pathways/{SLUG}/versions/1/")

    def test_lists_are_files_too(self, staff):
        in_force()
        text = html(staff["dora"], "/pathways/?format=csv")
        assert "cellulitis,Cellulitis,1,in force" in text
        text = html(staff["lea"], "/pathways/?show=due&format=csv")
        assert "cellulitis" not in text

    def test_long_lists_are_paged(self, staff, monkeypatch):
        monkeypatch.setattr(pages, "ROWS", 1)
        in_force()
        in_force(replace(CELLULITIS, key="gout", title="Gout"))
        page = html(staff["dora"], "/pathways/")
        assert "2 pathways in force" in page
        assert "/pathways/gout/" not in page
        assert "/pathways/gout/" in html(staff["dora"], "/pathways/?page=2")
        assert "/pathways/gout/" in html(staff["dora"], "/pathways/?page=99")


class TestWriting:
    """An editor writes a pathway in the browser."""

    def test_it_begins_with_a_title(self, staff):
        page = html(staff["edda"], "/pathways/new/", title="Gout in the big toe")
        assert "How is Gout in the big toe to be done?" in page
        assert queries.open_version("gout-in-the-big-toe").number == 1
        assert "has no title" in html(staff["edda"], "/pathways/new/", title=" ")

    def test_others_do_not_write(self, staff):
        in_force()
        for path in ("/pathways/new/", f"/pathways/{SLUG}/edit/"):
            assert staff["dora"].get(path).status_code == 403

    def test_saving_what_is_in_force_begins_the_next_version(self, staff):
        in_force()
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/", do="save", seen=0,
                    **fields(other("Newer words.")))  # fmt: skip
        assert "Saved as a draft" in page
        assert queries.open_version(SLUG).pathway == other("Newer words.")
        assert queries.published(SLUG).pathway == CELLULITIS

    def test_steps_are_added_and_moved_without_script(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        edit = f"/pathways/{SLUG}/edit/"
        answer = staff["edda"].post(edit, fields(do="up:management.1", seen="1"))
        assert answer.headers["Location"] == f"{edit}?at=management.0"
        assert queries.open_version(SLUG).pathway == CELLULITIS  # nothing is saved by that
        page = html(staff["edda"], answer.headers["Location"])
        assert page.index("Look again") < page.index("Give antibiotics")
        html(staff["edda"], edit, **fields(do="add:assessment", seen="1"))
        assert draft(EDITOR, f"pathway:{SLUG}").fields["assessment.1.words"] == [""]

    def test_a_mistake_stands_at_its_field_and_nothing_is_lost(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        wrong = fields(do="save", seen="1", summary="Typed for an hour") | {
            "management.1.minutes.0.minutes": "ten"
        }
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/", **wrong)
        assert "not saved yet" in page
        assert "&#39;ten&#39; is no whole number" in page
        assert "Typed for an hour" in page
        assert queries.open_version(SLUG).pathway == CELLULITIS

    @pytest.mark.parametrize(
        ("place", "value", "said"),
        [
            ("management.0.next.0.to", "nowhere", "There is no step"),
            ("management.1.next.0.to", "treat", "goes round for ever"),
            ("requests.0.when", "hasCondition(", "requests, 0, when"),
            ("requests.0.when", "%agee > 7", "Did you mean"),
            ("management.1.within", "soonish", "management, 1, within"),
        ],
    )
    def test_what_cannot_be_worked_by_is_said_where_it_is(self, staff, place, value, said):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/",
                    **fields(do="save", seen="1") | {place: value})  # fmt: skip
        assert "Saved as a draft" in page  # a draft may be unfinished
        assert said in page
        answer = html(staff["edda"], f"/pathways/{SLUG}/act/", act="send", to="dora", seen=2)
        assert "to put right first" in answer
        assert queries.open_version(SLUG).state == "draft"

    def test_two_editors_at_once(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        edit = f"/pathways/{SLUG}/edit/"
        html(staff["eve"], edit, **fields(other("Eve's words."), do="save", seen="1"))
        page = html(staff["edda"], edit, **fields(other("Edda's words."), do="save", seen="1"))
        assert "meanwhile it was saved by eve" in page
        assert "Edda&#39;s words." in page
        assert queries.open_version(SLUG).pathway.summary == "Eve's words."
        page = html(staff["edda"], edit, **fields(other("Edda's words."), do="over", seen="1"))
        assert "Saved as a draft" in page
        assert queries.open_version(SLUG).pathway.summary == "Edda's words."
        first, *_, last = queries.steps(SLUG, 1)
        page = html(
            staff["edda"], f"/pathways/{SLUG}/compare/?from={first.digest}&to={last.digest}"
        )
        assert "As eve saved it" not in page
        assert "<ins>Edda" in page

    def test_what_was_typed_can_be_thrown_away(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        edit = f"/pathways/{SLUG}/edit/"
        html(staff["edda"], edit, **fields(do="add:assessment", seen="1", summary="Typed"))
        page = html(staff["edda"], edit, do="discard")
        assert "Typed</textarea>" not in page
        assert draft(EDITOR, f"pathway:{SLUG}") is None

    def test_it_is_previewed(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/",
                    **fields(other("Previewed."), do="preview", seen="1"))  # fmt: skip
        assert "Version 1 is being written" in page
        assert "Previewed." in page

    def test_the_starter_set_begins_as_drafts(self, staff):
        assert "From the starter set" in html(staff["edda"], "/pathways/new/")
        staff["edda"].post("/pathways/new/starters/")
        assert len(queries.listed()) == len(library())
        assert queries.in_force() == []
        assert "From the starter set" not in html(staff["edda"], "/pathways/new/")
        assert staff["dora"].post("/pathways/new/starters/").status_code == 403

    def test_what_is_in_review_is_not_written_on(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/")
        assert "Take it back to go on writing" in page
        assert "Search for it" in html(staff["edda"], "/pathways/gout/edit/")

    def test_what_was_given_up_meanwhile_is_said(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        actions.drop(slug=SLUG, seen=1, by=SECOND)
        page = html(staff["edda"], f"/pathways/{SLUG}/edit/",
                    **fields(other("Mine."), do="save", seen="1"))  # fmt: skip
        assert "nobody is writing a version of it now" in page
        assert "Mine." in page


class TestReviewing:
    """It is sent, read, commented, returned, signed by two, and put in force."""

    def act(self, client, **said):
        version = queries.open_version(SLUG)
        said = {"seen": version.seen, "digest": version.digest} | said
        return html(client, f"/pathways/{SLUG}/act/", **said)

    def test_the_whole_way(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        assert "dora" in html(staff["edda"], f"/pathways/{SLUG}/review/")
        assert "Sent." in self.act(staff["edda"], act="send", to="dora", words="The dose, please")
        assert "Cellulitis" in html(staff["dora"], "/pathways/?show=mine")
        page = html(staff["dora"], f"/pathways/{SLUG}/review/")
        assert "The dose, please" in page
        assert "Sign as subject expert" in page
        assert "Sign as clinical lead" not in page
        assert "Returned." in self.act(staff["dora"], act="send_back", words="Say the dose")
        assert "Say the dose" in html(staff["edda"], f"/pathways/{SLUG}/review/")
        self.act(staff["edda"], act="send", to="dora")
        assert "Signed as subject expert" in self.act(staff["dora"], act="sign_expert")
        assert "did not sign it yet" in self.act(staff["lea"], act="publish")
        assert "Signed as clinical lead" in self.act(staff["lea"], act="sign_lead")
        assert "In force from now on" in self.act(staff["lea"], act="publish")
        assert queries.published(SLUG).pathway == CELLULITIS

    def test_who_wrote_it_does_not_sign(self, sign_in):
        both = sign_in("pathway-editor", "clinical-lead", name="both")
        html(both, "/pathways/new/", title="Gout")
        page = html(both, "/pathways/gout/review/")
        assert "Sign as clinical lead" not in page

    def test_what_was_signed_meanwhile_is_said(self, staff):
        actions.begin(pathway=CELLULITIS, by=EDITOR)
        actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
        page = html(staff["lea"], f"/pathways/{SLUG}/act/", act="sign_lead", seen=1, digest="x")
        assert "meanwhile it was sent by edda" in page

    def test_changes_stand_side_by_side(self, staff):
        in_force()
        actions.begin(pathway=other("Hot, red skin that hurts."), by=EDITOR)
        page = html(staff["lea"], f"/pathways/{SLUG}/review/")
        assert "<del>spreads</del>" in page
        assert "<ins>hurts</ins>" in page
        page = html(staff["lea"], f"/pathways/{SLUG}/compare/?from=1&to=2")
        assert "1 part differs" in page
        assert "Mark the edge" not in page
        assert "Mark the edge" in html(staff["lea"], f"/pathways/{SLUG}/compare/?from=1&to=2&all=1")

    def test_it_is_withdrawn_or_looked_at_again(self, staff):
        now = in_force()
        page = html(staff["lea"], f"/pathways/{SLUG}/act/", act="confirm", seen=now.seen)
        assert "two more years" in page
        page = html(staff["lea"], f"/pathways/{SLUG}/act/", act="withdraw", seen=now.seen + 1,
                    words="Unsafe")  # fmt: skip
        assert "Unsafe" in page
        assert staff["dora"].get(f"/pathways/{SLUG}/").status_code == 404
        assert "Do not work by it" in html(staff["dora"], f"/pathways/{SLUG}/versions/1/")

    @pytest.mark.parametrize("act", ["", "shred"])
    def test_nothing_is_nothing(self, staff, act):
        in_force()
        assert "Choose what you do" in html(staff["lea"], f"/pathways/{SLUG}/act/", act=act)


class TestCarrying:
    """A pathway goes to another district, and comes from one."""

    def test_it_comes_back_as_it_went(self, staff):
        in_force()
        for form in ("toml", "json"):
            sent = staff["dora"].get(f"/pathways/{SLUG}/export.{form}")
            file = SimpleUploadedFile(f"x.{form}", sent.content)
            page = html(staff["edda"], "/pathways/new/", file=file)
            assert "Begun: Cellulitis" in page
            assert queries.open_version(SLUG).pathway == CELLULITIS
            actions.drop(slug=SLUG, seen=1, by=EDITOR)

    @pytest.mark.parametrize(
        ("name", "data", "said"),
        [
            ("x.toml", b"title = ", "not TOML"),
            ("x.toml", b"title = 'x'\nbones = 2\nkey='x'", "bones"),
            ("x.json", b"{", "Mend"),
            ("x.pdf", b"\xff\xfe", "UTF-8"),
        ],
    )
    def test_a_broken_file_says_what_is_wrong(self, staff, name, data, said):
        page = html(staff["edda"], "/pathways/new/", file=SimpleUploadedFile(name, data))
        assert said in page

    def test_another_address_is_needed_where_it_cannot_be_one(self, staff):
        text = to_toml(replace(CELLULITIS, key="new"))
        page = html(staff["edda"], "/pathways/new/",
                    file=SimpleUploadedFile("x.toml", text.encode()))  # fmt: skip
        assert "cannot be the address" in page
