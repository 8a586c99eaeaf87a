"""What the ledger keeps. The tables, with what guards them, are made by `schema`.

Months are numbers (202604), times microseconds since 1970 in UTC, amounts whole minor units. Legs
lie by their posting and their place in it.
"""

from django.db import models

from onesystem.vocabulary.said import say


class Heading(models.Model):
    """An account with what it is for: the same for every leg that says the same."""

    id = models.BigIntegerField(primary_key=True)
    book = models.TextField()
    account = models.TextField()
    line = models.TextField()
    fund = models.TextField()
    organisation = models.TextField()
    service = models.TextField()
    setting = models.TextField()
    contract = models.TextField()
    decision = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_heading"

    def __str__(self) -> str:
        return f"{self.book}: {self.account} {self.line}"


class LegRow(models.Model):
    """One side of a posting."""

    pk = models.CompositePrimaryKey("posting", "number")
    posting = models.BigIntegerField()
    number = models.IntegerField()
    heading = models.BigIntegerField()
    month = models.IntegerField()
    amount = models.BigIntegerField()
    person = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_leg"

    def __str__(self) -> str:
        return say(
            "leg {number} of {posting}: {amount}",
            number=self.number,
            posting=self.posting,
            amount=self.amount,
        )


class PostingRow(models.Model):
    """Who moved what, when and why; its row seals its legs."""

    id = models.BigIntegerField(primary_key=True)
    at = models.BigIntegerField()
    by = models.TextField()
    kind = models.TextField()
    book = models.TextField()
    month = models.IntegerField()
    currency = models.TextField()
    words = models.TextField()
    key = models.TextField()
    cause = models.TextField()
    act = models.BigIntegerField()
    reverses = models.BigIntegerField(null=True)
    reservation = models.BigIntegerField(null=True)
    previous = models.TextField()
    digest = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_posting"

    def __str__(self) -> str:
        return say("posting {id}: {words}", id=self.id, words=self.words)


class Cell(models.Model):
    """What a heading's legs of a month sum to; the database keeps it, leg by leg."""

    pk = models.CompositePrimaryKey("heading", "month")
    heading = models.BigIntegerField()
    month = models.IntegerField()
    amount = models.BigIntegerField()
    legs = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_cell"

    def __str__(self) -> str:
        return f"{self.month}: {self.amount}"


class Closing(models.Model):
    """A month that was closed, with every month before it, and how the chain stood then."""

    month = models.IntegerField(primary_key=True)
    at = models.BigIntegerField()
    by = models.TextField()
    kind = models.TextField()
    length = models.BigIntegerField()
    digest = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_closing"

    def __str__(self) -> str:
        return say("closed {month}", month=self.month)


class LedgerHead(models.Model):
    """The end of the chain, and the one currency. One row; who holds it writes."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    length = models.BigIntegerField()
    digest = models.TextField()
    currency = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_ledger_head"

    def __str__(self) -> str:
        return say(
            "{length} postings, the last {digest}", length=self.length, digest=self.digest[:12]
        )
