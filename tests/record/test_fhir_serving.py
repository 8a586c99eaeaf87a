"""A kept body with our id and meta: whichever way it is put in, the same is said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching import links
from onesystem.record.fhir.searching.asked import Asked
from onesystem.record.fhir.searching.paging import Place
from onesystem.record.fhir.serving import dress, meta_of

SAID = (3, 1_800_000_000_000_000, "hospital", 7)  # version, known at, source, message
META = meta_of(*SAID)
texts = st.text(st.sampled_from('ab{}"\\: ,[]é'), max_size=8)
metas = st.dictionaries(
    st.sampled_from(["lastUpdated", "versionId", "profile", "tag", "source"]),
    st.one_of(texts, st.lists(texts, max_size=2), st.lists(st.fixed_dictionaries({"code": texts}),
              max_size=2)),
)  # fmt: skip
resources = st.fixed_dictionaries(
    {"resourceType": st.just("Basic")},
    optional={"id": st.sampled_from(["a", "b-1"]), "meta": metas, "text": texts,
              "contained": st.just([{"resourceType": "Basic", "id": "in", "meta": {}}])},
)  # fmt: skip


@given(resources, st.permutations(["resourceType", "id", "meta", "text", "contained"]),
       st.sampled_from([None, 1]), st.booleans())  # fmt: skip
def test_the_rest_stays_as_it_was(resource, order, indent, ordered):
    """However a body begins, and whatever braces its texts hold."""
    keys = order if ordered else list(resource)
    body = json.dumps({k: resource[k] for k in keys if k in resource}, indent=indent).encode()
    if indent is None:
        body = body.replace(b'": ', b'":', 3).replace(b", ", b",", 2)
        body = body if json.loads(body) == resource else json.dumps(resource).encode()
    made = json.loads(dress(body, "Basic", "ours", *SAID))
    wanted = resource | {"id": "ours", "meta": resource.get("meta", {}) | META}
    assert made == wanted


class TestLinks:
    def asked(self, many=1):
        return Asked(kinds=("Patient",), understood=[("family", "R" * 40)] * many)

    @pytest.mark.parametrize("many", [1, 100])
    def test_a_link_holds_the_search_and_the_place(self, many):
        asked = self.asked(many)
        made = links.token("ann", "Patient", asked, Place(key=[None, 1.5, "é", 2**60]), 7)
        assert len(made) < 500
        params, place, total = links.opened(made, "ann", "Patient", None)
        assert (params, place.key, place.back, total) == (
            asked.understood, [None, 1.5, "é", 2**60], False, 7,
        )  # fmt: skip

    @pytest.mark.parametrize("many", [1, 100])
    def test_a_changed_one_is_refused(self, many):
        made = links.token("ann", "Patient", self.asked(many), Place(key=[1]), None)
        for at in range(0, len(made), 7):
            changed = made[:at] + ("A" if made[at] != "A" else "B") + made[at + 1 :]
            with pytest.raises(Refusal, match="changed"):
                links.opened(changed, "ann", "Patient", None)

    @pytest.mark.parametrize("nonsense", ["", ".", "~", "a.b", "é.é", "1", "~" * 50])
    def test_nonsense_is_refused(self, nonsense):
        with pytest.raises(Refusal, match="changed"):
            links.opened(nonsense, "ann", "Patient", None)

    def test_it_is_of_whom_it_was_given_to_and_of_its_search(self):
        made = links.token("ann", "Patient", self.asked(), Place(key=[1]), None)
        for who, kind, within in (("ben", "Patient", None), ("ann", "Observation", None),
                                  ("ann", "Patient", ("Patient", "a"))):  # fmt: skip
            with pytest.raises(Refusal):
                links.opened(made, who, kind, within)
