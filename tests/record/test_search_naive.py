"""The server's search against a naive one, on worlds and queries that nobody thought of."""

from urllib.parse import quote

import naive_search
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from searchable import Only, bundle, coded, every, ids, keep, walked

from onesystem import record

pytestmark = pytest.mark.django_db

NAMES = ["Eve", "eve", "Evé", "O'Brien", "Obrien", "Ann Marie", "Lee", "Li"]
DAYS = [
    "2020",
    "2020-02",
    "2020-02-29",
    "2020-03-01",
    "2021-01-01T10:00:00+00:00",
    "2021-01-01T10:00:01+00:00",
    "2021",
]
FIGURES = [5, 5.4, 5.45, 5.35, -1, 100, 99.5, 0]
UNITS = ["mg", "g"]
SYSTEMS = ["", "urn:one", "urn:two"]
CODES = ["x", "y", "Z"]

names = st.lists(
    st.fixed_dictionaries(
        {"family": st.sampled_from(NAMES)},
        optional={"given": st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)},
    ),
    min_size=1,
    max_size=2,
)
identifiers = st.lists(
    st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(CODES)).map(
        lambda p: {"system": p[0], "value": p[1]} if p[0] else {"value": p[1]}
    ),
    min_size=1,
    max_size=2,
)
patients = st.fixed_dictionaries(
    {"resourceType": st.just("Patient")},
    optional={
        "name": names,
        "gender": st.sampled_from(["male", "female", "unknown"]),
        "birthDate": st.sampled_from([d for d in DAYS if "T" not in d]),
        "identifier": identifiers,
        "link": st.lists(
            st.builds(
                lambda n: {"other": {"reference": f"Patient/p{n}"}, "type": "seealso"},
                st.integers(0, 3),
            ),
            min_size=1,
            max_size=2,
        ),
    },
)
times = st.sampled_from(DAYS)
periods = st.fixed_dictionaries({}, optional={"start": times, "end": times}).filter(bool)
observations = st.fixed_dictionaries(
    {"resourceType": st.just("Observation"), "status": st.just("final")},
    optional={
        "code": st.lists(
            st.tuples(st.sampled_from(SYSTEMS), st.sampled_from(CODES)), min_size=1, max_size=2
        ).map(lambda pairs: coded(*pairs)),
        "subject": st.sampled_from(["Patient/p0", "Patient/p1", "Patient/p2", "Group/p0"]).map(
            lambda r: {"reference": r}
        ),
        "performer": st.lists(
            st.sampled_from(["Patient/p0", "Patient/p1"]).map(lambda r: {"reference": r}),
            min_size=1,
            max_size=2,
        ),
        "effectiveDateTime": times,
        "valueQuantity": st.fixed_dictionaries(
            {"value": st.sampled_from(FIGURES)}, optional={"unit": st.sampled_from(UNITS)}
        ),
    },
) | st.fixed_dictionaries({"resourceType": st.just("Observation"), "effectivePeriod": periods})


@st.composite
def worlds(draw):
    """Up to four people and six observations, with ids."""
    people = draw(st.lists(patients, min_size=1, max_size=4))
    seen = draw(st.lists(observations, max_size=6))
    return [{**r, "id": f"p{n}"} for n, r in enumerate(people)] + [
        {**r, "id": f"o{n}"} for n, r in enumerate(seen)
    ]


prefixes = st.sampled_from(["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"])
tokens = st.builds(
    lambda s, c: s + c, st.sampled_from(["", "|", "urn:one|", "urn:two|"]), st.sampled_from(CODES)
)
dates = st.builds(lambda p, d: p + d, prefixes, times)
figures = st.builds(
    lambda p, f, u: f"{p}{f}{u}",
    prefixes,
    st.sampled_from([*FIGURES, "5.40", "1E1"][:-1]),
    st.sampled_from(["", "||mg", "||g"]),
)
missing = st.sampled_from(["true", "false"])


def listed(values):
    return st.lists(values, min_size=1, max_size=2).map(",".join)


OF_PATIENT = st.one_of(
    st.tuples(
        st.sampled_from(["gender", "gender:not"]),
        listed(st.sampled_from(["male", "FEMALE", f"{naive_search.GENDERS}|male", "urn:x|male"])),
    ),
    st.tuples(
        st.sampled_from(["family", "name", "family:exact", "name:contains"]),
        st.sampled_from([*NAMES, "e", "br", "marie"]),
    ),
    st.tuples(st.just("birthdate"), listed(dates)),
    st.tuples(st.sampled_from(["identifier", "identifier:not"]), listed(tokens)),
    st.tuples(
        st.sampled_from([f"{c}:missing" for c in ("gender", "name", "birthdate", "link")]), missing
    ),
    st.tuples(st.just("link"), st.sampled_from(["Patient/p0", "p1"])),
)
OF_OBSERVATION = st.one_of(
    st.tuples(st.sampled_from(["code", "code:not"]), listed(tokens)),
    st.tuples(st.just("date"), listed(dates)),
    st.tuples(st.just("value-quantity"), listed(figures)),
    st.tuples(
        st.sampled_from(["subject", "patient", "performer"]),
        listed(st.sampled_from(["Patient/p0", "p0", "p1", "Group/p0"])),
    ),
    st.tuples(
        st.sampled_from(
            [f"{c}:missing" for c in ("code", "date", "subject", "patient", "value-quantity")]
        ),
        missing,
    ),
)
CHAINS = st.tuples(
    st.sampled_from(
        [
            "subject:Patient",
            "patient",
            "performer:Patient",
            "patient.link",
            "subject:Patient.link:Patient",
        ]
    ),
    OF_PATIENT,
).map(lambda c: (f"{c[0]}.{c[1][0]}", c[1][1]))
HAS = st.tuples(
    st.sampled_from(["Observation:patient", "Observation:performer", "Observation:subject"]),
    st.one_of(OF_OBSERVATION, CHAINS),
).map(lambda c: (f"_has:{c[0]}:{c[1][0]}", c[1][1]))
QUERIES = st.one_of(
    st.tuples(st.just("Patient"), st.lists(st.one_of(OF_PATIENT, HAS), min_size=1, max_size=3)),
    st.tuples(
        st.just("Observation"), st.lists(st.one_of(OF_OBSERVATION, CHAINS), min_size=1, max_size=3)
    ),
)
SLOWLY = settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def written(params):
    return "&".join(f"{quote(n, safe=':.')}={quote(v, safe=',|')}" for n, v in params)


@given(world=worlds(), asked=st.lists(QUERIES, min_size=8, max_size=8))
@SLOWLY
def test_it_finds_what_the_naive_search_finds(world, asked):
    record.erase()
    keep(*world)
    for kind, params in asked:
        found = ids(f"{kind}?{written(params)}")
        assert found == naive_search.find(world, kind, params), (kind, params)


@given(world=worlds(), asked=st.lists(QUERIES, min_size=4, max_size=4), data=st.data())
@SLOWLY
def test_a_scope_gives_the_search_of_what_is_in_it(world, asked, data):
    """A result in a scope is the result of a server that holds nothing else."""
    record.erase()
    owners = {f"{r['resourceType']}/{r['id']}": data.draw(st.integers(0, 2)) for r in world}
    keep(*world, identities=owners)
    within = [r for r in world if owners[f"{r['resourceType']}/{r['id']}"] in {0, 1}]
    for kind, params in asked:
        query = f"{kind}?{written(params)}"
        wanted = naive_search.find(within, kind, params)
        assert ids(query, scope=Only(1)) == wanted
        assert bundle(f"{query}&_summary=count", scope=Only(1))["total"] == len(wanted)
        brought = ids(f"{query}&_include=*&_revinclude=*", mode="include", scope=Only(1))
        assert set(brought) <= {r["id"] for r in within}


@given(
    world=worlds(),
    sort=st.lists(
        st.sampled_from(["date", "-date", "code", "-value-quantity", "_id", "-_id", "subject"]),
        max_size=3,
        unique=True,
    ),
    size=st.integers(1, 4),
)
@SLOWLY
def test_pages_are_the_whole_in_its_order(world, sort, size):
    record.erase()
    keep(*world)
    query = "Observation?" + (f"_sort={','.join(sort)}&" if sort else "")
    whole = every(walked(f"{query}_count=100"))
    assert every(walked(f"{query}_count={size}")) == whole
    assert sorted(whole) == sorted(r["id"] for r in world if r["resourceType"] == "Observation")
