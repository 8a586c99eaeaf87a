"""What is kept of episodes: each as it stands, and each act that led there.

Times are whole microseconds since 1970 in UTC. `episode` is the number that people read out; its
contact in the log has the key that `numbers.key_of` makes of it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.care.episodes.episode import STATES, VERBS
from onesystem.vocabulary.said import say


class EpisodeRow(models.Model):
    """An episode as it stands, for lists. Money is whole pence."""

    episode = models.BigIntegerField(primary_key=True)
    identity = models.BigIntegerField()
    package = models.TextField()
    title = models.TextField()
    purpose = models.TextField()
    service = models.TextField()
    services = models.TextField()  # all that have a line in it, as |a|b|
    state = models.TextField()
    at = models.BigIntegerField()
    planned = models.BigIntegerField(null=True)
    started = models.BigIntegerField(null=True)
    until = models.BigIntegerField(null=True)
    review = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    outcome = models.TextField()
    cap = models.BigIntegerField()
    allowed = models.BigIntegerField()
    total = models.BigIntegerField()
    escalations = models.IntegerField()
    stay = models.BigIntegerField(default=0)
    steps = models.IntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_episode"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_episode_state"),
            models.CheckConstraint(
                condition=Q(state="ended", ended__isnull=False) & ~Q(outcome="")
                | ~Q(state="ended") & Q(ended__isnull=True),
                name="care_episode_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_episode_person"),
            models.Index("state", "started", name="care_episode_now"),
        ]

    def __str__(self) -> str:
        return say("episode {episode}: {state}", episode=self.episode, state=self.state)


class EpisodeAct(models.Model):
    """One act as it was said; `said` is JSON, `digest` tells it from others of its gesture."""

    episode = models.BigIntegerField()
    identity = models.BigIntegerField()
    verb = models.TextField()
    act = models.TextField()
    digest = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    said = models.TextField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_episode_act"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["episode", "act", "digest"], name="care_episode_act_once"
            ),
            models.CheckConstraint(
                condition=Q(verb__in=VERBS) & ~Q(by=""), name="care_episode_act_said"
            ),
        ]
        indexes: ClassVar = [models.Index("identity", name="care_episode_act_person")]

    def __str__(self) -> str:
        return say("episode {episode}: {verb}", episode=self.episode, verb=self.verb)
