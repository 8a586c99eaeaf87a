"""What is kept of contracts: their versions, who signed, settlements with their facts and lines.

A text is kept as JSON. From the first signature on, the database refuses to change it (`guards`);
so are the facts and the lines of a settlement, and every step. Times are whole microseconds since
1970 UTC; money is whole minor units of the district's currency.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.vocabulary.said import say

VERSIONS = ("draft", "signing", "signed", "published", "withdrawn")
SETTLEMENTS = ("draft", "signed", "posted", "withdrawn")


class ContractRow(models.Model):
    """A contract by its slug; `steps` counts what was done to it, for those who act at once."""

    slug = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=200)
    steps = models.IntegerField(default=0)
    settlements = models.IntegerField(default=0)  # the number of the last settlement
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_contract"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(slug=""), name="budget_contract_slug"),
            models.CheckConstraint(condition=~Q(name=""), name="budget_contract_name"),
            models.CheckConstraint(condition=~Q(by=""), name="budget_contract_by"),
        ]

    def __str__(self) -> str:
        return self.slug


class VersionRow(models.Model):
    """The text of a contract as it is from a day on; `digest` is the SHA-256 of its body."""

    contract = models.CharField(max_length=80)
    number = models.IntegerField()
    state = models.CharField(max_length=10, default="draft")
    since = models.DateField()
    until = models.DateField(null=True)  # that day is no longer in it
    body = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    published = models.BigIntegerField(default=0)
    override = models.CharField(max_length=1000, default="")  # why it went live all the same
    override_by = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "budget_contract_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "number"], name="budget_version_once"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=("draft", "signing", "signed")),
                name="budget_version_one_open",
            ),
            models.UniqueConstraint(
                fields=["contract", "since"], condition=Q(state="published"),
                name="budget_version_one_from",
            ),
            models.CheckConstraint(condition=Q(state__in=VERSIONS), name="budget_version_state"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="budget_version_forward",
            ),
            models.CheckConstraint(
                condition=Q(state="published") ^ Q(published=0), name="budget_version_published"
            ),
            models.CheckConstraint(condition=~Q(by=""), name="budget_version_by"),
            models.CheckConstraint(
                condition=Q(override="") ^ ~Q(override_by=""), name="budget_version_override"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.contract} {self.number}: {self.state}"


class SignatureRow(models.Model):
    """That a party signed a text: which text, for whom, who wrote it down."""

    contract = models.CharField(max_length=80)
    number = models.IntegerField()
    settlement = models.IntegerField(default=0)  # 0: it is the contract's version that was signed
    party = models.CharField(max_length=200)
    signatory = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_contract_signature"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "number", "settlement", "party"], name="budget_signature_once"
            ),
            models.CheckConstraint(
                condition=~Q(by="") & ~Q(signatory="") & ~Q(party=""), name="budget_signature_by"
            ),
        ]

    def __str__(self) -> str:
        return say(
            "{party} signed {contract} {number}",
            party=self.party,
            contract=self.contract,
            number=self.number,
        )


class ContractStep(models.Model):
    """What was done to a contract, when, by whom, why."""

    contract = models.CharField(max_length=80)
    step = models.IntegerField()
    number = models.IntegerField(default=0)  # of the version
    settlement = models.IntegerField(default=0)
    kind = models.CharField(max_length=20)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "budget_contract_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "step"], name="budget_contract_step_once"),
            models.CheckConstraint(condition=~Q(by=""), name="budget_contract_step_by"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.step}: {self.kind}"


class SettlementRow(models.Model):
    """A period worked out: by which version, from which facts; `reverses` is the one it replaces.

    `facts` are kept as they were found, so that the same lines come out of them years later.
    """

    contract = models.CharField(max_length=80)
    settlement = models.IntegerField()
    version = models.IntegerField()
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, default="draft")
    facts = models.TextField()
    digest = models.CharField(max_length=64)  # of the facts and the lines
    reverses = models.IntegerField(default=0)
    reversed_by = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    posted = models.BigIntegerField(default=0)
    postings = models.TextField(default="[]")  # JSON: the numbers that the ledger gave

    class Meta:
        """How the store keeps it."""

        db_table = "budget_settlement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "settlement"], name="budget_settled_once"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(state__in=("draft", "signed")),
                name="budget_settlement_one_open",
            ),
            models.UniqueConstraint(
                fields=["contract", "since"], condition=Q(state="posted", reversed_by=0),
                name="budget_settlement_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLEMENTS), name="budget_settlement_state"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="budget_settlement_forward"
            ),
            models.CheckConstraint(
                condition=Q(state="posted") ^ Q(posted=0), name="budget_settlement_posted"
            ),
            models.CheckConstraint(condition=~Q(by=""), name="budget_settlement_by"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return say(
            "{contract} settlement {settlement}: {state}",
            contract=self.contract,
            settlement=self.settlement,
            state=self.state,
        )


class SettledLine(models.Model):
    """A line of the working: its rule, its words, where it comes from, and the amount of whom."""

    contract = models.CharField(max_length=80)
    settlement = models.IntegerField()
    nth = models.IntegerField()
    rule = models.CharField(max_length=200)
    words = models.CharField(max_length=1000)
    source = models.CharField(max_length=1000, default="")
    amount = models.BigIntegerField()
    party = models.CharField(max_length=200, default="")
    fact = models.CharField(max_length=200, default="")  # of the facts that are kept with it

    class Meta:
        """How the store keeps it."""

        db_table = "budget_settled_line"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "settlement", "nth"], name="budget_settled_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.amount}"
