"""The pages of capitation."""

import pytest

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_practices_are_filtered_sorted_and_exported(sign_in):
    client = sign_in("commissioner")
    page = text(client.get("/budget/capitation/?place=all"))
    assert "3,253" in page
    assert "£3,106,842,621.55" in page
    one = client.get("/budget/capitation/?place=all&q=densham&sort=-difference")
    assert "The Densham Surgery" in text(one)
    assert "£434,915.37" in text(one)
    taken = client.get("/budget/capitation/?place=all&q=densham&format=csv")
    assert "438099.78" in text(taken)
    assert "No practice fits" in text(client.get("/budget/capitation/?q=nowhere"))


def test_a_practice_shows_its_working_with_sources(sign_in):
    client = sign_in("commissioner")
    page = text(client.get("/budget/capitation/practices/A81001/"))
    assert "£456,604.07" in page
    assert "\u2212\u2060£21,688.69" in page
    assert "£3,184.41" in page
    assert "Lloyds Bank with Lentells" in page
    assert client.get("/budget/capitation/practices/Z99999/").status_code == 404


def test_the_calculator_works_one_out_or_says_why_not(sign_in):
    client = sign_in("finance")
    assert "Work it out" in text(client.get("/budget/capitation/calculator/"))
    page = text(
        client.get("/budget/capitation/calculator/?day=2022-04-01&weighted=11300&out_of_hours=1")
    )
    assert "£1,126,610.00" in page
    wrong = text(client.get("/budget/capitation/calculator/?day=1999-04-01&weighted=11300"))
    assert "is not known on 1999-04-01" in wrong
    assert 'value="11300"' in wrong


def test_it_takes_the_right(sign_in):
    assert sign_in("district-nurse").get("/budget/capitation/").status_code == 403
