"""The room as a Django app."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.plan"
    label = "plan"
