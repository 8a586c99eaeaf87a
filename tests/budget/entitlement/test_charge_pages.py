"""The pages of charges: a social worker's and a finance assessor's way, and the person's own."""

import pytest
from django.urls import reverse
from page_data import give_purpose

from onesystem.budget.entitlement import actions, queries


@pytest.fixture
def assessor(sign_in, somebody):
    """A finance assessor's browser in which the person is open."""
    client = sign_in("finance-assessor")
    give_purpose(client, somebody, "financial assessment")
    return client


@pytest.fixture
def worker(sign_in, somebody):
    """A social worker's browser, for care coordination."""
    client = sign_in("social-worker")
    give_purpose(client, somebody, "care coordination")
    return client


def address(name, person, **more):
    return reverse(f"entitlement:{name}", kwargs={"person": person, **more})


NEED = {
    "scheme": "care act", "impairment": "1", "unable": ["nutrition", "toilet"], "impact": "1",
    "seen": "0", "facs-care": "vital",
}  # fmt: skip
MEANS = {
    "day": "2025-05-01", "setting": "care home", "cost": "950", "age": "75", "seen": "1",
    "household": "single", "income-kind-1": "state pension", "income-amount-1": "£260.00",
    "capital-kind-1": "savings", "capital-amount-1": "18,000",
}  # fmt: skip


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def walked(client, somebody):
    client.post(address("need", somebody), NEED)
    client.post(address("means", somebody), MEANS)
    return client.post(address("sign", somebody), {"seen": "2"})


def test_need_comes_first_and_alone(assessor, somebody):
    shown = text(assessor.get(address("person", somebody)))
    assert "Need comes first" in shown
    assert "income-amount-1" not in shown


def test_the_whole_way(assessor, somebody):
    answer = assessor.post(address("need", somebody), NEED, follow=True)
    assert "care starts" in text(answer)
    shown = text(assessor.post(address("means", somebody), MEANS, follow=True))
    assert "£244.35" in shown
    assert "Barker, first stage" in shown
    shown = text(assessor.post(address("sign", somebody), {"seen": "2"}, follow=True))
    assert "Payer to be settled" in shown
    settle = {"seen": "3", "share-person": "244.35", "share-council": "705.65", "words": "Agreed"}
    shown = text(assessor.post(address("settle", somebody), settle, follow=True))
    assert "Settled" in shown
    dispute = {"seen": "4", "dispute-words": "It is health care", "dispute-meanwhile": "nhs"}
    shown = text(assessor.post(address("dispute", somebody), dispute, follow=True))
    assert "Questioned: It is health care" in shown
    shown = text(assessor.post(address("undo", somebody), {"seen": "5"}, follow=True))
    assert "Taken back" in shown


def test_the_letter_says_every_line(assessor, somebody):
    walked(assessor, somebody)
    shown = text(assessor.get(address("letter", somebody, version=1)))
    for words in (
        "You pay <strong>£244.35</strong>", "tariff income", "expenses allowance",
        "DHSC circular 2025 to 2026", "Your care goes on meanwhile",
    ):  # fmt: skip
        assert words in shown
    assert assessor.get(address("letter", somebody, version=2)).status_code == 404


def test_the_letter_as_pdf(assessor, somebody):
    from onesystem.record.summary import pdf

    if not pdf.can_make():
        pytest.skip("the weasyprint extra is not there")
    walked(assessor, somebody)
    answer = assessor.get(address("letter", somebody, version=1) + "?format=pdf")
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("need", {**NEED, "starts": "soon"}, "The start is &#39;soon&#39;"),
        ("need", {**NEED, "scheme": "luck"}, "no way of assessing"),
        ("need", {**NEED, "weekly": "12.345"}, "The weekly cost is &#39;12.345&#39;"),
        ("need", {**NEED, "seen": "7"}, "Somebody else was quicker"),
        ("need", {**NEED, "seen": ""}, "The page is"),
        ("means", {**MEANS, "seen": "0"}, "Need was not assessed"),
        ("sign", {"seen": "0"}, "Need and means are not both assessed"),
        ("settle", {"seen": "0"}, "Who pays is settled, or no care was agreed"),
        ("undo", {"seen": "0"}, "nothing of yours"),
    ],
)  # fmt: skip
def test_what_is_wrong_says_what_to_do_and_keeps_nothing(assessor, somebody, name, given, words):
    shown = text(assessor.post(address(name, somebody), given), 422)
    assert words.lower() in shown.lower()
    assert "Nothing that you wrote is lost" in shown
    assert queries.stands(somebody).steps == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"income-amount-1": "lots"}, "Income 1 is"), ({"cost": "-1"}, "Cost is &#39;-1&#39;"),
        ({"capital-share-1": "3"}, "share is"), ({"age": "seven"}, "Age is"),
        ({"day": "1066-10-14"}, None), ({"household": "palace"}, "Household is"),
    ],
)  # fmt: skip
def test_bad_means_keep_what_was_typed(assessor, somebody, more, words):
    assessor.post(address("need", somebody), NEED)
    answer = assessor.post(address("means", somebody), {**MEANS, **more})
    if words is None:  # an old day is kept; each rule set says that it has no rates
        assert "There is no rate" in text(assessor.get(address("person", somebody))).replace(
            "there", "There"
        )
        return
    shown = text(answer, 422)
    assert words in shown
    assert "£260.00" in shown or more.get("income-amount-1", "?") in shown


def test_a_social_worker_may_as_well(worker, somebody):
    shown = worker.get(address("person", somebody))
    assert shown.status_code in {200, 403}  # by their tie to the person
    assert "needs" in text(worker.get(reverse("entitlement:rules"))).lower()


def test_the_assessor_sees_no_record(assessor, somebody):
    shown = text(assessor.get(address("person", somebody)))
    assert "the record stays shut" in shown
    assert reverse("record:summary", kwargs={"person": somebody}) not in shown
    record = assessor.get(reverse("record:summary", kwargs={"person": somebody}))
    assert record.status_code == 403


def test_a_purpose_is_asked_first(sign_in, somebody):
    client = sign_in("finance-assessor")
    shown = text(client.get(address("person", somebody)))
    assert "financial assessment" in shown
    assert "1. Need" not in shown


@pytest.mark.parametrize("role", ["general-practitioner", "finance", "analyst"])
def test_others_do_not_see_what_somebody_has(sign_in, somebody, role):
    client = sign_in(role)
    answer = client.get(address("person", somebody))
    assert answer.status_code != 200 or b"1. Need" not in answer.content


def test_the_rules_with_their_tables(sign_in):
    client = sign_in("policy-analyst")
    shown = text(client.get(reverse("entitlement:rules")))
    for words in ("Law in force", "Barker, by 2025", "cancelled 29 July 2024", "£23,250.00",
                  "267.68", "assumed"):  # fmt: skip
        assert words in shown
    shown = text(client.get(reverse("entitlement:rules") + "?country=New+Zealand&day=2025-08-01"))
    assert "$291,825.00" in shown
    csv = client.get(reverse("entitlement:rules") + "?format=csv&day=2025-05-01").content.decode()
    assert "3065" in csv
    xlsx = client.get(reverse("entitlement:rules") + "?format=xlsx&day=2025-05-01")
    assert xlsx.content.startswith(b"PK")
    assert client.get(reverse("entitlement:rules") + "?day=nonsense&all=1").status_code == 200


def test_small_counts_are_not_told_to_who_sees_no_people(sign_in, somebody, asker, needy):
    actions.agree_need(person=somebody, by=asker, finding=needy, scheme="care act", seen=0)
    shown = text(sign_in("policy-analyst").get(reverse("entitlement:rules")))
    assert "under 5" in shown


def test_the_calculator_keeps_nothing(sign_in):
    client = sign_in("policy-analyst")
    at = reverse("entitlement:calculator")
    assert "Nothing is kept" in text(client.get(at))
    given = {**MEANS, "eligible": "1", "eligible_said": "1", "band": "critical"}
    shown = text(client.post(at, given))
    assert "£244.35" in shown
    assert "Plan of 2021" in shown
    assert "950" in shown
    assert "Cost is" in text(client.post(at, {**given, "cost": "-3"}), 422)
    shown = text(client.post(at, {"country": "New Zealand", "day": "2025-08-01", "cost": "1500",
                                  "setting": "care home", "age": "80", "maximum": "1500",
                                  "resident": "single", "eligible": "1", "eligible_said": "1",
                                  "capital-amount-1": "300000"}))  # fmt: skip
    assert "Your assets are above the threshold" in shown


def test_who_waits_is_a_list_of_numbers(assessor, somebody):
    assessor.post(address("need", somebody), NEED)
    shown = text(assessor.get(reverse("entitlement:waiting")))
    assert f"Person {somebody}" in shown
    assert "Māia" not in shown
    assert "Nobody waits" in text(assessor.get(reverse("entitlement:waiting") + "?state=settled"))
    csv = assessor.get(reverse("entitlement:waiting") + "?format=csv").content.decode()
    assert str(somebody) in csv


def test_the_person_reads_what_they_pay_and_why(sign_in, assessor, somebody):
    from onesystem.access import Actor, choices

    walked(assessor, somebody)
    client = sign_in("person", name="own")
    choices.give_own_record(person=somebody, username="own", by=Actor.job("test"), reason="test")
    shown = text(client.get("/me/charges/"))
    assert "You pay £244.35 each week" in shown
    assert "is still being settled" in shown
    assert "tariff income" in shown


def test_the_person_reads_that_care_goes_on(sign_in, assessor, somebody):
    from onesystem.access import Actor, choices

    client = sign_in("person", name="own")
    choices.give_own_record(person=somebody, username="own", by=Actor.job("test"), reason="test")
    assert "Nobody has worked out a charge" in text(client.get("/me/charges/"))
    assessor.post(address("need", somebody), NEED)
    assert "your care goes on meanwhile" in text(client.get("/me/charges/"))


def test_a_carer_by_the_care_act(assessor, somebody):
    carer = {"scheme": "carer", "necessary": "1", "unable": ["recreation", "toilet"], "impact": "1",
             "seen": "0"}  # fmt: skip
    shown = text(assessor.post(address("need", somebody), carer, follow=True))
    assert "Needs arise from providing necessary care" in shown
    assert queries.stands(somebody).eligible


def test_continuing_healthcare_and_counts_of_levels(assessor, somebody):
    given = {**NEED, "dst-cognition": "severe", "dst-nutrition": "severe", "chc": "1"}
    shown = text(assessor.post(address("need", somebody), given, follow=True))
    assert "2 severe" in shown
    shown = text(assessor.post(address("means", somebody), MEANS, follow=True))
    assert "NHS continuing healthcare" in shown
    assessor.post(address("sign", somebody), {"seen": "2"})
    assert queries.stands(somebody).letter.said["result"]["nhs"] == 950_00
