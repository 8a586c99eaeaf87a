"""A person's timeline on the screen, on paper and as a file."""

from page_data import adt, person_of

from onesystem.access.models import Audit
from onesystem.vocabulary import contact_id


def text_of(answer):
    return answer.content.decode()


def stay(send):
    """An ED visit that went on to a ward, still there; and an old visit that ended."""
    send(
        adt("1", visit="OLD", at="202501051000"),
        adt("2", act="A03", visit="OLD", at="202501051400"),
        adt("3", visit="V1", at="202611201000"),
        adt("4", act="A02", visit="V1", place="WARDA", at="202611201500"),
    )
    return person_of()


class TestTimeline:
    def test_a_purpose_is_asked_first(self, send, sign_in):
        person = stay(send)
        page = text_of(sign_in("hospital-doctor").get(f"/people/{person}/timeline/"))
        assert "Emergency department" not in page

    def test_what_is_open_is_said_first(self, send, opened):
        person = stay(send)
        page = text_of(opened(person).get(f"/people/{person}/timeline/"))
        assert "In Ward A for" in page
        assert "Emergency department → Ward A" in page
        table = page.split("<tbody>")[1]
        assert table.index("→ Ward A") < table.index("5 Jan 2025")
        assert "3 contacts in all" in page

    def test_a_contact_says_what_led_to_it(self, send, opened):
        person = stay(send)
        page = text_of(opened(person).get(f"/people/{person}/timeline/"))
        assert f'href="#c{contact_id("pas", "V1")}"' in page

    def test_it_is_filtered_in_the_address(self, send, opened):
        person = stay(send)
        client = opened(person)
        ward = text_of(client.get(f"/people/{person}/timeline/?setting=ward"))
        assert "2 of 3 contacts fit the filter" in ward
        none = text_of(client.get(f"/people/{person}/timeline/?text=nothing+like+it"))
        assert "Nothing fits this filter" in none
        wrong = text_of(client.get(f"/people/{person}/timeline/?since=tomorrow"))
        assert "The filter was not understood" in wrong

    def test_a_long_timeline_shows_a_hundred_and_then_more(self, send, opened):
        send(
            *(
                adt(str(i), visit=f"V{i}", at=f"20250101{i // 60:02d}{i % 60:02d}")
                for i in range(130)
            )
        )
        person = person_of()
        client = opened(person)
        page = text_of(client.get(f"/people/{person}/timeline/"))
        assert page.count('class="line ') == 100
        assert "Show 30 earlier" in page
        more = client.get(f"/people/{person}/timeline/?start=100", headers={"HX-Request": "true"})
        assert text_of(more).count('class="line ') == 30
        assert "<html" not in text_of(more)
        assert (
            text_of(client.get(f"/people/{person}/timeline/?show=200")).count('class="line ') == 130
        )

    def test_the_paper_form_says_who_printed_it_and_why(self, send, opened):
        person = stay(send)
        page = text_of(opened(person).get(f"/people/{person}/timeline/print/"))
        assert "Printed by hospital-doctor for direct care" in page
        assert "Ward A" in page

    def test_earlier_versions_tell_what_changed(self, send, opened):
        person = stay(send)
        client = opened(person)
        number = contact_id("pas", "OLD")
        page = text_of(client.get(f"/people/{person}/timeline/contacts/{number}/"))
        assert "Ended" in page
        assert "became" in page

    def test_another_persons_contact_is_not_opened_by_its_number(self, send, opened):
        person = stay(send)
        send(
            adt(
                "9",
                person="P9",
                visit="V9",
                nhs="9434765870",
                name=("Smith", "Al"),
                born="19800101",
            )
        )
        number = contact_id("pas", "V9")
        answer = opened(person).get(f"/people/{person}/timeline/contacts/{number}/")
        assert answer.status_code == 404


class TestExport:
    def test_it_holds_what_the_filter_shows_and_is_in_the_trail(self, send, opened):
        person = stay(send)
        answer = opened(person).get(f"/people/{person}/timeline/contacts.csv?setting=ward")
        lines = answer.getvalue().decode().splitlines()
        assert lines[0].startswith("\ufeffcontact,service")
        assert len(lines) == 3  # the visit is shown whole: ED and ward
        assert Audit.objects.get(act="timeline.exported").person == person

    def test_no_cell_runs_in_a_spreadsheet(self, send, opened, joined):
        """A bed called like a formula is text for whoever opens the file."""
        from onesystem.record.pages import _rows
        from onesystem.vocabulary import Contact, Setting
        from onesystem.vocabulary.wording import safe_csv

        bad = Contact(
            contact=1, source="pas", key="k", identity=1, service="ed", setting=Setting.ED,
            bed="=HYPERLINK(1)", reason="+cmd", by="@x",
        )  # fmt: skip
        text = "".join(safe_csv(("a",), _rows([bad], joined)))
        assert "'=HYPERLINK" in text
        assert "'+cmd" in text
        assert "'@x" in text
