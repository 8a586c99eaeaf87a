"""The room as a Django app."""

from django.apps import AppConfig


class AllianceConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.alliance"
    label = "alliance"
