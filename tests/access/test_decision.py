"""The one decision, cell by cell: role, purpose, relationship, kind of data and choice.

`docs/reference/access-table.md` is the golden file: a privacy officer reads it, and this test makes
it from every cell: `WRITE=1 pytest tests/access/test_decision.py`.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.access import PURPOSES, ROLES, Actor, Allowed, Asker, Facts, kinds
from onesystem.access.decision import REASONS, may
from onesystem.access.lines import LINES, TIES, lines_for
from onesystem.access.roles import lines_on
from onesystem.access.sharing import Agreement, sharing
from onesystem.vocabulary import Code

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/access-table.md"
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
DAY = AT.date()
CHOICES = {
    "shares": Facts(),
    "opted out": Facts(opted_out=True),
    "opted out, glass past it": Facts(opted_out=True, overrides=True),
    "opted out, district forbids glass": Facts(opted_out=True, may_override=False),
    "this kind or item not shared": Facts(withheld=kinds.EVERY, sealed=True),
    "no agreement": Facts(agreed=None),
    "agreement for general data": Facts(agreed=0),
}


def asker(role, purpose="direct care"):
    return Asker(actor=Actor("kiri", frozenset({role})), purpose=purpose, at=AT)


def cell(role, purpose, tie, kind, choice):
    """The outcome in one word: open, or why not; `glass` where breaking it would open."""
    facts = replace(CHOICES[choice], ties=frozenset({tie} - {"nobody"}))
    found = may(asker(role, purpose), purpose, facts, kind)
    return "open" if found else found.reason + (" (glass)" if found.glass else "")


def grouped(role, purpose):
    """Ties with the same outcomes, together: their names, and outcome by kind and choice."""
    outcomes = {
        tie: tuple(
            tuple(cell(role, purpose, tie, kind, choice) for choice in CHOICES)
            for kind in kinds.KINDS
        )
        for tie in ("nobody", *TIES)
    }
    ordered = sorted(outcomes, key=lambda tie: (outcomes[tie], list(outcomes).index(tie)))
    for table, ties in groupby(ordered, key=outcomes.__getitem__):
        yield list(ties), table


def page():
    """The page as it should be."""
    names = {line.role: line.name for line in lines_on(DAY).values()}
    out = [
        "# Who may see what",
        "",
        "Every cell of the decision: role, purpose, relationship, kind of data, what the person",
        "and the agreements share. Made from the table in `onesystem.access.lines` by",
        "`WRITE=1 pytest tests/access/test_decision.py`; how it works: [access](access.md).",
        "`(glass)`: breaking the glass opens it. Where a person withholds one source, that source",
        "is shut and the rest is as in the cell. Items that the person sealed follow the column",
        "*this kind or item not shared*.",
        "",
        "## Relationships",
        "",
        *(f"- `{tie}`: {words}" for tie, words in TIES.items()),
        "",
        "## Refusals",
        "",
        *(f"- `{reason}`: {words}" for reason, words in REASONS.items()),
        "",
    ]
    for role in ROLES:
        out += [f"## {names[role]} (`{role}`)", ""]
        lines = [line for line in LINES if line.role == role and line.on(DAY)]
        shut = [p for p in PURPOSES if p not in {line.purpose for line in lines}]
        out += [f"Opens nobody for: {', '.join(shut)}.", ""]
        for line in lines:
            acts = ", ".join(sorted(line.actions))
            out += [f"### For {line.purpose}", "", f"May: {acts}.", ""]
            for ties, table in grouped(role, line.purpose):
                out += [f"With {', '.join(f'`{t}`' for t in ties)}:", ""]
                out += ["| kind of data | " + " | ".join(CHOICES) + " |"]
                out += ["|---|" + "---|" * len(CHOICES)]
                out += [
                    f"| {kind} | " + " | ".join(row) + " |"
                    for kind, row in zip(kinds.KINDS, table, strict=True)
                ]
                out.append("")
    return "\n".join(out)


def test_the_page_says_what_the_decision_says():
    if os.environ.get("WRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_role_without_a_line_opens_nobody_by_any_tie():
    everything = Facts(ties=frozenset(TIES))
    for role in ROLES:
        for purpose in PURPOSES:
            if not lines_for(frozenset({role}), purpose, DAY):
                for kind in kinds.KINDS:
                    assert may(asker(role, purpose), purpose, everything, kind).reason == "role"


def test_the_lines_of_one_purpose_ask_for_the_same_ties():
    """What `Scope` stands on when somebody holds several roles."""
    for purpose in PURPOSES:
        ties = {line.ties for line in LINES if line.purpose == purpose}
        assert len(ties) == 1, purpose


class TestRules:
    def test_the_table_is_dated(self):
        early = Asker(
            actor=Actor("kiri", frozenset({"ed-nurse"})),
            purpose="direct care",
            at=datetime(2026, 10, 1, tzinfo=UTC),
        )
        assert may(early, "direct care", Facts(ties=frozenset({"contact"}))).reason == "role"

    def test_breaking_the_glass_passes_choices_only_where_it_was_broken_for_that(self):
        facts = Facts(ties=frozenset({"break-glass"}), opted_out=True)
        assert may(asker("paramedic"), "direct care", facts).glass
        assert may(asker("paramedic"), "direct care", replace(facts, overrides=True))

    def test_an_agreement_holds_also_behind_a_broken_glass(self):
        facts = Facts(ties=frozenset({"break-glass"}), overrides=True, agreed=None)
        assert may(asker("paramedic"), "direct care", facts).reason == "not-shared"

    def test_too_many_people_in_an_hour_stops_every_role(self):
        facts = Facts(ties=frozenset({"contact"}), too_many=True)
        assert may(asker("hospital-doctor"), "direct care", facts).reason == "too-many"

    def test_an_unknown_kind_is_a_mistake_of_ours(self):
        with pytest.raises(ValueError, match="no kind of data"):
            may(asker("paramedic"), "direct care", Facts(), "gossip")


_FACTS = st.builds(
    Facts,
    ties=st.frozensets(st.sampled_from(sorted(TIES))),
    opted_out=st.booleans(),
    withheld=st.integers(0, kinds.EVERY),
    sources=st.frozensets(st.sampled_from(["pas", "practice"])),
    agreed=st.none() | st.integers(0, kinds.EVERY),
    overrides=st.booleans(),
    may_override=st.booleans(),
    sealed=st.booleans(),
    too_many=st.booleans(),
)
_ASKED = st.tuples(st.sampled_from(ROLES), st.sampled_from(list(PURPOSES)))


def opens(role, purpose, facts, roles=frozenset()):
    """Everything that opens: kinds, and the labels of each."""
    who = Actor("kiri", frozenset({role}) | roles)
    found = {}
    for kind in kinds.KINDS:
        said = may(Asker(actor=who, purpose=purpose, at=AT), purpose, facts, kind)
        if isinstance(said, Allowed):
            found[kind] = (said.labels, said.without)
    return found


def narrower(less, more):
    """Whether all that `less` opens, `more` opens too."""
    return all(
        kind in more and not less[kind][0] & ~more[kind][0] and less[kind][1] >= more[kind][1]
        for kind in less
    )


class TestNothingWidens:
    @given(_ASKED, _FACTS)
    def test_taking_a_tie_away_never_opens_more(self, asked, facts):
        whole = opens(*asked, facts)
        for tie in facts.ties:
            less = replace(facts, ties=facts.ties - {tie})
            assert narrower(opens(*asked, less), whole)

    @given(_ASKED, _FACTS, st.integers(0, kinds.EVERY))
    def test_a_choice_of_the_person_never_opens_more(self, asked, facts, withheld):
        whole = opens(*asked, facts)
        for less in (
            replace(facts, opted_out=True),
            replace(facts, withheld=facts.withheld | withheld),
            replace(facts, sources=facts.sources | {"pas"}),
            replace(facts, sealed=True),
            replace(facts, overrides=False),
        ):
            assert narrower(opens(*asked, less), whole)

    @given(_ASKED, _FACTS, st.integers(0, kinds.EVERY))
    def test_sharing_less_never_opens_more(self, asked, facts, mask):
        whole = opens(*asked, facts)
        less = None if facts.agreed is None else facts.agreed & mask
        assert narrower(opens(*asked, replace(facts, agreed=less)), whole)
        assert narrower(opens(*asked, replace(facts, agreed=None)), whole)

    @given(_ASKED, _FACTS, st.sampled_from(ROLES))
    def test_a_role_more_never_opens_less(self, asked, facts, role):
        assert narrower(opens(*asked, facts), opens(*asked, facts, frozenset({role})))


class TestAgreements:
    A = Agreement(
        name="a",
        organisations=frozenset({"hospital", "practice"}),
        purposes=frozenset({"direct care"}),
        labels=4,
        since=date(2026, 1, 1),
        until=date(2026, 12, 1),
    )
    OWNERS = {"pas": "hospital", "gp": "practice", "cmty": "community"}

    def masks(self, *agreements, asks="practice", purpose="direct care", day=DAY):
        found = sharing(
            agreements, asks=frozenset({asks}), purpose=purpose, day=day, owners=self.OWNERS
        )
        return [found.mask(source) for source in ("pas", "gp", "cmty", "unknown")]

    def test_without_any_agreement_the_district_shares(self):
        assert self.masks() == [31, 31, 31, 31]

    def test_an_agreement_shares_between_its_members_and_no_others(self):
        assert self.masks(self.A) == [4, 31, None, None]
        assert self.masks(self.A, asks="community") == [None, None, 31, None]

    def test_it_holds_for_its_purposes_and_days(self):
        assert self.masks(self.A, purpose="care coordination") == [None, 31, None, None]
        assert self.masks(self.A, day=date(2026, 12, 1)) == [None, 31, None, None]

    def test_an_agreement_of_everybody_covers_senders_that_nobody_answers_for(self):
        assert self.masks(replace(self.A, organisations=frozenset({"*"}))) == [4, 31, 4, 4]


class TestLabels:
    @pytest.mark.parametrize(
        ("system", "code", "label"),
        [
            ("http://hl7.org/fhir/sid/icd-10", "F32.1", 1),
            ("http://hl7.org/fhir/sid/icd-10-cm", "F10.2", 8),
            ("http://hl7.org/fhir/sid/icd-10", "A54", 2),
            ("http://hl7.org/fhir/sid/icd-10", "B24", 2),
            ("http://hl7.org/fhir/sid/icd-10", "T74.1", 4),
            ("http://hl7.org/fhir/sid/icd-10", "I21.9", 0),
            ("http://hl7.org/fhir/sid/icd-9-cm", "296.20", 1),
            ("http://hl7.org/fhir/sid/icd-9-cm", "30500", 8),
            ("http://hl7.org/fhir/sid/icd-9-cm", "042", 2),
            ("http://snomed.info/sct", "38341003", 0),
        ],
    )
    def test_a_code_says_its_kind(self, system, code, label):
        assert kinds.label_of([Code(system, code)]) == label

    def test_labels_of_the_sender_the_service_and_the_district_add_up(self):
        security = [Code("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R")]
        own = {"http://snomed.info/sct|7631*": "sexual-health"}
        codes = [Code("http://snomed.info/sct", "76310009")]
        assert kinds.label_of(codes, security, ["addiction"], own) == 2 | 8 | 16
        assert kinds.names_of(26) == ("sexual-health", "addiction", "restricted")
