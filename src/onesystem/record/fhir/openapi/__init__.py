"""The FHIR API told in OpenAPI 3.1, for tools that do not read a CapabilityStatement.

It is made from the CapabilityStatement and R4's definitions, so that the two cannot disagree.
"""

from onesystem.record.fhir.openapi.document import description

__all__ = ["description"]
