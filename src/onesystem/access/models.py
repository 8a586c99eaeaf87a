"""Who signs in, and the trail of what was done and seen."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from onesystem.access.privacy.rows import Question, ReviewNote, Watched, WellKnown
from onesystem.access.rows import (
    AgreementRow,
    Caseload,
    Consent,
    ConsentOn,
    Duty,
    Glass,
    GlassOn,
    Letter,
    Mailing,
    Notice,
    Opened,
    Own,
    Proxy,
    Review,
    Seal,
)

__all__ = [
    "AgreementRow",
    "Audit",
    "AuditHead",
    "Caseload",
    "Consent",
    "ConsentOn",
    "Duty",
    "Glass",
    "GlassOn",
    "Letter",
    "Mailing",
    "Notice",
    "Opened",
    "Own",
    "Proxy",
    "Question",
    "Review",
    "ReviewNote",
    "Seal",
    "User",
    "Watched",
    "WellKnown",
]


class User(AbstractUser):
    """Someone who signs in, with the roles that they hold, separated by spaces."""

    first_name = None  # one field: not every name has a first and a last part
    last_name = None
    name = models.CharField(max_length=200, blank=True)
    roles = models.CharField(max_length=500, blank=True)
    organisation = models.CharField(max_length=100, blank=True)  # a code of district.toml
    # For the privacy officer's rules, where staff have agreed to it: where they live, and the
    # identity under which they are somebody's patient themselves.
    postcode = models.CharField(max_length=12, blank=True, default="")
    identity = models.BigIntegerField(null=True, blank=True)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def get_full_name(self) -> str:
        """What the person is called."""
        return self.name or self.username

    def get_short_name(self) -> str:
        """The same: there is no rule that shortens every name."""
        return self.get_full_name()


class Audit(models.Model):
    """One act or one look. Rows are only ever added; the database refuses anything else.

    `id` counts from 1 without gaps. `digest` is BLAKE2b over the row and the digest before it.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    kind = models.CharField(max_length=6)
    roles = models.CharField(max_length=500, blank=True)
    organisation = models.CharField(max_length=100, blank=True)
    act = models.CharField(max_length=60)
    what = models.CharField(max_length=300, blank=True)
    person = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.TextField(blank=True)  # canonical JSON; never names or notes
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "access_audit"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "id"], name="access_audit_person"),
            models.Index(fields=["actor", "id"], name="access_audit_actor"),
            models.Index(fields=["at"], name="access_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.at:%Y-%m-%d %H:%M} {self.actor} {self.act} {self.what}"


class AuditHead(models.Model):
    """The end of the chain: how many rows there are, and the digest of the last. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    length = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "access_audit_head"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="access_audit_one_head"),
        ]

    def __str__(self) -> str:
        return f"{self.length} rows, the last {self.digest[:12]}"
