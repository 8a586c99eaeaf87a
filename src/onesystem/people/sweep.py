"""Comparing everybody at once: the pairs of `blocks`, judged as `decide` judges one.

What is the same and what is missing is seen from numbers alone. The dear comparisons of what is
different come field by field, by the same functions as for one live record, and only for pairs
that could still reach the weight at which a person is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.people import blocks
from onesystem.people.blocking import Block
from onesystem.people.blocks import Coded
from onesystem.people.clusters import NUMBER, SCORE
from onesystem.people.compare import COMPARISONS, contradicted, doubtful
from onesystem.people.decide import ASK, LINK
from onesystem.people.scorer import Scorer

# The order in which what differs is looked at: what parts most pairs for the least work is first.
_ORDER = ("sex", "number", "phone", "birth", "address", "given", "family", "postcode")
# A name is compared with the other name too, for those who were written down in the wrong order.
_NEEDS = {"family": ("family", "given"), "given": ("given", "family")}
_UNSEEN = 99


@dataclass(slots=True)
class _Compared:
    """Pairs of rows with the level of each field; `best` is the weight that is still possible."""

    low: Any
    high: Any
    levels: dict[str, Any]
    best: Any

    def only(self, kept: Any) -> None:
        """Forget all but these pairs."""
        self.low, self.high, self.best = self.low[kept], self.high[kept], self.best[kept]
        self.levels = {name: each[kept] for name, each in self.levels.items()}


def pairs(table: Any, scorer: Scorer, *, fresh: Any = None) -> Any:
    """The pairs within `table` that are to be linked or asked about, and nothing of its crowds."""
    return swept(table, scorer, fresh=fresh)[0]


def swept(table: Any, scorer: Scorer, *, fresh: Any = None) -> tuple[Any, dict[Block, Any]]:
    """The pairs within `table` that are to be linked or asked about, and the crowds in it.

    `table` is an Arrow table of `id`, ascending, and the fields of the weights as text; `fresh`
    says of each row whether it is new, if only pairs with a new one are wanted. Gives an Arrow
    table a, b (a < b), state, rule, weight, in order of a and b; and the ids of each crowd.
    """
    names = tuple(scorer.weights.fields)
    fields = blocks.coded(table, names)
    low, high, crowds = blocks.blocked(fields, fresh)
    compared = _seen_at_once(fields, low, high, scorer)
    _drop_hopeless(compared, scorer)
    for name in sorted(names, key=lambda n: _ORDER.index(n) if n in _ORDER else len(_ORDER)):
        _look_closer(compared, name, fields, scorer)
        _drop_hopeless(compared, scorer)
    ids, weight = table["id"].to_numpy(), _weights(compared, fields, scorer)
    found = _verdicts(compared, ids, weight, scorer)
    named = _named(crowds, fields, ids)
    return in_doubt(found, named), named


def crowds_in(table: Any, scorer: Scorer) -> dict[Block, Any]:
    """The crowds of `swept` alone."""
    fields = blocks.coded(table, tuple(scorer.weights.fields))
    return _named(blocks.crowds(fields), fields, table["id"].to_numpy())


def _named(
    crowds: Sequence[blocks.Crowd], fields: Mapping[str, Coded], ids: Any
) -> dict[Block, Any]:
    """The ids of each crowd, by what its first record says."""
    found = {}
    for rule, rows in crowds:
        texts = [fields["birth" if name == "year" else name].texts(rows[:1])[0] for name in rule]
        said = [t[:4] if name == "year" else t for name, t in zip(rule, texts, strict=True)]
        found[rule, tuple(said)] = ids[rows]
    return found


def in_doubt(found: Any, crowds: Mapping[Block, Any]) -> Any:
    """The pairs of `swept`, of which likeness links none within a crowd of one birth date."""
    import numpy as np
    import pyarrow.compute as pc

    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    doubt = np.zeros(len(a), bool)
    for (rule, _), ids in crowds.items():
        if "birth" in rule:
            doubt |= np.isin(a, ids) & np.isin(b, ids)
    if not doubt.any():
        return found
    doubt &= pc.equal(found["rule"], SCORE).to_numpy(zero_copy_only=False)
    at = found.column_names.index("state")
    state = pc.if_else(doubt, ASK, found["state"])
    return found.set_column(at, "state", state)


def _seen_at_once(fields: Mapping[str, Coded], low: Any, high: Any, scorer: Scorer) -> _Compared:
    import numpy as np

    found = _Compared(low, high, {}, np.full(len(low), scorer.prior))
    for name, each in fields.items():
        left, right = each.codes[low], each.codes[high]
        level = np.where(left == right, 0, _UNSEEN).astype(np.int8)
        level[(left < 0) | (right < 0)] = -1
        found.levels[name] = level
        by_level = scorer.by_level[name]
        most = max(by_level[1:-1])
        found.best += np.select([level == 0, level < 0], [by_level[0], 0.0], most)
        if name in scorer.more:
            found.best += np.where(level == 0, _more(scorer, name, each)[left], 0.0)
    return found


def _more(scorer: Scorer, name: str, field: Coded) -> Any:
    """What agreeing on each value of a counted field adds for how rare it is."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = scorer.more[name]
    place = pc.index_in(field.values, value_set=pa.array(list(counted), pa.string()))
    more = np.array([*counted.values(), scorer.more_if_rare[name]])
    # One more for those who say nothing: their code is -1.
    return np.append(more[pc.fill_null(place, len(counted)).to_numpy()], 0.0)


def _drop_hopeless(compared: _Compared, scorer: Scorer) -> None:
    # A sum in another order may differ in its last digits: leave those at the edge to the end.
    hope = compared.best >= scorer.weights.ask - 1e-6
    compared.only(hope | (compared.levels["number"] == 0))


def _look_closer(
    compared: _Compared, name: str, fields: Mapping[str, Coded], scorer: Scorer
) -> None:
    """Work out the level of a field where it is neither the same nor missing."""
    import numpy as np

    at = np.flatnonzero(compared.levels[name] == _UNSEEN)
    if not len(at):
        return
    comparison, both = COMPARISONS[name], (compared.low[at], compared.high[at])
    if comparison.levels_of:
        found = comparison.levels_of(*(fields[name].texts(rows) for rows in both))
    else:
        left, right = (_records(fields, _NEEDS.get(name, (name,)), rows) for rows in both)
        found = np.fromiter(map(comparison.level, left, right), np.int8, len(at))
    compared.levels[name][at] = found
    by_level = np.array(scorer.by_level[name])
    compared.best[at] += by_level[found] - max(by_level[1:-1])


def _records(fields: Mapping[str, Coded], names: tuple[str, ...], rows: Any) -> Any:
    if len(names) == 1:
        name = names[0]
        return [{name: text} for text in fields[name].texts(rows)]
    columns = [_texts(fields[name], rows) for name in names]
    return [dict(zip(names, each, strict=True)) for each in zip(*columns, strict=True)]


def _texts(field: Coded, rows: Any) -> list[str]:
    import pyarrow as pa

    codes = field.codes[rows]
    found = field.values.take(pa.array(codes, mask=codes < 0))
    return found.fill_null("").to_pylist()  # type: ignore[no-any-return]


def _weights(compared: _Compared, fields: Mapping[str, Coded], scorer: Scorer) -> Any:
    """The weights, added up in the order in which `Scorer.weight` does, to the last digit."""
    import numpy as np

    total = np.full(len(compared.low), scorer.prior)
    for name, level in compared.levels.items():
        total += np.array(scorer.by_level[name])[level]
        if name in scorer.more:
            more = _more(scorer, name, fields[name])[fields[name].codes[compared.low]]
            total += np.where(level == 0, more, 0.0)
    return total


def _verdicts(compared: _Compared, ids: Any, weight: Any, scorer: Scorer) -> Any:
    import numpy as np
    import pyarrow as pa

    level = compared.levels
    numbered = level["number"] == 0
    kept = numbered | (weight >= scorer.weights.ask)
    doubt = np.where(
        numbered,
        contradicted(level["family"], level["given"], level["birth"]),
        (weight < scorer.weights.link) | (level["number"] > 0)
        | doubtful(level["given"], level["birth"]),
    )  # fmt: skip
    return pa.table(
        {
            "a": ids[compared.low[kept]],
            "b": ids[compared.high[kept]],
            "state": _words(doubt[kept], LINK, ASK),
            "rule": _words(numbered[kept], SCORE, NUMBER),
            "weight": weight[kept],
        }
    )


def _words(marks: Any, no: str, yes: str) -> Any:
    """One of two words for each mark, as an Arrow array."""
    import pyarrow as pa

    return pa.array([no, yes]).take(pa.array(marks.astype("int8")))
