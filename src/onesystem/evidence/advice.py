"""Which design fits: a few questions, the designs that answer them, and why."""

from dataclasses import dataclass

from onesystem.vocabulary.said import say, say_each

TITLES: dict[str, str] = say_each(
    {
        "wedge": "Stepped wedge",
        "rd": "Regression discontinuity",
        "staggered": "Difference in differences, staggered starts",
        "did": "Difference in differences",
        "synth": "Synthetic control",
        "controlled": "Interrupted time series with a control",
        "its": "Interrupted time series",
        "changepoint": "Change-points",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How the change came. `treated` and `untreated` count places; periods are of the measure."""

    date_known: bool = True
    threshold: bool = False
    drawn_order: bool = False
    everybody_in_the_end: bool = False
    same_start: bool = True
    treated: int = 1
    untreated: int = 0
    periods_before: int = 24
    periods_after: int = 12


@dataclass(frozen=True, slots=True)
class Advice:
    """A design, how well it fits (`best`, `possible`, `not`), and why."""

    design: str
    fits: str
    why: str

    @property
    def title(self) -> str:
        """Its name."""
        return TITLES[self.design]


def advise(s: Situation) -> list[Advice]:
    """Every design, best first. The strongest comparison that the situation offers is the best."""
    answers = [_of(design, s) for design in TITLES]
    rank = {"best": 0, "possible": 1, "not": 2}
    fitting = [a for a in answers if a.fits != "not"]
    if fitting:
        first = fitting[0]
        answers = [
            Advice(a.design, "best", a.why) if a is first
            else Advice(a.design, "possible" if a.fits == "best" else a.fits, a.why)
            for a in answers
        ]  # fmt: skip
    return sorted(answers, key=lambda a: rank[a.fits])


def _of(design: str, s: Situation) -> Advice:
    fits, why = {
        "wedge": _wedge, "rd": _rd, "staggered": _staggered, "did": _did, "synth": _synth,
        "controlled": _controlled, "its": _its, "changepoint": _changepoint,
    }[design](s)  # fmt: skip
    return Advice(design, "possible" if fits else "not", why)


def _wedge(s: Situation) -> tuple[bool, str]:
    if not (s.everybody_in_the_end and not s.same_start and s.treated >= 3):
        return False, say("Needs three or more places that all get the change, in steps.")
    if not s.drawn_order:
        return False, say("The order was not drawn by lot: use staggered starts instead.")
    return True, say(
        "All get it, in an order drawn by lot: the strongest that a roll-out can give."
    )


def _rd(s: Situation) -> tuple[bool, str]:
    if s.threshold:
        return True, say("A threshold decides who gets it: those around it are alike.")
    return False, say("Needs a score and a threshold that decides who gets it.")


def _staggered(s: Situation) -> tuple[bool, str]:
    if s.treated + s.untreated < 6 or s.treated < 2:
        return False, say("Needs several places, two or more of them treated.")
    if s.same_start:
        return False, say("All began together: the plain form is enough.")
    return (
        True,
        say("Places began at different times: each is compared only with those not yet treated."),
    )


def _did(s: Situation) -> tuple[bool, str]:
    if not s.same_start:
        return False, say("Places began at different times.")
    if s.treated < 2 or s.untreated < 2:
        return False, say("Needs two or more treated places and two or more untreated.")
    return True, say("Some places got it at one time and others did not.")


def _synth(s: Situation) -> tuple[bool, str]:
    if s.treated != 1 or s.untreated < 5 or s.periods_before < 8:
        return (
            False,
            say("Needs one treated place, five or more others, and eight or more periods before."),
        )
    return True, say(
        "One place got it; a weighted mean of the others stands for what would have been."
    )


def _controlled(s: Situation) -> tuple[bool, str]:
    if not s.date_known or s.untreated < 1:
        return (
            False,
            say("Needs a known date and a series of somewhere else, or of something untouched."),
        )
    if min(s.periods_before, s.periods_after) < 3:
        return False, say("Needs three or more periods before and after.")
    return True, say("A control series takes off what came to everybody at that time.")


def _its(s: Situation) -> tuple[bool, str]:
    if not s.date_known:
        return False, say("Needs a known date.")
    if min(s.periods_before, s.periods_after) < 3:
        return False, say("Needs three or more periods before and after, better eight or more.")
    few = min(s.periods_before, s.periods_after) < 8
    more = say(" Few periods: read the interval with care.") if few else ""
    return True, say("One series and a known date, and nothing to compare with.{more}", more=more)


def _changepoint(s: Situation) -> tuple[bool, str]:
    if s.periods_before + s.periods_after < 8:
        return False, say("Needs eight or more periods.")
    if s.date_known:
        return True, say(
            "Asks the data for the date; a check beside a design that uses the known one."
        )
    return True, say("The date is not known: the data are asked when, and whether, it changed.")
