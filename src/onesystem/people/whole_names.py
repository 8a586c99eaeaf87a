"""A whole name in one column, parted into the family name and the given names."""

import re

_ASIDE = re.compile(r"\([^)]*\)|\"[^\"]*\"")  # a nickname, or a title put behind
_TITLES = {
    *("mr", "mrs", "ms", "miss", "mx", "master", "dr", "prof", "professor", "sir", "dame", "lord"),
    *("lady", "rev", "revd", "fr", "sr", "jr", "snr", "jnr"),
}
# Words that begin a family name of several words.
_PARTICLES = {
    *("van", "von", "der", "den", "de", "del", "della", "da", "dos", "das", "di", "du", "la", "le"),
    *("el", "al", "bin", "binti", "ibn", "te", "ter", "ten", "zu", "af"),
}


def parted(name: str) -> tuple[str, str]:
    """The family name and the given names of a whole name, as either order is written.

    A comma or capitals tell the family name; without them it is the last word, with the small
    words that belong to it.

    >>> parted("Hughes, Siân Mary"), parted("Mrs Siân Mary Hughes"), parted("HUGHES Siân")
    (('Hughes', 'Siân Mary'), ('Hughes', 'Siân Mary'), ('HUGHES', 'Siân'))
    >>> parted("Ludwig van der Berg"), parted("Aroha (Ms)"), parted("")
    (('van der Berg', 'Ludwig'), ('Aroha', ''), ('', ''))
    """
    before, comma, behind = _ASIDE.sub(" ", name).partition(",")
    words = _words(before)
    if comma and _words(behind):
        return " ".join(words), " ".join(_words(behind))
    if len(words) < 2:
        return "".join(words), ""
    shouted = [word for word in words if len(word) > 1 and word.isupper()]
    if shouted and len(shouted) < len(words):
        return " ".join(shouted), " ".join(word for word in words if word not in shouted)
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return " ".join(words[at:]), " ".join(words[:at])


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word.strip(".,").lower() not in _TITLES]
