"""What is kept of comparisons: settings that somebody saved, to share them."""

from typing import ClassVar

from onesystem.budget.saved_rows import Saved, named_once


class Comparison(Saved):
    """A provider's year under each payment form, as it was set."""

    class Meta:
        """How it lies in the database."""

        db_table = "budget_comparison"
        constraints: ClassVar = named_once("budget_comparison")
