"""onesystem: a health and social care district as one system with one budget.

For analysts, `onesystem.District.open(path)` gives a district's contacts; it is imported when it
is first asked for, so that `import onesystem` stays light.
"""

from typing import Any

__all__ = ["District"]


def __getattr__(name: str) -> Any:
    if name == "District":
        from onesystem.open import District

        return District
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
