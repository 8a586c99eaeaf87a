"""Scopes are cut, and never widened: by the application, the role, and what is ticked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onesystem.access import Grain
from onesystem.record.fhir.smart.granting import Able, Asked, granted, held, narrower, ticked
from onesystem.record.fhir.smart.wording import lines

ALL = Able(frozenset("cruds"))
READS = Able(frozenset("rs"))
WHO = Able(frozenset("rs"), record=False)
LEVELS = ("patient", "user")


def give(asked, app="patient/*.cruds user/*.cruds openid launch/patient", able=ALL, levels=LEVELS):
    return granted(Asked.of(asked), app=Asked.of(app), able=able, levels=levels).text


@pytest.mark.parametrize(
    ("asked", "app", "able", "given"),
    [
        # Version 1 is said in the letters of version 2.
        ("patient/Observation.read", "patient/*.rs", ALL, "patient/Observation.rs"),
        ("patient/*.*", "patient/*.cruds", ALL, "patient/*.cruds"),
        ("user/Patient.write", "user/*.cruds", ALL, "user/Patient.cud"),
        # What the application was let in for.
        ("patient/*.cruds", "patient/Observation.rs", ALL, "patient/Observation.rs"),
        ("patient/Condition.rs", "patient/Observation.rs", ALL, ""),
        ("user/Condition.rs", "patient/Condition.rs", ALL, ""),
        ("openid fhirUser", "openid", ALL, "openid"),
        # What the role may do.
        ("user/*.cruds", "user/*.cruds", READS, "user/*.rs"),
        ("user/*.cud", "user/*.cruds", READS, ""),
        ("user/*.rs", "user/*.rs", WHO, "user/Patient.rs"),
        ("user/Observation.rs user/Practitioner.r", "user/*.rs", WHO, "user/Practitioner.r"),
        # What is not understood, or not held to here, is not granted.
        ("patient/Observation.rs?category=vital-signs", "patient/*.rs", ALL, ""),
        ("online_access launch/encounter", "patient/*.rs", ALL, ""),
        ("system/*.rs", "system/*.rs", ALL, ""),
    ],
)
def test_what_is_granted(asked, app, able, given):
    """The narrowest of what was asked for, registered and allowed."""
    assert give(asked, app, able) == given


def test_a_scope_of_one_person_binds_those_of_many():
    """Else `patient/Observation` with `user/Patient` would read everybody's observations."""
    given = give("patient/Observation.rs user/Patient.rs user/Practitioner.r")
    assert given == "patient/Observation.rs patient/Patient.rs user/Practitioner.r"
    scopes = held(given, 7)
    assert scopes.reach(7)
    assert not scopes.reach(8)
    assert scopes.allows("Practitioner", "r")


def test_scopes_of_many_people_stay_so():
    """A person in context alone binds nothing."""
    assert held("launch/patient user/*.rs", 7).reach(8)


def test_what_is_not_ticked_is_not_granted():
    """And what is ticked without having been offered is not either."""
    offered = Asked.of("openid patient/Condition.rs patient/Observation.rs")
    left = ticked(offered, ["openid", "patient/Condition.rs", "user/*.cruds"])
    assert left.text == "openid patient/Condition.rs"


@pytest.mark.parametrize(
    ("wished", "got"),
    [
        ("patient/Observation.r", "patient/Observation.r"),
        ("openid", "openid"),
        ("patient/Observation.cruds", None),
        ("user/Observation.r", None),
        ("fhirUser", None),
        ("nonsense", None),
    ],
)
def test_a_refresh_asks_for_no_more(wished, got):
    """RFC 6749, section 6."""
    assert narrower("openid patient/*.rs", wished) == got


grains = st.builds(
    Grain,
    st.sampled_from(["patient", "user", "system"]),
    st.sampled_from(["*", "Patient", "Observation", "Practitioner"]),
    st.frozensets(st.sampled_from("cruds"), min_size=1),
)
asked = st.builds(Asked, st.just(()), st.lists(grains, max_size=5).map(tuple))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked, asked, st.frozensets(st.sampled_from("cruds")), st.booleans())
def test_nothing_widens(wish, app, acts, record):
    """Each act on each type that is granted was asked for, registered, and the role's."""
    given = granted(wish, app=app, able=Able(acts, record), levels=LEVELS)
    for g in given.grains:
        for act in g.acts:
            assert act in acts
            for whole in (wish, app):
                assert any(
                    act in w.acts
                    and w.resource in {"*", g.resource}
                    and w.level in {g.level, "user"}
                    for w in whole.grains
                ), (g, whole)
    assert all(g.level != "system" for g in given.grains)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(asked)
def test_every_scope_has_its_words(wish):
    """Nobody agrees to what is not said."""
    said = list(lines(wish))
    assert len(said) == len(wish.grains)
    assert all(line.words for line in said)
