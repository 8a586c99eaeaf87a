"""The room as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

_BEGAN = ("record", "0004_search_index")  # before this step of the store, nothing was indexed


class RecordConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.record"
    label = "record"

    def ready(self) -> None:
        """Look after what an older store lacks, once it has every table."""
        post_migrate.connect(_index_what_was_there, sender=self, dispatch_uid="record.index")


def _index_what_was_there(*, plan: Any, using: str, **_: Any) -> None:
    """Index the entries of a store that is older than the index: no search would find them."""
    if using != "default" or _BEGAN not in {(step.app_label, step.name) for step, _ in plan}:
        return
    from onesystem.record.fhir.searching.index import rebuild
    from onesystem.record.models import EntryRow

    if EntryRow.objects.exists():
        rebuild()
