"""Cases with a score and an outcome, as a page takes them: typed, pasted, or of a file. Pure.

What a threshold is on, a frailty score or points on a list, no measure of the district knows. So
these figures come as a table of two columns without anybody's name.
"""

import math

from onesystem.vocabulary.said import say

MOST = 20_000
Cases = tuple[tuple[float, float], ...]


def cases(text: str) -> Cases:
    """Lines of score and outcome, parted by a comma, semicolon, tab or spaces.

    A first line of words is their head. Raises ValueError naming the line and what is wrong.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = line.replace(";", ",").replace("\t", ",").strip().strip(",")
        if not cells:
            continue
        parts = [c.strip() for c in cells.split(",")] if "," in cells else cells.split()
        if number == 1 and not any(_is_number(part) for part in parts):
            continue
        if len(parts) != 2 or not all(_is_number(part) for part in parts):
            raise ValueError(
                say(
                    "line {number} is {line}: write a score, an outcome",
                    number=number,
                    line=repr(line.strip()[:40]),
                )
            )
        found.append((float(parts[0]), float(parts[1])))
    if len(found) > MOST:
        raise ValueError(
            say(
                "{found} lines are more than the {most} that a page takes",
                found=f"{len(found):,}",
                most=f"{MOST:,}",
            )
        )
    return tuple(found)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
