"""A model in words, without a page."""

import json

from onesystem.twin import model_of, presenters


def test_where_people_go_on_to_is_short_on_the_page_and_whole_in_the_file():
    """The ways that most people take, and how many more there are."""
    wards = {f"Ward {n}": 0.1 for n in range(1, 7)}
    nodes = {name: {"servers": 5, "service": {"exponential": 10}} for name in wards}
    ed = {"servers": 6, "service": {"exponential": 2}, "next": wards | {"out": 0.4}}
    model = model_of(json.dumps({
        "name": "Six wards", "horizon": 100, "nodes": {"ED": ed, **nodes},
        "arrivals": {"calls": {"node": "ED", "rate": 1}},
    }))  # fmt: skip
    ways = {("ED", name): float(n) for n, name in enumerate(wards)}
    row = presenters.services(model, {}, ways, {}).all_rows[0]
    assert (row[-1].text, row[-1].note) == ("Ward 6, Ward 5, Ward 4, Ward 3", "and 2 more")
    assert row[-1].value == "Ward 6, Ward 5, Ward 4, Ward 3, Ward 2, Ward 1"
