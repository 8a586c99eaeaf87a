"""What open inboxes are told: which requests moved, how they stand now, how many there are.

Rendered once for each inbox by the stream process, and sent to its pages alone; never a name.
"""

from onesystem import contacts
from onesystem.care.announcing import TOPIC
from onesystem.flow.live import Event


class LiveInboxes:
    """Where the pages are, and the events that bring them up to date."""

    def __init__(self, *, last: int) -> None:
        self.last = last

    def poll(self) -> list[Event]:
        """An event for each inbox of which something was announced."""
        changes = contacts.changes_since(self.last)
        if changes:
            self.last = changes[-1].id
        return [
            Event(id=c.id, name="inbox", channel=f"inbox:{c.payload['service']}")
            for c in changes
            if c.topic == TOPIC
        ]
