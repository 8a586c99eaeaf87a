"""The demo's money: funds with who gives to them, lines for what is done, fences, goals and moves.

What a line is given follows from what its services did and cost in the year before, at the same
costs as the district's own contacts; what is not in the log (mental health, prevention, running
costs) is a stated share of that. Mental health and public health are ring-fenced.
"""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from onesystem.access import Actor
from onesystem.budget.costing import actions as costing
from onesystem.budget.costing import queries as costs
from onesystem.budget.funds import actions, queries
from onesystem.budget.funds.acts import Transfer
from onesystem.budget.funds.shape import Line
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.months import Year, later
from onesystem.district import current

FINANCE = Actor(name="finance", roles=frozenset({"finance"}), organisation="icb")
_GROWTH = Fraction(1045, 1000)  # of a year's plan over the year before
_ROOM = Fraction(103, 100)  # of a plan over what it was worked out from
GOALS = (
    ("home-first", "More days at home for older people", "days-at-home"),
    ("calm-ed", "Nobody waits long in an emergency department", "ed-4-hours"),
    ("short-waits", "Shorter waits for planned care", "rtt-18-weeks"),
    ("close-by", "Care by people who know you, close to home", "continuity-usual-provider"),
    ("steady-mind", "Help with mental health before it is a crisis", ""),
    ("fair-start", "Fewer years lost to what can be prevented", ""),
)
# What a setting is for, which fund pays, and which goal it serves.
_SETTINGS = {
    "ED": ("urgent and emergency care", "nhs", "calm-ed"),
    "ambulance": ("urgent and emergency care", "nhs", "calm-ed"),
    "out of hours": ("urgent and emergency care", "nhs", "calm-ed"),
    "telephone": ("urgent and emergency care", "nhs", ""),
    "ward": ("hospital care", "nhs", "home-first"),
    "outpatient": ("planned care", "nhs", "short-waits"),
    "diagnostics": ("planned care", "nhs", "short-waits"),
    "general practice": ("primary care", "nhs", "close-by"),
    "pharmacy": ("primary care", "nhs", ""),
    "community": ("community health", "nhs", "home-first"),
    "rehabilitation": ("community health", "nhs", "home-first"),
    "home care": ("adult social care", "council", "home-first"),
    "care home": ("adult social care", "council", "home-first"),
    "meals": ("adult social care", "council", "home-first"),
}
_SHORT = {"nnuh": "NNUH", "jpuh": "JPUH", "qehkl": "QEH"}
_WORDS = {
    "ED": "emergency department", "ward": "wards", "outpatient": "clinics",
    "diagnostics": "tests and imaging", "pharmacy": "community pharmacies",
    "community": "community nursing and therapy", "rehabilitation": "rehabilitation beds",
    "care home": "care homes", "meals": "meals at home", "ambulance": "emergency ambulance",
    "telephone": "urgent care by telephone",
}  # fmt: skip
# Services with a line of their own, though others of their setting share one.
_APART = ("acute-demand", "falls", "iv-therapy", "palliative", "home-from-hospital")
# What the log does not see: code, name, fund, programme, goal, and its share of what it does see.
_BESIDE = (
    ("mental-health-adults", "Mental health care of adults", "mental-health", "mental health",
     "steady-mind", Fraction(9, 100)),
    ("mental-health-young", "Mental health care of children and young people", "mental-health",
     "mental health", "steady-mind", Fraction(3, 100)),
    ("smoking", "Help to stop smoking", "public-health", "prevention", "fair-start",
     Fraction(8, 1000)),
    ("health-visiting", "Health visiting and school nursing", "public-health", "prevention",
     "fair-start", Fraction(14, 1000)),
    ("running-costs", "Running costs of the board", "nhs", "running costs", "",
     Fraction(11, 1000)),
)  # fmt: skip
_FUNDS = (
    ("nhs", "NHS allocation", "icb", (("core allocation", Fraction(1)),)),
    ("council", "Adult social care", "council",
     (("council budget", Fraction(4, 5)), ("charges to people", Fraction(1, 5)))),
    ("mental-health", "Mental health, ring-fenced", "icb", (("ring-fenced grant", Fraction(1)),)),
    ("public-health", "Public health grant", "council", (("ring-fenced grant", Fraction(1)),)),
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Open the funds and their lines, and do a finance manager's year and a half."""
    if queries.funds():
        return
    this = queries.year_at()
    costing.refresh(by=FINANCE)
    services = _cost(this.before)
    if not services:
        say("No contact is costed, so no fund was opened")
        return
    _open(this.before.first)
    lines = _lines()
    for year, factor in ((this.before, _ROOM), (this, _ROOM * _GROWTH)):
        _plan(year, _amounts(lines, services, factor))
    _fence(this)
    _promise(this)
    _move(this)
    say(f"{len(queries.funds())} funds with {len(queries.lines())} lines and "
        f"{len(queries.fences())} fences, {len(queries.acts())} acts on their plan")  # fmt: skip


def _cost(year: Year) -> dict[str, int]:
    """What each service cost in a year; a log that begins within it is taken for the whole."""
    months = [m for m in costs.months() if year.holds(m)]
    if not months:
        return {}
    sums = {c.key["service"]: c.minor for c in costs.costs(months[0], year.last, by=("service",))}
    return {service: minor * 12 // len(months) for service, minor in sums.items()}


def _open(since: date) -> None:
    for code, name, _, _ in _FUNDS:
        actions.open_fund(code=code, name=name, since=since, by=FINANCE)
    for code, words, measure in GOALS:
        actions.set_goal(code=code, words=words, measure=measure, by=FINANCE)


def _lines() -> list[tuple[Line, tuple[str, ...]]]:
    """Every line with the services that it pays for."""
    here, made = current(), []
    shared: dict[tuple[str, str], list[str]] = {}
    for code, service in here.services.items():
        if service.setting not in _SETTINGS:
            continue
        if code in _APART:
            line = _line(code, service.name, service.organisation, service.setting, (code,))
            made.append((line, (code,)))
        else:
            shared.setdefault((service.organisation, service.setting), []).append(code)
    for (organisation, setting), codes in shared.items():
        name = _name(organisation, setting)
        code = f"{organisation}-{setting.replace(' ', '-')}".lower()
        made.append((_line(code, name, organisation, setting, codes), tuple(codes)))
    for code, name, fund_, programme, goal, _ in _BESIDE:
        line = Line(code=code, name=name, fund=fund_, programme=programme, goal=goal,
                    organisation="council" if fund_ == "public-health" else "icb")  # fmt: skip
        made.append((line, ()))
    for line, _ in made:
        actions.open_line(line=line, by=FINANCE)
    return made


def _name(organisation: str, setting: str) -> str:
    """What people call a line: NNUH wards, Home care, Drayton Medical Practice."""
    whose = current().organisations[organisation].name
    if setting == "general practice":
        return whose
    short = _SHORT.get(organisation)
    what = _WORDS.get(setting, setting)
    return f"{short} {what}" if short else what[:1].upper() + what[1:]


def _line(code: str, name: str, organisation: str, setting: str, services: Iterable[str]) -> Line:
    here, own = current(), list(services)
    programme, fund_, goal = _SETTINGS[setting]
    places = {here.services[each].place for each in own}
    return Line(
        code=code, name=name, fund=fund_, programme=programme, organisation=organisation,
        service=own[0] if code in _APART else "", setting=setting,
        place=(places.pop() or "") if len(places) == 1 else "", goal=goal,
    )  # fmt: skip


def _amounts(
    lines: list[tuple[Line, tuple[str, ...]]], services: dict[str, int], factor: Fraction
) -> dict[str, dict[str, int]]:
    """What each line of each fund is given, in whole hundreds of pounds."""
    seen = sum(services.values())
    shares = {code: share for code, *_, share in _BESIDE}
    made: dict[str, dict[str, int]] = {}
    for line, own in lines:
        cost = shares[line.code] * seen if line.code in shares else sum(
            services.get(each, 0) for each in own
        )  # fmt: skip
        amount = round(cost * factor / 10_000) * 10_000
        if amount > 0:
            made.setdefault(line.fund, {})[line.code] = amount
    return made


def _plan(year: Year, amounts: dict[str, dict[str, int]]) -> None:
    for code, _, giver, kinds in _FUNDS:
        some = amounts.get(code, {})
        if not some:
            continue
        whole = sum(some.values()) + (sum(some.values()) // 200 // 10_000) * 10_000
        left = whole
        for n, (kind, share) in enumerate(kinds):
            amount = left if n == len(kinds) - 1 else round(whole * share)
            left -= amount
            actions.contribute(
                fund=code, organisation=giver, amount=amount, month=year.first, kind=kind,
                words=f"Allocation letter for {year.name}", by=FINANCE,
            )  # fmt: skip
        actions.allot(amounts=some, month=year.first, words=f"Opening budgets of {year.name}",
                      by=FINANCE)  # fmt: skip


def _fence(year: Year) -> None:
    since = year.before.first
    actions.set_fence(
        code="public-health", name="Public health grant", kind="ring", at="fund=public-health",
        basis="contributed", fund="public-health", since=since, by=FINANCE,
        source="Public health grant conditions: spent on public health functions only",
    )  # fmt: skip
    actions.set_fence(
        code="mental-health", name="Mental health money", kind="ring",
        at="programme=mental health", basis="contributed", fund="mental-health", since=since,
        by=FINANCE, source="Allocation letter: for mental health care only",
    )  # fmt: skip
    actions.set_fence(
        code="investment", name="Mental health investment standard", kind="floor",
        at="programme=mental health", basis="last year", share=Fraction(104, 100),
        since=year.first, by=FINANCE,
        source="NHS England: spend on mental health grows at least as the allocation does",
    )  # fmt: skip
    plan = {row.key: row.plan for row in queries.position("setting", month=year.last).rows}
    inside = sum(plan.get(s, 0) for s in ("ED", "ward", "outpatient", "diagnostics"))
    share = Fraction(-(-inside * 100 // sum(plan.values())), 100)
    actions.set_fence(
        code="hospital", name="Hospital's share", kind="ceiling",
        at="setting=ED|ward|outpatient|diagnostics", basis="share", share=share,
        since=year.first, by=FINANCE,
        source="Agreed by the members of the alliance: growth goes outside the hospital",
    )  # fmt: skip


def _promise(year: Year) -> None:
    """The contracts of what the log does not see: promised for a year, and drawn month by month."""
    for each in (year.before, year):
        months = [m for m in each.months if m < queries.this_month()]
        for code, name, *_ in _BESIDE:
            plan = queries.position(
                "line", month=each.last, some=[queries.line(code)]
            ).total.plan  # fmt: skip
            amount = plan // 12 * 12
            if amount <= 0:
                continue
            promise = ledger.reserve(
                line=code, amount=amount, month=each.first, words=f"{name}, {each.name}",
                by=FINANCE, key=f"demo:{code}:{each.name}", organisation="icb",
            )  # fmt: skip
            for month in months:
                ledger.draw(
                    reservation=promise, amount=amount // 12, month=month, by=FINANCE,
                    words=f"{name}: {month:%B %Y}", key=f"demo:{code}:{month:%Y-%m}",
                )  # fmt: skip


def _move(year: Year) -> None:
    """Money that followed people out of the hospital, and one step back."""
    plan = {row.key: row.plan for row in queries.position("line", month=year.last).rows}
    month = max(year.first, later(queries.this_month(), -3))
    wards = [code for code in plan if code.endswith("-ward")]
    gives = max(wards, key=lambda code: plan[code], default="")
    takes = [code for code in ("acute-demand", "falls", "home-from-hospital") if code in plan]
    if not gives or not takes:
        return
    actions.move(
        source=gives, to=takes[0], amount=_part(plan[gives], 100), month=month, by=FINANCE,
        words="Acute demand at home looks after people who would have been admitted",
    )  # fmt: skip
    actions.move_many(
        transfers=[Transfer(gives, code, _part(plan[gives], 300)) for code in takes],
        month=later(month, 1), by=FINANCE, words="Winter: more room at home, fewer beds opened",
    )  # fmt: skip
    wrong = actions.move(
        source=gives, to=takes[-1], amount=_part(plan[gives], 200), month=later(month, 1),
        words="Home from hospital, second team", by=FINANCE,
    )  # fmt: skip
    actions.undo(act=wrong, by=FINANCE, words="The second team is paid by the pooled fund")


def _part(amount: int, of: int) -> int:
    return max(10_000, amount // of // 10_000 * 10_000)
