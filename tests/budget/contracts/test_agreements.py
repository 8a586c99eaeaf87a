"""Agreements as data: read and written, in sentences, in a form, and what is wrong with them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import contract_made as given
import pytest
from contract_made import AROUND, GATE, alliance, direct, prime

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import checks, codec, editing, gating, wording
from onesystem.budget.contracts.agreement import Party, Pass, Payment, Quality, Slice
from onesystem.budget.contracts.agreement import Scope as Scoped
from onesystem.vocabulary import BadConfig

EVERY = [alliance(), direct(), prime()]
F = Fraction


@pytest.mark.parametrize("made", EVERY, ids=lambda m: m.kind)
def test_what_is_written_reads_back(made):
    assert codec.read(codec.to_json(made)) == made
    assert codec.read(codec.to_toml(made)) == made
    assert codec.unpacked(codec.packed(made)) == made


@pytest.mark.parametrize("made", EVERY, ids=lambda m: m.kind)
def test_a_form_gives_back_what_it_was_filled_with(made):
    found, wrong = editing.agreement_of(editing.raw_of(made, AROUND), made, AROUND)
    assert wrong == []
    assert found == made
    assert checks.problems(made, AROUND) == []
    assert gating.missing(made) == []


def test_it_reads_like_the_agreement():
    said = [line for part in wording.clauses(alliance(), AROUND, "GBP") for line in part.lines]
    assert "The target cost of the services in scope is £5,000,000 a year." in said
    assert "Of all that lies under the target, the members gain 50%." in said
    assert "Together they lose 5% of the target at most." in said
    whose = "Testshire Hospital is a member of the alliance, with 50% of what the members"
    assert f"{whose} gain and lose." in said
    said = [line for part in wording.clauses(prime(), AROUND, "GBP") for line in part.lines]
    assert "Testshire Community Care is paid £40 for each contact with District nursing." in said
    hands = "Testshire Community Care passes on to Mill Road Surgery 25% of what it is paid."
    assert hands in said


def test_two_versions_differ_by_their_sentences():
    was, now = alliance(), alliance(target=5_100_000_00)
    [part] = wording.compared(*(wording.clauses(each, AROUND, "GBP") for each in (was, now)))
    assert part.title == "Target, gain and loss"
    assert part.gone == ("The target cost of the services in scope is £5,000,000 a year.",)
    assert part.new == ("The target cost of the services in scope is £5,100,000 a year.",)


HALF = F(1, 2)


def sliced(*ends, share=HALF):
    over = Slice(side=of.OVER, low=F(0), share=share)
    return (*(Slice(side=of.UNDER, low=a, high=b, share=share) for a, b in ends), over)


FAULTS = [
    ("a gap", alliance(slices=sliced((F(0), F(1, 50)), (F(1, 20), None))), "slices.1",
     "Between 2% and 5% under the target nothing is said"),
    ("an overlap", alliance(slices=sliced((F(0), F(1, 20)), (F(1, 50), None))), "slices.1",
     "It overlaps the slice before it"),
    ("a slice after the last", alliance(slices=sliced((F(0), None), (F(1, 20), None))), "slices.1",
     "It overlaps the slice before it"),
    ("one side only", alliance(slices=sliced((F(0), None))[:1]), "slices",
     "It is not said who has what lies over the target"),
    ("a share above all", alliance(slices=sliced((F(0), None), share=F(2))), "slices.0",
     "above all"),
    ("shares that do not sum",
     alliance(parties=(*alliance().parties[:3], Party(organisation="practice", role=of.MEMBER,
                                                      share=F(1, 10)))),
     "parties", "The members' shares sum to 90%"),
    ("own volume",
     alliance(payments=(Payment(organisation="hospital", way=of.EACH, services=("ed",),
                                price=100_00),)),
     "payments.0", "It pays Testshire Hospital for its own volume, and inside an alliance"),
    ("own volume above a plan",
     alliance(payments=replace(direct()).payments), "payments.0", "for its own volume"),
    ("a service of nobody's", alliance(scope=Scoped(services=("ed", "nursing", "gp", "ward-a")),
                                       parties=(*alliance().parties[:1],
                                                Party(organisation="community", role=of.MEMBER,
                                                      share=F(1, 2)),
                                                Party(organisation="practice", role=of.MEMBER,
                                                      share=F(1, 2)))),
     "scope", "Testshire Hospital runs services in scope, and is no member"),
    ("paid twice", direct(payments=(direct().payments[0], direct().payments[0])), "payments.1",
     "Ward A is paid by two lines"),
    ("nobody pays", direct(parties=direct().parties[1:]), "parties", "Nobody pays"),
    ("an end before the beginning", direct(until=date(2024, 4, 1)), "until",
     "It ends before it begins"),
    ("inside a month", direct(since=date(2025, 4, 6)), "since", "inside a month"),
    ("weights", alliance(quality=(Quality(measure="ed-4-hours", most=False, bound=F(78),
                                          weight=F(1, 2)),), full=F(1)),
     "quality", "The weights sum to 50%"),
    ("an unknown measure", alliance(quality=(Quality(measure="ed-4-hour", most=False,
                                                     bound=F(78)),)),
     "quality.0", "There is no measure 'ed-4-hour'. Did you mean 'ed-4-hours'?"),
    ("a circle", prime(passes=(Pass(organisation="practice", under="practice", share=F(1)),)),
     "passes.0", "passes on to itself by a circle"),
    ("more than was had", prime(passes=(Pass(organisation="practice", under="community",
                                             share=F(3, 2)),)),
     "passes.0", "The share is no part of it"),
    ("an unknown line", direct(line="urgnt"), "line", "Did you mean 'urgent'?"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "where", "words"), [f[1:] for f in FAULTS],
                         ids=[f[0] for f in FAULTS])  # fmt: skip
def test_what_is_wrong_stands_at_its_field_with_its_cure(made, where, words):
    found = checks.problems(made, AROUND)
    assert any(p.where == where and words in str(p) for p in found), found
    assert all(p.cure for p in found)


def test_an_own_volume_line_is_refused_with_rule_and_cure():
    """From the seed: "payment is not based on individual subcontractor performance, but on the
    performance the service overall"."""
    line = Payment(organisation="hospital", way=of.EACH, services=("ed",), price=1)
    [found] = checks.problems(alliance(payments=(line,)), AROUND)
    assert "inside an alliance nobody is" in found.what
    assert "its open books" in found.cure
    block = replace(line, way=of.BLOCK, amount=100_00, services=())
    assert checks.problems(alliance(payments=(block,)), AROUND) == []


NOT_KNOWN = [
    ("cost", {"cost_low": None}), ("cost", {"cost_high": 9_000_000_00}),
    ("cost", {"cost_words": ""}), ("price", {"price": " "}), ("tax", {"tax": ""}),
    ("guarantees", {"guarantees": ""}), ("exit", {"exit_months": 0}), ("exit", {"exit": ""}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), NOT_KNOWN)
def test_the_gate_asks_what_ended_a_contract_elsewhere(name, change):
    """Costs unclear, VAT on subcontracts missed, no guarantee (National Audit Office, 2016)."""
    made = direct(gate=replace(GATE, **change))
    assert [each.name for each in gating.asked(made) if each.missing] == [name]


def test_the_gate_asks_for_every_subcontract_and_for_a_budget_line():
    assert [each.name for each in gating.asked(prime(passes=())) if each.missing] == [
        "subcontracts"
    ]
    assert [each.name for each in gating.asked(direct(line="")) if each.missing] == ["budget"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "cannot be read"),
        ('nam = "X"', "nam is not known. Did you mean 'name'?"),
        ('{"format": "other"}', "format 'other'"),
        ('{"name": "X", "kind": "direct", "since": "2025-13-01", "until": "2026-04-01"}',
         "since is '2025-13-01'. Write a day"),
        ('{"name": "X", "kind": "direct", "since": "2025-04-01"}', "until"),
        ('{"target": 10.5}', "target is 10.5. Money is written in whole pence"),
        ('{"parties": {"organisation": "x"}}', "parties is no list"),
        ('{"parties": ["x"]}', "parties.0 is no table"),
        ('{"parties": [{"organisation": "x", "role": "funder", "share": "half"}]}',
         "parties.0.share is 'half'"),
        ('{"reimbursed": 1}', "reimbursed is 1. Write it as true or false"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(text, words):
    with pytest.raises(BadConfig, match=words.replace("?", r"\?")):
        codec.read(text)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("target", "five million", "is no amount of money"),
        ("cap", "a bit", "is no share"),
        ("since", "tomorrow", "That is no day"),
        ("slices.0.share", "", "is no share"),
        ("gate.exit_months", "six", "no number of months"),
    ],
)
def test_what_cannot_be_read_in_a_form_is_told_and_the_rest_is_kept(field, typed, words):
    raw = editing.raw_of(alliance(), AROUND) | {field: typed}
    made, wrong = editing.agreement_of(raw, alliance(), AROUND)
    assert [words in each.what for each in wrong] == [True]
    assert made.name == "Urgent care alliance"


def test_rows_come_and_go():
    raw = editing.raw_of(alliance(), AROUND)
    fewer = editing.ROWS.after(raw, "drop:parties.1")
    assert [row["organisation"] for row in editing.ROWS.of(fewer, "parties")] == [
        "icb", "community", "practice",
    ]  # fmt: skip
    assert editing.ROWS.after(raw, "add:slices")["more.slices"] == "1"
    assert editing.ROWS.after(raw, "add:nothing") == raw


def test_amounts_are_typed_as_people_write_them():
    assert [editing.amount_of(t) for t in ("£1,250,000.50", "12", "12.5", "")] == [
        125_000_050, 1_200, 1_250, 0,
    ]  # fmt: skip
    assert [editing.share_typed(t) for t in ("50%", "50", "1/3", "2.5 %")] == [
        F(1, 2), F(1, 2), F(1, 3), F(1, 40),
    ]  # fmt: skip
    assert given.SINCE.day == 1
