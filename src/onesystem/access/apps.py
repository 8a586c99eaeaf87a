"""The room as a Django app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.access"
    label = "access"

    def ready(self) -> None:
        """Watch the door: sign-ins, sign-outs and refusals go into the trail."""
        from onesystem.access import sessions  # noqa: F401
