"""The room as a Django app."""

from django.apps import AppConfig


class AllianceConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.alliance"
    label = "alliance"

    def ready(self) -> None:
        """Whoever empties or fills a whole store lowers the room's guards with the trail's."""
        from onesystem.access import guards
        from onesystem.alliance.commit import guards as commit
        from onesystem.alliance.learning import guards as learning
        from onesystem.alliance.learning.peers import guards as peers
        from onesystem.alliance.meeting import guards as meeting
        from onesystem.alliance.proof import guards as proof

        guards.register("alliance_register", meeting.raise_guards, meeting.lower_guards)
        guards.register("alliance_resourced", commit.raise_guards, commit.lower_guards)
        guards.register("alliance_watched_step", learning.raise_guards, learning.lower_guards)
        guards.register("alliance_peer_entry", peers.raise_guards, peers.lower_guards)
        guards.register("alliance_review", proof.raise_guards, proof.lower_guards)
