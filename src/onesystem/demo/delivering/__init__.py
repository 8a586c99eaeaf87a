"""What the demo's staff did in the care room: pathways in use, requests on their way, visits due.

Each part of the care room has a module here of its own name, with `deliver(say)`, which does what
its users would have done, through the same acts. The order matters: requests need services.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

_PARTS = (
    "services", "pathways", "on_pathways", "requests", "tasks", "episodes", "triage", "practice",
    "mine",
)  # fmt: skip


def deliver(say: Callable[[str], None]) -> None:
    """Let every part that the demo knows of be used."""
    for part in _PARTS:
        if find_spec(f"{__name__}.{part}"):
            import_module(f"{__name__}.{part}").deliver(say)
