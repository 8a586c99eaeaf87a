"""Bulk data (hl7.org/fhir/uv/bulkdata): $export as a job that is worked on in slices."""


def connect() -> None:
    """Make the operations known to the registry. Safe to call again."""
    from onesystem.record.fhir.bulk import answering

    answering.connect()
