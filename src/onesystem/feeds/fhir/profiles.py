"""Profiles that a resource names: those of bodies whose rules only narrow R4, and all others."""

from onesystem.feeds.fhir.frame import Frame, Resource

# HL7 and its affiliates, and the services of the countries that a district can be in.
_KNOWN = (
    "http://hl7.org/fhir/", "http://hl7.org.nz/", "http://hl7.org.au/", "http://hl7.eu/",
    "https://fhir.hl7.org.uk/", "http://fhir.hl7.org.uk/", "https://fhir.nhs.uk/",
    "http://fhir.nhs.net/", "http://fhir.nhs.uk/", "https://fhir.nhs.wales/",
    "https://standards.digital.health.nz/", "https://fhir.interweavedigital.nhs.uk/",
)  # fmt: skip


def note_profiles(resource: Resource, key: str, frame: Frame) -> None:
    """Flag a profile that nobody here knows, once a message: its own rules are not checked."""
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    if not isinstance(profiles, list):
        return
    for profile in profiles:
        if isinstance(profile, str) and not profile.startswith(_KNOWN):
            if profile not in frame.profiles:
                frame.remark("fhir.unknown-profile", profile, key)
            frame.profiles.add(profile)
