"""What led to a posting, as a link: other rooms say how theirs read.

A cause is written `kind:what`, such as `settlement:alliance-2025/4`.
"""

from collections.abc import Callable

Tell = Callable[[str], tuple[str, str] | None]
_KNOWN: dict[str, Tell] = {}


def register(kind: str, tell: Tell) -> None:
    """Who tells words and address of causes of that kind; None for one it does not know."""
    _KNOWN[kind] = tell


def told(cause: str) -> tuple[str, str]:
    """Words and address of a cause; the cause itself and no address where nobody tells more."""
    kind, _, what = cause.partition(":")
    tell = _KNOWN.get(kind)
    found = tell(what) if tell else None
    return found or (cause, "")
