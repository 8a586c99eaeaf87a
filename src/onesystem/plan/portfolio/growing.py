"""How fast the need for each kind of care grows, as the case for change of an area says."""

from onesystem.vocabulary import BadConfig, NotFound

_LINES = {  # the line of a case that a kind of care follows
    "ward": "occupied", "rehabilitation": "occupied", "ED": "ed", "ambulance": "ambulance",
    "general practice": "gp", "out of hours": "out-of-hours", "telephone": "out-of-hours",
    "outpatient": "planned", "diagnostics": "planned", "community": "community",
    "home care": "home-care", "care home": "care-home", "pharmacy": "medicines",
}  # fmt: skip


def growth(area: str, years: int) -> dict[str, float]:
    """A year's growth of each kind of care over so many years; empty where there is no case."""
    if not area:
        return {}
    from onesystem.plan.areas.catalogue import find
    from onesystem.plan.case.queries import do_nothing

    try:
        case = do_nothing(area if area.startswith("own-") else find(area).code)
    except (NotFound, BadConfig):
        return {}
    first = case.years[0]
    last = min(first + years, case.years[-1])
    found = {}
    for setting, key in _LINES.items():
        if key in case.figures and (now := case.at(key, first)) > 0:
            rate = (case.at(key, last) / now) ** (1 / max(last - first, 1)) - 1
            found[setting] = round(rate, 6)
    return found
