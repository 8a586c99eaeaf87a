"""What the demo's alliance did: charter signed, members with seats, decisions, registers.

Each part of the alliance room has a module here of its own name, with `agree(say)`, which does what
its users would have done, through the same acts. The order matters: meetings need members.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

_PARTS = ("charter", "meeting", "commit", "proof", "registers", "ideas", "learning", "comparing")


def agree(say: Callable[[str], None]) -> None:
    """Let every part that the demo knows of be used."""
    for part in _PARTS:
        if find_spec(f"{__name__}.{part}"):
            import_module(f"{__name__}.{part}").agree(say)
