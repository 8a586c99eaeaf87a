"""Contracts in the small district: what its services cost is given, the rest is real."""

from datetime import date

import contract_made as made
import pytest

from onesystem import access, wiring
from onesystem.budget.contracts import actions, queries


@pytest.fixture
def told(db, district, monkeypatch):
    """The district with a budget line and a goal; `told.costs` is what services cost."""
    from onesystem.budget.contracts import costs
    from onesystem.budget.funds import actions as funds
    from onesystem.budget.funds.shape import Line

    wiring.connect()
    text = district.path / "district.toml"
    board = '\n[organisations.icb]\nname = "The board"\n'
    text.write_text(text.read_text(encoding="utf-8") + board, encoding="utf-8")
    by = access.Actor.job("test")
    funds.set_goal(code="home", words="Well at home", by=by)
    funds.open_fund(code="one", name="One budget", since=date(2020, 4, 1), by=by)
    funds.open_line(line=Line(code="urgent", name="Urgent care", fund="one", goal="home"), by=by)
    kept = Told()
    monkeypatch.setattr(costs, "of_services", kept.of_services)
    return kept


class Told:
    """What services cost, as a test says it."""

    def __init__(self):
        self.costs = made.costs()

    def of_services(self, services, first, last):
        return [c for c in self.costs if c.service in services and first <= c.month <= last]


@pytest.fixture
def by():
    """A contract manager."""
    return access.Actor(name="connor", roles=frozenset({"contract-manager"}), organisation="icb")


@pytest.fixture
def live(told, by):
    """A contract that is signed by all and in force; gives its slug."""

    def goes_live(agreement):
        slug = actions.begin(agreement=agreement, by=by)
        for party in agreement.parties:
            actions.sign(slug=slug, party=party.organisation, signatory="A Director", by=by,
                         seen=queries.contract(slug).steps)  # fmt: skip
        actions.publish(slug=slug, seen=queries.contract(slug).steps, by=by)
        return slug

    return goes_live
