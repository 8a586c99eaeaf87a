"""Our purposes and HL7 v3 PurposeOfUse (v3-ActReason, as FHIR R4 4.0.1 has it)."""

from collections.abc import Mapping

PURPOSE_OF_USE: Mapping[str, str] = {
    "direct care": "TREAT",
    "care coordination": "COC",
    "records management": "HSYSADMIN",
    "financial assessment": "HPAYMT",
    "privacy review": "HCOMPL",
    "subject access": "PATRQT",
    "own record": "PATRQT",
}
