"""Which line pays for a service: its own, else that of its setting at its organisation."""

from onesystem.budget.funds import queries


def test_a_look_at_the_lines_answers_for_every_service(funded, django_assert_num_queries):
    with django_assert_num_queries(1):
        payers = queries.Payers()
        own = payers.line_for(service="ed", setting="ED", organisation="hospital")
        near = payers.line_for(service="ward-b", setting="ward", organisation="hospital")
        nobody = payers.line_for(service="gp", setting="general practice", organisation="practice")
    assert (own.service, near.setting, nobody) == ("ed", "ward", None)
    assert queries.line_for(service="ed") == own
