"""The share schedule from which every payment form is configured, and the settling by it: pure.

    from onesystem.budget.terms import Facts, Terms, settle, problems

`Terms` say what was agreed, `Facts` what happened; `settle` gives the lines.
"""

from onesystem.vocabulary.door import lazy
from onesystem.vocabulary.said import say

_DOOR = {
    **dict.fromkeys(("Rate", "RateMissing", "Table"), "rates"),
    **dict.fromkeys(
        ("Gate", "Limit", "Schedule", "Slice", "Threshold", "flat", "two_way"), "schedule"
    ),
    **dict.fromkeys(
        (
            "ENGINE", "Adjustment", "Element", "Facts", "Measured", "Order", "Party", "Pot",
            "Step", "Subcontract", "Terms", "Weight",
        ),
        "terms",
    ),
    **dict.fromkeys((say("Line"), "Settlement"), "settlement"),
    **dict.fromkeys(("BadTerms", "Problem", "problems", "require_sound"), "checks"),
    **dict.fromkeys(
        ("facts_json", "facts_of", "read", "terms_json", "terms_of", "terms_toml"), "codec"
    ),
    **dict.fromkeys(("share_of", "share_words", "largest_remainder", "rounded"), "numbers"),
    "settle": "settling",
    "spread": "ordering",
}  # fmt: skip

__getattr__ = lazy(__name__, _DOOR)
