"""Opening budgets from a file, and the command line of funds."""

import json
from importlib.resources import files

import pytest
from click.testing import CliRunner
from funds_data import FERN

from onesystem.budget.funds import queries
from onesystem.budget.funds.loading import load
from onesystem.budget.ledger import queries as ledger
from onesystem.cli import budget as commands
from onesystem.vocabulary import BadConfig, UserError

EXAMPLE = files("onesystem.budget.funds").joinpath("example.toml").read_text(encoding="utf-8")
TEXT = EXAMPLE.replace('"practice"\nkind', '"community"\nkind')


def test_a_file_opens_funds_once_however_often_it_is_loaded(joined):
    first = load(TEXT, by=FERN)
    assert first == {"funds": 2, "goals": 1, "contributions": 2, "lines": 3, "fences": 1}
    held = ledger.balances(("line",), book="plan", account="budget")
    assert load(TEXT, by=FERN) == first
    assert ledger.balances(("line",), book="plan", account="budget") == held
    assert queries.line("ward").goal == "home-first"
    [state], _ = queries.fence_states(queries.year_at("2026-04"))
    assert (state.level, state.held) == (9_000_000, 9_000_000)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('month = "2026-04"', "", "from which month"),
        ("[funds.nhs]", "[fund.nhs]", "no part 'fund'"),
        ('goal = "home-first"', 'aim = "x"', "has no 'aim'"),
        ('goal = "home-first"', 'goal = "home"', "no goal 'home'"),
        ('amount = "700,000"', 'amount = "7,000,000"', "in the plan"),
        ('amount = "700,000"', 'amount = "lots"', "no amount of money"),
        ('kind = "ring"', 'kind = "wall"', "no fence of kind"),
        ('source = "Grant', 'says = "Grant', "lacks its 'source'"),
        ("[funds.nhs]", "[funds.nhs", "no TOML"),
    ],
)
def test_a_file_that_is_wrong_is_refused_and_nothing_is_done(joined, was, now, words):
    with pytest.raises(UserError, match=words) as refused:
        load(TEXT.replace(was, now), by=FERN)
    assert refused.value.cure
    assert not queries.funds()
    assert not ledger.months()


def test_the_terminal_tells_the_position_and_moves_money(joined, tmp_path):
    def run(*said):
        return CliRunner().invoke(commands.budget, said, catch_exceptions=False)

    file = tmp_path / "budget.toml"
    file.write_text(TEXT, encoding="utf-8")
    assert run("example").stdout == EXAMPLE
    assert "2 funds, 1 goal, 2 contributions" in run("load", str(file)).output
    told = json.loads(run("position", "--by", "line", "--month", "2026-10", "--json").stdout)
    assert (told["contributed"], told["total"]["plan"]) == (129_000_000, 129_000_000)
    assert {row["key"]: row["plan"] for row in told["rows"]}["ward"] == 70_000_000
    assert "urgent care" in run("position", "--csv").stdout
    assert "hospital care" in run("position").stdout
    assert [row["code"] for row in json.loads(run("lines", "--goalless", "--json").stdout)] == [
        "ed", "talking",
    ]  # fmt: skip
    assert "Emergency department" in run("lines", "--csv").stdout
    done = run("move", "ed", "ward", "1,000.50", "--month", "2026-11", "--why", "More beds")
    [act] = queries.acts(line="ward")[:1]
    assert (done.stdout.strip(), act.amount, act.by) == (str(act.number), 100_050, "command line")
    with pytest.raises(BadConfig, match="no amount"):
        run("move", "ed", "ward", "1.005", "--month", "2026-11", "--why", "x")
