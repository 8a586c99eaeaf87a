"""Tables as a clinical lead keeps them: written, tried, switched on with a reason, taken back."""

import pytest

from onesystem.access import Actor
from onesystem.care.triage import actions, library, queries
from onesystem.care.triage.rows import TableRow
from onesystem.vocabulary import BadConfig, NotFound, NotPermitted, UserError

pytestmark = pytest.mark.django_db
LEAD = Actor("lea", frozenset({"clinical-lead"}))


def on(key="news2", version=0, **more):
    actions.switch(
        **{"key": key, "version": version, "on": True, "reason": "agreed", "by": LEAD} | more
    )


class TestSwitching:
    """Off until somebody who may says so, with a reason; what was in use when is known."""

    def test_everything_is_off_at_first(self, joined):
        assert queries.every_in_use() == []
        assert {each.key for each in queries.standing()} == {t.key for t in library.tables()}
        assert not any(each.on for each in queries.standing())

    def test_on_and_off(self, joined):
        on()
        assert [t.key for t in queries.every_in_use()] == ["news2"]
        on(on=False, reason="the group looks at it again")
        assert queries.in_use("news2") is None
        assert [(t.what, t.reason) for t in queries.history("news2")] == [
            ("switched off", "the group looks at it again"), ("switched on", "agreed"),
        ]  # fmt: skip

    def test_what_was_in_use_when(self, joined):
        from datetime import timedelta

        from onesystem.district import now

        on()
        assert queries.in_use("news2", at=now() - timedelta(hours=1)) is None

    @pytest.mark.parametrize(
        ("more", "error"),
        [
            ({"reason": " "}, UserError),
            ({"version": 7}, NotFound),
            ({"key": "manchester"}, NotFound),
            ({"by": Actor("kiri", frozenset({"ed-nurse"}))}, NotPermitted),
        ],
    )
    def test_what_cannot_be(self, joined, more, error):
        with pytest.raises(error):
            on(**more)


@pytest.mark.parametrize(
    ("days", "used"),
    [("since = 2020-01-01", True), ("since = 2199-01-01", False), ("until = 2020-01-01", False)],
)
def test_a_table_counts_on_its_own_days_alone(joined, days, used):
    text = library.text("crb-65")
    text = text.replace("since = ", "# since = ", 1).replace("until = ", "# until = ", 1)
    version = actions.write(text=f"{days}\n{text}", seen=0, by=LEAD)
    actions.switch(key="crb-65", version=version, on=True, reason="agreed", by=LEAD)
    assert (queries.in_use("crb-65") is not None) == used


class TestWriting:
    """Every change is a version; two writers do not overwrite each other."""

    def test_versions(self, joined):
        text = library.text("crb-65")
        assert actions.write(text=text, seen=0, by=LEAD) == 1
        changed = text.replace("respiration >= 30", "respiration >= 28")
        assert actions.write(text=changed, seen=1, by=LEAD) == 2
        on("crb-65", 2)
        assert queries.in_use("crb-65").items[1].cases[0].when[0].value == 28
        on("crb-65", 0)
        assert queries.in_use("crb-65").items[1].cases[0].when[0].value == 30

    def test_the_second_of_two_writers_is_told(self, joined):
        text = library.text("crb-65")
        actions.write(text=text, seen=0, by=LEAD)
        with pytest.raises(UserError, match="lea wrote version 1 meanwhile"):
            actions.write(text=text, seen=0, by=LEAD)
        assert TableRow.objects.count() == 1

    def test_a_mistake_is_not_kept(self, joined):
        with pytest.raises(BadConfig, match="never met"):
            actions.write(
                text=library.text("news2").replace("respiration <= 11", "respiration <= 7"),
                seen=0, by=LEAD,
            )  # fmt: skip
        with pytest.raises(UserError, match="is of"):
            actions.write(text=library.text("news2"), seen=0, key="crb-65", by=LEAD)
        assert not TableRow.objects.exists()


class TestPages:
    """By the forms."""

    @pytest.fixture
    def lea(self, crew, browser):
        return browser("lea")

    def test_the_list_and_a_trial(self, lea):
        assert "0 of" in lea.get("/triage/").content.decode()
        page = lea.get("/triage/news2/?pulse=131").content.decode()
        assert "No score." in page
        assert "respiration rate" in page.lower()
        assert "Sure already" in page
        page = lea.get(
            "/triage/crb-65/?confusion=yes&respiration=30&systolic=80&diastolic=50&age=70"
        )
        assert "Total <strong>4</strong>" in page.content.decode()
        assert "between 10 and 300" in lea.get("/triage/news2/?pulse=5").content.decode()

    def test_switch_on_and_off(self, lea):
        said = {"version": "0", "do": "on", "reason": "Clinical group, 3 November"}
        page = lea.post("/triage/news2/switch/", said, follow=True).content.decode()
        assert "In use from now on" in page
        assert "Switch off" in page
        page = lea.post("/triage/news2/switch/", {"version": "0", "do": "off"}, follow=True)
        assert "no reason was said" in page.content.decode()

    def test_a_mistake_shows_its_cure_and_keeps_the_text(self, lea):
        text = library.text("crb-65").replace("confusion = yes", "confusion = maybe")
        answer = lea.post("/triage/crb-65/edit/", {"text": text, "seen": "0"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "confusion = maybe" in page
        assert "It is yes or no" in page
        good = lea.post("/triage/crb-65/edit/", {"text": library.text("crb-65"), "seen": "0"})
        assert good.headers["Location"] == "/triage/crb-65/?version=1"

    def test_a_new_table_begins_with_one_that_works(self, lea):
        page = lea.get("/triage/new/").content.decode()
        assert "our-table" in page
        from html import unescape

        text = unescape(
            page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
        )
        answer = lea.post("/triage/new/", {"text": text, "seen": "0"})
        assert answer.headers["Location"] == "/triage/our-table/?version=1"

    def test_a_reader_reads_and_no_more(self, crew, browser):
        paul = browser("paul")
        assert "Switch it on" not in paul.get("/triage/news2/").content.decode()
        assert paul.get("/triage/news2/edit/").status_code == 403
        assert paul.get("/triage/nothing/").status_code == 404
