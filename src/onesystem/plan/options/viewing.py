"""What the served district says of the services of its twin: whose they are, and who pays."""

from collections import defaultdict

from onesystem.budget.funds import books
from onesystem.budget.funds import reading as funds
from onesystem.district import District, current
from onesystem.flow.measures import population, who
from onesystem.plan.options import homes
from onesystem.plan.options.figuring import View
from onesystem.plan.options.option import DELIVERS, FUNDERS
from onesystem.twin.calibration import traits
from onesystem.twin.calibration.district import nodes_of
from onesystem.twin.network.model import CLASS, Model
from onesystem.vocabulary.said import say, say_each

_COUNCIL = {"home care", "care home", "meals"}
_SEVERAL = say_each({
    "ward": "Several hospitals", "ED": "Several hospitals", "outpatient": "Several hospitals",
    "diagnostics": "Several hospitals", "community": "Several community teams",
})  # fmt: skip
_ONE_OF = (
    ("community", (say("community trust"), say("community nursing"))),
    ("council", ("council",)),
)
_ALL_OF = say_each({
    "general practice": "General practices", "pharmacy": "Pharmacies",
    "home care": "Home care agencies", "care home": "Care homes",
})  # fmt: skip
_KINDS = say_each({  # of an organisation: which of the funders it is
    "integrated care board": "health", "health board": "health", "clinical commissioning group":
    "health", "district health board": "health", "health district": "health", "council": "council",
    "acute trust": "hospital", "hospital": "hospital",
})  # fmt: skip


def view(model: Model, people: float, *, opened: tuple[str, ...] = ()) -> View:
    """The services of a model as the district knows them; those that are opened are not in it."""
    here = current()
    settings = {name: node.setting for name, node in model.nodes.items() if name not in opened}
    kinds = [*(model.classes if len(model.classes) > 1 else ())]
    levels = [f"{name} {level}" for name, of in model.attributes.items()
              if name not in (CLASS, traits.HOME, traits.DEPRIVED)
              for level in of.levels]  # fmt: skip
    return View(
        settings=settings, places={n: each.place for n, each in model.nodes.items()},
        organisations=_whose(here, settings), payers=payers(set(settings.values())),
        groups=[*kinds, *levels], people=people,
        homes=_lived(model, traits.HOME, "area"), fifths=_lived(model, traits.DEPRIVED),
    )  # fmt: skip


def _lived(model: Model, trait: str, by: str = "") -> homes.Places:
    """Each level of a trait of where people live, but the last: its group, and who lives there."""
    if trait not in model.attributes:
        return {}
    councils = who.councils() if by else {}
    people: dict[str, float] = defaultdict(float)
    counted = population.Counts((by or trait,)).years
    for (code,), bands in (counted[max(counted)] if counted else {}).items():
        people[councils.get(code, code)] += sum(bands.values())
    levels = model.attributes[trait].levels[:-1]
    elsewhere = sum(n for place, n in people.items() if place and place not in levels)
    return {
        level if by else say("Fifth {level}", level=level): (
            f"{trait} {level}", elsewhere if level == traits.ELSEWHERE else people[level]
        )
        for level in levels
    }  # fmt: skip


def _whose(here: District, settings: dict[str, str]) -> dict[str, str]:
    """Each service's organisation by name; of several together, what they are."""
    owners: dict[str, set[str]] = defaultdict(set)
    for code, node in nodes_of(here).items():
        owners[node].add(here.services[code].organisation)
    made = {}
    for node, setting in settings.items():
        mine = owners.get(node, set())
        known = here.organisations.get(next(iter(mine))) if len(mine) == 1 else None
        made[node] = (
            known.name
            if known
            else _ALL_OF.get(setting)
            or _SEVERAL.get(setting, say("Several: {setting}", setting=setting))
        )
    return made


def payers(settings: set[str]) -> dict[str, dict[str, float]]:
    """Who pays for each kind of service, as shares: by what was given to the funds of its lines.

    Where no line of a fund names the kind, councils pay for home care, care homes and meals, and
    the health board for everything else.
    """
    given = books.contributed(funds.year_at())
    here = current()
    found: dict[str, dict[str, float]] = {}
    for setting in settings:
        mine = {line.fund for line in funds.lines(setting=setting)} if setting else set()
        shares: dict[str, float] = defaultdict(float)
        for (fund, organisation), amount in given.items():
            if fund in mine and organisation in here.organisations and amount > 0:
                kind = _KINDS.get(here.organisations[organisation].kind, "")
                shares[kind or "health"] += amount
        whole = sum(shares.values())
        usual = "council" if setting in _COUNCIL else "health"
        found[setting] = {k: v / whole for k, v in shares.items()} if whole else {usual: 1.0}
    return found


def funders() -> dict[str, str]:
    """The funders in the words of this district: their kind, and who it is where one is known."""
    here = current()
    made = {}
    for kind, words in FUNDERS.items():
        some = [o.name for o in here.organisations.values()
                if _KINDS.get(o.kind) == kind and getattr(o, "until", None) is None]  # fmt: skip
        made[kind] = say("{kind} ({name})", kind=words, name=some[0]) if len(some) == 1 else words
    return made


def deliverers() -> dict[str, str]:
    """Who would deliver each kind of option: the one of that kind, else the kind in words."""
    here = current()
    made = {**DELIVERS, "general practice": _ALL_OF["general practice"]}
    for kind, of in _ONE_OF:
        some = [o.name for o in here.organisations.values() if o.kind in of]
        made[kind] = some[0] if len(some) == 1 else DELIVERS[kind]
    hospitals = [o.name for o in here.organisations.values() if _KINDS.get(o.kind) == "hospital"]
    made["hospital"] = hospitals[0] if len(hospitals) == 1 else _SEVERAL["ward"]
    return made
