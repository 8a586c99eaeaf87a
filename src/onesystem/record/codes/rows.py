"""Local code lists: each version of a set, and the codes in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CodeSet(models.Model):
    """One version of a ValueSet or CodeSystem that the district loaded. The newest counts."""

    url = models.TextField()
    version = models.TextField(blank=True)
    kind = models.CharField(max_length=10)  # ValueSet, CodeSystem
    name = models.TextField(blank=True)
    source = models.TextField()  # who published it, or the file that it came in
    licence = models.TextField(blank=True)
    file = models.CharField(max_length=32)  # digest of the file
    loaded_at = models.BigIntegerField()
    loaded_by = models.CharField(max_length=150)
    current = models.BooleanField(default=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_codeset"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["url", "kind"], condition=Q(current=True), name="record_codeset_current"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ValueSet", "CodeSystem"]), name="record_codeset_kind"
            ),
        ]


class CodeRow(models.Model):
    """A code of a set. `parent`: the codes above it, each between spaces."""

    codeset = models.BigIntegerField()
    system = models.TextField()
    code = models.TextField()
    display = models.TextField(blank=True)
    parent = models.TextField(blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_code"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["codeset", "system", "code"], name="record_code_once")
        ]
        indexes: ClassVar = [
            models.Index("system", "code", name="record_code_of"),
            models.Index("codeset", "parent", name="record_code_below"),
        ]
