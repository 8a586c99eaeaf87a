"""What the demo's planners did in the plan room: a case, a plan, its workforce and its money.

Each part of the plan room has a module here of its own name, with `plan(say)`, which does what its
users would have done, through the same acts.
"""

from importlib import import_module

PARTS = ("case", "workforce", "money", "options", "portfolio", "shocks", "reviewing")


def afterwards() -> None:
    """What the planners did once figures stood and there was a twin: parts that have more to do."""
    for part in PARTS:
        more = getattr(import_module(f"{__name__}.{part}"), "afterwards", None)
        if more is not None:
            more()
