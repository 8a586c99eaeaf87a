"""The room as a Django app."""

from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """See the room's `__init__` for what it is for."""

    name = "onesystem.budget"
    label = "budget"

    def ready(self) -> None:
        """Whoever empties or fills a whole store lowers the ledger's guards with the trail's."""
        from onesystem.access import guards
        from onesystem.budget.ledger import schema

        guards.register("budget_posting", schema.raise_guards, schema.lower_guards)
