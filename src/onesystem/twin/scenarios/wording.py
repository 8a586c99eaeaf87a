"""A change in a sentence, and the lines that tell two models apart. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from onesystem.twin.network.model import OUT
from onesystem.twin.scenarios import changes as of


def sentence(change: of.Change) -> str:  # noqa: C901, PLR0911 - a line for each kind
    """What a change says, as a planner would."""
    when, who = _when(change), _who(getattr(change, "who", {}))
    match change:
        case of.Places(service=service, more=more, to=to, times=times):
            if to is not None:
                return f"{service} has {to} places{when}"
            if times is not None:
                return f"{service} has {_percent(times)} places{when}"
            number = more or 0
            less = "more" if number >= 0 else "fewer"
            return f"{service} has {abs(number)} {less} place{'s' * (abs(number) != 1)}{when}"
        case of.Staffing(service=service):
            return f"{service} has another roster{when}"
        case of.Close(service=service, instead=instead):
            return f"{service} takes nobody new{when}; its people {_go(instead)}"
        case of.Open(service=service, like=like, places=places):
            return f"{service} opens{when} with {places} places, and works like {like}"
        case of.Arrivals(times=times, inflow=inflow, hours=hours):
            where = f" with {inflow}" if inflow else ""
            clock = f" between {hours[0]:02g}:00 and {hours[1]:02g}:00" if hours else ""
            return f"{_percent(times).capitalize()} people come{who}{where}{clock}{when}"
        case of.Send(leaving=leaving, share=share, to=to, instead_of=other):
            narrowed = f" who would {_go(other)}" if other else ""
            return (
                f"{share * 100:.3g}% of those{who} from {leaving}{narrowed} {_go(to)} instead{when}"
            )
        case of.Stays(times=times, service=service, over=over):
            long = f" over {over if isinstance(over, str) else f'{over:g}'}" if over else ""
            return f"Stays{long} at {service or 'every service'}{who} are {_length(times)}{when}"
        case of.Patience(service=service, times=times):
            return f"People{who} wait {_length(times)} at {service} before they leave{when}"
    return change.word


def _percent(times: float) -> str:
    if times == 1:
        return "as many"
    return _part(times, "more", "fewer")


def _length(times: float) -> str:
    return "as long" if times == 1 else _part(times, "longer", "shorter")


def _part(times: float, above: str, below: str) -> str:
    return f"{abs(times - 1) * 100:.3g}% {above if times > 1 else below}"


def _go(to: str) -> str:
    return "leave" if to == OUT else f"go to {to}"


def _who(who: of.Who) -> str:
    said = " and ".join(
        f"{'' if name == 'class' else name + ' '}{' or '.join(levels)}"
        for name, levels in who.items()
    )
    return f" ({said})" if said else ""


def _when(change: of.Change) -> str:
    since = "" if change.since is None else f" from {_moment(change.since)}"
    return since if change.until is None else f"{since} until {_moment(change.until)}"


def _moment(moment: of.Moment) -> str:
    if isinstance(moment, date):
        return f"{moment:%-d %B %Y}"
    return f"{moment:g}"


def diff(before: Any, after: Any, at: str = "") -> Iterator[str]:
    """What tells two models (as plain JSON) apart, line by line: `- ` was, `+ ` is."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(key for key in after if key not in before)):
            yield from diff(before.get(key), after.get(key), f"{at}.{key}" if at else str(key))
        return
    if before is not None:
        yield f"- {at}: {_short(before)}"
    if after is not None:
        yield f"+ {at}: {_short(after)}"


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
