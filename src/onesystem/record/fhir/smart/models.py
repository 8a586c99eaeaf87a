"""What is kept of applications: who they are, what was granted, and digests of what they hold."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

KINDS = ("public", "confidential", "backend")


class App(models.Model):
    """An application that the district let in. One that was removed stays, for the trail."""

    name = models.CharField(max_length=100)
    client = models.CharField(max_length=100, unique=True)  # its client_id
    kind = models.CharField(max_length=12)
    secret = models.CharField(max_length=64, blank=True)  # SHA-256 in hex
    redirects = models.TextField(blank=True)  # one address a line
    launch = models.CharField(max_length=500, blank=True)  # where the record page launches it
    scopes = models.TextField()  # the most that it is given
    keys = models.TextField(blank=True)  # a JWK Set: its public keys
    roles = models.CharField(max_length=500, blank=True)  # of a backend service
    organisation = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    created = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    removed = models.DateTimeField(null=True)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_smart_app"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="record_smart_app_kind"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(removed=None), name="record_smart_app_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Launch(models.Model):
    """That somebody launched an application from a person's record: good once, for minutes."""

    digest = models.CharField(max_length=64, unique=True)
    app = models.BigIntegerField()
    username = models.CharField(max_length=150)
    person = models.BigIntegerField()
    purpose = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_smart_launch"

    def __str__(self) -> str:
        return f"launch {self.pk}"


class Grant(models.Model):
    """What somebody, or the district for a backend service, let an application do."""

    app = models.BigIntegerField()
    username = models.CharField(max_length=150, blank=True)  # empty: a backend service
    person = models.BigIntegerField(null=True)  # the person in context
    patient = models.CharField(max_length=64, blank=True)  # and what the Patient is called
    purpose = models.CharField(max_length=60)
    scopes = models.TextField()
    nonce = models.CharField(max_length=500, blank=True)
    user = models.CharField(max_length=200, blank=True)  # fhirUser, relative
    signed_in = models.DateTimeField(null=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    why = models.CharField(max_length=60, blank=True)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_smart_grant"
        indexes: ClassVar = [models.Index(fields=["app"], name="record_smart_grant_app")]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class Token(models.Model):
    """A code, an access or a refresh token of a grant. Only its digest is kept.

    `used`: when a code was redeemed or a refresh token exchanged; it is good no more, and coming
    again it ends the grant.
    """

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=7)
    grant = models.BigIntegerField()
    scopes = models.TextField()
    redirect = models.CharField(max_length=500, blank=True)  # of a code
    challenge = models.CharField(max_length=43, blank=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_smart_token"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("code", "access", "refresh")), name="record_smart_token_kind"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["grant"], name="record_smart_token_grant"),
            models.Index(fields=["expires"], name="record_smart_token_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} token {self.pk}"


class Assertion(models.Model):
    """The number of a signed assertion that was shown, so that nobody shows it again."""

    app = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    expires = models.DateTimeField()

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_smart_assertion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["app", "digest"], name="record_smart_assertion_once")
        ]

    def __str__(self) -> str:
        return f"assertion {self.pk}"
