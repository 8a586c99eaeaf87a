"""The landing: what every source sent, byte for byte, safe on disk before anything reads it."""

from onesystem.feeds.landing.frames import BLOB, MESSAGE, Frame, digest_of
from onesystem.feeds.landing.segment import Block, Damage
from onesystem.feeds.landing.store import (
    LARGE,
    Arrival,
    Landed,
    Landing,
    NotLanded,
    landing_of,
)

__all__ = [
    "BLOB",
    "LARGE",
    "MESSAGE",
    "Arrival",
    "Block",
    "Damage",
    "Frame",
    "Landed",
    "Landing",
    "NotLanded",
    "digest_of",
    "landing_of",
]
