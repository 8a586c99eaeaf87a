"""FHIR in: JSON, XML, Bundles and NDJSON of R4, and the STU3 of GP Connect; the REST intake."""

from onesystem.feeds.fhir.reader import FhirReader
from onesystem.feeds.readers import register

register(FhirReader())

__all__ = ["FhirReader"]
