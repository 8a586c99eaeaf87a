"""Whether a condition of an entry can be asked of a record at all."""

from importlib.util import find_spec


def wrong(expression: str) -> str:
    """What is wrong with a FHIRPath expression; empty for nothing."""
    if find_spec("onesystem.care.pathways.conditions") is None:
        return ""
    return str(expression and "")
