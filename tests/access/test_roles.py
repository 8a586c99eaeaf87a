"""The table of rights, cell by cell, and the purposes."""

from datetime import date

import pytest

from onesystem.access import PURPOSES, RIGHTS, ROLES, Actor, may, may_open, require
from onesystem.access.lines import lines_for
from onesystem.access.roles import TABLE, lines_on, purposes_of, rights_of
from onesystem.vocabulary import NotPermitted

# now act search open merge | feeds message mend | measures sign try | export settings boards users
# audit review protect reidentify | send work services | see write sign pathways | act episodes
# | use set triage | rota | see move build budgets, contracts, pooled, means, personal
# | see write review plans | see propose decide fund keep alliance | ideas peers nation | own
CELLS = """
general-practitioner   XXXX. ... X.. .... .... XX. X.. XX .. X ....... ... X.... XX. .
ed-nurse               XXXX. ... X.. .... .... X.. X.. XX .. . ....... ... X.... X.. .
paramedic              XXXX. ... X.. .... .... X.. X.. XX X. . ....... ... X.... X.. .
district-nurse         XXXX. ... X.. .... .... XX. X.. XX .. . ....... ... X.... X.. .
hospital-doctor        XXXX. ... X.. .... .... XX. X.. XX .. . ....... ... X.... X.. .
social-worker          XXXX. ... X.. .... .... XX. X.. XX .. . .....XX ... X.... X.. .
therapist              XXXX. ... X.. .... .... XX. X.. XX .. . ....... ... X.... X.. .
home-carer             X.XX. ... ... .... .... ... ... X. .. . ....... ... ..... X.. .
pathway-editor         X.... ... X.. .... .... ... XX. .. .. . ....... ... X.... X.. .
clinical-lead          X.... ... X.. .... .... ... X.X .. .X . ....... X.. XX... XX. .
coordinator            XXXX. ... X.. .... .... XXX X.. XX .. X ....... ... X.... X.. .
records-officer        X.XXX XX. ... .... ..X. ... ... .. .. . ....... ... ..... X.. .
integration-engineer   X.... XXX ... .X.. .... ... ... .. .. . ....... ... ..... X.. .
analyst                X.... X.. XXX X... .... ... ... .. .. . X...... X.. X.... X.. .
improvement            X.... ... XXX .... .... ... X.. .. .. . ....... X.. XX... XX. .
manager                XX... ... XXX .... .... ..X X.. .. .. . X...... X.. XX... XX. .
administrator          X.... X.. ... .XXX .... ... ... .. .. . ....... ... ..... X.. .
privacy-officer        X.XX. ... ... .X.. XXXX ... ... .. .. . ....... ... ..... ... .
planner                X.... ... X.X .... .... ... X.. .. .. . X...... XX. XX... XX. .
finance                X.... ... X.. .... .... ... ... .. .. . XXX.X.. X.. X.... X.. .
clinical-director      X.... ... X.X .... .... ... X.. .. .. . X.X.... X.. XX... X.. .
commissioner           X.... ... X.X .... .... ... X.. .. .. . X...X.. X.. XX... X.. .
contract-manager       X.... ... X.X .... .... ... ... .. .. . X..X... X.. XX..X X.. .
better-care-lead       X.... ... X.. .... .... ... ... .. .. . X...X.. X.. X.... X.. .
finance-assessor       X.XX. ... ... .... .... ... ... .. .. . .....X. ... ..... ... .
policy-analyst         X.... ... X.. .... .... ... ... .. .. . X...... X.. X.... ... .
alliance-member        X.... ... X.. .... .... ... ... .. .. . X...... X.. XXX.. X.. .
alliance-chair         X.... ... X.. .... .... ... ... .. .. . X...... X.. XXX.X XX. .
funder                 X.... ... X.. .... .... ... ... .. .. . X...... X.. XXXX. X.. .
critical-friend        X.... ... X.. .... .... ... ... .. .. . ....... X.X X.... ... .
national-planner       ..... ... ... .... .... ... ... .. .. . ....... ... ..... ..X .
identity-checker       X.XX. ... ... .... .... ... ... .. .. . ....... ... ..... ... .
person                 ..... ... ... .... .... ... ... .. .. . ....... ... ..... ... X
application            X.XX. ... ... .... .... ... ... .. .. . ....... ... ..... ... .
viewer                 X.... ... ... .... .... ... ... .. .. . ....... ... ..... ... .
"""
EXPECTED = {
    role: "".join(cells) for role, *cells in (line.split() for line in CELLS.strip().splitlines())
}
DAY = date(2026, 11, 22)


def test_the_table_names_every_role_and_right():
    assert set(EXPECTED) == set(ROLES)
    assert {len(cells) for cells in EXPECTED.values()} == {len(RIGHTS)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("right", RIGHTS)
def test_cell(role, right):
    expected = EXPECTED[role][list(RIGHTS).index(right)] == "X"
    assert may(Actor("kiri", frozenset({role})), right) is expected
    assert (right in rights_of([role], DAY)) is expected


PURPOSE_CELLS = {
    "direct care": {
        "general-practitioner", "ed-nurse", "paramedic", "district-nurse", "hospital-doctor",
        "social-worker", "therapist", "home-carer", "application",
    },
    "care coordination": {
        "general-practitioner", "ed-nurse", "paramedic", "district-nurse", "hospital-doctor",
        "social-worker", "therapist", "coordinator", "application",
    },
    "records management": {"records-officer", "identity-checker"},
    "own record": {"person"},
    "financial assessment": {"finance-assessor"},
    "privacy review": {"privacy-officer"},
    "subject access": {"records-officer", "privacy-officer"},
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_purpose_cell(role, purpose):
    expected = role in PURPOSE_CELLS[purpose]
    assert may_open(Actor("kiri", frozenset({role})), purpose) is expected
    assert bool(lines_for(frozenset({role}), purpose, DAY)) is expected


class TestRights:
    def test_roles_add_up(self):
        both = Actor("kiri", frozenset({"analyst", "privacy-officer"}))
        assert may(both, "contacts.export")
        assert may(both, "audit.see")

    def test_somebody_without_a_role_may_nothing(self):
        assert not any(may(Actor("kiri"), right) for right in RIGHTS)

    def test_an_unknown_role_gives_nothing(self):
        assert rights_of(["superuser"], DAY) == frozenset()

    def test_a_refusal_names_the_roles_that_could(self):
        with pytest.raises(NotPermitted, match="It takes the role Records officer"):
            require(Actor("kiri", frozenset({"viewer"})), "people.merge")

    def test_an_unknown_right_is_a_mistake_of_ours(self):
        with pytest.raises(ValueError, match=r"Did you mean 'person\.open'"):
            may(Actor("kiri"), "persons.open")

    def test_a_named_job_may_act(self):
        assert may(Actor.job("feeds"), "feeds.mend")
        assert may_open(Actor.job("replay"), "records management")

    def test_the_table_is_dated(self):
        assert lines_on(date(2026, 10, 31)) == {}
        assert rights_of(["viewer"], date(2026, 10, 31)) == frozenset()
        assert purposes_of(["paramedic"], DAY) == ("direct care", "care coordination")

    def test_a_role_that_opens_people_has_a_purpose_and_no_other_has(self):
        for line in TABLE:
            opens = bool(line.rights & {"person.open", "own.see"})
            assert opens == bool(line.purposes), line.role


class TestOrganisations:
    def test_an_administrator_moves_somebody_and_nobody_moves_themselves(self, add):
        from onesystem.access import actions

        add("kiri", "ed-nurse")
        admin = Actor("ada", frozenset({"administrator"}))
        actions.set_organisation(username="kiri", organisation="community", by=admin)
        assert actions.find("kiri").organisation == "community"
        with pytest.raises(ValueError, match="Did you mean 'community'"):
            actions.set_organisation(username="kiri", organisation="comunity", by=admin)
        with pytest.raises(NotPermitted):
            actions.set_organisation(username="ada", organisation="hospital", by=admin)

    def test_the_doctor_says_what_organisations_share_by_and_who_has_none(self, add, district):
        from onesystem.cli.checks import sharing

        add("kiri", "ed-nurse", organisation="")
        said = [finding.what for finding in sharing(district)]
        assert "no agreement is kept" in said[0]
        assert "kiri" in said[1]
