"""Our purposes and HL7 v3 PurposeOfUse (v3-ActReason, as FHIR R4 4.0.1 has it), both ways."""

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

# What a token may say, and the purpose that it means. Break-glass is a fact, not a purpose: ETREAT
# and BTG are direct care, and open nothing more until the glass is broken. Research and running
# the service are not here: they never open a person (see pseudonymised analysis).
_FROM: Mapping[str, str] = {
    "TREAT": "direct care",
    "ETREAT": "direct care",
    "BTG": "direct care",
    "CAREMGT": "care coordination",
    "COC": "care coordination",
    "HSYSADMIN": "records management",
    "HPAYMT": "financial assessment",
    "HCOMPL": "privacy review",
    "PATRQT": "own record",
}


def purpose_from(code: str) -> str:
    """The purpose that a PurposeOfUse code means; empty where it opens no person."""
    return _FROM.get(code.upper(), "")
