"""`costs.toml`: every fault names the file, the line, the rule, and the cure."""

import pytest
from cost_facts import on

from onesystem.vocabulary import BadConfig

RULE = """
[[rule]]
name = "mine"
words = "Mine"
setting = "ED"
since = 2026-04-01
source = "counted"
lines = [{ kind = "consumables", minor = 5 }]
"""
STAFF = """
[[staff]]
group = "porter"
words = "porter"
since = 2026-04-01
cost = 3_000_000
minutes = 70_000
source = "payroll"
"""
POOL = """
[[pool]]
code = "team"
words = "Team"
group = "nurse"
services = ["n"]
since = 2026-04-01
cost = 5
minutes = 5
source = "payroll"
"""


def test_what_is_right_is_taken():
    rules = on(STAFF + RULE + POOL)
    assert {"porter", "nurse"} <= {s.group for s in rules.staff}
    assert next(r.name for r in rules.rules) == "mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]\n", r"costs\.toml, line 1: this is not TOML"),
        ("[[rul]]\nname = 'x'\n", r"nothing is called 'rul'. Did you mean 'rule'"),
        (RULE.replace('"ED"', '"ward round"'), r"line 2: rule 'mine' is of the setting .*ward"),
        (RULE.replace("2026-04-01", "2026-04-15"), r"rule 'mine' says since = .*2026-04-01"),
        (RULE + "until = 2026-03-01\n", r"rule 'mine' ends on 2026-03-01 before it begins"),
        (RULE.replace("source", "sauce"), r"says 'sauce', which nothing reads.*'source'"),
        (RULE.replace('source = "counted"\n', ""), r"does not say 'source'"),
        (RULE.replace("minor = 5", "minor = -5"), r"line 1 of it says minor = -5"),
        (RULE.replace("consumables", "consumabels"), r"kind 'consumabels'.*'consumables'"),
        (RULE.replace('"consumables", minor = 5', '"staff", group = "nurs", minutes = 5'),
         r"asks for the group 'nurs'.*'nurse'"),
        (RULE.replace('"consumables", minor = 5', '"national", code = "sty"'),
         r"asks for the cost 'sty'.*'stay'"),
        (RULE.replace('"consumables", minor = 5', '"overhead", percent = 5'),
         r"begins with overhead"),
        (RULE.replace("minor = 5", 'minor = 5, per = "fortnight"'), r"is per 'fortnight'"),
        (RULE.replace('[{ kind = "consumables", minor = 5 }]', "[]"), r"has no lines"),
        (RULE + RULE.replace("mine", "other"), r"'mine' and 'other' are both in force from 2026"),
        (STAFF.replace("3_000_000", "30000.5"), r"'porter' says cost = 30000.5.*whole"),
        (STAFF.replace("70_000", "0"), r"minutes = 0.*above zero"),
        (STAFF + STAFF, r"staff 'porter' and 'porter' are both in force"),
        (STAFF + 'prices = "2024-25"\ndeflator = "price"\n', r"is moved by 'price'.*'prices'"),
        (POOL.replace('"nurse"', '"nurce"'), r"pool 'team' is of the group 'nurce'.*'nurse'"),
        (POOL + POOL.replace('"team"', '"crew"'), r"both in force from 2026-04-01"),
        ("[deflator.d]\nsource = 's'\nindex = { '2026' = 1 }\n", r"has a year '2026'"),
        ("[deflator.d]\nsource = 's'\nindex = { '2026-27' = 0 }\n", r"above zero"),
    ],
)  # fmt: skip
def test_faults_name_the_line_the_rule_and_the_cure(text, said):
    with pytest.raises(BadConfig, match=said):
        on(text)


def test_the_districts_rates_stand_in_the_place_of_all_shipped_ones_of_the_name():
    rules = on(STAFF.replace("porter", "gp"))
    assert [s.cost for s in rules.staff if s.group == "gp"] == [3_000_000]
