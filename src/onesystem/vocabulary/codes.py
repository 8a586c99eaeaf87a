"""Codes and the systems they come from."""

from dataclasses import dataclass

SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD9 = "http://hl7.org/fhir/sid/icd-9-cm"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
NHI_NUMBER = "https://standards.digital.health.nz/ns/nhi-id"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a system, with the words the source used for it."""

    system: str
    code: str
    display: str = ""
