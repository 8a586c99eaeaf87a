"""The words of the language in which measures are written: fields and functions, and what they are.

Everything that an expression may name stands here; there is nothing else to call.
"""

from dataclasses import dataclass

from onesystem.flow.measures.tree import Kind

# In the order in which the reference engine holds a unit.
FIELDS: dict[str, tuple[Kind, str]] = {
    "contact": (Kind.WHOLE, "its id; of a spell, the id of its first stretch"),
    "service": (Kind.TEXT, "the code of the service; of a spell, of its first stretch"),
    "setting": (Kind.TEXT, "the kind of service, such as ED or ward"),
    "organisation": (Kind.TEXT, "the code of the organisation that runs the service"),
    "place": (Kind.TEXT, "the code of the place where the service is"),
    "source": (Kind.TEXT, "the code of the source that told of it"),
    "requested": (Kind.TIME, "when it was asked for"),
    "started": (Kind.TIME, "when it began"),
    "ready": (Kind.TIME, "when the person was ready to leave; of a spell, of its last stretch"),
    "ended": (Kind.TIME, "when it ended; unknown while it goes on"),
    "planned": (Kind.TIME, "when it was due to start"),
    "bed": (Kind.TEXT, "the bed"),
    "mode": (Kind.TEXT, "how the person came, or how it was held"),
    "urgency": (Kind.TEXT, "how urgent, as the source says"),
    "reason": (Kind.TEXT, "why: words or a code, as the source sends it"),
    "outcome": (Kind.TEXT, "how it ended; of a spell, its last stretch"),
    "by": (Kind.TEXT, "who saw the person"),
    "known_at": (Kind.TIME, "when this version of it became known"),
    "last_service": (Kind.TEXT, "of a spell: the service of its last stretch"),
    "stretches": (Kind.WHOLE, "of a spell: how many contacts it consists of"),
    "born": (Kind.WHOLE, "the person's day of birth, in days since 1970"),
    "died": (Kind.WHOLE, "the person's day of death, in days since 1970"),
    "sex": (Kind.TEXT, "the person's sex, as recorded"),
    "practice": (Kind.TEXT, "the practice that the person is registered with"),
    "area": (Kind.TEXT, "the postcode district of the person's address"),
    "deprivation": (
        Kind.TEXT,
        "the fifth of deprivation of their area, 1 the most deprived",
    ),
    "until": (Kind.TIME, "when it ended or, while it goes on, the last moment that is known"),
    "now": (Kind.TIME, "the last moment that is known"),
}
INDEX = {name: at for at, name in enumerate(FIELDS)}
TIMES = ("requested", "started", "ready", "ended", "planned")
TEXTS = ("source", "bed", "mode", "urgency", "reason", "outcome", "by")
OF_SERVICE = ("organisation", "place")
OF_PERSON = ("born", "died", "sex", "practice", "area", "deprivation")


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the kinds of its arguments, what it gives, and what it means.

    `literal` is the place of the first argument that must be a literal text; `many` lets the last
    argument be repeated.
    """

    takes: tuple[Kind, ...]
    gives: Kind
    words: str
    literal: int = 99
    many: bool = False


_T, _X, _W, _N, _F = Kind.TIME, Kind.TEXT, Kind.WHOLE, Kind.NUMBER, Kind.FLAG
FUNCTIONS: dict[str, Function] = {
    "known": Function((_T,), _F, "whether a time (or number) is known"),
    "minutes": Function((_T, _T), _N, "minutes from the one to the other, with their fraction"),
    "hours": Function((_T, _T), _N, "hours from the one to the other, with their fraction"),
    "days": Function((_T, _T), _N, "days of 24 hours from the one to the other"),
    "lasted": Function((_T, _T), _W, "milliseconds from the one to the other, to be summed"),
    "nights": Function((_T, _T), _W, "midnights of the district's clocks between the two"),
    "day": Function((_T,), _W, "the day by the district's clocks, counted from 1970"),
    "age": Function((_T,), _W, "whole years of age of the person on that day"),
    "days_after": Function((_T, _W), _T, "so many times 24 hours after a time"),
    "first_known": Function((_T, _T), _T, "the first of the times that is known", many=True),
    "earlier": Function((_T, _T), _T, "the earlier of two times"),
    "later": Function((_T, _T), _T, "the later of two times"),
    "at_most": Function((_W, _W), _W, "the number, or the limit where it is more"),
    "at_least": Function((_W, _W), _W, "the number, or the limit where it is less"),
    "part": Function((_W, _W), _W, "millionths that the one is of the other; unknown of nothing"),
    "in_codes": Function((_X, _X), _F, "whether a text is on a code list", literal=1),
    "starts_with": Function((_X, _X), _F, "whether it begins with one of these", 1, many=True),
    "contains": Function((_X, _X), _F, "whether it contains one of these, in any case", 1, True),
    "price": Function((_X, _X), _W, "pence from a table of prices; nothing where not in it", 1),
}
# Over the other units of the same person; inside, `other.` names a field of theirs.
GATHER: dict[str, Function] = {
    "exists": Function((_F,), _F, "whether there is another of which this holds"),
    "count": Function((_F,), _W, "how many others this holds of"),
    "total": Function((_W, _F), _W, "the sum of a number over the others of which this holds"),
    "earliest": Function((_T, _F), _T, "the earliest time of the others of which this holds"),
    "latest": Function((_T, _F), _T, "the latest time of the others of which this holds"),
    "distinct": Function((_X, _F), _W, "how many different texts the others have"),
    "largest": Function((_X, _F), _W, "how many of the others share the commonest text"),
    "squares": Function((_X, _F), _W, "the sum of the squares of how many share each text"),
}
ALL_FUNCTIONS = FUNCTIONS | GATHER
