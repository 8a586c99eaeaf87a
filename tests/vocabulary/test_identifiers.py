"""Check digits: published vectors first, then what must hold for every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.vocabulary import NHI, NHS, CheckState, Identifier, tidy
from onesystem.vocabulary.identifiers import passes_nhi, passes_nhs

# NHS Data Dictionary examples and numbers in NHS test data; the two failing ones stand in
# published UK Core example patients.
NHS_GOOD = ["9434765919", "9912003888", "4010232137", "9000000009"]
NHS_BAD = ["9912003814", "4123456879", "1234567890", "943476591", "94347659190", "", "943476591X"]

# HISO 10046 Consumer Health Identity Standard (Te Whatu Ora): old form, modulus 11.
NHI_OLD = """JBX3656 ZZZ0016 ZZZ0024 ZAA0067 ZAA0075 ZAA0083 ZAA0091 ZAA0105 ZAC5361 MCJ1984
EPT6335 CGC2720 ABC1235""".split()
# The same standard: new form, modulus 23.
NHI_NEW = """ZBN77VL ZZZ00AC ZVU27KE ZXE24NV ZUA48EH ZUT01RG ZNK28DJ ZTL39SK ZWB84LW ZQF54PV
ZAK21MS ZYC49PX ZDP92ZR ZVE74QH ZAP28LA ZBD33XL ZGA02YJ ZMZ61ZB ZYZ89XY ZDR69YX ZSC21TN ZZB30NH
ZYZ81ZV ZVB97XQ ZRA29VA ZYX61YS ABC12DS ALU18KP""".split()
NHI_BAD = ["DAB8233", "ZZZ00AA", "ABC1234", "ZIZ0016", "ZZZ001", "", "zzz0016", "ZZZ00AI"]


@pytest.mark.parametrize("number", NHS_GOOD)
def test_a_published_nhs_number_passes(number):
    assert passes_nhs(number)


@pytest.mark.parametrize("number", NHS_BAD)
def test_a_number_that_is_not_an_nhs_number_fails(number):
    assert not passes_nhs(number)


def test_ten_zeros_are_what_systems_send_for_none():
    assert not passes_nhs("0000000000")


@pytest.mark.parametrize("number", NHI_OLD + NHI_NEW)
def test_a_published_nhi_passes(number):
    assert passes_nhi(number)


@pytest.mark.parametrize("number", NHI_BAD)
def test_a_number_that_is_not_an_nhi_fails(number):
    assert not passes_nhi(number)


def test_the_withdrawn_modulus_24_example_is_refused():
    """ALU18KZ circulates; it was made with modulus 24, which was dropped."""
    assert not passes_nhi("ALU18KZ")


@pytest.mark.parametrize("digit", "0123456789")
def test_no_digit_completes_an_nhi_whose_remainder_is_zero(digit):
    assert not passes_nhi(f"ZZZ004{digit}")


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_at_most_one_digit_completes_an_nhs_number(stem):
    assert sum(passes_nhs(stem + d) for d in "0123456789") <= 1


@given(st.sampled_from(NHS_GOOD), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number, at, shift):
    wrong = str((int(number[at]) + shift) % 10)
    assert not passes_nhs(number[:at] + wrong + number[at + 1 :])


@given(st.text(max_size=12))
def test_any_text_is_answered(text):
    assert passes_nhs(text) in {True, False}
    assert passes_nhi(text) in {True, False}


def test_a_failing_number_is_kept_and_says_so():
    assert Identifier(NHS, "9912003814").check is CheckState.FAILS


def test_a_local_number_has_no_check():
    assert Identifier("RM1", "12345").check is CheckState.NONE


@pytest.mark.parametrize(
    ("scheme", "typed", "compared"),
    [
        (NHS, "943 476 5919", "9434765919"),
        (NHS, "943-476-5919", "9434765919"),
        (NHI, "zzz0016", "ZZZ0016"),
        ("RM1", " a 1 ", "a 1"),
    ],
)
def test_numbers_are_compared_without_their_spacing(scheme, typed, compared):
    assert tidy(scheme, typed) == compared
