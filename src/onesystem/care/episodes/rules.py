"""What may not be done to an episode, with the rule that says so and the cure. Pure.

Each function raises UserError where it may not, and gives nothing where it may.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from onesystem.care.episodes.episode import ENDED, HOME, OUTCOMES, PLANNED, Episode
from onesystem.care.episodes.money import price_of, working
from onesystem.care.episodes.packages import Ask, Kind, Package
from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import needed


@dataclass(frozen=True, slots=True)
class Beyond:
    """That somebody goes beyond a rule: with which roles they hold, and why."""

    roles: Collection[str]
    reason: str


def open_(episode: Episode, *, does: str) -> None:
    """An episode that ended is done with."""
    if episode.state == ENDED:
        came = OUTCOMES.get(episode.outcome, episode.outcome).lower()
        raise UserError(
            say("this episode ended already ({came})", came=came),
            say("Take the end back to {does}, or start a new one.", does=does),
        )


def at_home(episode: Episode, *, does: str) -> None:
    """Only somebody who is at home under care can be visited, reviewed and so on."""
    open_(episode, does=does)
    if episode.state != HOME:
        raise UserError(
            "the person is not at home under care yet", say("Start it to {does}.", does=does)
        )


def unchanged(episode: Episode, seen: int, said: str) -> None:
    """Two people at once: who comes second is told who did what."""
    if seen and seen != episode.steps:
        last = episode.last
        who = (
            say("{by} was quicker ({verb})", by=last.by, verb=last.verb)
            if last
            else say("somebody was quicker")
        )
        raise UserError(
            say("{who}: {said} was not done", who=who, said=said),
            "Look at what stands now, and do it again if it is still right.",
        )


def amounts(asks: Iterable[Ask], kinds: Mapping[str, Kind], days: int) -> None:
    """Amounts that a package may have: so many a day at most, for no longer than it lasts."""
    some = [ask for ask in asks if ask.amount]
    if not some:
        raise UserError("the package is empty", "Order one thing at least.")
    for ask in some:
        if ask.kind not in kinds:
            raise UserError(
                say("there is nothing called {kind}", kind=repr(ask.kind)), nearest(ask.kind, kinds)
            )
        kind = kinds[ask.kind]
        if ask.a_day < 0 or ask.days < 0:
            raise UserError(
                say("{title}: the amount is under nothing", title=kind.title),
                "Write a whole number.",
            )
        if ask.a_day > kind.most_a_day:
            raise UserError(
                say(
                    "{title}: {a_day} a day are more than {most_a_day}",
                    title=kind.title,
                    a_day=ask.a_day,
                    most_a_day=kind.most_a_day,
                ),
                say(
                    "Rule: at most {most_a_day} a day. Order fewer a day, for longer.",
                    most_a_day=kind.most_a_day,
                ),
            )
        if ask.days > days:
            raise UserError(
                say(
                    "{title}: {days} days are more than the {days2} of the episode",
                    title=kind.title,
                    days=ask.days,
                    days2=days,
                ),
                "Order fewer days, or extend the episode first.",
            )


def lasts(package: Package, days: int, beyond: Beyond | None = None) -> None:
    """The time limit of a package."""
    if days < 1:
        raise UserError("an episode lasts a day at least", "Write for how many days.")
    if days > package.most_days and not allowed(package, beyond):
        raise UserError(
            say(
                "{days} days are more than the {most_days} of “{title}”",
                days=days,
                most_days=package.most_days,
                title=package.title,
            ),
            say("Rule: time limit of the package. {who}", who=_who(package)),
        )


def within_cap(
    package: Package, cap: int, total: int, more: int, beyond: Beyond | None = None,
    *, currency: str = "GBP",
) -> int:  # fmt: skip
    """The cap of a package; gives the sum up to which somebody went beyond it (0: nobody)."""
    if total + more <= cap:
        return 0
    if allowed(package, beyond):
        return total + more
    over = Money(total + more - cap, currency)
    raise UserError(
        say("this is {over} over the cap of {money}", over=over, money=Money(cap, currency)),
        say(
            "Rule: money cap of “{title}”. Order less, or: {who}",
            title=package.title,
            who=_who(package),
        ),
    )


def added(
    episode: Episode, package: Package, kind: Kind, ask: Ask, beyond: Beyond | None = None,
    *, done: Mapping[int, int] | None = None, currency: str = "GBP",
) -> int:  # fmt: skip
    """One more line; gives the sum up to which somebody went beyond the cap (0: nobody)."""
    open_(episode, does="order more")
    amounts([ask], {kind.name: kind}, episode.days)
    total = max(working(episode).total, working(episode, done).total)
    more = price_of(ask.a_day, ask.days, kind.price)
    return within_cap(package, episode.allowed, total, more, beyond, currency=currency)


def visited(episode: Episode, number: int) -> None:
    """One of a line was done: of one that stands, and no more than was ordered."""
    at_home(episode, does=say("say that a visit was made"))
    line = episode.line(number)
    if line is None or line.stopped:
        raise UserError("that line of the package does not stand", "Choose one that does.")
    if sum(each.said["line"] == number for each in episode.visits) >= line.amount:
        raise UserError(
            say("all {amount} of “{title}” were done", amount=line.amount, title=line.title),
            "Order more first.",
        )


def extends(episode: Episode, package: Package, days: int, reason: str,
            beyond: Beyond | None = None) -> None:  # fmt: skip
    """More days, with a reason."""
    at_home(episode, does=say("extend it"))
    if days < 1:
        raise UserError("nothing to extend by", "Write by how many days.")
    needed(reason, say("no reason was said"), say("Say in a few words why it takes longer."))
    lasts(package, episode.days + days, beyond)


def ends(episode: Episode, outcome: str) -> None:
    """An end has an outcome, and there is one end."""
    open_(episode, does="end it another way")
    if outcome not in OUTCOMES:
        raise UserError("no episode ends without an outcome", "Choose what came of it.")
    if episode.state == PLANNED and outcome == "stayed home":
        raise UserError("nobody was at home under it", "Choose “Never started”, or start it.")
    if episode.state == HOME and outcome == "not started":
        raise UserError("it was started", "Choose what came of it.")


def eligible(package: Package, flags: Collection[str], unmet: Collection[str], *, asked: bool,
             reason: str = "") -> None:  # fmt: skip
    """Red flags exclude; what is not met is said why; nothing passes unasked."""
    if flags:
        raise UserError(
            say("not at home: {flags}", flags="; ".join(sorted(flags)).lower()),
            say(
                "Rule: red flags of “{title}” exclude. Send the person to hospital, or ask for "
                "advice now.",
                title=package.title,
            ),
        )
    if not asked:
        raise UserError("the red flags were not asked about", "Look for each, and say so.")
    if unmet and not reason.strip():
        raise UserError(
            say("not met: {unmet}", unmet="; ".join(unmet)),
            "Choose another package, or say why this one is right all the same.",
        )


def allowed(package: Package, beyond: Beyond | None) -> bool:
    """Whether somebody may go beyond a rule of the package, and says why."""
    return bool(
        beyond and len(beyond.reason.strip()) > 2 and set(beyond.roles) & set(package.override)
    )


def _who(package: Package) -> str:
    roles = ", ".join(role.replace("-", " ") for role in package.override)
    return (
        say("May go beyond it with a reason: {roles}.", roles=roles)
        if roles
        else say("Nobody may go beyond it.")
    )
