"""What the FHIR server tells the other rooms, and its own registries, when it is wired."""

from onesystem.record.fhir import validate, written


def connect_fhir() -> None:
    """The reader of writes, and the operations. Safe to call again."""
    written.connect()
    validate.connect()
