"""The district: organisations, services, places and capacity over time, from `district.toml`."""

from onesystem.district.clock import lead, now
from onesystem.district.config import load, parse
from onesystem.district.current import current, folder
from onesystem.district.shape import (
    Capacity,
    District,
    Guard,
    Keeping,
    Organisation,
    Place,
    Service,
    SignIn,
    Source,
)

__all__ = [
    "Capacity",
    "District",
    "Guard",
    "Keeping",
    "Organisation",
    "Place",
    "Service",
    "SignIn",
    "Source",
    "current",
    "folder",
    "lead",
    "load",
    "now",
    "parse",
]
