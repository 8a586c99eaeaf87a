"""Which of many options is best, with a stated confidence, at as few replications as it takes.

The sequential procedure KN of Kim and Nelson (A fully sequential procedure for indifference-zone
selection in simulation, ACM TOMACS 11(3), 2001, 251-273, doi:10.1145/502109.502111), which allows
common random numbers: after a first round, each option that another one has left behind by more
than chance allows is put aside, and the rest are run once more, until one remains. With the chance
`sure`, the one that remains is the best or within `matters` of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import sub
from statistics import fmean, variance

from onesystem.vocabulary import BadConfig

Draw = Callable[[int, int, int], Sequence[float]]  # option, first replication, how many


@dataclass(frozen=True)
class Choice:
    """Which option remained (its place in the list), and how it came to that.

    `dropped` says after how many replications each option was put aside (None: it remained), and
    `means` what each came to over the replications that it had.
    """

    best: int
    means: tuple[float, ...]
    replications: tuple[int, ...]
    dropped: tuple[int | None, ...]
    sure: float
    matters: float
    decided: bool = True


def choose(
    options: int,
    draw: Draw,
    *,
    matters: float,
    sure: float = 0.95,
    least: bool = True,
    first: int = 10,
    most: int = 1000,
    batch: int = 5,
) -> Choice:
    """The option with the least (or highest) mean. `matters` is the smallest difference that does.

    Not `decided`: `most` replications were not enough to put all others aside.
    """
    if options < 2:
        raise BadConfig("there is nothing to choose between", "Give two options or more.")
    if not matters > 0:
        raise BadConfig(f"a difference of {matters:g} cannot matter", "Give one above 0.")
    if not 1 / options < sure < 1:
        raise BadConfig(f"sure is {sure:g}", f"Give a chance above {1 / options:.2f} and below 1.")
    sign = -1.0 if least else 1.0
    seen = [[sign * x for x in draw(k, 0, first)] for k in range(options)]
    eta = 0.5 * ((2 * (1 - sure) / (options - 1)) ** (-2 / (first - 1)) - 1)
    square = {
        (i, j): 2 * eta * (first - 1) * variance(map(sub, seen[i], seen[j]))
        for i in range(options)
        for j in range(i)
    }
    left, gone = list(range(options)), [None] * options
    used = first
    while True:
        out = {
            i for i in left
            if any(_behind(seen, i, j, used, square, matters) for j in left if j != i)
        }  # fmt: skip
        for i in out:
            gone[i] = used  # type: ignore[call-overload]
        left = [i for i in left if i not in out] or [max(left, key=lambda k: fmean(seen[k][:used]))]
        if len(left) == 1 or used >= most:
            break
        if used == len(seen[left[0]]):
            for i in left:
                seen[i] += [sign * x for x in draw(i, used, min(batch, most - used))]
        used += 1
    best = max(left, key=lambda k: fmean(seen[k][:used]))
    return Choice(
        best=best,
        means=tuple(sign * fmean(each) + 0.0 for each in seen),
        replications=tuple(len(each) for each in seen),
        dropped=tuple(gone),
        sure=sure,
        matters=matters,
        decided=len(left) == 1,
    )


def _behind(
    seen: Sequence[Sequence[float]], i: int, j: int, used: int,
    square: dict[tuple[int, int], float], matters: float,
) -> bool:  # fmt: skip
    """Whether option i is behind option j by more than what is left of chance."""
    h2 = square[max(i, j), min(i, j)]
    room = max(0.0, matters / 2 * (h2 / matters**2 - used))
    return fmean(seen[i][:used]) * used < fmean(seen[j][:used]) * used - room
