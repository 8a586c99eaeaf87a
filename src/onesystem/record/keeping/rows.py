"""What is kept of keeping: legal holds, who falls due, what was destroyed.

Times are whole microseconds since 1970 in UTC, dates are ISO text.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value


class Hold(models.Model):
    """A legal hold: nothing of it is destroyed until it is released, with a reason.

    It is on a person, by the identities that they had (`HoldOn`), or on entries of theirs.
    """

    person = models.BigIntegerField()  # as the map was when it was made
    reason = models.TextField()
    reference = models.CharField(max_length=200)
    since = models.BigIntegerField()
    by = models.CharField(max_length=150)
    review = models.CharField(max_length=10)  # the day on which to ask whether it is still needed
    until = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_hold"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by="")
                | (Q(until__gte=F("since")) & ~Q(ended_by="") & ~Q(ended_reason="")),
                name="record_hold_ends_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(by=""), name="record_hold_has_reason"
            ),
        ]


class HoldOn(models.Model):
    """An identity that a hold is on; with `entry`, only that entry of it."""

    hold = models.BigIntegerField()
    identity = models.BigIntegerField()
    entry = models.BigIntegerField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_hold_on"
        indexes: ClassVar = [
            models.Index("identity", name="record_hold_on_identity"),
            models.Index("hold", name="record_hold_on_hold"),
        ]


class Due(models.Model):
    """A person whose record falls due, as the last look at the rules found it, and what was done.

    `decision`: empty while it waits, `keep` (then `review` says until when), `destroyed`.
    """

    person = models.BigIntegerField()
    due = models.CharField(max_length=10)
    rule = models.CharField(max_length=60)
    why = models.TextField()
    found_at = models.BigIntegerField()
    decision = models.CharField(max_length=9, blank=True)
    reason = models.TextField(blank=True)
    review = models.CharField(max_length=10, blank=True)
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_due"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (
                    Q(decision__in=["keep", "destroyed"], decided_at__isnull=False)
                    & ~Q(reason="")
                    & ~Q(decided_by="")
                ),
                name="record_due_decided",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(decision=""), name="record_due_waits_once"
            ),
        ]
        indexes: ClassVar = [models.Index("due", name="record_due_day")]


class Search(models.Model):
    """That somebody asked who falls due: worked out apart, one at a time.

    `done_at` with no `found` says that it came to nothing, `stopped_by` that it was called off.
    """

    asked_at = models.BigIntegerField()
    asked_by = models.CharField(max_length=150)
    begun_at = models.BigIntegerField(null=True)
    done_at = models.BigIntegerField(null=True)
    found = models.BigIntegerField(null=True)
    stopped_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_due_search"
        constraints: ClassVar = [
            models.UniqueConstraint(
                Value(1), condition=Q(done_at__isnull=True), name="record_due_search_one"
            ),
            models.CheckConstraint(condition=~Q(asked_by=""), name="record_due_search_by"),
        ]


class Tomb(models.Model):
    """That the record of a source's subject was destroyed. The subject is a keyed digest."""

    source = models.TextField()
    digest = models.CharField(max_length=32)
    at = models.BigIntegerField()
    certificate = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "record_tomb"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "digest", "certificate"], name="record_tomb_once"
            )
        ]


class Certificate(models.Model):
    """That a record was destroyed: how much, under which rule, by whom. Nothing of what it said.

    `counts` is canonical JSON of numbers. `todo`, until it is finished, says what is still to be
    destroyed outside the database: identities, and addresses in the landing.
    """

    person = models.BigIntegerField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    rule = models.CharField(max_length=60)
    reason = models.TextField()
    counts = models.TextField()
    todo = models.TextField(blank=True)
    finished_at = models.BigIntegerField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "record_certificate"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(todo="", finished_at__isnull=False)
                | (~Q(todo="") & Q(finished_at__isnull=True)),
                name="record_certificate_finished",
            )
        ]
