"""What the demo's finance people did in the budget room: funds, budgets, contracts, a settled year.

Each part of the budget room has a module here of its own name, with `fund(say)`, which does what
its users would have done, through the same acts. The order matters: contracts need funds.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

_PARTS = (
    "funds", "costing", "specialty", "capitation", "contracts", "comparing", "pooled",
    "entitlement", "personal", "policy", "closing",
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Let every part that the demo knows of be used."""
    for part in _PARTS:
        if find_spec(f"{__name__}.{part}"):
            import_module(f"{__name__}.{part}").fund(say)
