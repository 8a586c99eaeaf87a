"""The doors of the FHIR server: Django's, beside the pages, and ASGI, for many at once."""
