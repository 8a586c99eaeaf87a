"""Need: the tables of bands and conditions, cell by cell."""

import pytest

from onesystem.budget.entitlement import needs
from onesystem.vocabulary import UserError

TABLE = [
    ("life", "threatened", "critical"),
    ("health", "significant problems", "critical"),
    ("control", "little or none", "critical"), ("control", "only partial", "substantial"),
    ("abuse", "serious", "critical"), ("abuse", "has or will occur", "substantial"),
    *((d, a, b) for d in ("care", "support", "roles") for a, b in (
        ("vital", "critical"), ("the majority", "substantial"), ("several", "moderate"),
        ("one or two", "low"))),
    ("work", "vital", "critical"), ("work", "many aspects", "substantial"),
    ("work", "several", "moderate"), ("work", "one or two", "low"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "answer", "band"), TABLE)
def test_each_cell_of_the_facs_table(domain, answer, band):
    """FACS-SCIE, FACS-SWAP, FACS-HF, as in domain 3.2."""
    assert needs.facs({domain: answer}).band == band


def test_the_table_has_no_other_cell():
    assert {(d, a, b) for d, (_, cells) in needs.FACS.items() for a, b in cells.items()} == set(
        TABLE
    )


def test_the_highest_band_counts():
    found = needs.facs({"care": "one or two", "abuse": "has or will occur", "roles": "several"})
    assert (found.band, found.eligible) == ("substantial", True)
    assert needs.facs({}).band == "none"


@pytest.mark.parametrize(
    ("impairment", "unable", "impact", "eligible"),
    [
        (True, ["nutrition", "toilet"], True, True), (True, ["nutrition"], True, False),
        (True, ["nutrition", "nutrition"], True, False),
        (False, ["nutrition", "toilet"], True, False),
        (True, ["nutrition", "toilet"], False, False), (True, list(needs.OUTCOMES), True, True),
    ],
)  # fmt: skip
def test_the_care_act_asks_three_things(impairment, unable, impact, eligible):
    """SI 2015/313, regulation 2: two or more of ten outcomes."""
    found = needs.care_act(impairment=impairment, unable=unable, impact=impact)
    assert found.eligible is eligible
    assert len(found.reasons) == 3
    assert len(needs.OUTCOMES) == 10


@pytest.mark.parametrize(
    ("necessary", "health", "unable", "impact", "eligible"),
    [
        (True, True, [], True, True), (True, False, ["recreation"], True, True),
        (True, False, [], True, False), (False, True, [], True, False),
        (True, True, [], False, False),
    ],
)  # fmt: skip
def test_a_carer(necessary, health, unable, impact, eligible):
    """SI 2015/313, regulation 3."""
    found = needs.carer(necessary=necessary, health=health, unable=unable, impact=impact)
    assert found.eligible is eligible


@pytest.mark.parametrize(
    ("levels", "clear", "words"),
    [
        ({"breathing": "priority"}, True, "clear"),
        ({"nutrition": "severe", "skin": "severe"}, True, "clear"),
        ({"nutrition": "severe", "skin": "high", "mobility": "high", "cognition": "moderate"},
         False, "team looks"),
        ({"nutrition": "severe"}, False, "no sign"),
        (dict.fromkeys(("nutrition", "skin", "mobility", "cognition", "continence", "behaviour"),
                       "moderate"), False, "team looks"),
        ({}, False, "no sign"),
    ],
)  # fmt: skip
def test_counts_of_the_decision_support_tool(levels, clear, words):
    """Domain 3.2, general knowledge: one priority or two severe is a clear recommendation."""
    found = needs.decision_support(levels)
    assert found.eligible is clear
    assert words in found.reasons[1]


def test_a_domain_goes_no_higher_than_its_top():
    with pytest.raises(UserError, match="Continence goes no higher than high"):
        needs.decision_support({"continence": "severe"})


@pytest.mark.parametrize(
    ("answers", "positive"),
    [
        ({"skin": "A", "mobility": "A"}, True), ({"skin": "A"}, False), ({"behaviour": "A"}, True),
        (dict.fromkeys(("skin", "mobility", "nutrition", "cognition", "continence"), "B"), True),
        ({"skin": "A", **dict.fromkeys(("mobility", "nutrition", "cognition", "continence"), "B")},
         True),
        (dict.fromkeys(("skin", "mobility", "nutrition", "cognition"), "B"), False),
    ],
)  # fmt: skip
def test_the_checklist(answers, positive):
    """Domain 3.2: two A; five B; one A and four B; or an A where priority is possible."""
    assert needs.checklist(answers).eligible is positive


@pytest.mark.parametrize(
    "ask",
    [
        lambda: needs.facs({"lief": "threatened"}), lambda: needs.facs({"life": "lost"}),
        lambda: needs.care_act(impairment=True, unable=["fun"], impact=True),
        lambda: needs.decision_support({"skin": "dreadful"}),
        lambda: needs.checklist({"skin": "D"}), lambda: needs.checklist({"skn": "A"}),
    ],
)  # fmt: skip
def test_what_is_misspelt_is_named(ask):
    with pytest.raises(UserError) as error:
        ask()
    assert error.value.cure
