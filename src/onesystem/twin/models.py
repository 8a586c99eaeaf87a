"""What the room keeps: scenarios, their versions, and what runs of a model came to.

A version is written once; a change is the next version, so that every step can be gone back on.
What a run came to is kept by the content of the model that was run, its seed and its replications:
the same question is not worked out twice. There are no people in it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Scenario(models.Model):
    """A named list of changes to the model; only its author sees it until it is shared."""

    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    shared = models.BooleanField(default=False)

    class Meta:
        """How the store keeps it."""

        db_table = "twin_scenario"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=""), name="twin_scenario_has_author"),
        ]

    def __str__(self) -> str:
        return f"scenario {self.id}"


class Version(models.Model):
    """A scenario as it stood from a moment on: `changes` are those of `scenarios.reading`."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    note = models.CharField(max_length=2000, blank=True)
    changes = models.JSONField()
    what = models.CharField(max_length=300)  # what was done to the version before
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "twin_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "number"], name="twin_version_once"),
            models.CheckConstraint(condition=~Q(name=""), name="twin_version_has_name"),
            models.CheckConstraint(condition=~Q(by=""), name="twin_version_has_author"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"


class Ran(models.Model):
    """What the replications of a model came to: `summary` is JSON of `scenarios.summing`."""

    key = models.CharField(max_length=64, primary_key=True)
    summary = models.TextField()
    ran_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "twin_ran"

    def __str__(self) -> str:
        return self.key


class Foreseen(models.Model):
    """A forecast as it was made: packed JSON of `forecast.made`, and what came of it so far.

    `late` says that it was made after its moment; `scored` that all its hours have passed.
    """

    at = models.DateTimeField(unique=True)
    said = models.BinaryField()
    came = models.BinaryField(default=b"")
    late = models.BooleanField(default=False)
    scored = models.BooleanField(default=False)

    class Meta:
        """How the store keeps it."""

        db_table = "twin_foreseen"

    def __str__(self) -> str:
        return f"forecast of {self.at:%Y-%m-%d %H:%M}"
