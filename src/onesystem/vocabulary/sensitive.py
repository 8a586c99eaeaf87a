"""The kinds of data that are closer than the rest, by the names that `district.toml` uses.

General data has no kind. `restricted` is what its sender marked so (HL7 confidentiality R or V).
"""

SENSITIVE: tuple[str, ...] = (
    "mental-health",
    "sexual-health",
    "safeguarding",
    "addiction",
    "restricted",
)
