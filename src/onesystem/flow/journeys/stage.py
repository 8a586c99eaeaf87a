"""A stage of an agreed way. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: any of these kinds of step reaches it.

    `within` is the limit in microseconds since the stage named `since` (default: the one before).
    A stage that is `optional` may be passed over.
    """

    name: str
    kinds: frozenset[str]
    within: int | None = None
    since: str = ""
    optional: bool = False
