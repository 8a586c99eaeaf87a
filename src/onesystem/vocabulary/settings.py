"""Settings: the kinds of service that a district has."""

from enum import StrEnum


class Setting(StrEnum):
    """The kind of a service. The value is what the log, the API and `district.toml` say."""

    GENERAL_PRACTICE = "general practice"
    OUT_OF_HOURS = "out of hours"
    AMBULANCE = "ambulance"
    ED = "ED"
    WARD = "ward"
    OUTPATIENT = "outpatient"
    DIAGNOSTICS = "diagnostics"
    COMMUNITY = "community"
    REHABILITATION = "rehabilitation"
    HOME_CARE = "home care"
    CARE_HOME = "care home"
    PHARMACY = "pharmacy"
    MEALS = "meals"
    TELEPHONE = "telephone"

    @property
    def holds_beds(self) -> bool:
        """Whether a person stays the night, so that occupancy is counted in beds."""
        return self in {Setting.WARD, Setting.REHABILITATION, Setting.CARE_HOME}
