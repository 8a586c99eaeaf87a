"""The ledger's pages, by those who may see them and those who keep it."""

import pytest
from ledger_words import ANN, APRIL, JUNE, MAY, bill, funded

from onesystem.access.models import Audit, User
from onesystem.budget.ledger import actions, causes, checklist, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(district):
    """A small ledger: an order, a draw of it, and a bill of one person."""
    funded(1_000_00)
    actions.post_many([bill(12_34, key="b-1", cause="settlement:alliance/4")], by=ANN)
    order = actions.reserve(line="ed", amount=600_00, month=MAY, words="Agency order", by=ANN,
                            person_key="secret-7")  # fmt: skip
    actions.draw(reservation=order, amount=200_00, month=JUNE, words="Agency bill", by=ANN)
    return order


def text(answer):
    return answer.content.decode()


def keeps_both(sign_in):
    """Somebody who sees budgets, and keeps the money of people too."""
    client = sign_in("commissioner", "both")
    User.objects.filter(username="both").update(roles="commissioner social-worker")
    return client


class TestEntries:
    def test_nothing_yet_says_what_to_do(self, sign_in):
        page = text(sign_in("finance").get("/budget/ledger/"))
        assert "Nothing was posted yet" in page
        assert "onesystem ledger post FILE" in page

    def test_every_entry_with_its_posting(self, sign_in, posted):
        page = text(keeps_both(sign_in).get("/budget/ledger/"))
        assert "Agency bill" in page
        assert "£12.34" in page
        assert "Testshire Hospital" in page
        assert "/budget/ledger/postings/2/" in page
        assert "secret-7" not in page
        assert "one person" in page

    def test_filters_are_in_the_address(self, sign_in, posted):
        client = sign_in("finance")
        page = text(client.get("/budget/ledger/?q=agency&book=actual&from=2026-06"))
        assert "£200.00" in page
        assert "Opening budget" not in page
        assert "£12.34" not in page
        assert "No entry fits" in text(client.get("/budget/ledger/?line=nobody"))

    def test_what_is_said_of_one_person_is_for_those_who_keep_such_money(self, sign_in, posted):
        client = sign_in("finance")
        for at in ("", "postings/4/", "?format=csv", "?format=beancount"):
            page = text(client.get(f"/budget/ledger/{at}"))
            assert "Agency bill" not in page
            assert "Of one person" in page
        assert "Agency bill" in text(keeps_both(sign_in).get("/budget/ledger/postings/4/"))

    @pytest.mark.parametrize("wrong", ["book=x", "account=x", "from=May", "format=pdf"])
    def test_what_cannot_be_is_refused_with_the_cure(self, sign_in, posted, wrong):
        answer = sign_in("finance").get(f"/budget/ledger/?{wrong}")
        assert answer.status_code == 404
        assert "There are" in text(answer) or "Write it as" in text(answer)

    @pytest.mark.parametrize(
        ("form", "kind"),
        [("csv", "text/csv"), ("xlsx", "spreadsheet"), ("beancount", "text/plain")],
    )
    def test_what_is_shown_leaves_as_a_file_and_is_in_the_trail(self, sign_in, posted, form, kind):
        answer = sign_in("finance").get(f"/budget/ledger/?format={form}&book=plan")
        assert kind in answer["Content-Type"]
        assert b"secret-7" not in answer.content
        kept = Audit.objects.get(act="ledger.exported")
        assert (kept.actor, kept.what) == ("finance", form)

    def test_it_takes_the_right(self, sign_in, posted):
        assert sign_in("district-nurse").get("/budget/ledger/").status_code == 403


class TestPosting:
    def test_its_legs_and_what_led_to_it(self, sign_in, posted, monkeypatch):
        monkeypatch.setitem(causes._KNOWN, "settlement", lambda what: (f"Settled {what}", "/s/"))
        page = text(sign_in("commissioner").get("/budget/ledger/postings/2/"))
        assert "A bill" in page
        assert '<a href="/s/">Settled alliance/4</a>' in page
        assert "Take it back" not in page

    def test_a_reservation_shows_what_it_still_holds_and_its_draws(self, sign_in, posted):
        page = text(sign_in("finance").get(f"/budget/ledger/postings/{posted}/"))
        assert "Still held" in page
        assert "£400.00" in page
        assert "Of the same reservation" in page
        assert "secret-7" not in page

    def test_there_is_none(self, sign_in, posted):
        assert sign_in("finance").get("/budget/ledger/postings/99/").status_code == 404

    def test_finance_takes_it_back_with_a_reason(self, sign_in, posted):
        client = sign_in("finance")
        at = "/budget/ledger/postings/2/correct/"
        assert "The same legs are posted the other way round" in text(client.get(at))
        assert "needs a reason" in text(client.post(at, {"why": " "})).lower()
        answer = client.post(at, {"why": "Billed twice"}, follow=True)
        assert "Corrects 2: Billed twice" in text(answer)
        assert queries.posting(2).reversed_by == 6
        assert "reversed already" in text(client.post(at, {"why": "Again"}))
        assert "taken back by 6" in text(client.get("/budget/ledger/?q=a+bill"))

    def test_others_do_not(self, sign_in, posted):
        client = sign_in("commissioner")
        assert client.post("/budget/ledger/postings/2/correct/", {"why": "x"}).status_code == 403
        assert queries.posting(2).reversed_by is None


class TestMonths:
    def test_a_month_is_closed_after_a_look(self, sign_in, posted):
        client = sign_in("finance")
        assert "Close May" in text(client.get("/budget/ledger/months/"))
        at = "/budget/ledger/months/2026-05/close/"
        page = text(client.get(at))
        assert "Reservations that still hold something" in page
        assert "1 would be closed with it, from April 2026" in page
        assert "Tick that you have looked" in text(client.post(at, {"seen": "5"}))
        assert "since you looked" in text(client.post(at, {"seen": "4", "sure": "1"}))
        answer = client.post(at, {"seen": "5", "sure": "1"}, follow=True)
        assert "May 2026 is closed." in text(answer)
        assert queries.first_open() == JUNE
        assert "closed already" in text(client.post(at, {"seen": "5", "sure": "1"}))

    def test_what_must_be_right_stops_it(self, sign_in, posted, monkeypatch):
        monkeypatch.setattr(checklist, "_OTHERS", [
            lambda month: checklist.Item("Contacts are costed", False, must=True)
        ])  # fmt: skip
        client = sign_in("finance")
        answer = client.post("/budget/ledger/months/2026-04/close/", {"seen": "5", "sure": "1"})
        assert "must be right first: contacts are costed" in text(answer)
        assert queries.first_open() is None

    def test_those_who_only_see_do_not_close(self, sign_in, posted):
        client = sign_in("policy-analyst")
        assert "Close May" not in text(client.get("/budget/ledger/months/"))
        assert client.get("/budget/ledger/months/2026-05/close/").status_code == 403

    def test_no_month(self, sign_in, posted):
        assert sign_in("finance").get("/budget/ledger/months/soon/close/").status_code == 404
        assert APRIL < MAY


class TestCheck:
    def test_it_holds(self, sign_in, posted):
        client = sign_in("commissioner")
        assert "It holds" not in text(client.get("/budget/ledger/verify/"))
        assert "It holds" in text(client.post("/budget/ledger/verify/"))
        assert Audit.objects.latest("id").act == "ledger.verified"

    def test_it_says_what_does_not(self, sign_in, posted, monkeypatch):
        monkeypatch.setattr(queries, "verify", lambda: ["posting 2 is not as it was written"])
        assert "posting 2 is not as it was written" in text(
            sign_in("finance").post("/budget/ledger/verify/")
        )


@pytest.mark.parametrize(
    ("cause", "words", "to"),
    [
        ("funds:26", "Act 26 on the funds", "/budget/moves/"),
        ("costing:contacts:2026-04", "What the contacts cost, April 2026",
         "/budget/costs/months/2026-04/"),
        ("costing:unused:2026-04", "Costing (unused), April 2026", "/budget/costs/months/2026-04/"),
        ("costing:contacts:soon", "costing:contacts:soon", ""),
        ("pooled:better-care:2025/26", "pooled fund better-care, 2025/26", "/pooled/better-care/"),
        ("settlement:alliance:4", "Settlement 4 of alliance", "/contracts/alliance/settlements/4/"),
        ("settlement:alliance", "settlement:alliance", ""),
        ("council/7", "council/7", ""),
    ],
)  # fmt: skip
def test_what_led_to_a_posting_is_told_with_its_page(joined, cause, words, to):
    told, address = causes.told(cause)
    assert words in told
    assert address == to
