"""A client's right to ask the FHIR server: a token, of which only the digest is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ClientToken(models.Model):
    """One token. With a `username` it asks as that user, else as the roles that are named."""

    client = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 in hex
    scopes = models.TextField()
    purpose = models.CharField(max_length=60)
    username = models.CharField(max_length=150, blank=True)
    roles = models.CharField(max_length=500, blank=True)
    organisation = models.CharField(max_length=100, blank=True)
    person = models.BigIntegerField(null=True)  # the person in context, where there is one
    created = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    expires = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_client_token"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(client="") & ~Q(purpose=""), name="record_client_token_says_who"
            )
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.client}"
