"""A change in a sentence, and the lines that tell two models apart. Pure."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from onesystem.twin.network.model import OUT
from onesystem.twin.scenarios import changes as of
from onesystem.vocabulary.said import say


def sentence(change: of.Change) -> str:  # noqa: C901, PLR0911 - a line for each kind
    """What a change says, as a planner would."""
    when, who = _when(change), _who(getattr(change, "who", {}))
    match change:
        case of.Places(service=service, more=more, to=to, times=times):
            if to is not None:
                return say("{service} has {to} places{when}", service=service, to=to, when=when)
            if times is not None:
                return say(
                    "{service} has {times} places{when}",
                    service=service,
                    times=_percent(times),
                    when=when,
                )
            number = more or 0
            less = "more" if number >= 0 else "fewer"
            return say(
                "{service} has {number} {less} place{number2}{when}",
                service=service,
                number=abs(number),
                less=less,
                number2="s" * (abs(number) != 1),
                when=when,
            )
        case of.Staffing(service=service):
            return say("{service} has another rota{when}", service=service, when=when)
        case of.Close(service=service, instead=instead):
            return say(
                "{service} takes nobody new{when}; its people {go}",
                service=service,
                when=when,
                go=_go(instead),
            )
        case of.Open(service=service, like=like, places=places):
            return say(
                "{service} opens{when} with {places} places, and works like {like}",
                service=service,
                when=when,
                places=places,
                like=like,
            )
        case of.Arrivals(times=times, inflow=inflow, hours=hours):
            where = say(" with {inflow}", inflow=inflow) if inflow else ""
            clock = (
                say(
                    " between {hours}:00 and {hours2}:00",
                    hours=f"{hours[0]:02g}",
                    hours2=f"{hours[1]:02g}",
                )
                if hours
                else ""
            )
            return say(
                "{times} people come{who}{where}{clock}{when}",
                times=_percent(times).capitalize(),
                who=who,
                where=where,
                clock=clock,
                when=when,
            )
        case of.Send(leaving=leaving, share=share, to=to, instead_of=other):
            narrowed = say(" who would {go}", go=_go(other)) if other else ""
            return say(
                "{share}% of those{who} from {leaving}{narrowed} {go} instead{when}",
                share=f"{share * 100:.3g}",
                who=who,
                leaving=leaving,
                narrowed=narrowed,
                go=_go(to),
                when=when,
            )
        case of.Stays(times=times, service=service, over=over):
            long = (
                say(
                    " over {if_isinstance}",
                    if_isinstance=over if isinstance(over, str) else f"{over:g}",
                )
                if over
                else ""
            )
            return say(
                "Stays{long} at {service}{who} are {times}{when}",
                long=long,
                service=service or "every service",
                who=who,
                times=_length(times),
                when=when,
            )
        case of.Patience(service=service, times=times):
            return say(
                "People{who} wait {times} at {service} before they leave{when}",
                who=who,
                times=_length(times),
                service=service,
                when=when,
            )
    return change.word


def _percent(times: float) -> str:
    if times == 1:
        return say("as many")
    return _part(times, "more", "fewer")


def _length(times: float) -> str:
    return say("as long") if times == 1 else _part(times, "longer", "shorter")


def _part(times: float, above: str, below: str) -> str:
    return f"{abs(times - 1) * 100:.3g}% {above if times > 1 else below}"


def _go(to: str) -> str:
    return say("leave") if to == OUT else say("go to {to}", to=to)


def _who(who: of.Who) -> str:
    said = " and ".join(
        f"{'' if name == 'class' else name + ' '}{' or '.join(levels)}"
        for name, levels in who.items()
    )
    return f" ({said})" if said else ""


def _when(change: of.Change) -> str:
    since = "" if change.since is None else say(" from {moment}", moment=_moment(change.since))
    return (
        since
        if change.until is None
        else say("{since} until {moment}", since=since, moment=_moment(change.until))
    )


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
