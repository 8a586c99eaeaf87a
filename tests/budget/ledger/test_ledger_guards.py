"""The database itself refuses what is no posting, whoever writes to it, on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction
from ledger_words import ANN, APRIL, MAY, bill, funded

from onesystem.budget.ledger import actions, queries
from onesystem.budget.ledger.schema import lower_guards, raise_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]
LEG = "INSERT INTO budget_leg (posting, number, heading, month, amount, person) VALUES "
POSTING = (
    'INSERT INTO budget_posting (id, at, "by", kind, book, month, currency, words, key, cause, '
    "act, reverses, reservation, previous, digest) VALUES "
)


def sql(*statements):
    """What somebody does who goes past the product, up to the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.check_constraints()


@pytest.fixture
def headings():
    """The ledger with an opening budget; the numbers of its two headings by account."""
    funded(1_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, id FROM budget_heading")
        return dict(cursor.fetchall())


def legs(headings, *amounts, posting=2, month=202604):
    account = ["budget", "contributed"]
    return LEG + ", ".join(
        f"({posting}, {n}, {headings[account[n % 2]]}, {month}, {amount}, '')"
        for n, amount in enumerate(amounts)
    )


def row(number=2, book="plan", month=202604, currency="GBP", reservation="NULL"):
    return POSTING + (
        f"({number}, 1, 'eve', 'person', '{book}', {month}, '{currency}', 'x', '', '', {number}, "
        f"NULL, {reservation}, 'a', 'b')"
    )


class TestRefused:
    def test_legs_that_do_not_sum_to_nothing(self, headings):
        with pytest.raises(DatabaseError, match="do not sum to nothing"):
            sql(legs(headings, 500, -499), row())

    def test_a_single_leg_and_none(self, headings):
        with pytest.raises(DatabaseError, match="two legs or more"):
            sql(legs(headings, 500), row())
        with pytest.raises(DatabaseError, match="two legs or more"):
            sql(row())

    @pytest.mark.parametrize("amount", ["10.5", "0", "'ten'"])
    def test_what_is_no_whole_number(self, headings, amount):
        with pytest.raises(DatabaseError):
            sql(legs(headings, amount, -10), row())

    def test_legs_without_a_posting(self, headings):
        with pytest.raises(DatabaseError):
            sql(legs(headings, 500, -500))

    def test_a_leg_that_comes_later(self, headings):
        with pytest.raises(DatabaseError, match="sealed"):
            sql(LEG + f"(1, 7, {headings['budget']}, 202604, 5, '')")

    def test_another_book_or_month(self, headings):
        with pytest.raises(DatabaseError, match="another book or month"):
            sql(legs(headings, 500, -500), row(book="actual"))
        with pytest.raises(DatabaseError, match="another book or month"):
            sql(legs(headings, 500, -500), row(month=202605))

    def test_another_currency(self, headings):
        with pytest.raises(DatabaseError, match="currency"):
            sql(legs(headings, 500, -500), row(currency="NZD"))

    def test_a_closed_month(self, headings):
        actions.close(month=APRIL, by=ANN)
        with pytest.raises(DatabaseError, match="closed"):
            sql(legs(headings, 500, -500), row())
        sql(legs(headings, 500, -500, month=202605), row(month=202605))

    def test_more_than_a_reservation_holds(self, headings):
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        with connection.cursor() as cursor:
            cursor.execute("SELECT account, id FROM budget_heading WHERE book = 'commitment'")
            held = dict(cursor.fetchall())
        found = {"budget": held["reserved"], "contributed": held["promised"]}
        with pytest.raises(DatabaseError, match="does not hold that much"):
            sql(legs(found, -601, 601, posting=3), row(3, "commitment", reservation=order))
        sql(legs(found, -600, 600, posting=3), row(3, "commitment", reservation=order))

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE budget_leg SET amount = amount + 1",
            "DELETE FROM budget_leg",
            "UPDATE budget_posting SET words = 'nothing to see'",
            "DELETE FROM budget_posting",
            "UPDATE budget_heading SET line = 'mine'",
            "DELETE FROM budget_closing",
            "UPDATE budget_closing SET month = 202501",
        ],
    )
    def test_any_change(self, headings, change):
        actions.close(month=APRIL, by=ANN)
        with pytest.raises(DatabaseError, match="never changed or removed"):
            sql(change)

    @pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no TRUNCATE")
    def test_emptying(self, headings):
        connection.check_constraints()
        with pytest.raises(DatabaseError, match="never changed or removed"):
            sql("TRUNCATE budget_leg, budget_posting CASCADE")

    def test_one_reversal_of_a_posting(self, headings):
        actions.correct(posting=1, by=ANN, why="Wrong")
        again = row(3).replace("3, NULL, NULL", "3, 1, NULL")
        with pytest.raises(DatabaseError):
            sql(legs(headings, -5, 5, posting=3), again)

    def test_a_posting_of_sql_is_counted_too(self, headings):
        """What balances goes in past the product; cells count it, and the chain tells of it."""
        sql(legs(headings, 500, -500), row())
        assert queries.balance(account="budget") == 1_500
        assert queries.verify() == ["the ledger ends at posting 2, and should end at posting 1"]


class TestVerify:
    @pytest.fixture(autouse=True)
    def _posted(self, district):
        funded(1_000)
        actions.post_many([bill(n, month=APRIL if n < 4 else MAY) for n in range(1, 7)], by=ANN)
        actions.close(month=APRIL, by=ANN)
        actions.post_many([bill(9, month=MAY)], by=ANN)

    def test_holds(self):
        assert queries.verify() == []

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("UPDATE budget_leg SET amount = amount + 1 WHERE posting = 3",
             "posting 3 is not as it was written"),
            ("UPDATE budget_posting SET words = 'x' WHERE id = 3",
             "posting 3 is not as it was written"),
            ("UPDATE budget_heading SET line = 'mine' WHERE line = 'ed' AND book = 'actual'",
             "posting 2 is not as it was written"),
            ("DELETE FROM budget_posting WHERE id = 3", "posting 3 is missing"),
            ("DELETE FROM budget_posting WHERE id = 8",
             "the ledger ends at posting 7, and should end at posting 8"),
            ("UPDATE budget_ledger_head SET length = 7", "posting 7 is not the last"),
            ("UPDATE budget_cell SET amount = amount + 1 WHERE amount > 0", "is off by 1"),
            ("UPDATE budget_closing SET length = 3", "was closed at posting 3"),
            ("UPDATE budget_closing SET month = 202605", "made after that month closed"),
        ],
    )  # fmt: skip
    def test_shows(self, change, told):
        # Where the one who changes it has taken the guards down first.
        connection.check_constraints()
        lower_guards(connection)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            else:
                cursor.execute("SET session_replication_role = replica")
            cursor.execute(change)
            if connection.vendor != "sqlite":
                cursor.execute("SET session_replication_role = DEFAULT")
        raise_guards(connection)
        assert any(told in fault for fault in queries.verify()), queries.verify()
        if "DELETE" in change:
            transaction.set_rollback(True)
