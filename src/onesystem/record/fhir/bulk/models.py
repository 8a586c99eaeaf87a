"""What is kept of an export: who asked for what, how far it is, and whose data went into it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STATES = ("queued", "running", "done", "failed", "cancelled", "expired")


class ExportJob(models.Model):
    """One export. Times are microseconds since 1970; `asker`, `asked` and `files` are JSON."""

    job = models.CharField(max_length=32, unique=True)  # its public name
    client = models.CharField(max_length=120)
    actor = models.CharField(max_length=150)
    asker = models.TextField()
    request = models.TextField()
    base = models.TextField()
    asked = models.TextField()
    state = models.CharField(max_length=10)
    created = models.BigIntegerField()
    began = models.BigIntegerField(default=0)  # the manifest's transactionTime
    until = models.BigIntegerField(default=0)  # whoever works on it has it until then
    expires = models.BigIntegerField(default=0)
    kind = models.IntegerField(default=0)  # how many of its types are done
    after = models.BigIntegerField(null=True)  # the last entry of the type in hand
    files = models.TextField(default="[]")
    error = models.TextField(default="")

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_export"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="record_export_has_a_known_state"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="record_export_state")]

    def __str__(self) -> str:
        return f"export {self.job}"


class ExportedPerson(models.Model):
    """A person whose data are in an export; kept until that is in the trail."""

    export = models.BigIntegerField()
    person = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_export_person"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["export", "person"], name="record_export_person_once")
        ]

    def __str__(self) -> str:
        return f"person in export {self.export}"
