"""The index of the record: what can be searched for, in five narrow tables.

Each row says that an entry has a value in a slot (`definitions.Slot`). `entry` is the `id` of the
entry's row in `record_entry` and not its hash, so that what came together lies together, however
much there is. `part` is the component of the resource that it lies in, counted from 1, so that a
composite parameter finds both of its halves in one component. The primary keys begin with the slot
and the value, so that one look finds both all entries with a value and whether one entry has it; on
SQLite they are the table (`WITHOUT ROWID`). Made by hand in the migration, since Django writes
neither that nor collations.
"""

from typing import ClassVar

from django.db import models


class IndexRow(models.Model):
    """What all five share."""

    slot = models.IntegerField()
    entry = models.BigIntegerField()
    part = models.SmallIntegerField()

    class Meta:
        """How it lies in the database."""

        abstract = True

    def __str__(self) -> str:
        return f"{self.slot} of {self.entry}"


class IndexedToken(IndexRow):
    """A code, an identifier, a flag or a URI; the code without case, the system as a number."""

    pk = models.CompositePrimaryKey("slot", "code", "entry", "system", "part")
    code = models.TextField()
    system = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_token"


class IndexedString(IndexRow):
    """A text without case, accents and punctuation, and as it was written."""

    pk = models.CompositePrimaryKey("slot", "plain", "entry", "exact", "part")
    plain = models.TextField()
    exact = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_string"
        indexes: ClassVar = [models.Index("entry", "slot", name="record_string_entry")]


class IndexedDate(IndexRow):
    """A time from its first to its last microsecond."""

    pk = models.CompositePrimaryKey("slot", "low", "high", "entry", "part")
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_date"
        indexes: ClassVar = [models.Index("entry", "slot", name="record_date_entry")]


class IndexedQuantity(IndexRow):
    """A figure, or a range of them, with the code or name of its unit."""

    pk = models.CompositePrimaryKey("slot", "low", "high", "unit", "system", "entry", "part")
    low = models.FloatField()
    high = models.FloatField()
    unit = models.TextField()
    system = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_quantity"
        indexes: ClassVar = [models.Index("entry", "slot", name="record_quantity_entry")]


class IndexedReference(IndexRow):
    """A resource that is referred to, by type and id; type empty for what lies elsewhere."""

    pk = models.CompositePrimaryKey("slot", "target", "entry", "kind", "part")
    target = models.TextField()
    kind = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "record_reference"
        indexes: ClassVar = [models.Index("entry", "slot", name="record_reference_entry")]
