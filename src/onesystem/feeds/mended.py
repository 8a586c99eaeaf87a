"""What people keep to mend a feed: which place is which service, and replays that are under way.

Nothing here can be made again from the landing, so a replay of everything leaves it alone.
"""

from typing import ClassVar

from django.db import models


class PlaceMap(models.Model):
    """A word on what a source's place is. The latest word on a place counts; none is edited.

    An empty service takes the word back, and `district.toml` speaks again.
    """

    source = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    service = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        app_label = "feeds"
        db_table = "feeds_place_map"
        indexes: ClassVar = [models.Index(fields=["source", "id"], name="feeds_place_map_source")]


class MappingText(models.Model):
    """A version of an extract mapping that somebody saved for this district."""

    name = models.CharField(max_length=100)
    version = models.IntegerField()
    text = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        app_label = "feeds"
        db_table = "feeds_mapping_text"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="feeds_mapping_text_once")
        ]


class Replaying(models.Model):
    """A replay of some messages that is worked off piece by piece, and can be stopped between."""

    RUNNING, DONE, CANCELLED = "running", "done", "cancelled"

    by = models.CharField(max_length=200)
    begun = models.DateTimeField()
    what = models.TextField()
    messages = models.JSONField()  # ids in order
    done = models.IntegerField(default=0)
    read = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    state = models.CharField(max_length=10, default=RUNNING)

    class Meta:
        app_label = "feeds"
        db_table = "feeds_replaying"
