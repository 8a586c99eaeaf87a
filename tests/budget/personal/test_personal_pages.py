"""The pages of personal budgets: who sees what, what can be done, what stays where it cannot."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from page_data import give_purpose
from personal_data import HOLDER, KEEPER, PNG

from onesystem.access.models import User
from onesystem.budget.personal import asking, queries, spending
from onesystem.budget.personal.posting import today


def client(name):
    made = Client()
    made.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
    return made


@pytest.fixture
def keeper(somebody):
    made = client("sol")
    give_purpose(made, somebody, "care coordination")
    return made


def page(answer, status=200):
    text = answer.content.decode()
    assert answer.status_code == status, text[:2000]
    return text


class TestKeeper:
    def test_assesses_agrees_and_sees_it_signed(self, purses, somebody, keeper):
        home = f"/people/{somebody}/budget/"
        assert "Work out the indicative budget" in page(keeper.get(home))
        given = {"programme": "integrated", "starts": "2026-11-01", "ends": "2027-10-31",
                 "purse-0": "phb", "kind-0": "health", "purse-1": "asc",
                 "kind-1": "social care", "need-0": "Help to wash", "week-0": "5.00",
                 "weeks-0": "52", "from-0": "2"}  # fmt: skip
        assert "more than 400" not in page(keeper.post(f"{home}assess/", given, follow=True))
        [row] = queries.of_person(somebody)
        assert row.indicative == 100_000
        pks = {p.line: p.pk for p in row.purses.all()}
        asked = {"do": "agree", "seen": row.steps, f"sum-{pks['phb']}": "500",
                 f"sum-{pks['asc']}": "500", "way-notional": "400",
                 "way-direct": "600"}  # fmt: skip
        text = page(keeper.post(f"{home}{row.pk}/do/", asked | {"way-direct": "601"}), 422)
        assert "Nothing that you wrote is lost" in text
        assert 'value="601"' in text
        page(keeper.post(f"{home}{row.pk}/do/", asked, follow=True))
        said = {"do": "sign", "seen": "2", "paper": "At home, before Sol"}
        assert "The money is set aside" in page(
            keeper.post(f"{home}{row.pk}/do/", said, follow=True)
        )
        assert "agrees with the ledger" in page(keeper.get(home))

    def test_answers_what_waits(self, live, somebody, keeper):
        number = asking.ask(budget=live, kind="spend", item="large-equipment", amount=40_000,
                            words="A tricycle", by=HOLDER)  # fmt: skip
        listed = page(keeper.get("/personal-budgets/"))
        assert "PB-" in listed
        assert "left" in listed
        home = f"/people/{somebody}/budget/"
        asked = {"do": "answer", "ask": number, "answer": "no", "words": "Which one?"}
        assert "there is no reason" in page(keeper.post(f"{home}{live}/do/", asked), 422).lower()
        page(keeper.post(f"{home}{live}/do/", asked | {"reason": "needs-more"}, follow=True))
        told = page(client("maia").get("/me/budget/"))
        assert "We do not know enough to say yes" in told
        assert "Ask again with a price" in told
        assert "somebody else looks at it again" in told

    def test_reads_the_statement_and_takes_it_along(self, live, somebody, keeper):
        spending.spend(budget=live, item="respite", way="notional", amount=9_999, day=today(),
                       by=KEEPER, words="A weekend")  # fmt: skip
        address = f"/people/{somebody}/budget/{live}/statement/"
        assert "Agrees with the ledger to the penny" in page(keeper.get(address))
        file = keeper.get(f"{address}?format=csv").content.decode()
        assert "99.99" in file
        assert "nothing: it agrees to the penny" in file
        book = load_workbook(io.BytesIO(keeper.get(f"{address}?format=xlsx").content))
        assert book.sheetnames == [f"Statement of PB-{live:05d}", "What it means"]
        assert load_workbook(
            io.BytesIO(keeper.get("/personal-budgets/?state=all&format=xlsx").content)
        ).sheetnames == ["Personal budgets", "What it means"]

    @pytest.mark.parametrize("address", ["/personal-budgets/rules/", "/personal-budgets/uptake/",
                                         "/personal-budgets/?state=all&format=csv"])  # fmt: skip
    def test_opens_the_other_pages(self, live, somebody, keeper, address):
        page(keeper.get(address))

    def test_others_do_not(self, live, somebody, sign_in):
        nurse = sign_in("ed-nurse")
        assert nurse.get("/personal-budgets/").status_code == 403
        assert nurse.get(f"/people/{somebody}/budget/{live}/statement/").status_code in {200, 403}
        page(client("maia").get("/personal-budgets/"), 403)


class TestHolder:
    def test_signs(self, assessed, somebody):
        from onesystem.budget.personal import actions

        actions.agree(budget=assessed, by=KEEPER, sums={"phb": 71_429, "asc": 28_571},
                      ways={"direct": 100_000})  # fmt: skip
        me = client("maia")
        asked = {"do": "sign", "budget": assessed, "seen": queries.one(assessed).steps}
        assert "did not say that you read it" in page(me.post("/me/budget/do/", asked), 422).lower()
        assert "You can use your budget now" in page(
            me.post("/me/budget/do/", asked | {"read": "1"}, follow=True)
        )

    def test_sends_a_receipt_that_others_do_not_get(self, live, somebody):
        me = client("maia")
        asked = {"do": "receipt", "budget": live, "way": "direct", "item": "respite",
                 "amount": "75.50", "day": today().isoformat(), "act": "x"}  # fmt: skip
        wrong = SimpleUploadedFile("receipt.png", b"<html>", "image/png")
        told = page(me.post("/me/budget/do/", asked | {"receipt": wrong}), 422)
        assert "not a picture or a PDF" in told
        assert 'value="75.50"' in told
        right = SimpleUploadedFile("receipt.png", PNG, "image/png")
        page(me.post("/me/budget/do/", asked | {"receipt": right}, follow=True))
        number = queries.one(live).receipts.get().pk
        file = me.get(f"/me/budget/receipts/{number}/")
        assert (file.content, file["Content-Type"]) == (PNG, "image/png")
        assert file["Cache-Control"] == "no-store"
        assert "attachment" in file["Content-Disposition"]
        assert Client().get(f"/me/budget/receipts/{number}/").status_code == 302
        assert client("sue").get(f"/me/budget/receipts/{number}/").status_code == 403

    def test_somebody_elses_is_not_there(self, live, sign_in):
        stranger = sign_in("person")
        assert stranger.get(f"/me/for/1/budget/{live}/statement/").status_code == 404
        page(stranger.post("/me/budget/do/", {"do": "sign", "budget": live}), 200)

    def test_without_one_is_told_how_to_ask(self, somebody):
        assert "You have no personal budget" in page(client("maia").get("/me/budget/"))

    def test_reads_the_statement(self, live):
        me = client("maia")
        assert "Agrees with the ledger to the penny" in page(
            me.get(f"/me/budget/{live}/statement/")
        )
        assert page(me.get(f"/me/budget/{live}/statement/?format=csv"))
