"""How a personal budget stands, and what can be done about it. Pure."""

from collections.abc import Mapping

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_each

INDICATIVE, AGREED, LIVE, PAUSED, ENDED = "indicative", "agreed", "live", "paused", "ended"
STATES: Mapping[str, str] = say_each(
    {
        INDICATIVE: "The plan is being made",
        AGREED: "Waits to be signed",
        LIVE: "In use",
        PAUSED: "Paused",
        ENDED: "Ended",
    }
)
# From which states a verb may be done, and what it leads to (empty: nothing changes).
VERBS: Mapping[str, tuple[frozenset[str], str]] = {
    "assessed": (frozenset(), INDICATIVE),
    "reassessed": (frozenset({INDICATIVE}), INDICATIVE),
    "agreed": (frozenset({INDICATIVE, AGREED}), AGREED),
    "signed": (frozenset({AGREED}), LIVE),
    "paid": (frozenset({LIVE}), ""),
    "spent": (frozenset({LIVE}), ""),
    "taken back": (frozenset({LIVE, PAUSED}), ""),
    "added": (frozenset({LIVE}), ""),
    "paused": (frozenset({LIVE}), PAUSED),
    "resumed": (frozenset({PAUSED}), LIVE),
    "ended": (frozenset({INDICATIVE, AGREED, LIVE, PAUSED}), ENDED),
}
ENDS: Mapping[str, str] = say_each(
    {
        "year": "The year of the budget is over",
        "died": "The person died",
        "moved": "The person moved away",
        "choice": "The person wants another way",
        "better": "It is needed no longer",
        "care-home": "The person moved into a care home for good",
        "misuse": "It was not used as agreed",
    }
)
PAUSES: Mapping[str, str] = say_each(
    {
        "hospital": "In hospital",
        "away": "Away for a while",
        "check": "The use of the money is looked at",
        "choice": "The person asked for it",
    }
)


def after(state: str, verb: str) -> str:
    """The state after a verb. Raises UserError where it cannot be done now."""
    before, then = VERBS[verb]
    if state not in before:
        raise UserError(
            say(
                "this budget cannot be {verb} while it is: {states}",
                verb=verb,
                states=STATES[state].lower(),
            ),
            "Look at how it stands now.",
        )
    return then or state
