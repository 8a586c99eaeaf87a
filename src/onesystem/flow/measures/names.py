"""The groups of a measure in words, and in which order they stand."""

from onesystem.district import District
from onesystem.flow.measures import days
from onesystem.vocabulary import Setting
from onesystem.vocabulary.said import say


def word_of(district: District, dimension: str, code: str) -> str:  # noqa: PLR0911 - a table
    """A group in words."""
    match dimension:
        case "service":
            return district.service_name(code)
        case "organisation" if code in district.organisations:
            return district.organisations[code].name
        case "place" if code in district.places:
            return district.places[code].name
        case "practice":
            return practice_name(district, code)
        case "deprivation" if code:
            return say("Fifth {code}", code=code)
        case "setting" if code in set(Setting):
            return code[:1].upper() + code[1:]
    return code or say("Not known")


def practice_name(district: District, code: str) -> str:
    """A practice by its own or its national code."""
    if code in district.organisations:
        return district.organisations[code].name
    for each in district.organisations.values():
        if each.national_code == code:
            return each.name
    return code or say("Not known")


def order_of(dimension: str, words: str) -> tuple[int, str]:
    """Where a group stands among the others: ages by age, the rest by name, the unknown last."""
    if dimension == "age_band" and words in days.WIDE_BANDS:
        return days.WIDE_BANDS.index(words), words
    return (99 if words == "Not known" else 0), words.casefold()
