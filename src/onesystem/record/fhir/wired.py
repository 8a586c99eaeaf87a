"""What the FHIR server tells the other rooms, and its own registries, when it is wired."""

from onesystem.record.fhir import acts, bulk, callers, validate, written
from onesystem.record.fhir.smart import tokens


def connect_fhir() -> None:
    """The reader of writes, and the operations. Safe to call again."""
    written.connect()
    validate.connect()
    acts.connect()
    bulk.connect()
    callers.register_tokens(tokens.caller_of)
