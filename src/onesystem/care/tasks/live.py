"""What open lists of tasks are told: that something moved. Each asks for its own list again."""

from onesystem import contacts
from onesystem.access import Actor, may
from onesystem.care.tasks.store import TOPIC
from onesystem.flow.live import Event

LISTS = ":tasks"  # what lists of tasks listen to, where inboxes name a service
CHANNEL = f"inbox:{LISTS}"


class LiveTasks:
    """Where the pages are, and the event that brings them up to date. It names nobody."""

    def __init__(self, *, last: int) -> None:
        self.last = last

    def poll(self) -> list[Event]:
        """One event where anything was announced since."""
        changes = contacts.changes_since(self.last)
        if not changes:
            return []
        self.last = changes[-1].id
        moved = any(change.topic == TOPIC for change in changes)
        return [Event(id=self.last, name="tasks", channel=CHANNEL)] if moved else []


def may_listen(actor: Actor) -> bool:
    """Whether somebody has a list of tasks."""
    return may(actor, "care.act")
