"""A step of a migration that speaks to the store itself."""

from typing import Any

from django.db.migrations import RunPython


class OnStore(RunPython):
    """Run statements of one's own; `code(apps, editor)` is given no models.

    `RunPython` works out the models of every room as they were then, before each such step: half
    the time in which an empty store is made. Whoever asks for `apps` here is told None.
    """

    def database_forwards(self, _label: str, editor: Any, _before: Any, _after: Any) -> None:
        """Do it."""
        self.code(None, editor)

    def database_backwards(self, _label: str, editor: Any, _before: Any, _after: Any) -> None:
        """Take it back. Raises NotImplementedError where nothing says how."""
        if self.reverse_code is None:
            raise NotImplementedError("this step of a migration cannot be taken back")
        self.reverse_code(None, editor)
