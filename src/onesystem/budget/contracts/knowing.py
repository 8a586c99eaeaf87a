"""What a contract may name: the district's organisations and services, measures, goals, lines."""

from onesystem.budget.contracts.scoping import Around, Known
from onesystem.budget.funds import queries as funds
from onesystem.district import current, now
from onesystem.flow.measures import library
from onesystem.flow.measures.declaration import Declared
from onesystem.vocabulary import to_local


def around() -> Around:
    """What there is today; what has gone keeps its name, so that old contracts can be read."""
    here = current()
    return Around(
        organisations={code: each.name for code, each in here.organisations.items()},
        services={
            code: Known(name=each.name, organisation=each.organisation,
                        setting=str(each.setting), place=each.place)
            for code, each in here.services.items()
        },
        places={code: each.name for code, each in here.places.items()},
        practices={
            each.national_code or code: each.name
            for code, each in here.organisations.items() if "practice" in str(each.kind)
        },
        measures={name: _measure(each) for name, each in library.everything().items()},
        goals={code: each.words for code, each in funds.goals().items()},
        lines={each.code: each.name for each in funds.lines()},
    )  # fmt: skip


def _measure(each: Declared) -> str:
    return f"{each.title} ({_UNITS.get(each.unit, each.unit)})"


_UNITS = {"percent": "%"}


def organisations_now() -> dict[str, str]:
    """The organisations that there are today, by name: what a new contract chooses from."""
    here = current()
    today = to_local(now(), here.zone).date()
    there = [each for each in here.organisations.values() if each.on(today)]
    return {each.code: each.name for each in sorted(there, key=lambda o: o.name.casefold())}
