"""SQL on FHIR v2: tables made of the record by ViewDefinitions.

`paths` parses a FHIRPath, `closures` makes it a function, `definition` checks a view and makes it
a function of a resource, `running` runs it over the record, `writing` writes the rows.
"""
