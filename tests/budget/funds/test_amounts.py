"""Amounts as people type them, and as they copy them from a page."""

import pytest

from onesystem.budget.funds.presenters import amount_in
from onesystem.vocabulary import BadConfig


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234.56", 123_456),
        ("£1,234", 123_400),
        (" -5 ", -500),
        ("\u22125", -500),
        ("\u2212\u2060£21,688.69", -2_168_869),
    ],
)
def test_an_amount_is_read_however_its_sign_is_written(text, minor):
    assert amount_in(text) == minor


@pytest.mark.parametrize("text", ["", "x", "1,23", "5-", "\u2212", "1.234"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(BadConfig, match="no amount of money"):
        amount_in(text)
