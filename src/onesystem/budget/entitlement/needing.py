"""The form of need as a finding. Nothing of means is in it, so nothing of means can change it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from onesystem.budget.entitlement import needs
from onesystem.budget.entitlement.needs import Finding
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say, say_each

SCHEMES: Mapping[str, str] = say_each(
    {
        "care act": "An adult, by the Care Act 2014",
        "carer": "A carer, by the Care Act 2014",
        "facs": "By the bands of Fair Access to Care (2003 to 2015)",
        "assessed": "As a needs assessment found (New Zealand)",
    }
)
_NASC = say("Needs assessment and service coordination, as said")


def finding(given: Mapping[str, str], unable: Sequence[str]) -> Finding:
    """What the form says. Raises UserError for what is misspelt, and for an empty form."""
    scheme = given.get("scheme", "")
    bands = needs.facs({d: given.get(f"facs-{d}", "") for d in needs.FACS})
    if scheme == "care act":
        found = needs.care_act(impairment=given.get("impairment") == "1", unable=unable,
                               impact=given.get("impact") == "1")  # fmt: skip
    elif scheme == "carer":
        found = needs.carer(necessary=given.get("necessary") == "1",
                            health=given.get("health") == "1", unable=unable,
                            impact=given.get("impact") == "1")  # fmt: skip
    elif scheme == "facs":
        found = bands
    elif scheme == "assessed":
        so = given.get("assessed") == "1"
        found = Finding(
            eligible=so,
            reasons=(("Yes" if so else "No") + ": assessed as needing long-term residential care",),
            source=_NASC,
        )
    else:
        raise UserError(
            say("there is no way of assessing {scheme}", scheme=repr(scheme)),
            nearest(scheme, SCHEMES),
        )
    if bands.band != "none" and not found.band:
        found = replace(found, band=bands.band, reasons=(*found.reasons, *bands.reasons))
    levels = {d: given.get(f"dst-{d}", "") for d in needs.DOMAINS if given.get(f"dst-{d}")}
    if levels:
        told = needs.decision_support(levels)
        found = replace(found, reasons=(*found.reasons, *told.reasons))
    return found
