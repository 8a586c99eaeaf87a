"""Need: bands, eligibility, carers, continuing healthcare. What somebody has plays no part. Pure.

FACS (2003 to 2015) puts a person in the highest band with any true criterion. The Care Act 2014
asks three things of an adult, and of a carer. Of the decision support tool for NHS continuing
healthcare only the counts of levels are here: its text is loaded by the district that is licensed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from onesystem.vocabulary import UserError, nearest
from onesystem.vocabulary.said import say, say_each

LOW, MODERATE, SUBSTANTIAL, CRITICAL = "low", "moderate", "substantial", "critical"
ORDER = ("none", LOW, MODERATE, SUBSTANTIAL, CRITICAL)

# Rows of the FACS table: what is at risk, and which answer puts somebody in which band.
FACS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "life": ("Life", {"threatened": CRITICAL}),
    "health": ("Health", {"significant problems": CRITICAL}),
    "control": (say("Choice and control over the immediate environment"),
                {"little or none": CRITICAL, "only partial": SUBSTANTIAL}),
    "abuse": (say("Abuse or neglect"), {"serious": CRITICAL, "has or will occur": SUBSTANTIAL}),
    **{
        name: (words, {most: CRITICAL, many: SUBSTANTIAL, "several": MODERATE, "one or two": LOW})
        for name, words, most, many in (
            ("care", say("Personal care and domestic routines that cannot be done"), "vital",
             "the majority"),
            ("work", say("Work, education and learning that cannot be sustained"), "vital",
             "many aspects"),
            ("support", say("Social support that cannot be sustained"), "vital", "the majority"),
            ("roles", say("Family and social roles that cannot be undertaken"), "vital",
             "the majority"),
        )
    },
}  # fmt: skip
FACS_SOURCE = say(
    "Fair Access to Care Services, 2002 and 2010; SCIE guide 33; Health Foundation navigator"
)

OUTCOMES: Mapping[str, str] = say_each(
    {
        "nutrition": "Managing and maintaining nutrition",
        "hygiene": "Maintaining personal hygiene",
        "toilet": "Managing toilet needs",
        "clothing": "Being appropriately clothed",
        "home safely": "Using the home safely",
        "habitable home": "Maintaining a habitable home",
        "relationships": "Developing and maintaining relationships",
        "work": "Work, training, education or volunteering",
        "community": "Using facilities in the community, and transport",
        "child": "Caring for a child",
    }
)
CARER_OUTCOMES: Mapping[str, str] = say_each(
    {
        "child": "Caring for a child",
        "others": "Caring for others",
        "habitable home": "Maintaining a habitable home",
        "nutrition": "Managing and maintaining nutrition",
        "relationships": "Developing and maintaining relationships",
        "work": "Work, training, education or volunteering",
        "community": "Using facilities in the community",
        "recreation": "Recreation",
    }
)
_TWO = 2
_CARE_ACT = say("Care Act 2014, section 13; SI 2015/313, regulation 2")
_CARER = say("Care Act 2014, section 13; SI 2015/313, regulation 3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came of an assessment of need: yes or no, or a band, with each reason and source."""

    eligible: bool
    band: str = ""
    reasons: tuple[str, ...] = ()
    source: str = ""


def facs(answers: Mapping[str, str]) -> Finding:
    """The band: the highest with any true criterion. Raises UserError for an unknown answer."""
    band, reasons = "none", []
    for domain, answer in answers.items():
        if domain not in FACS:
            raise UserError(
                say("there is no domain {domain}", domain=repr(domain)), nearest(domain, FACS)
            )
        words, bands = FACS[domain]
        if not answer:
            continue
        if answer not in bands:
            raise UserError(
                say("{domain} is {answer}", domain=domain, answer=repr(answer)),
                nearest(answer, bands),
            )
        reasons.append(f"{words}: {answer} ({bands[answer]})")
        band = max(band, bands[answer], key=ORDER.index)
    return Finding(eligible=band in {SUBSTANTIAL, CRITICAL}, band=band, reasons=tuple(reasons),
                   source=FACS_SOURCE)  # fmt: skip


def care_act(*, impairment: bool, unable: Collection[str], impact: bool) -> Finding:
    """Whether an adult's needs are eligible: all of three conditions."""
    _known(unable, OUTCOMES)
    named = ", ".join(OUTCOMES[u] for u in OUTCOMES if u in unable) or "none"
    reasons = [
        _yes(impairment, say("Needs arise from a physical or mental impairment or illness")),
        _yes(
            len(set(unable)) >= _TWO,
            say("Unable to achieve two or more outcomes ({named})", named=named),
        ),
        _yes(impact, say("There is, or is likely to be, a significant impact on wellbeing")),
    ]
    eligible = impairment and len(set(unable)) >= _TWO and impact
    return Finding(eligible=eligible, reasons=tuple(reasons), source=_CARE_ACT)


def carer(*, necessary: bool, health: bool, unable: Collection[str], impact: bool) -> Finding:
    """Whether a carer's needs are: necessary care, health at risk or any outcome, and impact."""
    _known(unable, CARER_OUTCOMES)
    affected = health or bool(unable)
    reasons = (
        _yes(necessary, say("Needs arise from providing necessary care")),
        _yes(affected, say("Health is or may become worse, or an outcome cannot be achieved")),
        _yes(impact, say("There is, or is likely to be, a significant impact on wellbeing")),
    )
    return Finding(eligible=necessary and affected and impact, reasons=reasons, source=_CARER)


LEVELS = ("none", "low", "moderate", "high", "severe", "priority")
_P, _S, _H = 5, 4, 3
DOMAINS: Mapping[str, tuple[str, int]] = {
    "breathing": ("Breathing", _P), "nutrition": ("Nutrition", _S),
    "continence": (say("Continence"), _H), "skin": ("Skin", _S), "mobility": ("Mobility", _S),
    "communication": ("Communication", _H),
    "psychological": (say("Psychological and emotional needs"), _H), "cognition": ("Cognition", _S),
    "behaviour": ("Behaviour", _P), "medicines": (say("Medicines and control of symptoms"), _P),
    "consciousness": (say("Altered states of consciousness"), _P), "other": ("Other", _S),
}  # fmt: skip
CHC_SOURCE = say(
    "National framework for NHS continuing healthcare, decision support tool: "
    "counts of levels only; named assumption, general knowledge of the tool"
)


def decision_support(levels: Mapping[str, str]) -> Finding:
    """What the counts of levels say. The tool informs the team's judgement; it is not the decision.

    One priority, or two severe: a clear recommendation. One severe with high or moderate in
    several others, or many of those: it may be, and the team looks at nature, intensity,
    complexity and unpredictability.
    """
    counts = dict.fromkeys(LEVELS, 0)
    for domain, level in levels.items():
        if domain not in DOMAINS:
            raise UserError(
                say("there is no domain {domain}", domain=repr(domain)), nearest(domain, DOMAINS)
            )
        words, top = DOMAINS[domain]
        if level not in LEVELS:
            raise UserError(
                say("{words} is {level}", words=words, level=repr(level)), nearest(level, LEVELS)
            )
        if LEVELS.index(level) > top:
            raise UserError(
                say("{words} goes no higher than {levels}", words=words, levels=LEVELS[top]),
                "Choose a lower level.",
            )
        counts[level] += 1
    clear = counts["priority"] >= 1 or counts["severe"] >= _TWO
    several = counts["high"] + counts["moderate"]
    may_be = not clear and ((counts["severe"] == 1 and several >= _SEVERAL) or several >= _MANY)
    told = ", ".join(f"{n} {level}" for level, n in reversed(counts.items()) if n)
    said = (
        say("a clear recommendation that the NHS pays")
        if clear
        else say("the team looks at nature, intensity, complexity and unpredictability")
        if may_be
        else say("no sign that the main need is for health care")
    )
    return Finding(
        eligible=clear,
        band=CRITICAL if clear else "",
        reasons=(
            say("Levels: {told}", told=told or "none said"),
            say("The counts say: {said}", said=said),
        ),
        source=CHC_SOURCE,
    )


_SEVERAL, _MANY = 3, 6


def checklist(answers: Mapping[str, str]) -> Finding:
    """Whether a full assessment follows: two A, five B, one A and four B, or an A that can be P."""
    a = b = 0
    starred = False
    for domain, letter in answers.items():
        if domain not in DOMAINS:
            raise UserError(
                say("there is no domain {domain}", domain=repr(domain)), nearest(domain, DOMAINS)
            )
        if letter not in {"A", "B", "C"}:
            raise UserError(
                say("{domain} is {letter}", domain=domain, letter=repr(letter)), "Write A, B or C."
            )
        a, b = a + (letter == "A"), b + (letter == "B")
        starred = starred or (letter == "A" and DOMAINS[domain][1] == _P)
    positive = a >= _TWO or b >= _FIVE or (a >= 1 and b >= _FIVE - 1) or starred
    words = say("a full assessment follows") if positive else say("no full assessment is needed")
    return Finding(eligible=positive, reasons=(f"{a} A, {b} B: {words}",), source=CHC_SOURCE)


_FIVE = 5


def _yes(so: bool, words: str) -> str:
    return say("Yes: {words}", words=words) if so else say("No: {words}", words=words)


def _known(some: Collection[str], outcomes: Mapping[str, str]) -> None:
    for each in some:
        if each not in outcomes:
            raise UserError(
                say("there is no outcome {each}", each=repr(each)), nearest(each, outcomes)
            )
