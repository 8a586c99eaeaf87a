"""What the demo's planners did in the plan room: a case, a plan, its workforce and its money.

Each part of the plan room has a module here of its own name, with `plan(say)`, which does what its
users would have done, through the same acts.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

_PARTS = ("areas", "case", "workforce", "money", "options", "portfolio", "shocks", "reviewing")


def plan(say: Callable[[str], None]) -> None:
    """Let every part that the demo knows of be used."""
    for part in _PARTS:
        if find_spec(f"{__name__}.{part}"):
            import_module(f"{__name__}.{part}").plan(say)


def afterwards() -> None:
    """What the planners did once figures stood and there was a twin: parts that have more to do."""
    for part in _PARTS:
        if find_spec(f"{__name__}.{part}"):
            more = getattr(import_module(f"{__name__}.{part}"), "afterwards", None)
            if more is not None:
                more()
