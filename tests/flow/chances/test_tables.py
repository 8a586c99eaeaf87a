"""What the tables of an opportunity say of themselves."""

from types import SimpleNamespace

import pytest

from onesystem.flow.chances import tables
from onesystem.flow.chances.seeing import Sums


class Shown:
    """A page that splits by cause alone; each cause with its sums."""

    state = SimpleNamespace(service="")

    def __init__(self, **causes):
        self._causes = causes

    def title_of(self, _kind, split):
        return "Condition" if split == "cause" else ""

    def values(self, _kind, _split):
        return list(self._causes)

    def sums(self, _kind, _split, value):
        return self._causes[value]


SOME = Sums(contacts=40, people=30, days=12.5, money=100)
NONE = Sums(contacts=40, people=30, days=0.0, money=0)
HIDDEN = Sums(contacts=None, people=None, days=None, money=None)


@pytest.mark.parametrize(
    ("causes", "estimate", "said"),
    [
        ({"asthma": SOME, "copd": NONE}, "Above the rate.", True),
        ({"asthma": SOME, "copd": HIDDEN}, "Above the rate.", False),
        ({"asthma": SOME, "copd": NONE}, "", False),
    ],
)
def test_an_estimate_says_why_no_day_is_avoidable(causes, estimate, said):
    """A count of days needs no words: nought is nought."""
    kind = {"estimate": estimate, "cells": {"cause": {}}}
    assert tables.no_days(Shown(**causes), kind) is said
