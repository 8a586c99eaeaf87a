"""A small district's twin with services of every kind, and who plans and reviews, for tests."""

import json

from onesystem.access import Actor
from onesystem.plan.options import actions
from onesystem.twin import standing

PIA = Actor(name="pia", roles=frozenset({"planner"}), organisation="hospital")
FRANKIE = Actor(name="frankie", roles=frozenset({"critical-friend"}))
AGES = {"under 18": 0.2, "18 to 74": 0.5, "75 and more": 0.3}


def node(setting, hours, servers=None, where=None, **more):
    """A service of a setting with stays of so many hours, and where people go on."""
    made = {"setting": setting, "service": {"exponential": hours}}
    made |= {"servers": servers} if servers else {}
    return made | ({"next": where} if where else {}) | more


NODES = {
    "Ambulance": node("ambulance", 1, 5, {"ED one": 0.6, "ED two": 0.4}),
    "ED one": node("ED", 3, 6, {"Ward one": 0.4, "out": 0.6}, place="One"),
    "ED two": node("ED", 3, 4, {"Ward two": 0.4, "out": 0.6}, place="Two"),
    "Ward one": node("ward", 120, 30, {"Rehabilitation": 0.1, "out": 0.9}, place="One"),
    "Ward two": node("ward", 120, 20, {"Rehabilitation": 0.1, "out": 0.9}, place="Two"),
    "Rehabilitation": node("rehabilitation", 300, 20),
    "Clinics": node("outpatient", 0.5, {"changes": [[0, 0], [8, 8], [17, 0]], "every": 24}),
    "Tests": node("diagnostics", 1),
    "Practices": node("general practice", 0.2, 20, {"Tests": 0.05, "out": 0.95}),
    "Out of hours": node("out of hours", 0.3, 2),
    "District nurses": node("community", 0.5, 8),
    "Home care": node("home care", 24),
}
RATES = {
    "Ambulance": 0.25, "ED one": 0.2, "ED two": 0.12, "Clinics": 1.5, "Tests": 1.0,
    "Practices": 8.0, "Out of hours": 0.4, "District nurses": 1.0, "Home care": 0.2,
}  # fmt: skip
MODEL = {
    "name": "A small district", "horizon": 1400, "warm_up": 200, "replications": 3,
    "starts": "2026-01-05T00:00:00+00:00", "classes": list(AGES), "nodes": NODES,
    "living": {"under 18": 20_000, "18 to 74": 60_000, "75 and more": 20_000},
    "arrivals": {
        name: {"node": name, "class": AGES, "rates": [rate] * 24, "every": 24}
        for name, rate in RATES.items()
    },
}  # fmt: skip


def twin(district):
    """Make it the twin of a district."""
    (district.path / standing.FILE).write_text(json.dumps(MODEL), encoding="utf-8")


def begun(*keys, **more):
    """A plan with these options; its slug."""
    slug = actions.begin(name="Winter without gridlock", by=PIA, **more)
    for key in keys:
        actions.take(plan=slug, key=key, by=PIA)
    return slug
