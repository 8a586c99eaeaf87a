"""What the feeds room keeps: a row for every message, its flags, its refused rows, and counters.

The bytes themselves are in the landing; everything here can be made again from it.
"""

from typing import ClassVar

from django.db import models

from onesystem.feeds.fhir.token_model import IntakeToken
from onesystem.feeds.mended import MappingText, PlaceMap, Replaying  # Django finds models here

__all__ = [
    "Cursor",
    "Flag",
    "IntakeToken",
    "MappingText",
    "Message",
    "PlaceMap",
    "Refused",
    "Replaying",
    "SourceCount",
]


class Message(models.Model):
    """One message: where it lies in the landing and what became of it."""

    READ, QUARANTINED = "read", "quarantined"

    source = models.CharField(max_length=100)
    digest = models.CharField(max_length=32)  # BLAKE2b-128 in hex
    received = models.DateTimeField()
    known_at = models.DateTimeField()  # when what it says became known to the rooms above
    name = models.TextField(blank=True)
    format = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=100, blank=True)  # ADT^A01, Bundle, the mapping's name
    address = models.CharField(max_length=60)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12)
    rule = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    cure = models.TextField(blank=True)
    pointer = models.TextField(blank=True)  # where in the message
    rows_read = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "digest"], name="feeds_message_once"),
            models.CheckConstraint(
                condition=models.Q(state="read", rule="")
                | (models.Q(state="quarantined") & ~models.Q(rule="")),
                name="feeds_quarantined_has_rule",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "id"], name="feeds_message_source"),
            models.Index(
                fields=["source", "id"],
                name="feeds_message_quarantined",
                condition=models.Q(state="quarantined"),
            ),
            models.Index(fields=["received"], name="feeds_message_received"),
        ]


class SourceCount(models.Model):
    """Running counts of a source, so that the Feeds page never counts millions of rows."""

    source = models.CharField(max_length=100, primary_key=True)
    landed = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    last_received = models.DateTimeField()
    lag = models.FloatField(default=0)  # seconds from the event to its arrival, last message


class Refused(models.Model):
    """A row of an extract that could not be used."""

    message = models.BigIntegerField()
    row = models.BigIntegerField()
    rule = models.CharField(max_length=80)
    reason = models.TextField()
    cure = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["message", "row"], name="feeds_refused_message")]


class Flag(models.Model):
    """Something odd in a message that was read all the same (a Remark)."""

    message = models.BigIntegerField()
    source = models.CharField(max_length=100)
    rule = models.CharField(max_length=80)
    what = models.TextField()
    pointer = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["message"], name="feeds_flag_message"),
            models.Index(fields=["source", "rule"], name="feeds_flag_rule"),
        ]


class Cursor(models.Model):
    """Up to where a segment of the landing has been processed."""

    segment = models.CharField(max_length=20, primary_key=True)
    done_to = models.BigIntegerField()


class Watched(models.Model):
    """A file of a watched folder that was taken in."""

    path = models.TextField(primary_key=True)
    size = models.BigIntegerField()
    changed = models.BigIntegerField()  # nanoseconds since 1970
