"""The indices that stand beside a person on the list, each with its definition and source. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.flow.measures.continuity import bice_boxerman, sequential, usual_provider
from onesystem.vocabulary.said import say

LEAST = 3  # contacts below which an index of continuity says nothing
YEAR = 365  # days

WORDS: Mapping[str, tuple[str, str, str]] = {
    "organisations": (
        "Organisations",
        say("Organisations that saw the person in 365 days, pharmacies and tests left out"),
        say("As in the measure of people seen by three organisations in a month"),
    ),
    "coc": (
        say("Continuity (Bice-Boxerman)"),
        say("Contacts with general practice: 0 a new clinician each time, 1 always the same"),
        say("Bice and Boxerman 1977"),
    ),
    "upc": (
        say("Usual provider"),
        say("The share of contacts with general practice that were with whom they saw most"),
        say("Breslau and Reeb 1975"),
    ),
    "secon": (
        say("Continuity in sequence"),
        say(
            "The share of contacts with general practice with the same clinician as the one before"
        ),
        say("Steinwachs 1979"),
    ),
    "spread": (
        say("Fragmentation over organisations"),
        say(
            "One less Bice-Boxerman over organisations: 0 all care at one, 1 each contact elsewhere"
        ),
        say("After Bice and Boxerman 1977"),
    ),
    "home": (
        say("Days at home"),
        say("Of 365 days, those out of wards, rehabilitation beds and care homes"),
        say("After Burke and others 2020, as in the measure of days at home"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What the indices of one person are worked out from, over 365 days.

    `squared`, `most` and `same` are over clinicians of general practice; `of_organisations` sums
    the squares of contacts by organisation; `nights` away from home.
    """

    contacts: int = 0
    squared: int = 0
    most: int = 0
    same: int = 0
    all_contacts: int = 0
    of_organisations: int = 0
    organisations: int = 0
    nights: int = 0


def indices(sums: Sums) -> dict[str, float | int | None]:
    """The indices by name; None where too few contacts say anything. Shares are 0 to 1."""
    few = sums.contacts < LEAST
    over = bice_boxerman(sums.of_organisations, sums.all_contacts)
    return {
        "organisations": sums.organisations,
        "coc": None if few else bice_boxerman(sums.squared, sums.contacts),
        "upc": None if few else usual_provider(sums.most, sums.contacts),
        "secon": None if few else sequential(sums.same, sums.contacts),
        "spread": None if over is None or sums.all_contacts < LEAST else 1 - over,
        "home": max(0, YEAR - sums.nights),
    }
