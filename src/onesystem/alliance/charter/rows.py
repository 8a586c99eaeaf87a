"""What is kept of an alliance: parties, members, charter, who signed, and each step of it.

Times are whole microseconds since 1970 in UTC; days are days. A text that somebody has signed, a
signature and a step are never changed: the database refuses it (`guards`). Who left stays here.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.vocabulary.said import say

# Who sits in service alliances alone has the seat `service`.
SEATS = ("chair", "deputy", "community", "member", "service")
VERSIONS = ("draft", "signing", say("in force"), "superseded", "withdrawn")


class Alliance(models.Model):
    """Who decides together for a district; `steps` counts its acts, for those who act at once."""

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=2000, default="")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_alliance"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(by=""), name="alliance_alliance_named"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AllianceStep(models.Model):
    """What was done to an alliance, when, by whom, why; `what` names it by code or number."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    step = models.IntegerField()
    kind = models.CharField(max_length=40)
    what = models.CharField(max_length=200, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alliance", "step"], name="alliance_step_once"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(kind=""), name="alliance_step_by"),
        ]


class Party(models.Model):
    """A body that joined: runs services, pays, or both. A funder commands money of its own."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=60, default="")  # of district.toml
    funder = models.BooleanField(default=False)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_party"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "code"],
                condition=Q(until__isnull=True),
                name="alliance_party_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_party_forward",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(by=""), name="alliance_party_named"
            ),
        ]


class Member(models.Model):
    """Who sits in it, and what they bring; they act for the district, not for their employer.

    `commands` is the party whose money they may commit, up to `most` (0: without a limit). The
    chair commands nobody's, and has said in writing that they are independent.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    username = models.CharField(max_length=150, default="")  # empty: signs in nowhere yet
    name = models.CharField(max_length=200)
    perspective = models.CharField(max_length=200)
    seat = models.CharField(max_length=10, default="member")
    profession = models.CharField(max_length=60, default="")
    sector = models.CharField(max_length=60, default="")
    clinical = models.BooleanField(default=False)  # still sees patients
    employer = models.CharField(max_length=200, default="")
    commands = models.CharField(max_length=60, default="")  # the code of a party
    most = models.BigIntegerField(default=0)
    independence = models.CharField(max_length=2000, default="")
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_member"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seat__in=SEATS), name="alliance_member_seat"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(perspective="") & ~Q(by=""), name="alliance_member_named"
            ),
            models.CheckConstraint(
                condition=~Q(seat="chair") | (Q(commands="") & ~Q(independence="")),
                name="alliance_member_chair_independent",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_member_forward",
            ),
            models.CheckConstraint(condition=Q(most__gte=0), name="alliance_member_most"),
            models.UniqueConstraint(
                fields=["alliance", "username"],
                condition=Q(until__isnull=True) & ~Q(username=""),
                name="alliance_member_once",
            ),
            models.UniqueConstraint(
                fields=["alliance"],
                condition=Q(until__isnull=True, seat="chair"),
                name="alliance_member_one_chair",
            ),
            models.UniqueConstraint(
                fields=["alliance"],
                condition=Q(until__isnull=True, seat="deputy"),
                name="alliance_member_one_deputy",
            ),
        ]


class Suspension(models.Model):
    """A member, or a party, stands aside from all decisions from a moment on, with the reason."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT, null=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    why = models.CharField(max_length=1000)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_suspension"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member__isnull=True) ^ Q(party__isnull=True),
                name="alliance_suspension_of_one",
            ),
            models.CheckConstraint(
                condition=~Q(why="") & ~Q(by=""), name="alliance_suspension_why"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_suspension_forward",
            ),
        ]


class Competence(models.Model):
    """What a member can do, of the list of `rules`; level 1 knows it, 2 does it, 3 leads it."""

    member = models.ForeignKey(Member, models.PROTECT)
    code = models.CharField(max_length=60)
    level = models.IntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_competence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "code"], name="alliance_competence_once"),
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3), name="alliance_competence_level"
            ),
        ]


class CharterVersion(models.Model):
    """The text and the rules of a charter; `digest` is the SHA-256 of its body.

    It is in force from the moment `since` to `until`: from when the last sitting member signed.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    number = models.IntegerField()
    state = models.CharField(max_length=10, default="draft")
    since = models.BigIntegerField(null=True)
    until = models.BigIntegerField(null=True)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=1000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_charter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alliance", "number"], name="alliance_charter_once"),
            models.CheckConstraint(condition=Q(state__in=VERSIONS), name="alliance_charter_state"),
            models.UniqueConstraint(
                fields=["alliance"],
                condition=Q(state__in=("draft", "signing")),
                name="alliance_charter_one_open",
            ),
            models.UniqueConstraint(
                fields=["alliance"],
                condition=Q(state="in force"),
                name="alliance_charter_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("in force", "superseded")) ^ Q(since__isnull=True),
                name="alliance_charter_since",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_charter_forward",
            ),
            models.CheckConstraint(condition=~Q(by="") & ~Q(body=""), name="alliance_charter_by"),
        ]


class CharterSignature(models.Model):
    """That a member signed a version of the charter: the digest of what they signed."""

    version = models.ForeignKey(CharterVersion, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)  # who wrote it down; the member themselves, mostly

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_charter_signature"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "member"], name="alliance_signed_once"),
            models.CheckConstraint(condition=~Q(by=""), name="alliance_signed_by"),
        ]


class Interest(models.Model):
    """What a member has to do with something, declared with the days between which it is so."""

    member = models.ForeignKey(Member, models.PROTECT)
    category = models.CharField(max_length=30)
    words = models.CharField(max_length=1000)
    since = models.DateField()
    until = models.DateField(null=True)  # that day it is no longer so
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_interest"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(category="") & ~Q(words="") & ~Q(by=""), name="alliance_interest_says"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="alliance_interest_forward",
            ),
        ]


class InterestIn(models.Model):
    """What an interest touches: an organisation, a service, a budget line, a contract; by code."""

    interest = models.ForeignKey(Interest, models.PROTECT, related_name="touches")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=100)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_interest_in"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interest", "kind", "code"], name="alliance_interest_in_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("organisation", "service", "line", "contract")) & ~Q(code=""),
                name="alliance_interest_in_kind",
            ),
        ]
