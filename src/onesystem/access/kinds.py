"""Kinds of data: which entries are sensitive, worked out from codes, security labels and service.

A label is a bit mask: 0 is general, 1 mental health, 2 sexual health, 4 safeguarding, 8 addiction,
16 restricted by its sender.

The code lists are short rules over published classifications, not copies of them:

- HL7 v3 ActCode sensitivity policy and v3 Confidentiality, as FHIR R4 4.0.1 security labels use
  them (`meta.security`), read 2026-11-22;
- ICD-10 (WHO, 2019 edition) blocks F00-F99, F10-F19, A50-A64, B20-B24, Z21, T74, Y06-Y07;
- ICD-9-CM (2014) 290-319, 303-305, 042, 090-099, 995.5, 995.8.

Other code systems are licensed by country: a district adds its own in `[access.labels]`.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from onesystem.vocabulary.sensitive import SENSITIVE

GENERAL: Final = "general"
DEMOGRAPHICS: Final = "demographics"  # names, dates, numbers and addresses: who, and nothing more
BITS: Final[Mapping[str, int]] = {name: 1 << place for place, name in enumerate(SENSITIVE)}
EVERY: Final = (1 << len(SENSITIVE)) - 1
KINDS: Final = (DEMOGRAPHICS, GENERAL, *SENSITIVE)

_M, _S, _G, _A, _R = (BITS[name] for name in SENSITIVE)

# v3-ActCode and v3-Confidentiality share no code, so one table serves both systems.
_SECURITY: Final[Mapping[str, int]] = {
    "PSY": _M, "PSYTHPN": _M, "BH": _M, "MH": _M, "EMOTDIS": _M, "COGN": _M,
    "SEX": _S, "STD": _S, "HIV": _S, "GDIS": _S, "MST": _S,
    "SDV": _G, "DVD": _G, "VIO": _G, "SPI": _G,
    "ETH": _A, "ETHUD": _A, "SUD": _A, "OPIOIDUD": _A, "ALC": _A,
    "R": _R, "V": _R,
}  # fmt: skip


class Coded(Protocol):
    """Anything with a system and a code: `vocabulary.Code` is one."""

    @property
    def system(self) -> str:
        """The code system's URI."""
        ...

    @property
    def code(self) -> str:
        """The code in it."""
        ...


def mask_of(names: Iterable[str]) -> int:
    """The bits of kinds by name; `general` and `demographics` have none."""
    mask = 0
    for name in names:
        mask |= BITS.get(name, 0)
    return mask


def names_of(mask: int) -> tuple[str, ...]:
    """The kinds in a mask, by name."""
    return tuple(name for name, bit in BITS.items() if mask & bit)


def label_of(
    codes: Iterable[Coded] = (),
    security: Iterable[Coded] = (),
    service: Iterable[str] = (),
    own: Mapping[str, str] | None = None,
) -> int:
    """The label of an entry.

    `codes` are those that say what it is about, `security` its `meta.security`, `service` the
    `sensitive` kinds of the service and the source that it came from, and `own` the district's
    `[access.labels]`: `system|code`, or `system|prefix*`, to a kind.
    """
    mask = mask_of(service)
    for each in security:
        mask |= _SECURITY.get(each.code, 0)
    for each in codes:
        mask |= of_code(each.system, each.code)
        if own:
            mask |= _by_district(f"{each.system}|{each.code}", own)
    return mask


def of_code(system: str, code: str) -> int:
    """The kinds that a code of a public classification tells."""
    if "icd-10" in system:
        return _icd10(code.upper().replace(".", ""))
    if "icd-9" in system:
        return _icd9(code)
    if system.endswith(("v3-ActCode", "v3-Confidentiality")):
        return _SECURITY.get(code, 0)
    return 0


def _icd10(code: str) -> int:
    block = code[:3]
    if "F10" <= block <= "F19":
        return _A
    if block[:1] == "F":
        return _M
    if "A50" <= block <= "A64" or "B20" <= block <= "B24" or block == "Z21":
        return _S
    return _G if block in {"T74", "T76", "Y06", "Y07"} else 0


def _icd9(code: str) -> int:
    whole = code.replace(".", "")
    block = whole[:3]
    if block in {"303", "304", "305"}:
        return _A
    if "290" <= block <= "319":
        return _M
    if block == "042" or "090" <= block <= "099":
        return _S
    return _G if whole[:4] in {"9955", "9958"} else 0


def _by_district(coded: str, own: Mapping[str, str]) -> int:
    mask = BITS.get(own.get(coded, ""), 0)
    for pattern, kind in own.items():
        if pattern.endswith("*") and coded.startswith(pattern[:-1]):
            mask |= BITS.get(kind, 0)
    return mask
