"""What an alliance keeps besides its charter: service alliances, disagreements, procurements.

Steps are never changed once written: the database refuses it (`guards`). Times are whole
microseconds since 1970 in UTC; money is whole minor units.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.alliance.charter.rows import Alliance, Member

STATES = ("open", "resolved", "withdrawn")
BUYING = ("open", "awarded", "abandoned")


class ServiceAlliance(models.Model):
    """A group with a scope and a mandate: it decides within them, and recommends beyond."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    scope = models.CharField(max_length=2000)
    mandate = models.CharField(max_length=2000)
    most = models.BigIntegerField(default=0)  # what it may commit by itself; 0: nothing
    services = models.TextField(default="[]")  # JSON: codes of district.toml
    least = models.IntegerField(default=0)  # so many of its members decide; 0: half of them
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_service_alliance"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alliance", "code"], name="alliance_service_once"),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(scope="") & ~Q(mandate="") & ~Q(by=""),
                name="alliance_service_says",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_service_forward",
            ),
        ]


class ServiceMember(models.Model):
    """Who sits in a service alliance, with what they bring.

    Who does not sit in the alliance itself has a member's row all the same, of the seat `service`.
    """

    group = models.ForeignKey(ServiceAlliance, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    username = models.CharField(max_length=150, default="")
    name = models.CharField(max_length=200)
    perspective = models.CharField(max_length=200)
    leads = models.BooleanField(default=False)
    clinical = models.BooleanField(default=False)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_service_member"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(perspective="") & ~Q(by=""),
                name="alliance_service_member_named",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_service_member_forward",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(until__isnull=True, leads=True),
                name="alliance_service_one_lead",
            ),
        ]


class Disagreement(models.Model):
    """Something that parties or members do not agree on; it climbs the charter's ladder by steps.

    `kind` breach: somebody is said to have broken the charter. `rung` is where it is, `due` when
    it has to be settled there or goes up.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    number = models.IntegerField()
    kind = models.CharField(max_length=12, default="disagreement")
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=4000)
    between = models.TextField(default="[]")  # JSON: codes of parties
    proposal = models.IntegerField(default=0)  # 0: it is about no proposal
    charter = models.IntegerField()  # by which version's ladder
    rung = models.IntegerField(default=1)
    due = models.BigIntegerField()
    state = models.CharField(max_length=10, default="open")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_disagreement"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "number"], name="alliance_disagreement_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("disagreement", "breach"))
                & Q(state__in=STATES)
                & Q(rung__gte=1)
                & ~Q(title="")
                & ~Q(by=""),
                name="alliance_disagreement_says",
            ),
        ]


class DisagreementStep(models.Model):
    """What was done about it: raised, said, climbed, resolved, withdrawn."""

    of = models.ForeignKey(Disagreement, models.PROTECT, db_column="of")
    step = models.IntegerField()
    kind = models.CharField(max_length=12)
    rung = models.IntegerField()
    words = models.CharField(max_length=4000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_disagreement_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "step"], name="alliance_disagreement_step_once"),
            models.CheckConstraint(
                condition=~Q(by="") & ~Q(kind=""), name="alliance_disagreement_step_by"
            ),
        ]


class Procurement(models.Model):
    """How a provider was chosen, where the law asks for a record; `route` is one of `routes`."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=4000, default="")
    law = models.CharField(max_length=60)
    route = models.CharField(max_length=60)
    reason = models.CharField(max_length=2000)  # why this route
    buyer = models.CharField(max_length=60)  # the code of a party
    services = models.TextField(default="[]")  # JSON: codes of services
    value = models.BigIntegerField(default=0)  # over its whole life
    decision = models.IntegerField(default=0)  # of the alliance; 0: none
    opened = models.DateField()
    state = models.CharField(max_length=10, default="open")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_procurement"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "number"], name="alliance_procurement_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=BUYING) & Q(value__gte=0) & ~Q(title="") & ~Q(by=""),
                name="alliance_procurement_says",
            ),
        ]


class ProcurementStep(models.Model):
    """A notice, a bid, an interest handled, a score, an award: as it was on a day.

    `body` is JSON: what a step of that kind says besides (bidder, organisation, amount, scores).
    """

    of = models.ForeignKey(Procurement, models.PROTECT, db_column="of")
    step = models.IntegerField()
    kind = models.CharField(max_length=20)
    on = models.DateField()
    words = models.CharField(max_length=4000, default="")
    body = models.TextField(default="{}")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_procurement_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "step"], name="alliance_procurement_step_once"),
            models.CheckConstraint(
                condition=~Q(by="") & ~Q(kind=""), name="alliance_procurement_step_by"
            ),
        ]
