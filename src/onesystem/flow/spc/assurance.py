"""What the last point and the last limits say: the two icons of Making Data Count. Pure."""

from enum import StrEnum

from onesystem.flow.spc.lines import Column
from onesystem.flow.spc.rules import Cause


class Improve(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Kind(StrEnum):
    """What a point is: common cause, or a special cause that is good, bad, or neither."""

    COMMON = "common"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class Variation(StrEnum):
    """The icon of variation: the kind of the last point, and which way it went."""

    COMMON = "common"
    IMPROVEMENT_HIGH = "improvement-high"
    IMPROVEMENT_LOW = "improvement-low"
    CONCERN_HIGH = "concern-high"
    CONCERN_LOW = "concern-low"
    NEUTRAL_HIGH = "neutral-high"
    NEUTRAL_LOW = "neutral-low"


class Assurance(StrEnum):
    """The icon of assurance: whether the process as it is will meet its target."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    HIT_OR_MISS = "hit-or-miss"


def kind(cause: Cause, way: int, improve: Improve) -> Kind:
    """Whether a point is good or bad: high or rising is good where up is better."""
    if cause is Cause.COMMON or not way:
        return Kind.COMMON
    if improve is Improve.NONE:
        return Kind.NEUTRAL
    return Kind.IMPROVEMENT if (way > 0) is (improve is Improve.UP) else Kind.CONCERN


def variation(found: Kind, way: int) -> Variation:
    """The icon of a point."""
    if found is Kind.COMMON:
        return Variation.COMMON
    return Variation(f"{found}-{'high' if way > 0 else 'low'}")


def assurance(
    lower: Column, upper: Column, target: float | None, improve: Improve
) -> Assurance | None:
    """Whether the last limits keep to one side of the target.

    None where there is no target, no better way, or where the last point has no limits.
    """
    ends = [(low, high) for low, high in zip(lower, upper, strict=True) if high is not None]
    if target is None or improve is Improve.NONE or not ends:
        return None
    low, high = ends[-1]
    if target > high:
        return Assurance.FAIL if improve is Improve.UP else Assurance.PASS
    if low is not None and target < low:
        return Assurance.PASS if improve is Improve.UP else Assurance.FAIL
    return Assurance.HIT_OR_MISS
