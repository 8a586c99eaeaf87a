"""What the record keeps: each entry as it stands, the versions before it, and its numbers.

Times are whole microseconds since 1970 in UTC, as in the contact log. `entry` is the id that
`vocabulary.contact_id` makes of the source and the entry's kind and key: one small index finds an
entry, however long the names.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.record.codes.rows import CodeRow, CodeSet  # noqa: F401  lists that were loaded
from onesystem.record.corrections.rows import Correction  # noqa: F401
from onesystem.record.fhir.bulk.models import ExportedPerson, ExportJob  # noqa: F401
from onesystem.record.fhir.hooks.models import Hook, HookNotice  # noqa: F401
from onesystem.record.fhir.searching.models import (  # noqa: F401  the search index beside them
    IndexedDate,
    IndexedQuantity,
    IndexedReference,
    IndexedString,
    IndexedToken,
)
from onesystem.record.fhir.smart.models import (  # noqa: F401  the applications let in
    App,
    Assertion,
    Grant,
    Launch,
    Token,
)
from onesystem.record.fhir.token_model import ClientToken  # noqa: F401
from onesystem.record.keeping.rows import (  # noqa: F401  holds, retention, destroying
    Certificate,
    Due,
    Hold,
    HoldOn,
    Search,
    Tomb,
)


class EntryWords(models.Model):
    """The columns that an entry and its earlier versions share. `identity` 0: about nobody."""

    entry = models.BigIntegerField()
    source = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    identity = models.BigIntegerField()
    at = models.BigIntegerField(null=True)
    recorded = models.BigIntegerField()
    order = models.TextField()
    system = models.TextField()
    code = models.TextField()
    words = models.TextField()
    status = models.TextField()
    value = models.TextField()
    unit = models.TextField()
    visit = models.TextField()
    version = models.IntegerField()  # in the order in which versions became known
    known_at = models.BigIntegerField()
    message = models.BigIntegerField()
    digest = models.BinaryField()
    body = models.BinaryField(null=True)
    logical = models.TextField()  # its FHIR id at this server; unique within its kind
    label = models.IntegerField(default=0)  # bit mask of kinds of data that are sensitive
    served = models.BinaryField(
        null=True
    )  # the body with references by our names, where they differ

    class Meta:
        """How it lies in the database."""

        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.key}, version {self.version}"


class EntryRow(EntryWords):
    """An entry as it stands. `versions` counts all that are known of it."""

    versions = models.IntegerField(default=1)

    class Meta:
        """How it lies in the database."""

        db_table = "record_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry"], name="record_entry_once"),
            models.UniqueConstraint(fields=["logical", "kind"], name="record_entry_named_once"),
            models.CheckConstraint(condition=~Q(source=""), name="record_entry_has_source"),
            models.CheckConstraint(condition=~Q(kind=""), name="record_entry_has_kind"),
            models.CheckConstraint(condition=~Q(key=""), name="record_entry_has_key"),
            models.CheckConstraint(
                condition=Q(version__gte=1, versions__gte=models.F("version")),
                name="record_entry_counts_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "identity", "kind", "at", name="record_entry_person", condition=Q(identity__gt=0)
            ),
            models.Index("kind", "id", name="record_entry_kind"),
            models.Index(
                "identity",
                name="record_entry_composed",
                condition=Q(body__isnull=True, identity__gt=0),
            ),
            models.Index("known_at", "entry", name="record_entry_known"),
        ]


class EntryVersion(EntryWords):
    """A version that is not, or no longer, how the entry stands."""

    class Meta:
        """How it lies in the database."""

        db_table = "record_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "version"], name="record_version_once")
        ]
        indexes: ClassVar = [models.Index("known_at", "entry", name="record_version_known")]


class EntryNumber(models.Model):
    """A business identifier of an entry, as `system|value`."""

    number = models.TextField()
    entry = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_number"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "entry"], name="record_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class EntryName(models.Model):
    """The name of an entry that was referred to and has not come yet."""

    entry = models.BigIntegerField(primary_key=True)
    source = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    logical = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_name"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["logical", "kind"], name="record_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.logical}"


class StampRow(models.Model):
    """When each part of an identity's record last changed: see `stamps`. 0: it has nothing."""

    identity = models.BigIntegerField(primary_key=True)
    warnings = models.BigIntegerField(default=0)
    problems = models.BigIntegerField(default=0)
    medicines = models.BigIntegerField(default=0)
    results = models.BigIntegerField(default=0)
    plans = models.BigIntegerField(default=0)
    documents = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    team = models.BigIntegerField(default=0)

    class Meta:
        """How it lies in the database."""

        db_table = "record_stamp"

    def __str__(self) -> str:
        return f"the stamps of {self.identity}"
